"""Balance of covariates between two groups, before and after matching or weighting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Bools, Floats, check_groups, check_length, frozen, refuse
from oligoscope.stats.comparison.summaries import ROUNDING, distance_over_levels
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.regression.design_matrix import Covariate

Denominator = Literal["unmatched", "matched"]
Kind = Literal["number", "level", "factor"]


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """How far apart the groups are in one variable or level.

    Attributes:
        variable: The covariate.
        level: The level, for a level's row; None otherwise.
        kind: "number", "level" (against all others) or "factor" (all levels at once).
        treated: Weighted mean, or share of the level; None for a factor.
        control: The same in the controls.
        smd: Treated minus control over the SD; for a factor the distance over all levels, never negative.
        variance_ratio: Treated over control, of a number; None for others, and where a variance is 0 or unknown.
        ks: Largest distance of the distribution functions; None unless asked for, and for a factor.
    """

    variable: str
    level: object
    kind: Kind
    treated: float | None
    control: float | None
    smd: float
    variance_ratio: float | None
    ks: float | None


@dataclass(frozen=True, slots=True)
class Balance:
    """Balance of all covariates; `denominator`: whose SD the differences are divided by."""

    rows: tuple[BalanceRow, ...]
    denominator: Denominator


def balance(
    covariates: Sequence[Covariate],
    treated: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    denominator: Denominator = "unmatched",
    ks: bool = False,
) -> Balance:
    """Standardized differences of every number, every level and every factor.

    The SD is the root of the mean of the two groups' variances: before matching ("unmatched"; then a change of
    the SMD is a change of the means, not of the SD: Stuart 2010; cobalt's `s.d.denom = "pooled"`) or as weighted
    ("matched"; Austin 2009). Weighted variances of numbers are unbiased for whole-number weights of 1
    (sum w (x - mean)^2 times W / (W^2 - sum w^2)), of levels p (1 - p).

    Args:
        covariates: Of the same n patients.
        treated: True for the treated, shape (n,).
        weights: Of the patients, >= 0, shape (n,); of a matching its `weights`; None for equal weights.
        denominator: Whose SD.
        ks: Kolmogorov-Smirnov distances, too.

    Raises:
        NotEnoughData: A group is empty or has no weight (no patient was matched).
        DataError: Lengths differ; a weight is missing or negative.

    References:
        Austin 2009; Yang & Dalton 2012 (factors); Stuart 2010; Austin & Stuart 2015 (weights, KS).
    """
    n = covariates[0].values.size if covariates else 0
    groups = check_groups(treated, n)
    sides = _sides(groups, np.ones(n) if weights is None else _check_weights(weights, n))
    plain = sides if weights is None or denominator == "matched" else _sides(groups, np.ones(n))
    rows: list[BalanceRow] = []
    for one in covariates:
        if one.values.shape != (n,):
            raise DataError(f"There are {n} patients but {one.values.size} values of {one.name}.")
        rows += _factor(one, sides, plain, ks) if one.levels else [_number(one, sides, plain, ks)]
    return Balance(tuple(rows), denominator)


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One group: who is in it, their weights and the sum of these."""

    inside: Bools
    weights: Floats
    total: float

    def mean(self, values: Floats) -> float:
        return float(self.weights @ values) / self.total

    def variance(self, values: Floats) -> float:
        """NaN where one patient has all the weight."""
        room = self.total**2 - float(self.weights @ self.weights)
        if room <= ROUNDING * self.total**2:
            return math.nan
        spread = self.weights @ (values - self.mean(values)) ** 2
        return float(spread) * self.total / room

    def shares(self, one: Covariate) -> Floats:
        counts = np.bincount(one.values[self.inside], self.weights, minlength=len(one.levels))
        return counts / self.total


_Sides = tuple[_Side, _Side]


def _check_weights(weights: ArrayLike, n: int) -> Floats:
    values = check_length(weights, n, "weight")
    refuse(values < 0, values, "weight", "is negative", "Weights are 0 or more.")
    return values


def _sides(treated: Bools, weights: Floats) -> _Sides:
    sides = _side(treated, weights), _side(~treated, weights)
    if not all(side.total > 0 for side in sides):
        raise NotEnoughData(
            "A group has no patient with a weight (no patient was matched): no balance.", Doubt.NO_PAIRS
        )
    return sides


def _side(inside: Bools, weights: Floats) -> _Side:
    own = weights[inside]
    return _Side(inside, own, float(own.sum()))


def _number(one: Covariate, sides: _Sides, plain: _Sides, ks: bool) -> BalanceRow:
    values = [frozen(one.values[side.inside]) for side in sides]
    means = [side.mean(v) for side, v in zip(sides, values, strict=True)]
    before = [side.variance(v) for side, v in zip(plain, values, strict=True)]
    after = [side.variance(v) for side, v in zip(sides, values, strict=True)]
    if math.isnan(sum(before)):
        raise NotEnoughData(
            f"A standardized mean difference of {one.name} needs 2 patients in each group.",
            Doubt.TOO_FEW_FOR_SMD,
        )
    ratio = after[0] / after[1] if after[1] > 0 and after[0] > 0 else None
    distance = _ks(values, sides) if ks else None
    smd = _standardized(means[0] - means[1], sum(before) / 2)
    return BalanceRow(one.name, None, "number", means[0], means[1], smd, ratio, distance)


def _factor(one: Covariate, sides: _Sides, plain: _Sides, ks: bool) -> list[BalanceRow]:
    shares, before = [side.shares(one) for side in sides], [side.shares(one) for side in plain]
    difference = shares[0] - shares[1]
    variances = (before[0] * (1 - before[0]) + before[1] * (1 - before[1])) / 2
    rows = [
        BalanceRow(
            variable=one.name, level=level, kind="level", treated=float(p), control=float(q),
            smd=_standardized(float(d), float(v)), variance_ratio=None, ks=abs(float(d)) if ks else None,
        )
        for level, p, q, d, v in zip(one.levels, *shares, difference, variances, strict=True)
    ]  # fmt: skip
    whole = distance_over_levels(difference, before)
    return [*rows, BalanceRow(one.name, None, "factor", None, None, whole, None, None)]


def _standardized(difference: float, variance: float) -> float:
    # Weighted shares of a level that no patient or every patient has differ by rounding.
    if variance > ROUNDING**2:
        return difference / math.sqrt(variance)
    return 0.0 if abs(difference) < ROUNDING else math.copysign(math.inf, difference)


def _ks(values: Sequence[Floats], sides: _Sides) -> float:
    """Largest distance of the two weighted distribution functions."""
    steps = np.concatenate([sides[0].weights / sides[0].total, -sides[1].weights / sides[1].total])
    everyone = np.concatenate(values)
    ordered = np.argsort(everyone, kind="stable")
    gaps = np.cumsum(steps[ordered])
    last = np.append(np.diff(everyone[ordered]) > 0, True)  # a tie is one step
    return float(np.max(np.abs(gaps[last])))
