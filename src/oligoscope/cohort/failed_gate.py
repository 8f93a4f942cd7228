"""Numbers after a matching that missed its balance."""

from __future__ import annotations

from dataclasses import replace

from oligoscope.cohort.match import MatchedCohorts
from oligoscope.results.analyses import BALANCE, BASELINE, MATCHING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import whole_of


def with_failed_gate(results: Results, matched: MatchedCohorts | None) -> Results:
    """Mark every number after a matching that missed its balance: rows of results.csv are also used without the report."""
    if matched is None or not (missed := matched.missed):
        return results
    rows = (replace(e, warning=join(e.warning, _missed_by(e, missed))) for e in results.estimates)
    return Results(tuple(rows), results.series)


def _missed_by(estimate: Estimate, missed: Warnings) -> Warnings:
    """What the balance that was missed says of a number; of one that was never withheld nothing was unsealed."""
    if whole_of(estimate.population) != MATCHED or estimate.analysis in {MATCHING, BALANCE}:
        return NO_WARNING
    return missed.without(WarningCode.UNSEALED) if estimate.analysis == BASELINE else missed
