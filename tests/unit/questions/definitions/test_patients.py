"""Patients of the definitions side by side."""

from __future__ import annotations

from typing import Any

import polars as pl

from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import Comparison, Crossed, Level
from unit.eight_patients import OLIGO, made_from

LABELS = pl.DataFrame(
    {"patient_id": ["P1", "P2", "P3"], "pattern:huang2025": [OLIGO, "systemic", None], "pattern:strict3": [OLIGO, OLIGO, OLIGO]}
)  # fmt: skip
FILES: dict[str, Any] = {"other_files": {"definitions.csv": LABELS}, "outcome": "pattern"}


def test_a_label_is_out_of_those_who_have_one_under_the_definition():
    found, names = made_from(
        "reclassification", **FILES, group="huang2025", level=Level.of("pattern", "systemic")
    )

    assert names(found.counted) == "P2"
    assert names(found.patients) == "P1 P2"


def test_two_labels_are_out_of_those_who_have_both():
    level = Crossed.of(Level.of("pattern", "systemic"), Level.of("pattern", OLIGO))
    found, names = made_from(
        "reclassification", **FILES, group=Comparison.of("huang2025", "strict3"), level=level
    )

    assert names(found.counted) == "P2"
    assert names(found.patients) == "P1 P2"


def test_a_ratio_is_of_those_with_a_label_and_a_time():
    files = {**FILES, "outcome": "pps"}
    found, names = made_from(
        "reclassification",
        **files,
        group="huang2025",
        level=Comparison.of(OLIGO, "systemic"),
        statistic=Statistic.HAZARD_RATIO,
    )

    assert names(found.patients) == "P1 P2"
