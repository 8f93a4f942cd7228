"""Survival after progression without immortal time: from set landmarks, and from day to day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oligoscope.bilingual import Count, Text
from oligoscope.printing.adjusted_ratios import ADJUSTED, adjusted_note
from oligoscope.printing.cells import (
    LIMITS,
    LIMITS_NOTE,
    REFERENCE,
    median_months,
    not_reached_notes,
    p_alone,
    whole_number,
    with_limits,
)
from oligoscope.printing.changing_hazards import (
    CHANGES_NOTE,
    change_of,
    name_of_test,
    period_label,
    short_gap_label,
)
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.printing.test_statistics import StatisticColumn
from oligoscope.questions.landmark.states import NONE, PAIRS, between_patterns
from oligoscope.results.analyses import LANDMARK, TIME_DEPENDENT, Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import LandmarkAt, Statistic, StatisticAt
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import Comparison, in_sentence, is_comparison, parts_of
from oligoscope.study.vocabulary import name_of

_OF_CHANGES = 2  # the indent of rows beside a ratio that changes with time


def tabulate_unbiased(
    results: Results,
    population: str = "treated",
    at_landmarks: tuple[str, ...] = (),
    from_day_to_day: tuple[str, ...] = (),
) -> Table:
    """One block a landmark and one for the time-dependent model; a row a state known at the time, and of each adjusted ratio.

    Args:
        results: Of the study.
        population: Whose.
        at_landmarks: The covariates that ratios at the landmarks were adjusted for.
        from_day_to_day: Those of the time-dependent model.
    """
    notes = Footnotes()
    blocks = landmarks_of(results, population)
    rows = [row for landmark in blocks for row in _block(results, LANDMARK, population, landmark, notes)]
    if results.find(analysis=TIME_DEPENDENT, population=population, outcome=Outcome.OS):
        rows += _block(results, TIME_DEPENDENT, population, None, notes)
    statistics = StatisticColumn.of(results.find(analysis=LANDMARK, population=population))
    people = name_of(population)
    first, second = _pair(results, population)
    found = [
        e for kind in (LANDMARK, TIME_DEPENDENT) for e in results.find(analysis=kind, population=population)
    ]
    changing = any(e.statistic == Statistic.HAZARD_RATIO and change_of(results, e) is not None for e in found)
    is_adjusted = any(e.statistic == Statistic.HAZARD_RATIO_ADJUSTED for e in found)
    return Table(
        id=f"landmark_{population}",
        title=Text(
            f"{people.zh}按当时已知状态分组的总生存期：界标分析与时依 Cox 模型",
            f"Overall survival of the {in_sentence(people).en} by what was known at the time: landmarks and time-dependent Cox model",
        ),
        columns=(
            Header(Text("时点与状态", "Time and state"), align="start"),
            Header(same("*n*")),
            Header(Text("死亡", "Deaths")),
            Header(Text("中位生存/月", "Median, months"), LIMITS),
            Header(_against(name_of(NONE), is_adjusted=is_adjusted), LIMITS),
            *statistics.heads(),
            Header(same("*P*")),
            Header(_against(name_of(second), is_adjusted=is_adjusted), LIMITS),
            *statistics.heads(),
            Header(same("*P*")),
        ),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            LIMITS_NOTE,
            _note(first, second),
            *not_reached_notes(rows),
            *(_ADJUSTED_ROWS if is_adjusted else _CRUDE),
            *_adjusted_notes(found, at_landmarks, from_day_to_day),
            *((CHANGES_NOTE,) if changing else ()),
        ),
    )


def landmarks_of(results: Results, population: str) -> tuple[LandmarkAt, ...]:
    """`landmark_3_months`, … in the order reported."""
    found = results.find(analysis=LANDMARK, population=population, outcome=Outcome.OS)
    return tuple(dict.fromkeys(e.variable for e in found if isinstance(e.variable, LandmarkAt)))


def _pair(results: Results, population: str) -> tuple[str, str]:
    """The two patterns that are compared, the reference last."""
    for analysis in (LANDMARK, TIME_DEPENDENT):
        ratio = between_patterns(results.find(analysis=analysis, population=population)).get(
            Statistic.HAZARD_RATIO
        )
        if ratio is not None:
            first, second = parts_of(ratio.group)
            return first, second
    return "", ""


def _against(second: Text, *, is_adjusted: bool) -> Text:
    """The head of a column of ratios; crude where no row of it is adjusted."""
    name = in_sentence(second)
    crude = Text("", "") if is_adjusted else Text("未校正 ", "Unadjusted ")
    return Text(f"{crude.zh}HR：与{name.zh}比", f"{crude.en}HR vs {name.en}")


_CRUDE = (Text("风险比均未校正其他变量。", "Hazard ratios are unadjusted."),)
_ADJUSTED_ROWS = (
    Text("未注明“校正后”的风险比均未校正。", "Hazard ratios are unadjusted but in rows that say adjusted."),
)


def _adjusted_notes(
    found: list[Estimate], at_landmarks: tuple[str, ...], from_day_to_day: tuple[str, ...]
) -> tuple[Text, ...]:
    """What was adjusted for; in one sentence where it is the same in both analyses."""
    if at_landmarks == from_day_to_day or not (at_landmarks and from_day_to_day):
        return adjusted_note(at_landmarks or from_day_to_day, found)
    both = {LANDMARK: at_landmarks, TIME_DEPENDENT: from_day_to_day}
    notes = (
        Text(f"{kind.printed.zh}，{note.zh}", f"{kind.printed.en}: {note.en[:1].lower()}{note.en[1:]}")
        for kind, names in both.items()
        for note in adjusted_note(names, (e for e in found if e.analysis == kind))
    )
    return tuple(notes)


def _note(first: str, second: str) -> Text:
    a, b = (in_sentence(name_of(x)) for x in (first, second))
    return Text(
        "界标分析只含在该时点仍存活并在随访的患者，按当时已发生的事分组，从界标起计时（Log-rank 检验）；时依 Cox 模型从治疗开始计时，"
        f"每例患者在进展之前计为未进展，此后计为{a.zh}或{b.zh}（Wald 检验）。HR：风险比。",
        "Landmark rows hold only patients alive and followed at that time, grouped by what had happened until then, with time "
        "counted from the landmark (log-rank test). In the time-dependent Cox model, time starts at treatment; each patient "
        f"counts as without progression until it happens and as {a.en} or {b.en} from then on (Wald test). HR: hazard ratio.",
    )


def _block(
    results: Results, analysis: Analysis, population: str, landmark: LandmarkAt | None, notes: Footnotes
) -> list[Row]:
    keys: dict[str, Any] = {"population": population, "outcome": Outcome.OS, "variable": landmark or ""}
    found = results.find(analysis=analysis, **keys)
    if landmark:
        months = landmark.months
        title = Text(
            f"治疗开始后 {months} 个月", f"{Count(months):month|months} after the start of treatment"
        )
    else:
        title = Text("时依 Cox 模型（从治疗开始）", "Time-dependent Cox model (from treatment start)")
    states = list(dict.fromkeys(e.group for e in found if e.group and not is_comparison(e.group)))
    heading = Row(
        (words(title), *(BLANK for _ in range(7)), *StatisticColumn.of(found).blanks(2)), is_heading=True
    )
    adjusted = (row for pair in PAIRS for row in _adjusted_rows(found, Comparison.of(*pair), notes))
    changes = (row for pair in PAIRS for row in _change_rows(results, found, Comparison.of(*pair), notes))
    return [heading, *(_state_row(found, state, notes) for state in states), *adjusted, *changes]


def _adjusted_rows(found: list[Estimate], pair: str, notes: Footnotes) -> Iterator[Row]:
    """The adjusted ratio of two states with the patients of its model, in the columns of the crude one."""
    here = {e.statistic: e for e in found if e.group == pair and not e.level}
    ratio = here.get(Statistic.HAZARD_RATIO_ADJUSTED)
    if ratio is None:
        return
    statistics = StatisticColumn.of(found)
    first, second = (name_of(part) for part in parts_of(pair))
    n = BLANK if ratio.n is None else Cell(same(str(ratio.n)), ratio.key)
    cells = (
        with_limits(ratio, notes),
        *statistics.blanks(),
        p_alone(here.get(Statistic.P_VALUE_ADJUSTED)),
    )
    empty = (BLANK, *statistics.blanks(), BLANK)
    both = (*cells, *empty) if NONE in parts_of(pair) else (*empty, *cells)
    name = Text(
        f"{ADJUSTED.zh}：{first.zh} vs {second.zh}",
        f"{ADJUSTED.en}: {in_sentence(first).en} vs {in_sentence(second).en}",
    )
    yield Row((words(name), n, BLANK, BLANK, *both), indent=1)


def _change_rows(results: Results, found: list[Estimate], pair: str, notes: Footnotes) -> Iterator[Row]:
    """Where the ratio of two states changes with time: what is given beside it, in the columns of the ratio."""
    ratio = next((e for e in found if e.group == pair and e.statistic == Statistic.HAZARD_RATIO), None)
    change = change_of(results, ratio)
    if change is None:
        return
    statistics = StatisticColumn.of(found)
    first, second = (name_of(part) for part in parts_of(pair))
    empty = (BLANK, *statistics.blanks(), BLANK)

    def row(label: Text, *cells: Cell) -> Row:
        both = (*cells, *empty) if NONE in parts_of(pair) else (*empty, *cells)
        return Row((words(label), BLANK, BLANK, BLANK, *both), indent=_OF_CHANGES)

    name = Text(f"{first.zh} vs {second.zh}", f"{first.en} vs {in_sentence(second).en}")
    yield Row((words(name), BLANK, BLANK, BLANK, *empty, *empty), indent=1)
    if change.gap is not None:
        yield row(
            short_gap_label(change),
            with_limits(change.gap, notes),
            *statistics.blanks(),
            p_alone(change.p_of_gap),
        )
    of = found[0]
    keys: dict[str, Any] = {
        "analysis": of.analysis,
        "population": of.population,
        "outcome": of.outcome,
        "group": pair,
    }
    for e in results.find(**keys, statistic=Statistic.HAZARD_RATIO_PERIOD):
        if e.variable in {of.variable, "period"}:
            yield row(period_label(e), with_limits(e, notes), *statistics.blanks(), BLANK)
    if change.weighted is not None:
        cells = statistics.cells(change.weighted, notes)
        yield row(name_of_test(change.weighted), BLANK, *cells, p_alone(change.weighted))


def _state_row(found: list[Estimate], state: str, notes: Footnotes) -> Row:
    here = {(e.group, e.statistic): e for e in reversed(found)}
    statistics = StatisticColumn.of(found)
    own = (here.get((state, s)) for s in (Statistic.N, Statistic.EVENTS))
    against_none = {s: e for (group, s), e in here.items() if group == Comparison.of(state, NONE)}
    patterns = between_patterns(found)
    first, second = next((parts_of(e.group) for e in patterns.values()), ("", ""))
    if state != first:
        patterns = {}
    cells = [
        *(BLANK if e is None else whole_number(e) for e in own),
        median_months(here.get((state, Statistic.MEDIAN)), notes),
        *_ratio(against_none, state == NONE, statistics, notes),
        *_ratio(patterns, state == second, statistics, notes),
    ]
    return Row((words(name_of(state)), *cells), indent=1)


def _ratio(
    here: Mapping[Statistic | StatisticAt, Estimate],
    is_reference: bool,
    statistics: StatisticColumn,
    notes: Footnotes,
) -> tuple[Cell, ...]:
    if is_reference:
        return words(REFERENCE), *statistics.blanks(), BLANK
    ratio, p = here.get(Statistic.HAZARD_RATIO), here.get(Statistic.P_VALUE)
    return with_limits(ratio, notes), *statistics.cells(p, notes), p_alone(p)
