"""Forest plot of the predictors: odds ratios of every level, alone and with all the others."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.forest import Column, Entry, Forest, Model
from oligoscope.printing.cells import REFERENCE
from oligoscope.printing.forest_texts import forest_figure, p_text, ratio_cell, reading_with_care
from oligoscope.printing.sentences import joined
from oligoscope.printing.table import same
from oligoscope.questions.predictors.levels import level_compared, references_of
from oligoscope.results.analyses import PREDICTORS
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence, is_comparison, parts_of
from oligoscope.study.vocabulary import column_name, name_of

_P = Text("*P*", "*P*")


def draw_predictors(results: Results, population: str = "progressed", by: str = "pattern") -> Figure:
    """Odds ratios of every level, alone and with all the others, on a log axis.

    Raises:
        KeyError: No odds ratio was reported.
    """
    found = results.find(analysis=PREDICTORS, population=population, outcome=by)
    event = next((e.group for e in found if is_comparison(e.group)), "")
    if not event:
        raise KeyError(f"predictors/{population}/{by}")
    first, second = (name_of(word) for word in parts_of(event))
    forest = Forest(
        entries=tuple(_predictor_entries(found)),
        columns=tuple(c for label in MODELS.values() for c in (Column(label, in_words=True), Column(_P))),
        models=(
            Model(Text("单因素", "Univariable"), is_filled=False),
            Model(Text("多因素", "Multivariable"), is_filled=True),
        ),
        axis=Text("比值比（对数坐标）", "Odds ratio (log scale)"),
        below=_more_likely(second),
        above=_more_likely(first),
    )
    return forest_figure(
        f"predictors_{population}_{by}",
        forest,
        _predictors_title(population, first, second),
        joined(
            [
                Text(
                    f"OR>1 表示更可能为{first.zh}而非{second.zh}；各水平与标明“参照”的水平相比。横线为 95% 置信区间（CI），伸出坐标者（如有）以箭头表示。OR：比值比。",
                    f"OR >1: {in_sentence(first).en} more likely than {in_sentence(second).en}; levels are compared with the one marked as "
                    "reference. Lines are 95% confidence intervals (CI); an arrow means that a limit lies beyond the axis. OR: odds ratio.",
                ),
                reading_with_care(e for e in found if e.statistic in MODELS and e.value is None),
            ]
        ),
        Text("影响因素的森林图", "Forest plot of predictors"),
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
        joint = tuple(mine.get(("", model.test)) for model in MODELS)
        cells = tuple(text for p in joint for text in (p_text(None), p_text(p)))
        entries.append(Entry(column_name(variable), cells, is_heading=True, tests=joint))
        for level in dict.fromkeys(level for level, _ in mine if level):
            ratios = tuple(mine.get((level, model)) for model in MODELS)
            tests = tuple(mine.get((level, model.test)) for model in MODELS)
            pairs = zip(ratios, tests, strict=True)
            cells = tuple(text for ratio, p in pairs for text in (ratio_cell(ratio), p_text(p)))
            entries.append(Entry(level_compared(level), cells, ratios, tests=tests))
        for reference in references_of(level for level, _ in mine):
            cells = (REFERENCE, same("")) * len(MODELS)
            entries.append(Entry(name_of(reference), cells))
    return entries


MODELS: dict[Statistic, Text] = {
    Statistic.ODDS_RATIO_UNIVARIABLE: Text("单因素 OR（95%CI）", "Univariable OR (95% CI)"),
    Statistic.ODDS_RATIO_MULTIVARIABLE: Text("多因素 OR（95%CI）", "Multivariable OR (95% CI)"),
}
