"""Patients of the restricted means: those with a group whose time and event are known."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import followed, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Everyone in the groups of the number; those censored before the horizon are part of the curve, too."""
    return MadeFrom(
        patients_of(e.population).and_(
            of_groups(chosen.by, e.group), *followed(e.outcome, entries=chosen.entries)
        )
    )
