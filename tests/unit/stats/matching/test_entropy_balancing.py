"""Entropy balancing: the means are those asked for, exactly, and there is nothing where they cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.errors import NotEnoughData
from oligoscope.stats.matching.entropy_balancing import entropy_weights
from oligoscope.stats.matching.estimated_weights import estimate_weights
from oligoscope.stats.matching.propensity_score import propensity_score
from oligoscope.stats.regression.design_matrix import Covariate, read_covariates


def patients(seed: int, n: int) -> tuple[np.ndarray, tuple[Covariate, ...]]:
    rng = np.random.default_rng(seed)
    age, stage = rng.normal(60, 9, n), rng.choice(["III", "IVA", "IVB"], n)
    treated = rng.random(n) < 1 / (1 + np.exp(-(age - 60) / 9 - (stage == "IVA")))
    return treated, read_covariates({"age": age, "stage": stage})


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("target", ["entropy_ate", "entropy_att"])
def test_the_weighted_means_are_equal(seed: int, target):
    treated, covariates = patients(seed, 120)
    score = propensity_score(treated, covariates)
    weights = estimate_weights(treated, covariates, score, target).weighting.weights

    age, stage = covariates
    columns = np.column_stack([age.values / 9, *(stage.values == i for i in range(3))])
    first, second = (np.average(columns[g], axis=0, weights=weights[g]) for g in (treated, ~treated))
    assert first == pytest.approx(second, abs=1e-8)
    aim = columns.mean(axis=0) if target == "entropy_ate" else columns[treated].mean(axis=0)
    assert first == pytest.approx(aim, abs=1e-8)
    assert weights.min() > 0


def test_groups_of_equal_means_keep_equal_weights():
    values = np.array([[1.0], [2.0], [3.0], [2.0]])

    assert entropy_weights(values, [2.0]) == pytest.approx([0.25] * 4, abs=1e-12)


def test_two_values_have_the_weights_that_their_mean_leaves():
    assert entropy_weights(np.array([[0.0], [1.0]]), [0.3]) == pytest.approx([0.7, 0.3], abs=1e-9)


@pytest.mark.parametrize(
    ("values", "mean"), [([[1.0], [2.0]], 3.0), ([[1.0], [1.0]], 2.0), ([[1.0], [2.0]], 0.5)]
)
def test_a_mean_that_no_weights_have_is_refused(values, mean):
    with pytest.raises(NotEnoughData, match="No weights"):
        entropy_weights(np.array(values), [mean])
