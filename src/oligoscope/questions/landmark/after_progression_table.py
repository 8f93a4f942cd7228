"""Survival from progression and from the landmark after it: the same groups, patients left out, crude and adjusted ratios."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.adjusted_ratios import adjusted_note
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
from oligoscope.printing.changing_hazards import CHANGES_NOTE, name_of_test, period_label, short_gap_label
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.printing.test_statistics import StatisticColumn
from oligoscope.printing.titles import titled
from oligoscope.questions.landmark.counted import Counted, both_days
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.vocabulary import name_of

_TITLE = Text(
    "{people}按{groups}分组的进展后生存期：自首次进展起与自界标起",
    "Post-progression survival of the {people} by {groups}: from progression and from the landmark",
)
_NOTE = Text(
    "界标前死亡或随访结束（含当日）者不纳入，从界标起计时。*P*：Log-rank 检验，校正者为组别系数的 Wald 检验；HR：风险比（Cox 模型）；1 个月为 30.4375 天。",
    "Patients who died, or whose follow-up ended, before the landmark or on its day are left out, and time is counted from it. *P*: log-rank "
    "test, of adjusted ratios the Wald test of the group; HR: hazard ratio (Cox model); 1 month is 30.4375 days.",
)


def tabulate_after_progression(
    results: Results, population: str = "progressed", by: str = "pattern", adjusted_for: tuple[str, ...] = ()
) -> Table:
    """One block a day from which survival is counted, a row a group.

    Args:
        results: Of the study.
        population: Whose.
        by: What makes the groups.
        adjusted_for: What the ratio from the landmark is adjusted for.

    Raises:
        KeyError: The groups are not compared.
    """
    blocks = both_days(results, population, by)
    if not blocks:
        raise KeyError(f"landmark_after_progression/{population}/{by}")
    notes = Footnotes()
    statistics = StatisticColumn.of(e for block in blocks for e in block.found)
    is_adjusted = any(block.compared(Statistic.HAZARD_RATIO_ADJUSTED) is not None for block in blocks)
    rows = [row for block in blocks for row in _block(block, statistics, notes, is_adjusted=is_adjusted)]
    adjusted = (Header(Text("校正 HR", "Adjusted HR"), LIMITS), Header(same("*P*"))) if is_adjusted else ()
    return Table(
        id=f"landmark_after_progression_{population}_{by}",
        title=titled(_TITLE, population, by),
        columns=(
            Header(Text("起点与分组", "Start and group"), align="start"),
            Header(Text("此前死亡", "Died before")),
            Header(Text("此前删失", "Censored before")),
            Header(same("*n*")),
            Header(Text("死亡", "Deaths")),
            Header(Text("中位生存/月", "Median, months"), LIMITS),
            Header(Text("未校正 HR", "Crude HR"), LIMITS),
            *statistics.heads(),
            Header(same("*P*")),
            *adjusted,
        ),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            LIMITS_NOTE,
            _NOTE,
            *not_reached_notes(rows),
            *_adjusted_notes(blocks, adjusted_for),
            *((CHANGES_NOTE,) if any(block.change is not None for block in blocks) else ()),
        ),
    )


def _adjusted_notes(blocks: list[Counted], at_landmark: tuple[str, ...]) -> Iterator[Text]:
    """What the ratios are adjusted for; one sentence where it is the same for both days."""
    names = {block.when: block.adjusted_for if not block.days else at_landmark for block in blocks}
    given = {when: of for when, of in names.items() if of}
    if len(set(given.values())) == 1 and len(given) == len(blocks):
        yield from adjusted_note(next(iter(given.values())), (e for block in blocks for e in block.found))
        return
    for block in blocks:
        for note in adjusted_note(given.get(block.when, ()), block.found):
            when = block.when
            yield Text(f"{when.zh}，{note.zh}", f"{when.en}, {note.en[:1].lower()}{note.en[1:]}")


def _block(
    block: Counted, statistics: StatisticColumn, notes: Footnotes, *, is_adjusted: bool
) -> Iterator[Row]:
    ratio, p = block.compared(Statistic.HAZARD_RATIO), block.compared(Statistic.P_VALUE)
    adjusted = block.compared(Statistic.HAZARD_RATIO_ADJUSTED)
    p_adjusted = block.compared(Statistic.P_VALUE_ADJUSTED)
    n_columns = 8 + len(statistics.blanks()) + 2 * is_adjusted
    yield Row((words(block.when), *(BLANK,) * (n_columns - 1)), is_heading=True)
    first, _ = block.groups
    for group in block.groups:
        cells = (
            words(name_of(group)),
            *(
                _counted(block.of(group, s))
                for s in (
                    Statistic.N_DIED_BEFORE,
                    Statistic.N_CENSORED_BEFORE,
                    Statistic.N,
                    Statistic.EVENTS,
                )
            ),
            median_months(block.of(group, Statistic.MEDIAN), notes),
        )
        if group == first:
            crude = (with_limits(ratio, notes), *statistics.cells(p, notes), p_alone(p))
            beside = (with_limits(adjusted, notes), p_alone(p_adjusted)) if is_adjusted else ()
            both = (*crude, *beside)
        else:
            both = (words(REFERENCE), *(BLANK,) * (n_columns - 7))
        yield Row((*cells, *both), indent=1)
    yield from _changes(block, statistics, notes, n_columns)


def _counted(e: Estimate | None) -> Cell:
    return BLANK if e is None else whole_number(e)


def _changes(block: Counted, statistics: StatisticColumn, notes: Footnotes, n_columns: int) -> Iterator[Row]:
    """Where the ratio changes with time: what is given beside it, in the columns of the crude ratio."""
    change = block.change
    if change is None:
        return

    def row(label: Text, *cells: Cell) -> Row:
        filled = (words(label), *(BLANK,) * 5, *cells)
        return Row((*filled, *(BLANK,) * (n_columns - len(filled))), indent=2)

    if change.gap is not None:
        gap = with_limits(change.gap, notes)
        yield row(short_gap_label(change), gap, *statistics.blanks(), p_alone(change.p_of_gap))
    for period in change.periods:
        yield row(period_label(period), with_limits(period, notes))
    if (weighted := change.weighted) is not None:
        yield row(name_of_test(weighted), BLANK, *statistics.cells(weighted, notes), p_alone(weighted))
