"""Landmarks and states whose hazard ratio changes with time: what is given beside it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.questions.landmark.figure import draw_landmarks
from oligoscope.questions.landmark.numbers import compare_at_landmarks, fit_time_dependent
from oligoscope.questions.landmark.table import tabulate_unbiased
from oligoscope.questions.landmark.words import landmark_paragraph, time_dependent_paragraph
from oligoscope.results.analyses import LANDMARK, TIME_DEPENDENT
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.stats.survival.weighted_log_rank import weighted_log_rank
from oligoscope.study.protocol import AnalysisSettings

SETTINGS = AnalysisSettings(kind="landmark", population="treated", horizon_months=9.0)
BOTH = "oligoprogression vs systemic"


def treated(*, crossing: bool) -> pl.DataFrame:
    """150 patients a state, all followed to death; those who progressed did so on day 30."""
    rng = np.random.default_rng(8)
    oligo = rng.exponential(300, 150)
    systemic = 300 * rng.weibull(4.0, 150) if crossing else rng.exponential(150, 150)
    none = rng.exponential(600, 150)
    return pl.DataFrame(
        {
            "patient_id": [str(i) for i in range(450)],
            "pattern": ["oligoprogression"] * 150 + ["systemic"] * 150 + [None] * 150,
            "progressed": ["yes"] * 300 + ["no"] * 150,
            "progressed_day": [30] * 300 + [None] * 150,
            "os_days": np.ceil(np.concatenate([oligo, systemic, none]) + 60).astype(int),
            "os_event": [True] * 450,
        }
    )


def results_of(*, crossing: bool) -> Results:
    patients = treated(crossing=crossing)
    found, series = compare_at_landmarks(patients, SETTINGS)
    return Results((*found, *fit_time_dependent(patients, SETTINGS)), series)


@pytest.fixture(scope="module")
def changing() -> Results:
    return results_of(crossing=True)


def test_a_landmark_has_it_named_by_level(changing):
    found = changing.find(analysis=LANDMARK, variable="landmark_3_months", group=BOTH)
    by = {(e.statistic, e.level): e for e in found}
    rows = treated(crossing=True).filter(pl.col("pattern").is_not_null() & (pl.col("os_days") > 3 * 30.4375))
    months = (rows["os_days"] / 30.4375 - 3).to_numpy()
    first = (rows["pattern"] == "oligoprogression").to_numpy()

    assert by[Statistic.RESTRICTED_MEAN_HORIZON, ""].value == 9
    assert by[Statistic.RESTRICTED_MEAN_DIFFERENCE, ""].value is not None
    assert by[Statistic.HAZARD_RATIO_PERIOD, "0-6"].value is not None
    expected = weighted_log_rank(months, np.ones(len(months), bool), first).p_value
    assert by[Statistic.P_VALUE, "weighted_log_rank"].value == pytest.approx(expected)
    assert not [e for e in changing.estimates if e.statistic == Statistic.RESTRICTED_MEAN]


def test_states_have_ratios_by_period_alone(changing):
    found = changing.find(analysis=TIME_DEPENDENT, group=BOTH, statistic=Statistic.HAZARD_RATIO_PERIOD)

    assert [e.level for e in found] == ["0-6", "6-12", ">12"]
    assert not changing.find(analysis=TIME_DEPENDENT, statistic=Statistic.RESTRICTED_MEAN_DIFFERENCE)


@pytest.mark.parametrize("crossing", [True, False])
def test_sentences_table_and_figure_give_it_in_both_languages(crossing):
    results = results_of(crossing=crossing)
    said, states = landmark_paragraph(results, "treated"), time_dependent_paragraph(results, "treated")
    assert said is not None
    assert states is not None
    table = tabulate_unbiased(results)
    cells = [" ".join(c.text[lang] for row in table.rows for c in row.cells) for lang in LANGUAGES]
    figure = draw_landmarks(results)
    figure.draw("en")

    assert [("MaxCombo" in said.text[lang]) == crossing for lang in LANGUAGES] == [True, True]
    assert [("By period" in t or "分时段" in t) == crossing for t in (states.text.en, states.text.zh)] == [
        True,
        True,
    ]
    assert ("By period (since the landmark): " in said.text.en) == crossing
    assert ("By period (since the start of treatment): " in states.text.en) == crossing
    assert ("分时段（自界标起）：" in said.text.zh) == crossing
    assert ("分时段（自治疗开始起）：" in states.text.zh) == crossing
    pair = "Oligoprogression vs systemic progression"
    assert (pair in cells[LANGUAGES.index("en")]) == crossing
    assert ("HR by period" in figure.alt.en) == crossing
    assert ("分时段 HR" in figure.alt.zh) == crossing
