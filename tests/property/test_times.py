"""No time that an analysis reads is ever negative, however the dates of the files are ordered."""

from __future__ import annotations

import csv
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oligoscope.clinical.patients import derive_patients
from oligoscope.cohort.select import select_cohort
from oligoscope.errors import DataError
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import Protocol
from property.histories import STEADY
from spec.patient_tables import protocol

START = date(2020, 1, 15)
CUTOFF = date(2021, 1, 1)
_PATIENT_DATES = ("last_dose_on", "clinical_progression_on", "died_on", "last_known_alive_on")
DAYS = st.integers(-400, 800)

Rows = list[dict[str, Any]]


def _maybe(days: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), days)


@st.composite
def files(draw: st.DrawFn) -> dict[str, Rows]:
    """Rows of a few patients whose dates are in any order, before the start and after the cut-off too."""
    found: dict[str, Rows] = {
        n: [] for n in ("patients", "lesions", "measurements", "assessments", "progressions", "treatments")
    }
    for number in range(draw(st.integers(1, 4))):
        who = {"patient_id": f"P{number}"}
        start = START + timedelta(days=draw(st.sampled_from((0, 0, 0, 340, 352, 353, 500))))

        def on(day: int | None, start: date = start) -> str:
            return "" if day is None else str(start + timedelta(days=day))

        dates = {name: on(draw(_maybe(DAYS))) for name in _PATIENT_DATES}
        found["patients"].append(who | {"treatment_started_on": str(start)} | dates)
        found["lesions"].append(who | {"lesion_id": "T", "role": "target", "organ": "lung"})
        for day in draw(st.lists(DAYS, max_size=5, unique=True)):
            size = draw(st.sampled_from((10, 20, 30, 50)))
            found["measurements"].append(
                who | {"lesion_id": "T", "assessed_on": on(day), "diameter_mm": size}
            )
        for day in draw(st.lists(DAYS, max_size=3, unique=True)):
            word = draw(st.sampled_from(("CR", "PR", "SD", "PD", "NE")))
            found["assessments"].append(who | {"assessed_on": on(day), "overall_response": word})
        if draw(st.booleans()):
            found["progressions"].append(
                who | {"progressed_on": on(draw(_maybe(DAYS))), "n_progressing_lesions": 2}
            )
        for line in range(1, draw(st.integers(0, 2)) + 1):
            begins, ends = draw(DAYS), draw(_maybe(DAYS))
            found["treatments"].append(
                who | {"line": line, "regimen": "chemo_io", "started_on": on(begins), "ended_on": on(ends)}
            )
    return found


def _write(found: dict[str, Rows], folder: Path) -> tuple[str, ...]:
    given_tables = tuple(name for name, rows in found.items() if rows)
    for name in given_tables:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(found[name][0]))
            writer.writeheader()
            writer.writerows(found[name])
    return given_tables


def _study(names: tuple[str, ...], **settings: Any) -> Protocol:
    data = {name: {"files": [f"{name}.csv"]} for name in names}
    return Protocol.model_validate({"study": {"data_cutoff": CUTOFF}, "data": data, **settings})


@STEADY
@given(
    files(),
    st.sampled_from(("lesions", "assessments")),
    st.sampled_from(("recist_1_1", "irecist")),
    st.sampled_from(("ignore", "censor")),
)
def test_no_time_is_negative(found, source, criteria, censoring):
    endpoints = {"missed_assessments": censoring, "new_therapy": censoring}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = _study(
            _write(found, folder), response={"source": source, "criteria": criteria}, endpoints=endpoints
        )
        tables, issues = validate_tables(read_tables(study, folder), study)
    if issues.errors:
        return

    derived = derive_patients(tables, study)
    cohort = select_cohort(derived.patients, study)

    days = [c for c in derived.patients.columns if c.endswith("_days")]
    assert {"pfs_days", "os_days", "ipfs_days", "pps_days", "dor_days", "pfs2_days"} <= set(days)
    for column in days:
        assert derived.patients.filter(pl.col(column) < 0).is_empty(), column
    for row in cohort.population("treated").iter_rows(named=True):
        assert row["pfs_days"] is not None
        assert row["os_days"] is None or row["pfs_days"] <= row["os_days"]  # nobody was followed
        assert row["treatment_started_on"] <= CUTOFF
    late = [
        row["patient_id"]
        for row in cohort.patients.iter_rows(named=True)
        if row["treatment_started_on"] > CUTOFF
    ]
    assert (
        cohort.patients.filter(pl.col("excluded_because") == "after_cutoff")["patient_id"].to_list() == late
    )


def test_a_negative_time_is_refused_with_the_patient_named():
    """Whatever door it came through: no method is given an array in which only a position can be named."""
    patients = pl.DataFrame(
        {
            "patient_id": ["A", "B", "C"], "treatment_started_on": [START] * 3, "progressed": ["no"] * 3,
            "pattern": [None, None, None], "pfs_days": [3, -5, 0], "os_days": [3, 5, -1],
        },
        schema_overrides={"pattern": pl.String},
    )  # fmt: skip

    with pytest.raises(DataError) as refused:
        select_cohort(patients, protocol())

    message = str(refused.value)
    assert "patient B  pfs_days = -5" in message
    assert "patient C  os_days = -1" in message
    assert "position" not in message
