"""Patients of the definitions: those with a label under the definition, or under both."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import followed, is_known, is_level, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.definitions import definition_name
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import crossed_parts, level_key, parts_of

_FILE = "definitions.csv"


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Those with a label under the definition, or under both; of a level, those who have it; of survival, with a time."""
    presets = parts_of(e.group)
    if e.outcome == Outcome.PPS:
        pattern = is_known(f"pattern:{e.group}", _FILE, definition_name(e.group))
        return MadeFrom(patients_of(e.population).and_(pattern, *followed(e.outcome, entries=chosen.entries)))
    columns = {f"{e.outcome}:{preset}": definition_name(preset) for preset in presets}
    known = (is_known(column, _FILE, name) for column, name in columns.items())
    labelled = patients_of(e.population).and_(*known)
    if not e.level:
        return MadeFrom(labelled, labelled if e.statistic == Statistic.N else None)
    labels = (level_key(e.outcome, level) for level in crossed_parts(e.level))
    held = zip(columns.items(), labels, strict=True)
    return MadeFrom(
        labelled, labelled.and_(*(is_level(column, label, _FILE, name) for (column, name), label in held))
    )
