"""Draws of a proportional odds model, by what must hold of them; its fit is compared with R's in tests/oracle."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from oligoscope.stats.regression.proportional_odds import fit_proportional_odds


@pytest.mark.parametrize("thresholds", [(-0.5, 0.7), (-1.0, 0.0, 1.2)])
def test_drawn_coefficients_and_thresholds_have_the_covariance_of_the_fit(
    thresholds: tuple[float, ...],
) -> None:
    """Of many rows the draw of the logarithms of the gaps is that of the thresholds (delta method)."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(4000, 2))
    below = expit(np.array(thresholds) - (x @ [0.8, -0.4])[:, None])
    codes = (rng.uniform(size=4000)[:, None] > below).sum(axis=1)
    fit = fit_proportional_odds(x, codes, np.ones(4000), len(thresholds) + 1)

    draws = [np.concatenate(fit.draw(rng)) for _ in range(3000)]

    assert {draw.size for draw in draws} == {2 + len(thresholds)}
    assert all(np.all(np.diff(draw[2:]) > 0) for draw in draws)
    expected, found = np.linalg.inv(fit.information), np.cov(np.array(draws).T)
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert np.abs((found - expected) / scale).max() < 0.1
    centre = np.concatenate([fit.coefficients, fit.thresholds])
    assert np.abs((np.mean(draws, axis=0) - centre) / np.sqrt(np.diag(expected))).max() < 0.1
