"""Numbers after a matching that missed its balance."""

from __future__ import annotations

from dataclasses import replace

from oligoscope.cohort.match import MatchedCohorts
from oligoscope.results.analyses import BALANCE, BASELINE, MATCHING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.warnings import NO_WARNING, WarningCode, join
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import whole_of


def with_failed_gate(results: Results, matched: MatchedCohorts | None) -> Results:
    """Mark every number after a matching that missed its balance: rows of results.csv are also used without the report."""
    missed = NO_WARNING if matched is None else matched.missed
    if not missed:
        return results
    # A number that was never withheld was not unsealed.
    of_baseline = missed.without(WarningCode.UNSEALED)
    rows = (
        replace(e, warning=join(e.warning, of_baseline if e.analysis == BASELINE else missed))
        if _is_after_matching(e)
        else e
        for e in results.estimates
    )
    return Results(tuple(rows), results.series)


def _is_after_matching(estimate: Estimate) -> bool:
    return whole_of(estimate.population) == MATCHED and estimate.analysis not in {MATCHING, BALANCE}
