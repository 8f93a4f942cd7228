"""Patients of the follow-up: all patients whose time of observation is known."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import followed, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate
from oligoscope.study.dictionary.outcomes import Outcome


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """All patients whose time of observation is known."""
    return MadeFrom(patients_of(e.population).and_(*followed(Outcome.OS, entries=chosen.entries)))
