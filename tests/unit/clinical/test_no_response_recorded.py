"""A study that records no response: none is made up, and no type of resistance is derived from its absence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from oligoscope.clinical.classified import GivenColumns
from oligoscope.clinical.patients import Derived, derive_patients
from oligoscope.study.schemas import StudyTables
from spec.patient_tables import derive, protocol, study_tables

ROW: dict[str, Any] = {"pattern": "oligoprogression", "pfs_days": 100.0, "os_days": 200.0, "os_event": 1}
IDS = ("A", "B", "C")


def cohort(*responses: str | None, **more: Any) -> StudyTables:
    """Patients of a team who progressed on day 100, with these best responses."""
    people = [{"patient_id": name} for name in IDS[: len(responses)]]
    rows = [{**p, **ROW, "best_response": word, **more} for p, word in zip(people, responses, strict=True)]
    return study_tables(patients=people, cohort=rows)


def with_column(tables: StudyTables, table: str = "cohort") -> StudyTables:
    """The same, with the column of the response in the file of a table, whatever its cells hold."""
    names = frozenset({"patient_id", *ROW, "best_response"})
    return replace(tables, given={table: names})


def read(*responses: str | None) -> StudyTables:
    """Progressions on day 100 that were read, with these best responses."""
    people = [{"patient_id": name} for name in IDS[: len(responses)]]
    rows = [
        {**p, "progressed_day": 100, "best_response": word} for p, word in zip(people, responses, strict=True)
    ]
    return study_tables(patients=people, progressions=rows)


def types_under_every_definition(found: Derived) -> set[str | None]:
    names = [name for name in found.definitions.columns if name.startswith("resistance:")]
    return {word for name in names for word in found.definitions[name]}


def labels(found: Derived) -> list[tuple[str | None, str | None]]:
    return found.patients.select("reported_response", "resistance").rows()


@pytest.mark.parametrize(
    "tables",
    [
        cohort(None, None),
        with_column(cohort(None, None)),
        read(None, None),
        with_column(read(None, None), "progressions"),
    ],
    ids=["no column", "blank for all", "progressions, no column", "progressions, blank for all"],
)
def test_where_no_response_is_recorded_nobody_has_one_or_a_type_of_resistance(tables: StudyTables):
    found = derive(tables)

    assert labels(found) == [(None, None)] * 2
    assert found.patients["resistance_rule"].null_count() == 2
    assert types_under_every_definition(found) == {None}
    assert "resistance" not in set(found.reasons["label"])
    assert found.patients["progressed"].to_list() == ["yes", "yes"]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (cohort("NE", "NE"), [("NE", "primary"), ("NE", "primary")]),
        (cohort("PR", "NE"), [("PR", "acquired"), ("NE", "primary")]),
        (cohort("PR", None), [("PR", "acquired"), (None, "primary")]),
        (with_column(read("PR", None), "progressions"), [("PR", "acquired"), ("NE", "primary")]),
    ],
    ids=["NE for all", "NE for one", "blank for one", "progressions, blank for one"],
)
def test_a_response_that_a_team_wrote_is_one_ne_too(tables: StudyTables, expected: list[tuple[str, str]]):
    assert labels(derive(tables)) == expected


def test_a_type_that_the_team_gave_stays_and_no_definition_is_applied_beside_it():
    found = derive(cohort(None, None, resistance="acquired"))

    assert labels(found) == [(None, "acquired")] * 2
    assert types_under_every_definition(found) == {None}


def test_a_column_that_is_blank_for_all_is_no_label_of_the_team():
    assert "best_response" not in GivenColumns.of(with_column(cohort(None, None))).labels
    assert "best_response" in GivenColumns.of(with_column(cohort("SD", None))).labels


def test_a_blank_column_leaves_the_responses_that_lesions_give():
    """A single target from 50 to 20 mm, then 60 mm: PR and progression."""
    tables = with_column(cohort(None))
    seen = study_tables(
        patients=[{"patient_id": "A"}],
        lesions=[{"patient_id": "A", "lesion_id": "1", "organ": "lung", "role": "target", "is_node": False}],
        measurements=[
            {"patient_id": "A", "lesion_id": "1", "assessed_day": day, "diameter_mm": mm}
            for day, mm in ((0, 50), (50, 20), (100, 60))
        ],
    )
    found = derive(replace(tables, lesions=seen.lesions, measurements=seen.measurements))

    assert labels(found) == [("PR", "acquired")]


def test_patients_without_a_response_are_read_alike_in_any_part_of_a_study():
    tables = with_column(cohort("PR", None, None))
    whole = derive(tables).patients.select("patient_id", "reported_response", "resistance")
    part = derive_patients(tables.only(pl.Series(["B", "C"])), protocol()).patients

    assert part.select(whole.columns).rows() == whole.rows()[1:]
