"""Patients of the timing: those with a group who progressed, in all or in the months of a class."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.cohort.patient_terms import is_known, of_groups, patients_of, progressed_by
from oligoscope.questions.question import Chosen
from oligoscope.questions.timing.classes import edges_of
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate
from oligoscope.results.selection import Term
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import ALL


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Those with a group who progressed; of a class, those who progressed in its months."""
    progressed = is_known("progressed_on")
    everyone = patients_of(e.population).and_(of_groups(chosen.by, ALL), progressed)
    if not e.level:
        group = everyone.and_(of_groups(chosen.by, e.group))
        return MadeFrom(group, group if e.statistic == Statistic.N else None)
    in_class = everyone.and_(*_months(*edges_of(e.level)))
    return MadeFrom(in_class, in_class.and_(of_groups(chosen.by, e.group)))


def _months(low: int, high: int | None) -> Iterator[Term]:
    """The first class begins at the first day, the last has no end."""
    if low:
        yield progressed_by(">", low, Text(f"{low} 个月之后进展", f"Progressed after month {low}"))
    if high is not None:
        yield progressed_by("<=", high, Text(f"{high} 个月之内进展", f"Progressed by month {high}"))
