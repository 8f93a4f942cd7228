"""Area under the ROC curve, and calibration."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.regression.calibration import calibration
from oligoscope.stats.regression.discrimination import auc


def test_the_area_is_the_share_of_pairs_in_order_a_tie_counting_half():
    rng = np.random.default_rng(1)
    outcome, score = rng.integers(0, 2, 60), rng.integers(0, 8, 60)
    pairs = score[outcome == 1][:, None] - score[outcome == 0][None, :]

    assert auc(outcome, score).value == pytest.approx(np.mean((pairs > 0) + (pairs == 0) / 2))


def test_a_score_that_separates_has_an_area_of_one_and_one_that_says_nothing_a_half():
    assert auc([0, 0, 1, 1], [1, 2, 3, 4]).value == 1
    assert auc([0, 0, 1, 1], [5, 5, 5, 5]).value == 0.5
    with pytest.raises(NotEnoughData, match="2 of each"):
        auc([0, 0, 1], [1, 2, 3])


def test_right_probabilities_are_calibrated():
    rng = np.random.default_rng(5)
    p = rng.uniform(0.1, 0.9, 20_000)
    found = calibration(rng.random(20_000) < p, p, in_sample=False)

    assert found.slope is not None
    assert found.intercept.low < 0 < found.intercept.high
    assert found.slope.low < 1 < found.slope.high
    assert found.hosmer_lemeshow.p_value > 0.01
    assert (len(found.groups), found.hosmer_lemeshow.degrees_of_freedom) == (10, 10)


def test_halved_odds_show_in_the_intercept():
    rng = np.random.default_rng(5)
    p = rng.uniform(0.1, 0.9, 20_000)
    odds = p / (1 - p) / 2
    found = calibration(rng.random(20_000) < p, odds / (1 + odds), in_sample=False)

    assert found.intercept.value == pytest.approx(np.log(2), abs=0.1)
    assert found.hosmer_lemeshow.p_value < 1e-6


def test_probabilities_of_0_or_1_or_of_one_value_are_refused():
    with pytest.raises(DataError, match="above 0 and below 1"):
        calibration([0, 1, 1], [0.0, 0.5, 0.9])
    with pytest.raises(NotEnoughData, match="too few values"):
        calibration([0, 1, 1, 0], [0.5] * 4)
