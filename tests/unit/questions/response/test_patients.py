"""Patients of the responses, and of the changes of their lesions."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from oligoscope.results.statistics import Statistic
from unit.eight_patients import OLIGO, made_from

OF: dict[str, Any] = {"outcome": "best_response", "group": OLIGO}
WATERFALL = "series/waterfall--progressed.csv"
CHANGES = pl.DataFrame(
    {"patient_id": ["P1", "P2", "P4"], "best_change_percent": ["-40", "25", "5"], "pd_by_new_lesion": ["false", "true", "false"]}
)  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "counted"),
    [({"level": "PD"}, "P2"), ({"variable": "orr"}, "P1"), ({"variable": "dcr"}, "P1 P3"), ({}, "P1 P2 P3")],
)
def test_those_with_the_response_count(keys, counted):
    found, names = made_from("response_rate", **OF, **keys)

    assert names(found.counted) == counted
    assert names(found.patients) == "P1 P2 P3"


def test_confirmed_responses_are_another_column():
    found, _ = made_from("response_rate", **OF, level="PD", confirmed=True)

    assert found.counted is not None
    assert found.counted.text().endswith("confirmed_response == PD")


@pytest.mark.parametrize(
    ("keys", "counted", "patients"),
    [
        ({"statistic": Statistic.N_EVALUABLE}, "P1 P2 P4", "P1 P2 P3 P4 P5 P6"),
        ({"level": "<=-30"}, "P1", "P1 P2 P4"),
        ({"level": "pd_by_new_lesion"}, "P2", "P1 P2 P4"),
    ],
)
def test_changes_are_of_those_with_a_sum(keys, counted, patients):
    found, names = made_from(
        "response_series", outcome="best_change", other_files={WATERFALL: CHANGES}, **keys
    )

    assert names(found.counted) == counted
    assert names(found.patients) == patients
