"""Patients of the predictors: all patients with a group, completed."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import is_known, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """All patients with a group: the model reads all levels of a variable at once."""
    return MadeFrom(patients_of(e.population).and_(is_known(chosen.by)))
