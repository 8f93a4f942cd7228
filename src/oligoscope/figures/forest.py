"""Forest plots: odds ratios of what goes with the pattern, and hazard ratios in subgroups with their interaction."""

from __future__ import annotations

from oligoscope.figures.figure import Figure
from oligoscope.figures.forest_drawing import Column, Entry, Forest, Model, Point, paint_forest
from oligoscope.figures.theme import DOUBLE_COLUMN_MM
from oligoscope.number_format import MISSING, STYLES, format_interval, format_number, format_p
from oligoscope.results import Estimate, Results
from oligoscope.study.comparison_names import in_sentence, versus
from oligoscope.study.keys import is_comparison, parts_of
from oligoscope.study.vocabulary import LANGUAGES, Language, Text, column_name, name_of
from oligoscope.study.withheld import reason

MODELS: dict[str, Text] = {
    "univariable": Text("单因素 OR（95%CI）", "Univariable OR (95% CI)"),
    "multivariable": Text("多因素 OR（95%CI）", "Multivariable OR (95% CI)"),
}
_P = Text("*P*", "*P*")


def draw_predictors(
    results: Results, population: str = "progressed", by: str = "pattern", *, synthetic: bool = False
) -> Figure:
    """Odds ratios of every level, alone and with all the others, on a log axis.

    Raises:
        KeyError: No odds ratio was reported.
    """
    found = results.find(analysis="predictors", population=population, outcome=by)
    event = next((e.group for e in found if is_comparison(e.group)), "")
    if not event:
        raise KeyError(f"predictors/{population}/{by}")
    first, second = (name_of(word) for word in parts_of(event))
    forest = Forest(
        entries=tuple(_predictor_entries(found)),
        columns=tuple(Column(t) for label in MODELS.values() for t in (label, _P)),
        models=(
            Model(Text("单因素", "Univariable"), is_filled=False),
            Model(Text("多因素", "Multivariable"), is_filled=True),
        ),
        axis=Text("比值比（对数坐标）", "Odds ratio (log scale)"),
        below=_more_likely(second),
        above=_more_likely(first),
    )
    return Figure(
        id=f"predictors_{population}_{by}",
        title=_predictors_title(population, first, second),
        caption=Text(
            f"OR>1 表示更可能为{first.zh}而非{second.zh}；每行前一水平与后一水平（参照）相比。横线为 95% 置信区间（CI），伸出坐标者（如有）以箭头表示。OR：比值比。",
            f"OR >1: {in_sentence(first).en} more likely than {in_sentence(second).en}; in each row the first level is compared with the "
            "last, its reference. Lines are 95% confidence intervals (CI); an arrow means that a limit lies beyond the axis. OR: odds ratio.",
        ),
        alt=_alt(forest, Text("影响因素的森林图", "Forest plot of predictors")),
        data=forest.frame(),
        painter=lambda language: paint_forest(forest, language),
        estimates=forest.estimates,
        synthetic=synthetic,
        width_mm=DOUBLE_COLUMN_MM,
    )


def _more_likely(group: Text) -> Text:
    return Text(f"{group.zh}可能性更大", f"{group.en} more likely")


def _predictors_title(population: str, first: Text, second: Text) -> Text:
    people = name_of(population)
    return Text(
        f"{people.zh}进展模式影响因素的森林图（事件：{first.zh}，参照：{second.zh}）",
        f"Predictors of the pattern in the {in_sentence(people).en} (event: {in_sentence(first).en}, reference: "
        f"{in_sentence(second).en})",
    )


def _predictor_entries(found: list[Estimate]) -> list[Entry]:
    entries: list[Entry] = []
    for variable in dict.fromkeys(e.variable for e in found if e.variable):
        mine = {(e.level, e.statistic): e for e in found if e.variable == variable}
        joint = [p for m in MODELS for p in (None, mine.get(("", f"p_value_{m}")))]
        entries.append(
            Entry(column_name(variable), tuple(map(_p_text, joint)), (), is_heading=True, tests=_given(joint))
        )
        for level in dict.fromkeys(level for level, _ in mine if level):
            cells: list[Text] = []
            points, tests = [], []
            for model in MODELS:
                ratio, p = mine.get((level, f"odds_ratio_{model}")), mine.get((level, f"p_value_{model}"))
                cells += [ratio_text(ratio), _p_text(p)]
                points.append(Point(ratio))
                tests.append(p)
            entries.append(Entry(versus(level), tuple(cells), tuple(points), tests=_given(tests)))
    return entries


