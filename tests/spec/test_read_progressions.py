"""Progressions that a team has read, without lesions: follow-up, sites at baseline, responders without progression."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from spec.patient_tables import derive, study_tables


def read(patient: dict[str, Any], progression: dict[str, Any] | None, **settings: object) -> pl.DataFrame:
    """The patient, beside another one who progressed and was followed."""
    rows = [{"patient_id": "B", "best_response": "SD", "progressed_day": 100, "n_progressing_lesions": 1}]
    rows += [] if progression is None else [{"patient_id": "A", **progression}]
    patients = [{"patient_id": "A", **patient}, {"patient_id": "B", "last_known_alive_day": 200}]
    return derive(study_tables(patients=patients, progressions=rows), **settings).patients.head(1)


@pytest.mark.parametrize(
    ("patient", "progression", "pfs", "os"),
    [
        ({"last_known_alive_day": 300}, {"progressed_day": 90}, (90, 1), (300, 0)),
        ({"last_known_alive_day": 300}, None, (300, 0), (300, 0)),
        ({"last_known_alive_day": 300}, {"best_response": "PR"}, (300, 0), (300, 0)),
        ({"died_day": 300}, None, (300, 1), (300, 1)),
        ({"died_day": 300}, {"best_response": "SD"}, (300, 1), (300, 1)),
        ({"last_dose_day": 50, "last_known_alive_day": 300}, None, (300, 0), (300, 0)),
        ({}, None, (None, None), (0, 0)),  # no contact: not known, and not censored on day 0
        ({}, {"best_response": "PR"}, (None, None), (0, 0)),
        ({}, {"progressed_day": 90}, (90, 1), (90, 0)),
    ],
    ids=str,
)  # fmt: skip
def test_who_is_followed_to_when(patient, progression, pfs, os):
    found = read(patient, progression)

    assert found.select("pfs_days", "pfs_event").row(0) == pfs
    assert found.select("os_days", "os_event").row(0) == os


def test_a_responder_without_progression_stays_a_responder():
    found = read({"last_known_alive_day": 300}, {"best_response": "CR"})

    assert found.select("best_response", "confirmed_response", "progressed", "best_response_on").row(0) == (
        "CR",
        "CR",
        "no",
        None,
    )


@pytest.mark.parametrize(
    ("at_baseline", "at_progression", "relation", "brain", "n"),
    [
        ("lung;brain", "lung", "same", "yes", 2),
        ("lung", "liver", "new", "no", 1),
        ("lung;bone", "bone;liver", "both", "no", 2),
        ("bone;brain", "brain", "same", "yes", 2),
        (None, "liver", None, None, None),
    ],
)
def test_sites_at_baseline_are_used(at_baseline, at_progression, relation, brain, n):
    row = {
        "progressed_day": 90,
        "n_progressing_lesions": 2,
        "progressing_organs": at_progression,
        "baseline_organs": at_baseline,
    }

    found = read({"last_known_alive_day": 300}, row)

    assert found.select("site_relation", "brain_metastasis", "n_baseline_organs").row(0) == (
        relation,
        brain,
        n,
    )


@pytest.mark.parametrize(
    ("organs", "extracranial", "intracranial"), [("brain", 0, 3), ("brain;liver", 3, 1), ("liver", 3, 0)]
)
def test_lesions_of_the_brain_alone_are_all_in_it(organs, extracranial, intracranial):
    row = {"progressed_day": 90, "n_progressing_lesions": 3, "progressing_organs": organs}

    found = read({"last_known_alive_day": 300}, row)

    assert found.select("n_progressing_extracranial", "n_progressing_intracranial").row(0) == (
        extracranial,
        intracranial,
    )


def test_a_study_in_which_nobody_was_followed_has_no_survival():
    tables = study_tables(
        patients=[{"patient_id": "A"}], progressions=[{"patient_id": "A", "progressed_day": 90}]
    )

    assert derive(tables).patients.select("pfs_days", "os_days", "pps_days").row(0) == (90, None, None)
