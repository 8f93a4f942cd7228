"""The main comparisons of the two patterns on one axis, and as a table: what the first page draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.forest import Column, Entry, Forest
from oligoscope.drawing.theme import TEXT_WIDTH_MM
from oligoscope.printing.cells import LIMITS
from oligoscope.printing.chapters import BY, POPULATION
from oligoscope.printing.forest_texts import (
    arm_columns,
    events_of_arms,
    forest_figure,
    p_text,
    ratio_cell,
    reading_with_care,
    reference_row,
)
from oligoscope.printing.sentences import joined, percent_text
from oligoscope.printing.table import BLANK, Cell, Header, Key, Row, Table, same, words
from oligoscope.printing.team_notes import given_by_team
from oligoscope.questions.definitions.words import ratios_between_patterns
from oligoscope.questions.weighting.targets import SHORT as WEIGHTED
from oligoscope.report.lead_table import adjusted_name
from oligoscope.results.analyses import (
    LANDMARK,
    RECLASSIFICATION,
    SURVIVAL,
    TIME_DEPENDENT,
    WEIGHTING,
    Analysis,
)
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import LandmarkAt, Statistic
from oligoscope.study.dictionary.definitions import definition_name
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import in_sentence, is_comparison, parts_of
from oligoscope.study.vocabulary import column_name, name_of

LEAD_OUTCOME, FROM_TREATMENT = Outcome.PPS, Outcome.OS
_ROW_MM = 2.8  # with the curve and the tables the answer fits on two pages


def draw_main_comparisons(results: Results, chosen: str = "") -> Figure:
    """Hazard ratios of the two patterns, from progression on first, then free of immortal time, then from treatment.

    Args:
        results: With a comparison of the patterns.
        chosen: The study's own definition, which is not among the other ones.
    """
    found = main_comparisons(results)
    groups = parts_of(found[0].group)
    found += _by_other_definitions(results, chosen, groups)
    first, second = (name_of(word) for word in groups)
    entries = [reference_row(second, 2 + len(groups))]
    for heading, those in _by_kind(found, first):
        entries.append(Entry(heading, (Text("", ""),) * (2 + len(groups)), is_heading=True))
        entries += [_entry(results, ratio, groups) for ratio in those]
    forest = Forest(
        entries=tuple(entries),
        columns=(
            *arm_columns(groups),
            Column(Text("HR（95%CI）", "HR (95% CI)"), in_words=True),
            Column(Text("*P*", "*P*")),
        ),
        models=(),
        axis=Text("死亡的风险比（对数坐标）", "Hazard ratio of death (log scale)"),
        below=_longer(first),
        above=_longer(second),
        width_mm=TEXT_WIDTH_MM,
        row_mm=_ROW_MM,
    )
    a, b = in_sentence(first), in_sentence(second)
    return forest_figure(
        "answer_comparisons",
        forest,
        Text(
            f"主要比较：{first.zh}与{second.zh}的风险比",
            f"Main comparisons: hazard ratios of {a.en} against {b.en}",
        ),
        joined(
            [
                _NOTE,
                # The table of the primary comparison, above it, says what HR is.
                *([] if any(e.outcome == LEAD_OUTCOME for e in found) else [_HR]),
                *([_BY_STATE] if any(e.analysis == TIME_DEPENDENT for e in found) else []),
                reading_with_care(found, _row),
                *([_SOURCES] if any(e.analysis == RECLASSIFICATION for e in found) else []),
            ]
        ),
        Text("主要比较的森林图", "Forest plot of the main comparisons"),
        columns=(
            "analysis",
            "population",
            "outcome",
            "group",
            "variable",
            "level",
            "statistic",
            "value",
            "low",
            "high",
            "n",
        ),
    )


def tabulate_main_comparisons(results: Results, chosen: str = "") -> Table | None:
    """The same comparisons as a table, for readers who ask for numbers; None where there is none."""
    found = main_comparisons(results)
    if not found:
        return None
    groups = parts_of(found[0].group)
    found += _by_other_definitions(results, chosen, groups)
    rows: list[Row] = []
    for heading, those in _by_kind(found, name_of(groups[0])):
        rows.append(Row((words(heading), *(BLANK for _ in range(2 + len(groups)))), is_heading=True))
        for ratio in those:
            entry, test = _entry(results, ratio, groups), _test_of(results, ratio)
            *counts, hr, p = entry.cells
            cells = [
                Cell(text, *_keys(pair))
                for text, pair in zip(counts, _counts_of(results, ratio, groups), strict=True)
            ]
            name = Cell(entry.name, *_keys((_share_of(results, ratio, groups[0]),)))
            rows.append(Row((name, *cells, Cell(hr, ratio.key), Cell(p, *_keys((test,)))), indent=1))
    heads = (Header(name_of(one), Text("死亡/例", "deaths/patients")) for one in groups)
    columns = (
        Header(Text("比较", "Comparison"), align="start"),
        *heads,
        Header(same("HR"), LIMITS),
        Header(same("*P*")),
    )
    return Table(
        "answer_comparisons", Text("主要比较", "Main comparisons"), columns, tuple(rows), (_NOTE, _HR)
    )


def _keys(estimates: Iterable[Estimate | None]) -> tuple[Key | None, tuple[Key, ...]]:
    """The key of a cell, and further ones."""
    found = tuple(e.key for e in estimates if e is not None)
    return (found[0], found[1:]) if found else (None, ())


_NOTE = Text(
    "各组列为死亡数/患者数（*n*）。横线为 95%CI。",
    "Groups: deaths out of *n*. Lines: 95% CI.",
)
_HR = Text("HR：风险比（Cox 模型）。", "HR: hazard ratio (Cox model).")
_BY_STATE = Text("时依模型为各进展模式之后的死亡数。", "Time-dependent: deaths after each pattern.")
_FREE = Text("自首次进展起（主要比较）", "From the first progression (primary comparison)")
_OTHERS = Text("部分其他定义", "some other definitions")
_UNBIASED = Text(
    "总生存期，不含永恒时间",
    "Overall survival, without immortal time",
)
_BIASED = Text("自治疗起，含永恒时间", "From treatment, with immortal time")
_SOURCES = Text(
    "其他定义的出处见正文的参考文献。", "Sources of the other definitions: references of the paper."
)


def main_comparisons(results: Results) -> list[Estimate]:
    """The hazard ratios of the first page, as they were reported."""
    wanted: list[tuple[Analysis, str, str, Statistic]] = [
        (SURVIVAL, POPULATION, LEAD_OUTCOME, Statistic.HAZARD_RATIO),
        (SURVIVAL, POPULATION, LEAD_OUTCOME, Statistic.HAZARD_RATIO_ADJUSTED),
        (SURVIVAL, MATCHED, LEAD_OUTCOME, Statistic.HAZARD_RATIO),
        (WEIGHTING, POPULATION, LEAD_OUTCOME, Statistic.HAZARD_RATIO),
        (LANDMARK, "treated", FROM_TREATMENT, Statistic.HAZARD_RATIO),
        (TIME_DEPENDENT, "treated", FROM_TREATMENT, Statistic.HAZARD_RATIO),
        (SURVIVAL, POPULATION, FROM_TREATMENT, Statistic.HAZARD_RATIO),
        (SURVIVAL, MATCHED, FROM_TREATMENT, Statistic.HAZARD_RATIO),
    ]
    found = []
    for analysis, population, outcome, statistic in wanted:
        rows = results.find(analysis=analysis, population=population, outcome=outcome, statistic=statistic)
        mine = [e for e in rows if _is_of_patterns(e)]
        found += mine[:1] if analysis == WEIGHTING else mine
    return found


def _is_of_patterns(ratio: Estimate) -> bool:
    return is_comparison(ratio.group) and set(parts_of(ratio.group)) == {"oligoprogression", "systemic"}


def _by_other_definitions(results: Results, chosen: str, groups: tuple[str, ...]) -> list[Estimate]:
    """The ratios from progression on where other definitions than the study's own name the patterns; labels of the team are none."""
    own = "" if "pattern" in given_by_team(results) else chosen
    found = ratios_between_patterns(results, POPULATION)
    return [e for e in found if e.value is not None and e.group != own and parts_of(e.level) == groups]


