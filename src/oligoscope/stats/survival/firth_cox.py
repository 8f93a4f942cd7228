"""Firth's Cox regression: hazard ratios that exist where a group has no event, with less bias where events are few."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, Ints, check_level, frozen
from oligoscope.stats.comparison.chi_square import chi_square_tail
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.regression.profile_limits import find_limit
from oligoscope.stats.survival.cox import check_varying
from oligoscope.stats.survival.follow_up import FollowUp, check_entry, check_follow_up

_ROUNDS, _SMALLEST, _LARGEST = 200, 1e-10, 5.0  # steps in log hazard ratios over one sd of a column


@dataclass(frozen=True, slots=True, eq=False)
class FirthCoxFit:
    """A penalised Cox model of k columns; arrays of length k, read-only.

    Attributes:
        coefficients: Log hazard ratios.
        standard_errors: From the unpenalised information at the estimate.
        hazard_ratios: exp(coefficients).
        low: Lower limit of the hazard ratio, by profile penalised likelihood.
        high: Upper limit of the hazard ratio, by profile penalised likelihood.
        p_values: Of the penalised likelihood ratio, 1 degree of freedom.
        n: Rows.
        n_events: Events.
    """

    coefficients: Floats
    standard_errors: Floats
    hazard_ratios: Floats
    low: Floats
    high: Floats
    p_values: Floats
    n: int
    n_events: int


def firth_cox(
    months: ArrayLike,
    died: ArrayLike,
    design: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    level: float = 0.95,
    limits_of: Sequence[int] | None = None,
) -> FirthCoxFit:
    """Fit a Cox model by partial likelihood penalised with Jeffreys' prior, ties by Efron.

    Limits and P are by profile penalised likelihood. The penalty of a model with a coefficient held is that of all columns
    (as `logistf` and `coxphf`).

    Args:
        months: Follow-up of each row, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        design: Columns of numbers, shape (n, k) or (n,); none may repeat others.
        entry: Delayed entry, at risk from then on (entry < t <= months); shape (n,).
        level: Confidence level of the limits.
        limits_of: Columns that have limits and P, those of the others being NaN; None: all. A profile takes time.

    Raises:
        DataError: As `cox`.
        NotEnoughData: As `cox`; a column is constant or repeats others; or the maximum was not found.

    References:
        Firth, Biometrika 1993, 80:27; Heinze & Schemper, Biometrics 2001, 57:114. R: `coxphf`.
    """
    check_level(level)
    seen = check_follow_up(months, died)
    columns = check_varying(design, seen)
    sds = columns.std(axis=0)
    if not (sds > 0).all() or np.linalg.matrix_rank(columns - columns.mean(axis=0)) < columns.shape[1]:
        raise NotEnoughData(
            "A column is constant or repeats others: no hazard ratio.", Doubt.HAZARDS_COLLINEAR
        )
    begun = np.zeros(seen.months.size) if entry is None else check_entry(entry, seen)
    model = _PenalisedCox(seen, np.asarray(begun, dtype=np.float64), (columns - columns.mean(axis=0)) / sds)
    return _describe(model, seen, sds, level, range(sds.size) if limits_of is None else limits_of)


@dataclass(frozen=True, slots=True, eq=False)
class _Maximum:
    estimate: Floats
    height: float
    slope: Floats
    information: Floats


class _PenalisedCox:
    """The penalised likelihood of scaled columns."""

    def __init__(self, seen: FollowUp, entry: Floats, x: Floats) -> None:
        self.x = x
        self.steps = list(_steps(seen, entry))

    def at(self, place: Floats) -> tuple[float, Floats, Floats]:
        """Height, slope and unpenalised information."""
        line = self.x @ place
        k = place.size
        height, slope, information = 0.0, np.zeros(k), np.zeros((k, k))
        third = np.zeros((k, k, k))  # of the information by each coefficient
        for dead, at_risk, share in self.steps:
            own = line[at_risk]
            top = float(own.max())
            weight = np.exp(own - top) * share
            total = float(weight.sum())
            weight = weight / total
            mean = weight @ self.x[at_risk]
            around = self.x[at_risk] - mean
            weighted = around * weight[:, None]
            height -= math.log(total) + top
            if dead.size:  # once for all deaths of the time
                height += float(line[dead].sum())
                slope += self.x[dead].sum(axis=0)
            slope -= mean
            information += around.T @ weighted
            third += np.einsum("ir,is,it->rst", weighted, around, around)
        sign, logarithm = np.linalg.slogdet(information)
        if sign <= 0:
            return -math.inf, slope, information
        inverse = np.linalg.inv(information)
        return height + logarithm / 2, slope + np.einsum("st,rst->r", inverse, third) / 2, information

    def maximum(self, start: Floats, held: int | None = None) -> _Maximum:
        """The maximum, one coefficient held at its start where asked, by quasi-Newton steps (BFGS) that begin with the information.

        Steps with the information itself circle the maximum where events are very few: with one event they are twice too long.

        Raises:
            NotEnoughData: It was not found.
        """
        free = np.arange(start.size) != (-1 if held is None else held)
        place = start.copy()
        height, slope, information = self.at(place)
        inverse = np.linalg.pinv(information[np.ix_(free, free)]).astype(np.float64)
        for _ in range(_ROUNDS):
            step = np.zeros(place.size)
            step[free] = inverse @ slope[free]
            longest = float(np.abs(step).max())
            step *= min(1.0, _LARGEST / max(longest, 1e-300))
            moved = self.at(place + step)
            while moved[0] < height - 1e-12 * abs(height) and np.abs(step).max() > _SMALLEST:
                step = step / 2
                moved = self.at(place + step)
            place, before = place + step, slope
            height, slope, information = moved
            if np.abs(step).max() < _SMALLEST:
                return _Maximum(place, height, slope, information)
            inverse = _updated(inverse, step[free], (before - slope)[free])
        raise NotEnoughData(
            "The penalised likelihood did not come to a maximum.", Doubt.HAZARDS_NOT_CONVERGED
        )


def _updated(inverse: Floats, step: Floats, fell: Floats) -> Floats:
    """The inverse of the curvature after a step along which the slope fell by so much (Nocedal & Wright 2006, 6.17)."""
    curve = float(step @ fell)
    if curve <= 0:
        return inverse
    part = np.eye(step.size) - np.outer(step, fell) / curve
    return part @ inverse @ part.T + np.outer(step, step) / curve


def _steps(seen: FollowUp, entry: Floats) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Of each death: who died then (at the first of a time's deaths), who is at risk, and with which share (Efron)."""
    died = seen.events == 1
    for time in np.unique(seen.months[died]):
        dead = np.flatnonzero(died & (seen.months == time))
        at_risk = np.flatnonzero((seen.months >= time) & (entry < time))
        is_dead = np.isin(at_risk, dead)
        for place in range(dead.size):
            share = np.where(is_dead, 1 - place / dead.size, 1.0)
            yield (dead if place == 0 else dead[:0]), at_risk, share


def _describe(
    model: _PenalisedCox, seen: FollowUp, sds: Floats, level: float, limits_of: Iterable[int]
) -> FirthCoxFit:
    k = sds.size
    top = model.maximum(np.zeros(k))
    errors = np.sqrt(np.diag(np.linalg.inv(top.information)))
    low, high, p = (np.full(k, np.nan) for _ in range(3))
    for j in limits_of:

        def profile(value: float, j: int = j) -> tuple[float, float]:
            start = top.estimate.copy()
            start[j] = value
            at = model.maximum(start, held=j)
            return at.height, float(at.slope[j])

        ends = [
            find_limit(profile, float(top.estimate[j]), top.height, float(errors[j]), side, level)
            for side in (-1, 1)
        ]
        with np.errstate(over="ignore"):
            low[j], high[j] = np.exp(np.array(ends) / sds[j])
        p[j] = chi_square_tail(max(0.0, 2 * (top.height - profile(0.0)[0])), 1)
    coefficients = top.estimate / sds
    return FirthCoxFit(
        frozen(coefficients),
        frozen(errors / sds),
        frozen(np.exp(coefficients)),
        frozen(low),
        frozen(high),
        frozen(p),
        seen.months.size,
        seen.n_events,
    )
