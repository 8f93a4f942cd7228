"""Forest plot of the subgroups: events of each group and a hazard ratio a level, and the interaction of each variable."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.forest import Column, Entry, Forest, Model
from oligoscope.printing.adjusted_ratios import adjusted_note
from oligoscope.printing.forest_texts import (
    arm_columns,
    events_of_arms,
    forest_figure,
    p_text,
    ratio_cell,
    reading_with_care,
    reference_row,
)
from oligoscope.printing.sentences import joined, p_words
from oligoscope.printing.table import each_language
from oligoscope.results.analyses import SUBGROUPS, SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import in_sentence, is_comparison, parts_of
from oligoscope.study.vocabulary import column_name, name_of


def draw_subgroups(
    results: Results,
    population: str = "progressed",
    outcome: str = Outcome.PPS,
    adjusted_for: tuple[str, ...] = (),
) -> Figure:
    """Hazard ratios of the two groups at every level of every variable, with the P of each interaction.

    Args:
        results: Of the study.
        population: Whose.
        outcome: The endpoint.
        adjusted_for: The covariates of the adjusted ratios, where there are any.

    Raises:
        KeyError: No hazard ratio was reported.
    """
    found = results.find(analysis=SUBGROUPS, population=population, outcome=outcome)
    compared = next((e.group for e in found if is_comparison(e.group)), "")
    if not compared:
        raise KeyError(f"subgroups/{population}/{outcome}")
    groups = parts_of(compared)
    first, second = (name_of(word) for word in groups)
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": population, "outcome": outcome}
    overall = results.get(**keys, statistic=Statistic.HAZARD_RATIO, group=compared)
    of_all = [e for e in results.find(**keys) if e.group in groups]
    is_adjusted = any(e.statistic == Statistic.HAZARD_RATIO_ADJUSTED for e in found)
    entries = _subgroup_entries(found, of_all, overall, groups, is_adjusted=is_adjusted)
    forest = Forest(
        entries=(reference_row(second, 2 + len(groups)), *entries),
        columns=(
            *arm_columns(groups),
            Column(Text("未校正 HR（95%CI）", "Crude HR (95% CI)"), in_words=True),
            Column(Text("校正后 HR（95%CI）", "Adjusted HR (95% CI)"), in_words=True)
            if is_adjusted
            else Column(Text("交互 *P*", "*P* for interaction")),
        ),
        models=_MODELS if is_adjusted else (),
        axis=Text("风险比（对数坐标）", "Hazard ratio (log scale)"),
        below=_better(first, outcome),
        above=_better(second, outcome),
        reference=None if overall is None else overall.value,
    )
    people, what = name_of(population), column_name(outcome)
    care = reading_with_care(e for e in found if is_comparison(e.group) or not e.group)
    return forest_figure(
        f"subgroups_{population}_{outcome}",
        forest,
        Text(
            f"{people.zh}{what.zh}的亚组分析（{first.zh} vs {second.zh}）",
            f"{what.en} in subgroups of the {in_sentence(people).en} ({in_sentence(first).en} vs {in_sentence(second).en})",
        ),
        joined([_note(is_adjusted=is_adjusted), *adjusted_note(adjusted_for, found), care]),
        Text("亚组森林图", "Forest plot of subgroups"),
    )


_MODELS = (
    Model(Text("未校正", "Crude"), is_filled=False),
    Model(Text("校正后", "Adjusted"), is_filled=True),
)


def _note(*, is_adjusted: bool) -> Text:
    where = (
        Text("变量所在行的 *P*", "*P* in the rows of the variables")
        if is_adjusted
        else Text("交互 *P*", "*P* for interaction")
    )
    crude = (
        Text("HR：风险比（Cox 模型）。", "HR: hazard ratio (Cox model).")
        if is_adjusted
        else Text("HR：风险比（Cox 模型，未校正）。", "HR: hazard ratio (Cox model, unadjusted).")
    )
    return Text(
        "各组列为发生事件的患者数/患者数（*n*）；横线为 95% 置信区间（CI）；虚线为总体的风险比。"
        f"{where.zh}检验风险比是否因亚组而异，未作多重比较校正；变量缺失的患者不在其亚组中。{crude.zh}",
        "The columns of the groups are patients with an event out of all (*n*). Lines are 95% confidence intervals (CI); the dashed line is the hazard ratio of all patients. "
        f"{where.en} tests "
        "whether the hazard ratio differs between the subgroups; it is not adjusted for multiple comparisons; patients without a value of a variable are in none of its subgroups. "
        f"{crude.en}",
    )


def _better(group: Text, outcome: str) -> Text:
    what = in_sentence(column_name(outcome))
    return Text(f"{group.zh}组{what.zh}较长", f"Longer with {in_sentence(group).en}")


def _subgroup_entries(
    found: list[Estimate],
    of_all: list[Estimate],
    overall: Estimate | None,
    groups: tuple[str, ...],
    *,
    is_adjusted: bool,
) -> list[Entry]:
    blank = Text("", "")
    entries = [] if overall is None else [_subgroup(name_of("all"), (overall,), of_all, groups, blank)]
    for variable in dict.fromkeys(e.variable for e in found if e.variable):
        mine = [e for e in found if e.variable == variable]
        entries.append(_heading(variable, mine, groups, is_adjusted=is_adjusted))
        for ratio in (e for e in mine if e.statistic == Statistic.HAZARD_RATIO):
            of_level = [e for e in mine if e.level == ratio.level]
            adjusted = next((e for e in of_level if e.statistic == Statistic.HAZARD_RATIO_ADJUSTED), None)
            points = (ratio, adjusted) if is_adjusted else (ratio,)
            beside = ratio_cell(adjusted) if is_adjusted else blank
            entries.append(_subgroup(name_of(ratio.level), points, of_level, groups, beside))
    return entries


def _heading(variable: str, mine: list[Estimate], groups: tuple[str, ...], *, is_adjusted: bool) -> Entry:
    """The row of a variable: the P of its interaction, under the ratios it belongs to where there are two."""
    by_name = {e.statistic: e for e in mine if not e.level}
    test = by_name.get(Statistic.P_VALUE_INTERACTION)
    blank = Text("", "")
    cells, tests = (blank, p_text(test)), (test,)
    if is_adjusted:
        tests = (test, by_name.get(Statistic.P_VALUE_INTERACTION_ADJUSTED))
        cells = tuple(_p_named(one) for one in tests)
    return Entry(column_name(variable), (*(blank for _ in groups), *cells), is_heading=True, tests=tests)


def _p_named(test: Estimate | None) -> Text:
    """`*P*=0.70`; a dash where it is withheld."""
    if test is None or test.value is None:
        return p_text(test)
    return each_language(lambda language: p_words(test, language))


def _subgroup(
    name: Text,
    points: tuple[Estimate | None, ...],
    found: list[Estimate],
    groups: tuple[str, ...],
    beside: Text,
) -> Entry:
    """A level, or all patients: events of each group, the crude ratio, and what is in the column beside it."""
    here = {(e.group, e.statistic): e for e in found}
    counts = [(here.get((g, Statistic.EVENTS)), here.get((g, Statistic.N))) for g in groups]
    ratio = points[0]
    cells = (*events_of_arms(counts), ratio_cell(ratio), beside)
    printed = tuple(e for pair in counts for e in pair if e is not None)
    return Entry(name, cells, points, is_whole=ratio is not None and not ratio.variable, counts=printed)
