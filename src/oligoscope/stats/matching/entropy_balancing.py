"""Entropy balancing: weights as equal as can be with which the groups have the same means, exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, check_columns, check_length, frozen
from oligoscope.stats.doubts import Doubt

# Largest distance of a weighted mean from the one asked for, in SDs of its column.
TOLERANCE = 1e-10
MOST_STEPS = 200
_SMALLEST_STEP = 2.0**-40


def entropy_weights(columns: ArrayLike, means: ArrayLike) -> Floats:
    """Weights of sum 1 with which the columns have these means, at the least distance from equal weights.

    The distance is sum w log(n w). Its dual, log sum exp(z'b) of the columns z less their means to be, is convex and is
    solved by Newton's steps, halved where they overshoot.

    Args:
        columns: Of the n patients who are weighted, shape (n, k).
        means: Of the columns in those whom they are to resemble, shape (k,).

    Returns:
        Shape (n,), above 0, read-only.

    Raises:
        NotEnoughData: No weights of these patients have such means.

    References:
        Hainmueller, Polit Anal 2012, 20:25; Zhao & Percival, J Causal Inference 2017, 5:20160010 (the dual).
    """
    values = check_columns(columns)
    aim = check_length(means, values.shape[1], "mean")
    spread = values.std(axis=0)
    # A column that does not vary here is balanced already, or can never be.
    varies = spread > 0
    if np.any(np.abs(values[0, ~varies] - aim[~varies]) > TOLERANCE):
        raise NotEnoughData(_NO_WEIGHTS, Doubt.NO_BALANCING_WEIGHTS)
    z = (values[:, varies] - aim[varies]) / spread[varies]
    return frozen(_solve(z))


_NO_WEIGHTS = "No weights give one group the means of the other: it has no patients on one side of them."


def _solve(z: Floats) -> Floats:
    at = np.zeros(z.shape[1])
    level, weights = _dual(z, at)
    for _ in range(MOST_STEPS):
        gradient = weights @ z
        if np.max(np.abs(gradient), initial=0.0) < TOLERANCE:
            return weights
        curvature = (z * weights[:, None]).T @ z - np.outer(gradient, gradient)
        step = np.linalg.lstsq(curvature, -gradient, rcond=None)[0]
        slope, share = float(gradient @ step), 1.0
        while share > _SMALLEST_STEP:
            moved, tried = _dual(z, at + share * step)
            # Near the minimum the level is flat to rounding: there the gradient has to become smaller.
            if moved <= level + 1e-4 * share * slope or _worst(tried, z) < 0.5 * _worst(weights, z):
                break
            share /= 2
        else:
            break
        at, level, weights = at + share * step, moved, tried
    raise NotEnoughData(_NO_WEIGHTS, Doubt.NO_BALANCING_WEIGHTS)


def _dual(z: Floats, at: Floats) -> tuple[float, Floats]:
    """The function to be minimised, and the weights that belong to it."""
    powers = z @ at
    top = float(powers.max())
    raw = np.exp(powers - top)
    total = float(raw.sum())
    return top + float(np.log(total)), raw / total


def _worst(weights: Floats, z: Floats) -> float:
    return float(np.max(np.abs(weights @ z), initial=0.0))
