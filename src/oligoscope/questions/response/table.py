"""Best overall response by group, objective response rate and disease control rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.printing.cells import LIMITS_NOTE, comparison_of, count, group_header, p_value, with_limits
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.printing.test_statistics import StatisticColumn
from oligoscope.printing.titles import titled
from oligoscope.results.analyses import BASELINE, RESPONSE_RATE
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.levels import RESPONSES
from oligoscope.study.dictionary.reported import DISEASE_CONTROL, OBJECTIVE_RESPONSE
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.keys import is_comparison
from oligoscope.study.vocabulary import name_of

_IN_FULL: dict[str, Text] = {level.word: level.in_full for level in RESPONSES}
RATES: dict[str, Text] = {
    rate.name: Text(f"{rate.label.zh}/%（95%CI）", f"{rate.label.en}, % (95% CI)")
    for rate in (OBJECTIVE_RESPONSE, DISEASE_CONTROL)
}


def tabulate_response_rate(results: Results, population: str = "progressed", by: str = "pattern") -> Table:
    """Responses as n (%) of each group, then the rates with exact limits and their comparison.

    A group has a column where the baseline table of the same `by` knows it (or no such table was made).
    """
    notes = Footnotes()
    found = results.find(analysis=RESPONSE_RATE, population=population, outcome="best_response")
    sizes = _sizes(results, found, population, by)
    comparison = comparison_of(found, (size.group for size in sizes))
    statistics = StatisticColumn.of(found)
    blanks = (*statistics.blanks(), BLANK) if comparison else ()
    rows = [_level_row(found, response.value, sizes, blanks) for response in Response]
    rows += [_rate_row(found, rate, sizes, comparison, statistics, notes) for rate in RATES]
    return Table(
        id=f"response_rate_{population}_{by}",
        title=titled(_TITLE, population, by),
        columns=(
            Header(name_of("best_response"), align="start"),
            *(group_header(size) for size in sizes),
            *((*statistics.heads(), Header(same("*P*"))) if comparison else ()),
        ),
        rows=tuple(row for row in rows if row is not None),
        notes=(*notes.notes(), LIMITS_NOTE, _note(found)),
    )


def _note(found: Sequence[Estimate]) -> Text:
    """What the rates count; Non-CR/Non-PD only where a patient has it (without target lesions)."""
    neither = any(e.level == Response.NON_CR_NON_PD and e.value for e in found)
    zh, en = ("、SD 或非 CR/非 PD", ", SD or Non-CR/Non-PD") if neither else ("或 SD", " or SD")
    return Text(
        f"客观缓解：CR 或 PR；疾病控制：客观缓解{zh}。置信区间为 Clopper-Pearson 精确法。",
        f"Objective response: CR or PR; disease control: objective response{en}. Limits are exact (Clopper-Pearson).",
    )


_TITLE = Text(
    "{people}按{groups}分组的最佳总体疗效 [例(%)]",
    "Best overall response of the {people} by {groups} [n (%)]",
)


def responding_groups(results: Results, population: str, by: str) -> tuple[str, ...]:
    """Groups that the table compares: its columns but for all patients together."""
    found = results.find(analysis=RESPONSE_RATE, population=population, outcome="best_response")
    return tuple(size.group for size in _sizes(results, found, population, by) if size.group != "all")


def _sizes(results: Results, found: list[Estimate], population: str, by: str) -> list[Estimate]:
    """An estimate of each group that says how many patients it has, in the order reported."""
    keys: dict[str, Any] = {"analysis": BASELINE, "population": population, "outcome": by}
    known = {e.group for e in results.find(**keys, variable="", statistic=Statistic.N)}
    groups = dict.fromkeys(e.group for e in found if e.group and not is_comparison(e.group))
    sizes = (_size(found, group) for group in groups if not known or group in known)
    return [size for size in sizes if size is not None]


def _size(found: list[Estimate], group: str) -> Estimate | None:
    size = _pick(found, group=group, variable="", level="", statistic=Statistic.N)
    rate = _pick(found, group=group, variable="orr", statistic=Statistic.PERCENT)
    return size or (rate and replace(rate, value=rate.n))


def _pick(found: list[Estimate], **keys: str) -> Estimate | None:
    return next((e for e in found if all(getattr(e, k) == v for k, v in keys.items())), None)


def _level_row(
    found: list[Estimate], level: str, sizes: list[Estimate], blanks: tuple[Cell, ...]
) -> Row | None:
    here = [e for e in found if e.level == level]
    counts = [_pick(here, group=s.group, statistic=Statistic.N) for s in sizes]
    shares = [_pick(here, group=s.group, statistic=Statistic.PERCENT) for s in sizes]
    if all(n is None for n in counts):
        return None
    cells = (BLANK if n is None else count(n, share) for n, share in zip(counts, shares, strict=True))
    return Row((words(_IN_FULL[level]), *cells, *blanks))


def _rate_row(
    found: list[Estimate],
    rate: str,
    sizes: list[Estimate],
    comparison: str,
    statistics: StatisticColumn,
    notes: Footnotes,
) -> Row | None:
    rates = [_pick(found, group=s.group, variable=rate, statistic=Statistic.PERCENT) for s in sizes]
    if all(r is None for r in rates):
        return None
    p = _pick(found, group=comparison, variable=rate, statistic=Statistic.P_VALUE)
    tested = (*statistics.cells(p, notes), p_value(p, notes)) if comparison else ()
    return Row((words(RATES[rate]), *(with_limits(r, notes) for r in rates), *tested))
