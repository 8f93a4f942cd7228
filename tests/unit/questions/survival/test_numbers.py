"""Curves of one group; proportional hazards are tested, and the ratio adjusted for the time of progression."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import read_warnings
from oligoscope.stats.survival.proportional_hazards import proportional_hazards
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings
from unit.questions.survival.two_hazards import SETTINGS, patients

OLIGO = "oligoprogression"


@pytest.mark.parametrize(("crossing", "word"), [(False, ""), (True, "non_proportional")])
def test_a_ratio_that_changes_with_time_says_so(crossing, word):
    """The P is that of the tested method, whose oracle is R's cox.zph."""
    rows = patients(crossing=crossing)
    found, _ = compare_survival(rows, SETTINGS)
    (ratio,) = (e for e in found if e.statistic == Statistic.HAZARD_RATIO)
    (p,) = (e for e in found if e.statistic == Statistic.P_VALUE_PROPORTIONAL_HAZARDS)
    first = (rows["pattern"] == "oligoprogression").to_numpy().astype(float)[:, None]
    expected = proportional_hazards(
        (rows["pps_days"] / 30.4375).to_numpy(), rows["pps_event"].to_numpy(), first
    )

    assert ratio.warning == word
    assert p.value == pytest.approx(expected.overall.p_value, rel=1e-12)
    assert p.value is not None
    assert (p.value < 0.05) is crossing
    assert not word or "changes with time" in read_warnings(word).printed.en


def test_with_too_few_events_nothing_is_tested():
    rows = patients(crossing=False).group_by("pattern", maintain_order=True).head(3)

    found, _ = compare_survival(rows, SETTINGS)

    assert [e for e in found if e.statistic == Statistic.P_VALUE_PROPORTIONAL_HAZARDS] == []


def test_post_progression_survival_is_adjusted_for_when_progression_came():
    """Patients of both patterns with the same time to progression have the same hazard: only the crude ratio differs."""
    rng = np.random.default_rng(5)
    late = np.concatenate([rng.uniform(200, 900, 400), rng.uniform(60, 400, 400)])
    rows = pl.DataFrame(
        {
            "pattern": ["oligoprogression"] * 400 + ["systemic"] * 400,
            "pfs_days": late.astype(int),
            "pps_days": np.ceil(rng.exponential(late)).astype(int),
            "pps_event": [True] * 800,
            "ecog": [0, 1] * 400,
        }
    )
    found, _ = compare_survival(rows, SETTINGS)
    crude, adjusted = (
        next(e for e in found if e.statistic == s) for s in ("hazard_ratio", "hazard_ratio_adjusted")
    )

    assert crude.high is not None
    assert crude.high < 0.6
    assert adjusted.low is not None
    assert adjusted.high is not None
    assert adjusted.low < 1 < adjusted.high
    assert adjusted.method == "Cox adjusted for log time to progression and ECOG, Efron ties, Wald limits"


def test_types_of_resistance_are_not_adjusted_for_what_defines_them():
    rows = patients(crossing=False).with_columns(
        resistance=pl.col("pattern").replace({"oligoprogression": "acquired", "systemic": "primary"}),
        pfs_days=pl.col("pps_days") + 30,
    )
    settings = AnalysisSettings(kind="survival", by="resistance", outcomes=(Outcome.PPS,))

    found, _ = compare_survival(rows, settings)

    assert [
        e for e in found if e.statistic in {Statistic.HAZARD_RATIO_ADJUSTED, Statistic.P_VALUE_ADJUSTED}
    ] == []


def survival_of(groups: list[str]) -> tuple[Results, list[str]]:
    n = len(groups)
    days = [30 * (i + 1) for i in range(n)]
    frame = pl.DataFrame(
        {"pattern": groups, "os_days": days, "os_event": [1] * n}, schema_overrides={"pattern": pl.String}
    )
    found, series = compare_survival(frame, AnalysisSettings(kind="survival", outcomes=(Outcome.OS,)))
    return Results(tuple(found)).plus(series=series), list(series)


def test_one_group_has_a_curve_and_both_medians_and_is_not_compared():
    results, names = survival_of([OLIGO] * 9)
    keys: dict[str, Any] = {
        "analysis": SURVIVAL,
        "population": "progressed",
        "outcome": Outcome.OS,
        "group": OLIGO,
    }

    assert "km/progressed/pattern/os" in names
    median, plain = (
        results.get(**keys, statistic=Statistic.MEDIAN),
        results.get(**keys, statistic=Statistic.MEDIAN_PLAIN),
    )
    assert median is not None
    assert plain is not None
    assert median.value == plain.value == pytest.approx(150 / DAYS_PER_MONTH)
    assert "plain" in plain.method
    assert (plain.low, plain.high) != (median.low, median.high)
    assert not [e for e in results.estimates if " vs " in e.group]


def test_a_condition_that_leaves_no_patient_is_reported():
    results, _ = survival_of([])

    assert [e.warning for e in results.estimates] == ["no_patients"]
