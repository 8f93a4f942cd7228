"""Results of the stored run for tests of tables, figures and sentences: no test writes the keys of a number again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl

from oligoscope.results.analyses import (
    BALANCE,
    BASELINE,
    COMPETING_RISKS,
    FLOW,
    FOLLOW_UP,
    IMPUTATION,
    LANDMARK,
    MATCHING,
    PREDICTORS,
    RESPONSE_RATE,
    SUBGROUPS,
    SURVIVAL,
    TIME_DEPENDENT,
    WEIGHTING,
)  # fmt: skip
from oligoscope.results.results import KEYS, Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import join, read_warnings
from oligoscope.results_files import read_results
from stored.golden import RUN

OLIGO, SYSTEMIC = "oligoprogression", "systemic"
VERSUS = f"{OLIGO} vs {SYSTEMIC}"
OF_ALL = {FLOW, BASELINE, SURVIVAL, RESPONSE_RATE}
OF_COMPARISONS = {
    FOLLOW_UP, IMPUTATION, MATCHING, BALANCE, PREDICTORS, LANDMARK, TIME_DEPENDENT, COMPETING_RISKS, SUBGROUPS, WEIGHTING,
}  # fmt: skip
SERIES_OF_ALL = r"(km|at_risk)/progressed/pattern/(pfs|os|pps)"
SERIES_OF_COMPARISONS = r"(km|at_risk)/matched/pattern/.*|propensity/.*|imputation/(levels|trace)|(at_risk/)?(landmark|incidence)/.*"
TRACE = "imputation/trace"
FEW = read_warnings("too_few_events minimum=5")


@cache
def stored() -> Results:
    """All results of the stored run."""
    return read_results(RUN)


@cache
def unmatched() -> Results:
    """Flow, baseline, survival and response of the patterns, as a study that asks for no more has them."""
    rows = (e for e in stored().estimates if e.analysis in OF_ALL and _is_of_patterns(e, "progressed"))
    return _with_series(rows, SERIES_OF_ALL)


@cache
def compared() -> Results:
    """These with matching, predictors and the comparisons that need no matching; the gate was not passed."""
    rows = (
        e
        for e in stored().estimates
        if e.analysis in OF_COMPARISONS or (e.analysis in OF_ALL - {FLOW} and _is_of_patterns(e, "matched"))
    )
    of_patterns = (e for e in rows if e.outcome != "sex" and e.population.partition(":")[1] == "")
    found = _with_series((*unmatched().estimates, *of_patterns), f"{SERIES_OF_ALL}|{SERIES_OF_COMPARISONS}")
    trace = found.series[TRACE]  # of one iteration, as one variable alone is incomplete; here of ten
    longer = pl.concat(trace.with_columns(iteration=pl.lit(i)) for i in range(1, 11))
    return found.plus(series={TRACE: longer.cast(trace.schema)})


def _is_of_patterns(e: Estimate, population: str) -> bool:
    if e.analysis == FLOW:
        return True
    outcomes = {BASELINE: {"pattern"}, SURVIVAL: {"pfs", "os", "pps"}, RESPONSE_RATE: {"best_response"}}
    groups = {"all", OLIGO, SYSTEMIC, VERSUS}
    return e.population == population and e.outcome in outcomes[e.analysis] and e.group in groups


def _with_series(rows: Iterable[Estimate], names: str) -> Results:
    series = {name: frame for name, frame in stored().series.items() if re.fullmatch(names, name)}
    return Results(tuple(rows), series)


def row(*, other: dict[str, Any] | None = None, **fields: Any) -> Estimate:
    """The first stored row of these keys, with these values in place of its own; which patients it is made from is left out.

    Args:
        other: Keys in place of those of the row.
        fields: Keys by which it is found, and values that it gets.

    Raises:
        LookupError: The stored run has no such row.
    """
    keys = {name: value for name, value in fields.items() if name in KEYS}
    found = stored().find(**keys)  # type: ignore[arg-type]
    if not found:
        raise LookupError(f"no stored row of {keys}")
    values = {name: value for name, value in fields.items() if name not in KEYS}
    return replace(found[0], **({"patients": None} | values | (other or {})))


def with_limits(digits: int = 1, **keys: Any) -> str:
    """What a cell holds of the first stored row of these keys: 20.0 (18.2 to 22.0)."""
    found = row(**keys)
    value, low, high = (
        "NR" if x is None else f"{x:.{digits}f}" for x in (found.value, found.low, found.high)
    )
    return f"{value} ({low} to {high})"


def withheld(warning: Any = FEW, **keys: Any) -> Estimate:
    """The first stored row of these keys without its number, for this reason."""
    return row(value=None, low=None, high=None, warning=warning, **keys)


def changed(
    results: Results, change: Callable[[Estimate], Estimate] | dict[str, Any], **keys: Any
) -> Results:
    """The results with other values in the rows of these keys."""
    wanted = {e.key for e in results.find(**keys)}
    make = change if callable(change) else lambda e: replace(e, **change)
    return Results(tuple(make(e) if e.key in wanted else e for e in results.estimates), results.series)


def without(results: Results, *analyses: Any) -> Results:
    """The results but for those of some analyses."""
    return Results(tuple(e for e in results.estimates if e.analysis not in analyses), results.series)


def bare_ratio(**fields: Any) -> Estimate:
    """A hazard ratio of the stored run with these fields in place of its own, and nothing else of it."""
    blank = {
        "population": "", "outcome": "", "group": "", "variable": "", "level": "", "low": None, "high": None, "warning": join(),
    }  # fmt: skip
    return row(analysis=SURVIVAL, statistic=Statistic.HAZARD_RATIO, other=blank | fields)
