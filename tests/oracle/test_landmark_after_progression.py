"""Survival from a landmark after progression against R's `survfit`, `survdiff` and `coxph` of `subset = time > lm`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from oligoscope.questions.landmark.after_progression import compare_after_progression
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import AnalysisSettings

CASES = json.loads((Path(__file__).parent / "landmark_after_progression.json").read_text(encoding="utf-8"))[
    "cases"
]
PATIENTS = CASES.pop("patients")
GROUPS = ("oligoprogression", "systemic")
PAIR = "oligoprogression vs systemic"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_number_from_the_landmark_is_that_of_r(case: dict[str, Any], agrees):
    patients = pl.DataFrame(PATIENTS).with_columns(patient_id=pl.int_range(pl.len()).cast(pl.String))
    if not case["entered"]:
        patients = patients.drop("pps_entry_days")
    settings = AnalysisSettings(
        kind="landmark_after_progression",
        landmark_days=case["landmark"],
        adjust_for=("months_to_progression", "age_years"),
    )

    found, _ = compare_after_progression(patients, settings, window_days=7)

    here = {(e.group, e.statistic): e for e in found if not e.level}
    for group in GROUPS:
        of_r = case[group]
        assert here[group, Statistic.N_DIED_BEFORE].value == of_r["died_before"]
        assert here[group, Statistic.N_CENSORED_BEFORE].value == of_r["censored_before"]
        assert here[group, Statistic.N].value == of_r["n"]
        assert here[group, Statistic.EVENTS].value == of_r["events"]
        median = here[group, Statistic.MEDIAN]
        for ours, theirs in zip((median.value, median.low, median.high), of_r["median"], strict=True):
            agrees(ours, theirs)
    for model, ratio, p in (
        ("crude", Statistic.HAZARD_RATIO, None),
        ("adjusted", Statistic.HAZARD_RATIO_ADJUSTED, Statistic.P_VALUE_ADJUSTED),
    ):
        own = here[PAIR, ratio]
        for ours, theirs in zip((own.value, own.low, own.high), case[model]["ratio"], strict=True):
            agrees(ours, theirs)
        if p is not None:
            agrees(here[PAIR, p].value, case[model]["p"])
    agrees(here[PAIR, Statistic.TEST_STATISTIC].value, case["chi_squared"])
