"""Survival by group: patients, events, median, survival at set times, hazard ratio and P."""

from __future__ import annotations

from oligoscope.results import Estimate, Results
from oligoscope.study.vocabulary import Text, name_of
from oligoscope.tables.cells import (
    LIMITS_NOTE,
    comparison_of,
    median_months,
    p_value,
    whole_number,
    with_limits,
)
from oligoscope.tables.footnotes import Footnotes
from oligoscope.tables.table import BLANK, Cell, Header, Row, Table, same, words

ANALYSIS = "survival"
TIMES = (6, 12, 24)  # months

# Post-progression survival first: the only one of the three whose clock starts when the pattern is known.
ORDER = ("pps", "os", "pfs", "pfs2", "dor", "ipfs")


def tabulate_survival(results: Results, population: str = "progressed", by: str = "pattern") -> Table:
    """One block a survival outcome, one row a group; the hazard ratio stands in its group's row."""
    notes = Footnotes()
    outcomes = outcomes_of(results, population, by)
    rows = [row for outcome in outcomes for row in _outcome_rows(results, population, by, outcome, notes)]
    return Table(
        id=f"survival_{population}_{by}",
        title=_title(population, by),
        columns=_COLUMNS,
        rows=tuple(rows),
        notes=(*notes.notes(), LIMITS_NOTE, _NOTE),
    )


def outcomes_of(results: Results, population: str, by: str) -> tuple[str, ...]:
    """Outcomes that were compared over the groups of `by`, post-progression survival first."""
    found = {
        e.outcome
        for e in results.find(analysis=ANALYSIS, population=population, statistic="n")
        if f"km/{population}/{by}/{e.outcome}" in results.series
    }
    return tuple(o for o in ORDER if o in found)


def groups_of(results: Results, population: str, by: str, outcome: str) -> tuple[str, ...]:
    """Groups of a survival curve, in the order of its series."""
    frame = results.series[f"km/{population}/{by}/{outcome}"]
    return tuple(frame["group"].unique(maintain_order=True))


_COLUMNS = (
    Header(Text("结局与分组", "Outcome and group"), align="start"),
    Header(same("*n*")),
    Header(Text("事件数", "Events")),
    Header(Text("中位时间/月", "Median, months"), Text("（95%CI）", "(95% CI)")),
    *(Header(Text(f"{t} 个月/%", f"{t} months, %"), Text("（95%CI）", "(95% CI)")) for t in TIMES),
    Header(same("HR"), Text("（95%CI）", "(95% CI)")),
    Header(Text("Log-rank", "Log-rank"), same("*P*")),
    Header(same("Cox"), same("*P*")),
)
_NOTE = Text(
    "HR：风险比（Cox 模型，Efron 法处理结点，Wald 置信区间）。中位时间与生存率由 Kaplan-Meier 法"
    "估计；1 个月为 30.4375 天。NR：未达到。",
    "HR: hazard ratio (Cox model, Efron's method for ties, Wald limits). Medians and survival by the Kaplan-Meier "
    "method; 1 month is 30.4375 days. NR: not reached.",
)


def _title(population: str, by: str) -> Text:
    people, groups = name_of(population), name_of(by)
    return Text(
        f"{people.zh}按{groups.zh}分组的生存结局",
        f"Survival of the {people.en.lower()} by {groups.en.lower()}",
    )


def _outcome_rows(results: Results, population: str, by: str, outcome: str, notes: Footnotes) -> list[Row]:
    groups = groups_of(results, population, by, outcome)
    found = [
        e
        for e in results.find(analysis=ANALYSIS, population=population, outcome=outcome)
        if not e.group or set(e.group.split(" vs ")) <= set(groups)
    ]
    heading = Row((words(name_of(outcome)), *(BLANK for _ in _COLUMNS[1:])), is_heading=True)
    return [heading, *(_group_row(found, group, notes) for group in groups)]


def _pick(found: list[Estimate], group: str, statistic: str, variable: str = "") -> Estimate | None:
    wanted = (group, statistic, variable)
    return next((e for e in found if (e.group, e.statistic, e.variable) == wanted), None)


def _group_row(found: list[Estimate], group: str, notes: Footnotes) -> Row:
    return Row(
        (
            words(name_of(group)),
            whole_number(_pick(found, group, "n")),
            whole_number(_pick(found, group, "events")),
            median_months(_pick(found, group, "median"), notes),
            *(_share(_pick(found, group, f"survival_{t}_months"), notes) for t in TIMES),
            *_comparison_cells(found, group, notes),
        ),
        indent=1,
    )


def _share(estimate: Estimate | None, notes: Footnotes) -> Cell:
    scale = 100.0 if estimate is not None and estimate.unit != "percent" else 1.0
    return with_limits(estimate, 1, notes, scale)


def _comparison_cells(found: list[Estimate], group: str, notes: Footnotes) -> tuple[Cell, Cell, Cell]:
    """HR and both P in the row of the first group; P alone where more than two were compared."""
    comparison = comparison_of(found)
    first, *others = comparison.split(" vs ")
    if others == [group]:
        return words(Text("参照", "Reference")), BLANK, BLANK
    if group != first:
        return BLANK, BLANK, BLANK
    return (
        with_limits(_pick(found, comparison, "hazard_ratio"), 2, notes),
        _p_value(_pick(found, comparison, "p_value", "log_rank"), notes),
        _p_value(_pick(found, comparison, "p_value", "cox"), notes),
    )


def _p_value(estimate: Estimate | None, notes: Footnotes) -> Cell:
    """P in a column that already names its test: marked where it is withheld or needs care."""
    if estimate is None:
        return BLANK
    return Cell(p_value(estimate, Footnotes()).text, estimate.key, mark=notes.care(estimate))