def _by_kind(found: Iterable[Estimate], first: Text) -> Iterator[tuple[Text, list[Estimate]]]:
    """The ratios under their headings; `first` is the pattern whose share is beside each definition."""
    estimates = list(found)
    of_others = Text(
        f"自首次进展起，其他定义（{first.zh}的比例）", "From the first progression, other definitions (share)"
    )
    kinds = {
        _FREE: [e for e in estimates if e.outcome == LEAD_OUTCOME and e.analysis != RECLASSIFICATION],
        of_others: [e for e in estimates if e.analysis == RECLASSIFICATION],
        _UNBIASED: [e for e in estimates if e.analysis in {LANDMARK, TIME_DEPENDENT}],
        _BIASED: [e for e in estimates if e.analysis == SURVIVAL and e.outcome == FROM_TREATMENT],
    }
    return ((heading, those) for heading, those in kinds.items() if those)


def _entry(results: Results, ratio: Estimate, groups: tuple[str, ...]) -> Entry:
    test, counts = _test_of(results, ratio), _counts_of(results, ratio, groups)
    cells = (*events_of_arms(counts), ratio_cell(ratio), p_text(test))
    share, name = _share_of(results, ratio, groups[0]), _name(ratio)
    printed = tuple(e for e in (share, *chain.from_iterable(counts)) if e is not None)
    if share is not None:
        of = percent_text(share)
        name = Text(f"{name.zh}：{of}", f"{name.en}: {of}")
    return Entry(name, cells, (ratio,), tests=(test,), counts=printed)


