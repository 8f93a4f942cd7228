"""Forest plot of the subgroups: events of each group and a hazard ratio a level, and the interaction of each variable."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.forest import Column, Entry, Forest
from oligoscope.printing.forest_texts import (
    arm_columns,
    events_of_arms,
    forest_figure,
    p_text,
    ratio_cell,
    reading_with_care,
    reference_row,
)
from oligoscope.printing.sentences import joined
from oligoscope.results.analyses import SUBGROUPS, SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
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
    groups = parts_of(compared)
    first, second = (name_of(word) for word in groups)
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": population, "outcome": outcome}
    overall = results.get(**keys, statistic=Statistic.HAZARD_RATIO, group=compared)
    of_all = [e for e in results.find(**keys) if e.group in groups]
    forest = Forest(
        entries=(reference_row(second, 2 + len(groups)), *_subgroup_entries(found, of_all, overall, groups)),
        columns=(
            *arm_columns(groups),
            Column(Text("HR（95%CI）", "HR (95% CI)"), in_words=True),
            Column(Text("交互 *P*", "*P* for interaction")),
        ),
        models=(),
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
        joined([_SUBGROUP_NOTE, care]),
        Text("亚组森林图", "Forest plot of subgroups"),
    )


_SUBGROUP_NOTE = Text(
    "各组列为发生事件的患者数/患者数（*n*）；横线为 95% 置信区间（CI）；虚线为总体的风险比。交互 *P* 检验风险比是否因亚组而异，未作多重比较校正；变量缺失的患者不在其亚组中。HR：风险比（Cox 模型）。",
    "The columns of the groups are patients with an event out of all (*n*). Lines are 95% confidence intervals (CI); the dashed line is the hazard ratio of all patients. *P* for interaction tests "
    "whether the hazard ratio differs between the subgroups; it is not adjusted for multiple comparisons; patients without a value of a variable are in none of its subgroups. HR: hazard ratio "
    "(Cox model).",
)


def _better(group: Text, outcome: str) -> Text:
    what = in_sentence(column_name(outcome))
    return Text(f"{group.zh}组{what.zh}较长", f"Longer with {in_sentence(group).en}")


def _subgroup_entries(
    found: list[Estimate], of_all: list[Estimate], overall: Estimate | None, groups: tuple[str, ...]
) -> list[Entry]:
    entries = [] if overall is None else [_subgroup(name_of("all"), overall, of_all, groups)]
    for variable in dict.fromkeys(e.variable for e in found if e.variable):
        mine = [e for e in found if e.variable == variable]
        test = next((e for e in mine if e.statistic == Statistic.P_VALUE_INTERACTION), None)
        cells = (*(Text("", "") for _ in groups), Text("", ""), p_text(test))
        entries.append(Entry(column_name(variable), cells, is_heading=True, tests=(test,)))
        for ratio in (e for e in mine if e.statistic == Statistic.HAZARD_RATIO):
            of_level = [e for e in mine if e.level == ratio.level]
            entries.append(_subgroup(name_of(ratio.level), ratio, of_level, groups))
    return entries


def _subgroup(name: Text, ratio: Estimate, found: list[Estimate], groups: tuple[str, ...]) -> Entry:
    here = {(e.group, e.statistic): e for e in found}
    counts = [(here.get((g, Statistic.EVENTS)), here.get((g, Statistic.N))) for g in groups]
    cells = (*events_of_arms(counts), ratio_cell(ratio), Text("", ""))
    printed = tuple(e for pair in counts for e in pair if e is not None)
    return Entry(name, cells, (ratio,), is_whole=not ratio.variable, counts=printed)
