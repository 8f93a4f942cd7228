"""Patients of the management: all patients who progressed; those of the tier, of the reason or with the note."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.cohort.patient_terms import has_word, patients_of
from oligoscope.questions.management.levels import COLUMNS, LEVELS, NAMES
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate


def made_from(e: Estimate, _chosen: Chosen) -> MadeFrom:
    """All patients who progressed; of a level, those in whose cell it is."""
    people = patients_of(e.population)
    if not e.variable:
        return MadeFrom(people, people)
    name, level = NAMES[e.variable], LEVELS[e.variable][e.level]
    label = Text(f"{name.zh}：{level.zh}", f"{name.en}: {level.en}")
    return MadeFrom(people, people.and_(has_word(COLUMNS[e.variable], e.level, label, "management.csv")))
