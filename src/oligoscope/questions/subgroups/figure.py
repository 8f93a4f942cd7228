"""Forest plot of the subgroups: a hazard ratio a level, and the interaction of each variable."""

from __future__ import annotations

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.forest import Column, Entry, Forest, Point, paint_forest
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM
from oligoscope.number_format import MISSING, STYLES, format_number
from oligoscope.printing.forest_texts import forest_in_words, p_text, ratio_text, tests_given
from oligoscope.results.analyses import SUBGROUPS, SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import join
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import in_sentence, is_comparison, parts_of
from oligoscope.study.vocabulary import column_name, name_of


def draw_subgroups(results: Results, population: str = "progressed", outcome: str = Outcome.PPS) -> Figure:
    """Hazard ratios of the two groups at every level of every variable, with the P of each interaction.

    Raises:
        KeyError: No hazard ratio was reported.
    """
    found = results.find(analysis=SUBGROUPS, population=population, outcome=outcome)
    compared = next((e.group for e in found if is_comparison(e.group)), "")
    if not compared:
        raise KeyError(f"subgroups/{population}/{outcome}")
    first, second = (name_of(word) for word in parts_of(compared))
    overall = results.get(
        analysis=SURVIVAL,
        population=population,
        outcome=outcome,
        group=compared,
        statistic=Statistic.HAZARD_RATIO,
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
        alt=forest_in_words(forest, Text("亚组森林图", "Forest plot of subgroups")),
        data=forest.frame(),
        painter=lambda language: paint_forest(forest, language),
        estimates=forest.estimates,
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
    given = join(*(e.warning for e in found if e.value is not None)).printed
    withheld = join(*(e.warning for e in found if e.value is None)).printed
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
        test = next((e for e in mine if e.statistic == Statistic.P_VALUE_INTERACTION), None)
        cells = (Text("", ""), Text("", ""), p_text(test))
        entries.append(Entry(column_name(variable), cells, (), is_heading=True, tests=tests_given([test])))
        entries += [_subgroup(name_of(e.level), e) for e in mine if e.statistic == Statistic.HAZARD_RATIO]
    return entries


def _subgroup(name: Text, ratio: Estimate) -> Entry:
    n = Text(*(format_number(ratio.n, 0, STYLES[lang]) for lang in LANGUAGES))
    return Entry(name, (n, ratio_text(ratio), Text("", "")), (Point(ratio),), is_whole=not ratio.variable)
