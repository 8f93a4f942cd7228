"""Firth's logistic regression in several completed data sets: their penalised profiles combined (CLIP)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, check_level, frozen
from oligoscope.stats.comparison.chi_square import chi_square_tail
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.regression.firth import PenalisedModel, penalised_model
from oligoscope.stats.regression.profile_limits import find_limit


@dataclass(frozen=True, slots=True, eq=False)
class PooledFirth:
    """Odds ratios of k columns over m completed data sets; NaN where a data set has no estimate of the column.

    Attributes:
        coefficients: Means over the data sets, shape (k,).
        odds_ratios: exp(coefficients).
        low: Lower limit of the odds ratio, by the combined profile.
        high: Upper limit of the odds ratio, by the combined profile.
        p_values: Two-sided, by the combined profile; of one data set that of the penalised likelihood ratio.
        m: Data sets.
    """

    coefficients: Floats
    odds_ratios: Floats
    low: Floats
    high: Floats
    p_values: Floats
    m: int
    level: float


@dataclass(frozen=True, slots=True)
class JointTest:
    """Penalised likelihood ratio of several columns; of several data sets the median P."""

    p_value: float
    n_sets: int


class FirthModels:
    """Penalised models of one set of columns in m completed data sets.

    Limits and P come from the mean over the data sets of the posterior distribution functions that their penalised
    profiles imply; with one data set these are the profile penalised likelihood's own.

    References:
        Heinze, Ploner & Beyea 2013 (CLIP; R: `logistf::CLIP.confint`).
    """

    def __init__(self, outcomes: Sequence[ArrayLike], designs: Sequence[ArrayLike]) -> None:
        """Fit each; raises as `firth`."""
        self._models = [penalised_model(y, x) for y, x in zip(outcomes, designs, strict=True)]

    @np.errstate(over="ignore")  # a limit beyond all bounds is infinite
    def pool(self, level: float = 0.95) -> PooledFirth:
        """Means of the coefficients, with limits and P by the combined profiles."""
        check_level(level)
        k = self._models[0].columns.kept.size
        estimates = [_coefficients(m) for m in self._models]
        found = [_Column(self._models, j).summary(level) for j in range(k)]
        low, high, p_values = (np.array(values) for values in zip(*found, strict=True))
        mean = np.mean(estimates, axis=0)
        return PooledFirth(
            coefficients=frozen(mean),
            odds_ratios=frozen(np.exp(mean)),
            low=frozen(np.exp(low)),
            high=frozen(np.exp(high)),
            p_values=frozen(p_values),
            m=len(self._models),
            level=level,
        )

    def test(self, columns: Sequence[int]) -> JointTest:
        """Penalised likelihood ratio of columns together (R: `logistf::logistftest`), over data sets the median P.

        D2 uses the chi-squares alone: where they differ much its F is negative and its P exactly 1.

        Raises:
            NotEnoughData: A column has no estimate in some data set; or a maximum was not found.

        References:
            Eekhout, van de Wiel & Heymans, BMC Med Res Methodol 2017, 17:129 (median P, of a categorical covariate in
            logistic regression).
        """
        tails = [chi_square_tail(_chi_squared(model, columns), len(columns)) for model in self._models]
        return JointTest(median(tails), len(tails))


def _coefficients(model: PenalisedModel) -> Floats:
    none = np.zeros(model.top.estimate.size, dtype=bool)
    return model.columns.unscale(model.top.estimate, none)[1:]


def _chi_squared(model: PenalisedModel, columns: Sequence[int]) -> float:
    kept = model.columns.kept
    if not kept[list(columns)].all():
        raise NotEnoughData("A column repeats others: no joint test.", Doubt.ODDS_COLLINEAR)
    places = [int(np.count_nonzero(kept[:c])) + 1 for c in columns]
    return max(0.0, 2 * (model.top.height - model.held(places, np.zeros(len(places))).height))


class _Column:
    """The profile of one coefficient in every data set, on the scale of the first one's column."""

    def __init__(self, models: Sequence[PenalisedModel], column: int) -> None:
        self._models = models
        self._exists = all(m.columns.kept[column] for m in models)
        if not self._exists:
            return
        self._places = [int(np.count_nonzero(m.columns.kept[:column])) + 1 for m in models]
        sds = [float(m.columns.sds[p - 1]) for m, p in zip(models, self._places, strict=True)]
        self._unit = sds[0]
        self._scales = [sd / self._unit for sd in sds]
        self._starts = [m.top.estimate for m in models]

    def summary(self, level: float) -> tuple[float, float, float]:
        """Lower and upper limit of the log odds ratio of the column itself, and P."""
        if not self._exists:
            return math.nan, math.nan, math.nan
        tops = [m.top.estimate[p] / s for m, p, s in self._parts()]
        errors = [math.sqrt(m.top.inverse[p, p]) / s for m, p, s in self._parts()]
        middle, std_err = float(np.mean(tops)), math.hypot(float(np.mean(errors)), float(np.std(tops)))
        low, high = (
            find_limit(lambda value, s=side: self._tail(value, s), middle, 0.0, std_err, side, level)
            for side in (-1, 1)
        )
        self._starts = [m.top.estimate for m in self._models]
        below = float(np.mean([special.ndtr(r) for r, _ in self._roots(0.0)]))
        above = float(np.mean([special.ndtr(-r) for r, _ in self._roots(0.0)]))
        return low / self._unit, high / self._unit, min(1.0, 2 * min(below, above))

    def _parts(self) -> list[tuple[PenalisedModel, int, float]]:
        return list(zip(self._models, self._places, self._scales, strict=True))

    def _roots(self, value: float) -> list[tuple[float, float]]:
        """Signed root of twice the fall of each profile at a value, and how fast it changes."""
        found = []
        for i, (model, place, scale) in enumerate(self._parts()):
            at = model.held(place, value * scale, self._starts[i])
            self._starts[i] = at.estimate
            root = math.sqrt(max(0.0, 2 * (model.top.height - at.height)))
            side = math.copysign(1.0, value * scale - model.top.estimate[place])
            fast = -float(at.slope[place]) * scale / (side * root) if root > 0 else 0.0
            found.append((side * root, fast))
        return found

    def _tail(self, value: float, side: int) -> tuple[float, float]:
        """Height and slope of the one profile that implies the mean of the distribution functions."""
        roots = self._roots(value)
        tail = float(np.mean([special.ndtr(-side * r) for r, _ in roots]))
        root = -side * float(special.ndtri(tail))
        if len(roots) == 1:
            root = roots[0][0]
        density = math.exp(-(root**2) / 2)
        fast = float(np.mean([math.exp(-(r**2) / 2) * f for r, f in roots])) / density if density > 0 else 0.0
        return -(root**2) / 2 if root * side > 0 else 0.0, -root * fast
