"""The check of the patients that each number is made from: as many must be found in the files as it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import fmean

from oligoscope.report.numbers.patients_found import Members, PatientFiles
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate, Results
from oligoscope.results.selection import Selection
from oligoscope.results.units import Unit

# Of these the patients found are fewer than n on purpose, and the page says so.
NOT_ALL_FOUND = {Reason.QUARANTINED}


@dataclass(frozen=True)
class Traced:
    """Of every estimate the patients it is made from, and the members of each selection."""

    made_from: tuple[MadeFrom, ...]
    members: Mapping[Selection, Members]


def trace_patients(results: Results, files: PatientFiles) -> Traced:
    """Find the patients of every estimate; where the files do not confirm them, name none and say why."""
    named = [_named(e, files) for e in results.estimates]
    members = files.find(s for m in named for s in m.selections())
    checked = tuple(_checked(e, m, members) for e, m in zip(results.estimates, named, strict=True))
    wanted = {s for m in checked for s in m.selections()}
    return Traced(checked, {s: m for s, m in members.items() if s in wanted})


def _named(estimate: Estimate, files: PatientFiles) -> MadeFrom:
    found = estimate.patients
    if found is None:
        return MadeFrom(reasons=(Reason.NOT_SAVED,))
    matched = any(s.matched for s in found.selections())
    if files.lacking(found.terms()) or (matched and files.pairs is None):
        return MadeFrom(reasons=(Reason.NOT_WRITTEN,))
    return found


def _checked(estimate: Estimate, made: MadeFrom, members: Mapping[Selection, Members]) -> MadeFrom:
    """What was found must be n, and what is counted the value, unless a reason says why not."""
    if made.patients is None:
        return made
    here, reasons = members[made.at_risk or made.patients], made.reasons
    if estimate.n is None:
        reasons = reasons or (Reason.NO_N,)
    elif size_of(here, smallest=Reason.FEWEST in reasons) != estimate.n and not NOT_ALL_FOUND & set(reasons):
        some = made.patients.matched and here.counts
        if not (some and min(here.counts) <= estimate.n <= max(here.counts)):
            return MadeFrom(reasons=(Reason.NOT_EQUAL,))
        reasons = (*(r for r in reasons if r is not Reason.MEAN), Reason.SOME)
    made = replace(made, reasons=reasons)
    if made.counted is None or estimate.value is None:
        return replace(made, counted=None)
    if Reason.MATCHING_WEIGHTS in reasons or _is_value(estimate, made, members):
        return made
    return replace(made, counted=None, reasons=(*reasons, Reason.NOT_COUNTED))


def size_of(found: Members, *, smallest: bool = False) -> int:
    """Patients found; of several imputations the rounded mean, as n is, or the fewest."""
    if not found.counts:
        return 0
    return min(found.counts) if smallest else round(fmean(found.counts))


def _is_value(estimate: Estimate, made: MadeFrom, members: Mapping[Selection, Members]) -> bool:
    """Whether the patients counted make the value: their number, or their share of those of n."""
    if made.counted is None or made.patients is None or estimate.value is None:
        return False
    counted, out_of = members[made.counted].counts, members[made.patients].counts
    if not counted:
        return estimate.value == 0
    if estimate.unit != Unit.PERCENT:
        return abs(fmean(counted) - estimate.value) < 1e-6
    shares = [100 * k / n for k, n in zip(counted, out_of, strict=True) if n]
    return bool(shares) and abs(fmean(shares) - estimate.value) < 1e-6