def draw_subgroups(
    results: Results, population: str = "progressed", outcome: str = "pps", *, synthetic: bool = False
) -> Figure:
    """Hazard ratios of the two groups at every level of every variable, with the P of each interaction.

    Raises:
        KeyError: No hazard ratio was reported.
    """
    found = results.find(analysis="subgroups", population=population, outcome=outcome)
    compared = next((e.group for e in found if is_comparison(e.group)), "")
    if not compared:
        raise KeyError(f"subgroups/{population}/{outcome}")
    first, second = (name_of(word) for word in parts_of(compared))
    overall = results.get(
        analysis="survival", population=population, outcome=outcome, group=compared, statistic="hazard_ratio"
    )
    forest = Forest(
        entries=tuple(_subgroup_entries(found, overall)),
        columns=(
            Column(Text("*n*", "*n*")),
            Column(Text("HR（95%CI）", "HR (95% CI)")),
            Column(Text("交互 *P*", "*P* for interaction")),
        ),
        models=(),
        axis=Text("风险比（对数坐标）", "Hazard ratio (log scale)"),
        below=_better(first, outcome),
        above=_better(second, outcome),
        reference=None if overall is None else overall.value,
    )
    people, what = name_of(population), column_name(outcome)
    return Figure(
        id=f"subgroups_{population}_{outcome}",
        title=Text(
            f"{people.zh}{what.zh}的亚组分析（{first.zh} vs {second.zh}）",
            f"{what.en} in subgroups of the {in_sentence(people).en} ({in_sentence(first).en} vs {in_sentence(second).en})",
        ),
        caption=Text(
            _SUBGROUP_NOTE.zh + _care(found, "zh"), f"{_SUBGROUP_NOTE.en} {_care(found, 'en')}".rstrip()
        ),
        alt=_alt(forest, Text("亚组森林图", "Forest plot of subgroups")),
        data=forest.frame(),
        painter=lambda language: paint_forest(forest, language),
        estimates=forest.estimates,
        synthetic=synthetic,
        width_mm=DOUBLE_COLUMN_MM,
    )


_SUBGROUP_NOTE = Text(
    "横线为 95% 置信区间（CI）；虚线为总体的风险比。交互 *P* 检验风险比是否因亚组而异，未作多重比较校正；变量缺失的患者不在其亚组中。HR：风险比（Cox 模型）。",
    "Lines are 95% confidence intervals (CI); the dashed line is the hazard ratio of all patients. *P* for interaction tests "
    "whether the hazard ratio differs between the subgroups; it is not adjusted for multiple comparisons; patients without a value of a variable are in none of its subgroups. HR: hazard ratio "
    "(Cox model).",
)


def _care(found: list[Estimate], language: Language) -> str:
    """Why some ratios are not given, or all should be read with care."""
    given = reason("; ".join(dict.fromkeys(e.warning for e in found if e.value is not None and e.warning)))
    withheld = reason("; ".join(dict.fromkeys(e.warning for e in found if e.value is None and e.warning)))
    parts = []
    if withheld.en:
        parts.append(
            {"zh": f"{MISSING}：未给出，{withheld.zh}。", "en": f"{MISSING}: not given, {withheld.en}."}[
                language
            ]
        )
    if given.en:
        parts.append({"zh": f"解读时注意：{given.zh}。", "en": f"Read with care: {given.en}."}[language])
    return ("" if language == "zh" else " ").join(parts)


def _better(group: Text, outcome: str) -> Text:
    what = in_sentence(column_name(outcome))
    return Text(f"{group.zh}组{what.zh}较长", f"Longer with {in_sentence(group).en}")


def _subgroup_entries(found: list[Estimate], overall: Estimate | None) -> list[Entry]:
    entries = [] if overall is None else [_subgroup(name_of("all"), overall)]
    for variable in dict.fromkeys(e.variable for e in found if e.variable):
        mine = [e for e in found if e.variable == variable]
        test = next((e for e in mine if e.statistic == "p_value_interaction"), None)
        cells = (Text("", ""), Text("", ""), _p_text(test))
        entries.append(Entry(column_name(variable), cells, (), is_heading=True, tests=_given([test])))
        entries += [_subgroup(name_of(e.level), e) for e in mine if e.statistic == "hazard_ratio"]
    return entries


def _subgroup(name: Text, ratio: Estimate) -> Entry:
    n = Text(*(format_number(ratio.n, 0, STYLES[lang]) for lang in LANGUAGES))
    return Entry(name, (n, ratio_text(ratio), Text("", "")), (Point(ratio),), is_whole=not ratio.variable)


def _given(tests: list[Estimate | None]) -> tuple[Estimate, ...]:
    return tuple(e for e in tests if e is not None)


def ratio_text(ratio: Estimate | None) -> Text:
    """`0.53 (0.34 to 0.84)`; a dash where it is withheld."""
    if ratio is None or ratio.value is None:
        return Text(MISSING, MISSING)

    def one(language: Language) -> str:
        style = STYLES[language]
        limits = format_interval(ratio.low, ratio.high, 2, style)
        return f"{format_number(ratio.value, 2, style)}{style.percent_space}({limits})"

    return Text(one("zh"), one("en"))


def _p_text(p: Estimate | None) -> Text:
    if p is None:
        return Text("", "")
    return Text(*(format_p(p.value, STYLES[lang]) for lang in LANGUAGES))


def _alt(forest: Forest, opening: Text) -> Text:
    """Every row in words: variable, level, the printed ratio."""

    def sentence(language: Language) -> str:
        lines, variable = [], ""
        for entry in forest.entries:
            if entry.is_heading:
                variable = entry.name[language]
                continue
            shown = [
                c[language] for c, column in zip(entry.cells, forest.columns, strict=True) if column.is_ratio
            ]
            lines.append(f"{variable} {entry.name[language]} {' / '.join(shown)}".strip())
        joined = ("；" if language == "zh" else "; ").join(lines)
        return {"zh": f"{opening.zh}。{joined}。", "en": f"{opening.en}. {joined}."}[language]

    return Text(sentence("zh"), sentence("en"))
