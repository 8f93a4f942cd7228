"""The largest of several correlated standard normal deviates: its upper tail, without simulation."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, as_numbers

_SAME = 1e-10  # deviates whose correlation is this near to 1 or -1 are one; so are smaller eigenvalues none
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def largest_normal_tail(largest: float, correlation: ArrayLike) -> float:
    """P that the largest of |Z1|, …, |Zk| is at least `largest`, where all are standard normal with mean 0.

    The space beyond is cut into the cones in which each deviate is the largest. Along every ray the integral has a closed form,
    so that one integral over an angle is left for each deviate: small P are as exact as large ones, and the answer needs no
    random numbers (R: `1 - mvtnorm::pmvnorm(-z, z, corr = R)`, which simulates).

    Args:
        largest: Above 0.
        correlation: Shape (k, k), of rank 3 at most.

    Raises:
        DataError: The matrix is no correlation matrix, or `largest` is not above 0.
        NotEnoughData: Its rank is above 3.

    References:
        Genz & Bretz, Computation of Multivariate Normal and t Probabilities, 2009 (what is computed).
    """
    matrix = as_numbers(correlation, "correlation", 2)
    if matrix.shape[0] != matrix.shape[1] or not np.allclose(np.diag(matrix), 1) or not largest > 0:
        raise DataError("A correlation matrix and a deviate above 0 are needed.")
    rows = _directions(_distinct(matrix))
    return float(min(1.0, sum(_cone(k, rows, largest) for k in range(len(rows)))))


def _distinct(matrix: Floats) -> Floats:
    kept: list[int] = []
    for i in range(len(matrix)):
        if all(abs(matrix[i, j]) < 1 - _SAME for j in kept):
            kept.append(i)
    return matrix[np.ix_(kept, kept)]


def _directions(matrix: Floats) -> Floats:
    """Unit vectors in three dimensions whose products are the correlations, shape (k, 3)."""
    values, vectors = np.linalg.eigh(matrix)
    used = values > _SAME
    if used.sum() > 3:
        raise NotEnoughData(f"The deviates have {int(used.sum())} independent parts; 3 can be integrated.")
    rows = np.zeros((len(matrix), 3))
    rows[:, : used.sum()] = vectors[:, used] * np.sqrt(values[used])
    return rows / np.linalg.norm(rows, axis=1)[:, None]


def _cone(k: int, rows: Floats, c: float) -> float:
    """P that the k-th deviate is the largest and at least c, on either side of 0."""
    axis = rows[k]
    # Two directions at right angles to the axis and to each other.
    across = np.linalg.svd(axis[None, :])[2][1:]
    others = np.delete(rows, k, axis=0)
    rho, slope = others @ axis, others @ across.T
    edges = _edges(rho, slope)
    centre, half = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 2
    angle = centre[:, None] + half[:, None] * _NODES
    inside = special.ndtr(-c) - _beyond(_reach(angle, rho, slope), c)
    return float((half[:, None] * _WEIGHTS * inside).sum() / math.pi)


def _reach(angle: Floats, rho: Floats, slope: Floats) -> Floats:
    """How far from the axis, at each angle, the k-th deviate stays the largest; infinite where always."""
    reach = np.full(angle.shape, np.inf)
    for r, (a, b) in zip(rho, slope, strict=True):
        rise = a * np.cos(angle) + b * np.sin(angle)
        room = np.where(rise > 0, 1 - r, 1 + r)
        reach = np.minimum(
            reach, np.divide(room, np.abs(rise), out=np.full_like(room, np.inf), where=rise != 0)
        )
    return reach


def _beyond(reach: Floats, c: float) -> Floats:
    length = np.sqrt(1 + reach**2)
    return np.divide(special.ndtr(-c * length), length, out=np.zeros_like(length), where=np.isfinite(length))


def _edges(rho: Floats, slope: Floats) -> Floats:
    """Angles between which one and the same deviate ends the cone: corners of lines, and where a line changes its side."""
    lines = [(s * a, s * b, 1 - s * r) for r, (a, b) in zip(rho, slope, strict=True) for s in (1, -1)]
    angles = [0.0, 2 * math.pi]
    for a, b, _ in lines:
        angles.append(math.atan2(a, -b) % (2 * math.pi))
    for (a, b, u), (d, e, v) in combinations(lines, 2):
        det = a * e - b * d
        if abs(det) > _SAME:  # the corner is at ((u e - v b) / det, (a v - d u) / det)
            angles.append(math.atan2((a * v - d * u) / det, (u * e - v * b) / det) % (2 * math.pi))
    return np.unique(np.asarray(angles, dtype=np.float64))
