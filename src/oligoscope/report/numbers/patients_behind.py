"""The rule of each analysis that names its patients, and the check of what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from statistics import fmean

from oligoscope.report.numbers.behind import Behind, Reason
from oligoscope.report.numbers.behind_comparisons import (
    behind_balance,
    behind_competing_risks,
    behind_follow_up,
    behind_landmark,
    behind_matching,
    behind_predictors,
    behind_subgroups,
    behind_survival,
    behind_time_dependent,
    behind_weighting,
)
from oligoscope.report.numbers.behind_counts import (
    behind_baseline,
    behind_flow,
    behind_imputation,
    behind_management,
    behind_reclassification,
    behind_response_rate,
    behind_response_series,
    behind_sites,
    behind_timing,
)
from oligoscope.report.numbers.patient_conditions import Selection
from oligoscope.report.numbers.patients_found import Members, PatientFiles
from oligoscope.report.numbers.study_known import StudyKnown
from oligoscope.results.analyses import (
    BALANCE,
    BASELINE,
    COMPETING_RISKS,
    FLOW,
    FOLLOW_UP,
    GIVEN_RESPONSE,
    IMPUTATION,
    LANDMARK,
    MANAGEMENT,
    MATCHING,
    PREDICTORS,
    READER_AGREEMENT,
    RECLASSIFICATION,
    RESPONSE_RATE,
    RESPONSE_SERIES,
    SITES,
    SUBGROUPS,
    SURVIVAL,
    TIME_DEPENDENT,
    TIMING,
    WEIGHTING,
)
from oligoscope.results.results import Estimate, Results
from oligoscope.results.units import Unit
from oligoscope.study.protocol import Protocol

RULES: Mapping[str, Callable[[Estimate, StudyKnown], Behind]] = {
    FLOW: behind_flow,
    FOLLOW_UP: behind_follow_up,
    BASELINE: behind_baseline,
    IMPUTATION: behind_imputation,
    MATCHING: behind_matching,
    BALANCE: behind_balance,
    PREDICTORS: behind_predictors,
    SITES: behind_sites,
    TIMING: behind_timing,
    SURVIVAL: behind_survival,
    RESPONSE_RATE: behind_response_rate,
    RESPONSE_SERIES: behind_response_series,
    LANDMARK: behind_landmark,
    TIME_DEPENDENT: behind_time_dependent,
    COMPETING_RISKS: behind_competing_risks,
    SUBGROUPS: behind_subgroups,
    WEIGHTING: behind_weighting,
    RECLASSIFICATION: behind_reclassification,
    MANAGEMENT: behind_management,
}
OF_VISITS = {GIVEN_RESPONSE: Reason.VISITS, READER_AGREEMENT: Reason.READERS}
# Of these the patients found are fewer than n on purpose, and the page says so.
NOT_ALL_FOUND = {Reason.QUARANTINED}


@dataclass(frozen=True)
class Traced:
    """Every estimate with the patients behind it, and the members of each selection."""

    behind: tuple[Behind, ...]
    members: Mapping[Selection, Members]


def trace_patients(protocol: Protocol, results: Results, files: PatientFiles) -> Traced:
    """Name the patients of every estimate; where the files do not bear it out, say so and name nobody."""
    study = StudyKnown(protocol, results, files.levels)
    named = [_named(e, study, files) for e in results.estimates]
    members = files.find(s for b in named for s in b.selections())
    checked = tuple(_checked(e, b, members) for e, b in zip(results.estimates, named, strict=True))
    wanted = {s for b in checked for s in b.selections()}
    return Traced(checked, {s: m for s, m in members.items() if s in wanted})


def _named(estimate: Estimate, study: StudyKnown, files: PatientFiles) -> Behind:
    if estimate.analysis in OF_VISITS:
        return Behind(reasons=(OF_VISITS[estimate.analysis],))
    rule = RULES.get(estimate.analysis)
    found = Behind(reasons=(Reason.NO_RULE,)) if rule is None else rule(estimate, study)
    # A row that says why an analysis gave nothing may name no variable to look patients up by.
    if not all(term.column for term in found.terms()):
        return Behind(reasons=(Reason.NO_RULE,))
    matched = any(s.matched for s in found.selections())
    if files.lacking(found.terms()) or (matched and files.pairs is None):
        return Behind(reasons=(Reason.NOT_WRITTEN,))
    return found


def _checked(estimate: Estimate, behind: Behind, members: Mapping[Selection, Members]) -> Behind:
    """What was found must be n, and what is counted the value, unless a reason says why not."""
    if behind.patients is None:
        return behind
    found, reasons = members[behind.at_risk or behind.patients], behind.reasons
    if estimate.n is None:
        reasons = reasons or (Reason.NO_N,)
    elif size_of(found, smallest=Reason.FEWEST in reasons) != estimate.n and not NOT_ALL_FOUND & set(reasons):
        some = behind.patients.matched and found.counts
        if not (some and min(found.counts) <= estimate.n <= max(found.counts)):
            return Behind(reasons=(Reason.NOT_EQUAL,))
        reasons = (*(r for r in reasons if r is not Reason.MEAN), Reason.SOME)
    behind = replace(behind, reasons=reasons)
    if behind.counted is None or estimate.value is None:
        return replace(behind, counted=None)
    if Reason.MATCHING_WEIGHTS in reasons or _is_value(estimate, behind, members):
        return behind
    return replace(behind, counted=None, reasons=(*reasons, Reason.NOT_COUNTED))


def size_of(found: Members, *, smallest: bool = False) -> int:
    """Patients found; of several imputations the rounded mean, as n is, or the fewest."""
    if not found.counts:
        return 0
    return min(found.counts) if smallest else round(fmean(found.counts))


def _is_value(estimate: Estimate, behind: Behind, members: Mapping[Selection, Members]) -> bool:
    """Whether the patients counted make the value: their number, or their share of those of n."""
    if behind.counted is None or behind.patients is None or estimate.value is None:
        return False
    counted, out_of = members[behind.counted].counts, members[behind.patients].counts
    if not counted:
        return estimate.value == 0
    if estimate.unit != Unit.PERCENT:
        return abs(fmean(counted) - estimate.value) < 1e-6
    shares = [100 * k / n for k, n in zip(counted, out_of, strict=True) if n]
    return bool(shares) and abs(fmean(shares) - estimate.value) < 1e-6