def _share_of(results: Results, ratio: Estimate, pattern: str) -> Estimate | None:
    """How many of the patients have the pattern by another definition; None of the study's own, whose counts are beside it."""
    if ratio.analysis != RECLASSIFICATION:
        return None
    return results.get(
        analysis=RECLASSIFICATION, population=ratio.population, outcome=BY, group=ratio.group, level=pattern,
        statistic=Statistic.PERCENT,
    )  # fmt: skip


def _counts_of(
    results: Results, ratio: Estimate, groups: tuple[str, ...]
) -> list[tuple[Estimate | None, Estimate | None]]:
    """Events and patients of each group: of the same analysis, or of the curves where they are of the same patients."""
    if ratio.analysis == RECLASSIFICATION:  # the groups of the curves are those of the study's own definition
        return [(None, None) for _ in groups]
    for analysis in dict.fromkeys((ratio.analysis, SURVIVAL)):
        keys: dict[str, Any] = {
            "analysis": analysis, "population": ratio.population, "outcome": ratio.outcome,
            "variable": ratio.variable if analysis == LANDMARK else "",
        }  # fmt: skip
        counts = [
            tuple(results.get(**keys, group=g, statistic=s) for s in (Statistic.EVENTS, Statistic.N))
            for g in groups
        ]
        sizes = [n.value for _, n in counts if n is not None and n.value is not None]
        is_of_same = not sizes or abs(sum(sizes) - (ratio.n or 0)) < 1  # means over imputations
        if any(events is not None for events, _ in counts) and is_of_same:
            return [(events, n) for events, n in counts]
    return [(None, None) for _ in groups]


def _test_of(results: Results, ratio: Estimate) -> Estimate | None:
    """The *P* beside a ratio: of the log-rank test, else of the model."""
    keys: dict[str, Any] = {
        "analysis": ratio.analysis, "population": ratio.population, "outcome": ratio.outcome, "group": ratio.group,
    }  # fmt: skip
    if ratio.statistic == Statistic.HAZARD_RATIO_ADJUSTED:
        return results.get(**keys, statistic=Statistic.P_VALUE_ADJUSTED)
    variable = "log_rank" if ratio.analysis == SURVIVAL else ratio.variable
    return results.get(**keys, variable=variable, statistic=Statistic.P_VALUE)


def _name(ratio: Estimate) -> Text:
    if isinstance(ratio.variable, LandmarkAt):
        months = ratio.variable.months
        return Text(f"{months} 个月界标", f"{months}-month landmark")
    if ratio.analysis == TIME_DEPENDENT:
        return TIME_DEPENDENT.printed
    if ratio.analysis == RECLASSIFICATION:
        return definition_name(ratio.group)
    people = name_of(ratio.population)
    if ratio.analysis == WEIGHTING:
        return WEIGHTED[ratio.variable]
    if ratio.statistic == Statistic.HAZARD_RATIO_ADJUSTED:
        return adjusted_name(ratio)
    if ratio.outcome == FROM_TREATMENT:
        what = column_name(ratio.outcome)
        return Text(f"{what.zh}，{people.zh}", f"{what.en}, {in_sentence(people).en}")
    return people


def _row(ratio: Estimate) -> Text:
    """What the rows of a caution are called: definitions are not named one by one."""
    return _OTHERS if ratio.analysis == RECLASSIFICATION else _name(ratio)


def _longer(group: Text) -> Text:
    return Text(f"{group.zh}组生存较长", f"Longer survival with {in_sentence(group).en}")
