"""Patients whose centre is known, and those of whom it is not."""

from __future__ import annotations

from oligoscope.cohort.centres import CENTRE
from oligoscope.cohort.patient_terms import is_unknown, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic


def made_from(e: Estimate, _chosen: Chosen) -> MadeFrom:
    """All patients of the population; of the number without a centre those who have none."""
    people = patients_of(e.population)
    if e.statistic == Statistic.N_CENTRE_UNKNOWN:
        return MadeFrom(people, people.and_(is_unknown(CENTRE)))
    return MadeFrom(people)
