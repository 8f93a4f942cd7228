"""A row of a cohort that a team has classified, and the derived patient that it becomes."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from oligoscope.clinical.patients import Derived, derive_patients
from oligoscope.study.anchor import ANCHOR
from spec.patient_tables import protocol, study_tables

MONTH = 30.4375


def classified(*rows: dict[str, Any], start: date = ANCHOR, **settings: object) -> Derived:
    """Derived patients of a cohort alone, as the intake hands it over: with a start, real or not, for everyone."""
    numbered = [{"patient_id": f"P{i}", **row} for i, row in enumerate(rows)]
    patients = [{"patient_id": row["patient_id"], "treatment_started_on": start} for row in numbered]
    dates = ("died_on", "last_known_alive_on")
    for patient, row in zip(patients, numbered, strict=True):
        patient |= {name: row[name] for name in dates if row.get(name) is not None}
    return derive_patients(study_tables(patients=patients, cohort=numbered), protocol(**settings))


def one(*names: str, **row: Any) -> tuple[Any, ...]:
    return classified(row).patients.select(names).row(0)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"pattern": "systemic"}, ("yes", "systemic")),
        ({"pfs_months": 5.0, "pfs_event": "1"}, ("yes", None)),
        ({"pfs_months": 5.0, "pfs_event": "0"}, ("no", None)),
        ({"pfs_months": 5.0, "pfs_event": "1", "os_months": 5.0, "os_event": "1"}, ("no", None)),  # died, did not progress
        ({"pfs_months": 5.0, "pfs_event": "1", "os_months": 5.0, "os_event": "0"}, ("yes", None)),
        ({"pfs_months": 5.0, "pfs_event": "1", "os_months": 9.0, "os_event": "1"}, ("yes", None)),
        ({"progressing_organs": "liver"}, ("yes", None)),
        ({"n_progressing_lesions": 2}, ("yes", "oligoprogression")),
        ({"n_progressing_lesions": 0}, ("no", None)),
        ({"resistance": "primary"}, ("yes", None)),
        ({"pps_months": 3.0, "pps_event": "0"}, ("yes", None)),
        ({"os_months": 5.0, "os_event": "1"}, (None, None)),  # nothing says so
        ({"best_response": "PR"}, (None, None)),
    ],
    ids=str,
)  # fmt: skip
def test_who_progressed(row, expected):
    if row.get("n_progressing_lesions"):
        row = row | {"pfs_months": 4.0}
    assert one("progressed", "pattern", **row) == expected


@pytest.mark.parametrize(
    ("row", "pfs", "os", "pps"),
    [
        (
            {"pattern": "systemic", "pfs_months": 5.3, "os_months": 9.9, "os_event": "1"},
            (5.3, 1),
            (9.9, 1),
            (4.6, 1),
        ),
        ({"pfs_months": 5.3, "pfs_event": "0", "os_months": 9.9, "os_event": "0"}, (5.3, 0), (9.9, 0), None),
        (
            {"pattern": "systemic", "os_months": 9.9, "os_event": "1", "pps_months": 4.0},
            None,
            (9.9, 1),
            (4.0, 1),
        ),
        ({"os_months": 9.9}, None, None, None),  # how it ended is not known
        ({"pfs_months": 7.0}, None, None, None),
    ],
    ids=str,
)
def test_times_are_those_given(row, pfs, os, pps):
    found = one("pfs_days", "pfs_event", "os_days", "os_event", "pps_days", "pps_event", **row)

    for (days, event), expected in zip((found[:2], found[2:4], found[4:]), (pfs, os, pps), strict=True):
        if expected is None:
            assert (days, event) == (None, None)
        else:
            assert days / MONTH == pytest.approx(expected[0], abs=1e-9)
            assert event == expected[1]


@pytest.mark.parametrize(
    ("unit", "time", "days"), [("days", 100.0, 100), ("weeks", 10.5, 73.5), ("months", 3.0, 91.3125)]
)
def test_any_unit(unit, time, days):
    assert one("os_days", **{f"os_{unit}": time, "os_event": "0"}) == (days,)


def test_the_same_with_dates():
    start = date(2020, 1, 15)
    row = {"pattern": "systemic", "progressed_on": date(2020, 7, 15), "died_on": date(2021, 1, 15)}

    found = classified(row, start=start).patients.row(0, named=True)

    assert (found["pfs_days"], found["pfs_event"]) == (182, 1)
    assert (found["os_days"], found["pps_days"]) == (366, 184)


@pytest.mark.parametrize(
    ("months", "response", "by_rule"),
    [
        (6.0, "SD", "primary"),
        (6.1, "SD", "acquired"),
        (5.9, "PR", "acquired"),
        (5.9, "PD", "primary"),
        (12.0, "SD", "acquired"),
    ],
)
def test_the_rule_for_resistance_counts_calendar_months(months, response, by_rule):
    """6.0 months end on the anniversary, which is still primary, although they are 182.6 days."""
    row = {"resistance": "acquired", "best_response": response, "pfs_months": months, "pfs_event": "1"}

    assert one("resistance", "resistance_by_rule", **row) == ("acquired", by_rule)


@pytest.mark.parametrize(
    ("n", "organs", "diffuse", "by_rule"),
    [
        (1, "liver", None, "oligoprogression"), (5, "liver;bone", None, "oligoprogression"), (6, "liver", None, "systemic"),
        (2, "pleura", True, "systemic"), (None, "liver", None, None),
    ],
)  # fmt: skip
def test_the_rule_for_the_pattern_is_kept_beside_it(n, organs, diffuse, by_rule):
    row = {
        "n_progressing_lesions": n,
        "progressing_organs": organs,
        "diffuse": diffuse,
        "pattern": "systemic",
    }

    assert one("pattern", "pattern_by_rule", **row) == ("systemic", by_rule)


def test_a_blank_label_stays_blank():
    """What the team has not classified is no label of theirs, whatever the rules would say."""
    rows = (
        {"pattern": "systemic", "best_response": "SD", "pfs_months": 3.0, "n_progressing_lesions": 7},
        {
            "pattern": None,
            "best_response": None,
            "pfs_months": 3.0,
            "pfs_event": "1",
            "n_progressing_lesions": 2,
        },
    )

    found = classified(*rows).patients

    assert found["pattern"].to_list() == ["systemic", None]
    assert found["best_response"].to_list() == ["SD", None]


def test_sites_are_compared_and_brain_metastases_known():
    row = {"pattern": "systemic", "progressing_organs": "liver; brain", "baseline_organs": "bone、brain"}

    found = one("site_relation", "same_organs", "new_organs", "brain_metastasis", "n_baseline_organs", **row)

    assert found == ("both", "brain", "liver", "yes", 2)


def test_reasons_name_the_team_and_its_row():
    row = {
        "pattern": "systemic",
        "resistance": "primary",
        "pfs_months": 3.0,
        "os_months": 8.0,
        "os_event": "1",
    }

    reasons = classified(row).reasons

    given = reasons.filter(pl.col("rule") == "as given by the team")
    assert given["label"].to_list() == ["pattern", "resistance", "pfs", "os"]
    assert set(given["source_rows"]) == {"cohort.csv:2"}
    by_difference = reasons.filter(label="pps").row(0, named=True)
    assert by_difference["rule"].startswith("overall survival minus")
    assert not reasons["source_rows"].str.contains("measurements").any()


def test_a_second_line_and_local_treatment():
    row = {
        "pattern": "systemic",
        "line_regimen": "chemo_io",
        "local_after_progression": "yes",
        "pfs2_weeks": 10.0,
        "pfs2_event": "1",
    }

    found = one("line_regimen", "local_after_progression", "pfs2_days", "pfs2_event", **row)

    assert found == ("chemo_io", "yes", 70.0, 1)


def test_no_age_is_counted_to_an_unknown_start():
    tables = study_tables(
        patients=[{"patient_id": n, "treatment_started_on": day, "birth_date": date(1950, 6, 1)} for n, day in (("A", ANCHOR), ("B", date(2020, 1, 15)))],
        cohort=[{"patient_id": n, "os_months": 5.0, "os_event": "1"} for n in "AB"],
    )  # fmt: skip

    assert derive_patients(tables, protocol()).patients["age_years"].to_list() == [None, 69.0]


def test_rows_of_other_patients_change_nothing():
    rows = ({"pattern": "systemic", "pfs_months": 3.0}, {"pattern": "oligoprogression", "pfs_months": 9.0})

    assert classified(*rows).patients.row(0) == classified(rows[0]).patients.row(0)
