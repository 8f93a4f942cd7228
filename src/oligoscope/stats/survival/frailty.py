"""Cox regression with a frailty shared by the patients of a centre: hazards differ between centres by a gamma factor."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

import numpy as np
import scipy  # its `optimize` is loaded when it is first used, as it is where a study has a frailty of centres
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, Ints, check_labels, check_level, frozen
from oligoscope.stats.comparison.chi_square import chi_square_tail
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.regression.newton import Evaluation, maximise
from oligoscope.stats.survival.cox import DOUBTS, CoxFit, check_varying, cox, wald
from oligoscope.stats.survival.follow_up import FollowUp, check_entry, check_follow_up

# The variances among which a maximum is looked for; below the smallest, centres do not differ.
_VARIANCES = np.geomspace(1e-6, 20, 25)
_NEWTON = 1e-20  # the next step is then far below the last digit that is printed or compared


@dataclass(frozen=True, slots=True, eq=False)
class FrailtyFit:
    """A Cox model with a gamma frailty of each of c centres; arrays read-only.

    Attributes:
        model: Of the columns, within a centre; its errors are from the inverse of the whole penalised information (columns and
            frailties), its log-likelihoods marginal: of the model without frailties and of this one.
        theta: Variance of the frailties, whose mean is 1; 0 where centres do not differ.
        p_theta: P of theta = 0, by likelihood ratio.
        frailties: The factor of each centre, in the order of `centres`, shape (c,).
        centres: The labels, sorted.
    """

    model: CoxFit
    theta: float
    p_theta: float
    frailties: Floats
    centres: tuple[object, ...]


def frailty_cox(
    months: ArrayLike,
    died: ArrayLike,
    design: ArrayLike,
    centre: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    theta: float | None = None,
    level: float = 0.95,
) -> FrailtyFit:
    """Fit a Cox model with a gamma frailty shared within centres, ties by Efron (R: `coxph(... + frailty(centre, sparse = FALSE))`).

    For a variance of the frailties, columns and frailties maximise the penalised partial likelihood; the variance maximises the
    marginal likelihood. R ends its search early: in the models of tests/oracle its variance was off by 1 to 12 % as it is called, by
    0.02 % with `frailty(eps = 1e-10)`. With more than five centres R's usual `sparse` fit leaves out the off-diagonal information of
    the frailties: its standard errors were larger by 0.1 to 1 %, its coefficients the same to 4e-7.

    Args:
        months: Follow-up of each row, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        design: Columns of numbers, shape (n, k) or (n,); none may repeat others.
        centre: A label a row, shape (n,).
        entry: Delayed entry, or the start of a row in start-stop form (entry < t <= months); shape (n,).
        theta: A variance > 0 that is known; None: estimated.
        level: Confidence level of the limits.

    Raises:
        DataError: As `cox`; a label is missing.
        NotEnoughData: As `cox`; there is one centre only; columns are collinear or separate the data; no maximum was found.

    References:
        Klein, Biometrics 1992, 48:795; Therneau, Grambsch & Pankratz, J Comput Graph Stat 2003, 12:156; P of a variance at its
        boundary: Self & Liang, J Am Stat Assoc 1987, 82:605.
    """
    check_level(level)
    seen = check_follow_up(months, died)
    columns = check_varying(design, seen)
    labels = check_labels(centre, seen.months.size, "centre")
    if len(labels.levels) < 2:
        raise NotEnoughData("There is one centre only: no frailty.", Doubt.TOO_FEW_CENTRES)
    plain = cox(months, died, columns, entry=entry, level=level)
    if plain.problem:
        raise NotEnoughData("The Cox model has no estimate.", DOUBTS[plain.problem])
    model_of = _Model(seen, check_entry(entry, seen), columns, labels.codes, len(labels.levels))
    start = np.concatenate([plain.coefficients, np.zeros(model_of.n_centres)])
    without = plain.log_likelihood[1]
    best = _highest(model_of, start) if theta is None else _Fitted(model_of, theta, start)
    if best is None or (theta is None and best.height <= without):
        model = replace(plain, log_likelihood=(without, without))
        return FrailtyFit(model, 0.0, 1.0, frozen(np.ones(model_of.n_centres)), labels.levels)
    k = columns.shape[1]
    covariance = np.asarray(np.linalg.inv(best.information)[:k, :k], dtype=np.float64)
    # A variance cannot be negative: half of the samples without differences have an estimate of 0.
    chance = chi_square_tail(max(0.0, 2 * (best.height - without)), 1) / 2
    model = _within(plain, best.place[:k], covariance, (without, best.height))
    return FrailtyFit(model, best.theta, chance, frozen(np.exp(best.place[k:])), labels.levels)


def _highest(model: _Model, start: Floats) -> _Fitted | None:
    """The fit of the variance that maximises the marginal likelihood; None where it only falls from 0 on.

    Raises:
        NotEnoughData: It rises without end.
    """
    variances = list[_Fitted]()
    for theta in _VARIANCES:
        variances.append(_Fitted(model, theta, variances[-1].place if variances else start))
    tops = [
        _Fitted(model, _root(model, before, after), before.place)
        for before, after in pairwise(variances)
        if before.slope > 0 >= after.slope
    ]
    if not tops and variances[-1].slope > 0:
        raise NotEnoughData("The variance between centres has no maximum.", Doubt.HAZARDS_NOT_CONVERGED)
    return max(tops, key=lambda fitted: fitted.height, default=None)


class _Model:
    """The partial likelihood of columns and one indicator a centre, from sums over the risk sets by centre."""

    def __init__(self, seen: FollowUp, entry: Floats | None, x: Floats, centre: Ints, n_centres: int) -> None:
        self.x, self.centre, self.n_centres = x - x.mean(axis=0), centre, n_centres
        self.k = x.shape[1]
        self.died = np.flatnonzero(seen.events == 1)
        self.deaths = np.bincount(centre[self.died], minlength=n_centres).astype(np.float64)
        times, self.time_of, ties = np.unique(seen.months[self.died], return_inverse=True, return_counts=True)
        # At a time: those whose follow-up ends then or later, less those who enter then or later.
        self.leaving = _Later(seen.months, times)
        self.entering = None if entry is None else _Later(entry, times)
        # Of each death at a time (Efron): the share of that time's dead who are no longer at risk.
        self.step = np.repeat(np.arange(times.size), ties)
        self.share = np.concatenate([np.arange(d) / d for d in ties])
        self.pairs = np.triu_indices(self.k)
        ones = np.ones((x.shape[0], 1))
        self.moments = np.hstack([ones, self.x, self.x[:, self.pairs[0]] * self.x[:, self.pairs[1]]])

    def evaluate(self, place: Floats) -> Evaluation:
        """Partial log-likelihood, gradient and information; columns first, then centres."""
        k, c = self.k, self.n_centres
        line = self.x @ place[:k] + place[k:][self.centre]
        top = float(line.max())
        weighted = np.exp(line - top)[:, None] * self.moments
        at_risk = self._by_centre(weighted)  # steps, centres, moments
        total = at_risk.sum(axis=1)
        mean = total[:, 1 : k + 1] / total[:, :1]
        here = at_risk[:, :, 0] / total[:, :1]
        height = float(line[self.died].sum() - np.log(total[:, 0]).sum() - top * len(self.step))
        gradient = np.concatenate(
            [self.x[self.died].sum(axis=0) - mean.sum(axis=0), self.deaths - here.sum(axis=0)]
        )
        information = np.empty((k + c, k + c))
        squares = (total[:, k + 1 :] / total[:, :1]).sum(axis=0)
        information[self.pairs] = squares
        information[self.pairs[::-1]] = squares
        information[:k, :k] -= mean.T @ mean
        crossed = (at_risk[:, :, 1 : k + 1] / total[:, :1, None]).sum(axis=0).T - mean.T @ here
        information[:k, k:], information[k:, :k] = crossed, crossed.T
        information[k:, k:] = np.diag(here.sum(axis=0)) - here.T @ here
        return height, gradient, information

    def _by_centre(self, weighted: Floats) -> Floats:
        """Sums over those at risk at each step, shape (steps, centres, moments)."""
        n, m = weighted.shape
        spread = np.zeros((n, self.n_centres, m))
        spread[np.arange(n), self.centre] = weighted
        at_times = self.leaving.sums(spread)
        if self.entering is not None:
            at_times -= self.entering.sums(spread)
        dead = np.zeros_like(at_times)
        np.add.at(dead, (self.time_of, self.centre[self.died]), weighted[self.died])
        return at_times[self.step] - self.share[:, None, None] * dead[self.step]


class _Later:
    """Sums over the rows whose moment is at or after each of some times."""

    def __init__(self, moments: Floats, times: Floats) -> None:
        self.order = np.argsort(-moments, kind="stable")
        self.reach = np.searchsorted(-moments[self.order], -times, side="right")

    def sums(self, values: Floats) -> Floats:
        running = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values[self.order], axis=0)])
        return np.asarray(running[self.reach], dtype=np.float64)


class _Fitted:
    """Columns and frailties for one variance, the marginal likelihood there, and its slope by log variance."""

    def __init__(self, model: _Model, theta: float, start: Floats) -> None:
        k, nu = model.k, 1 / theta

        def penalised(place: Floats) -> Evaluation:
            height, gradient, information = model.evaluate(place)
            logs = place[k:]
            with np.errstate(over="ignore"):
                factors = np.exp(logs)
            gradient[k:] += nu * (1 - factors)
            information[np.arange(k, place.size), np.arange(k, place.size)] += nu * factors
            return height + nu * float((logs - factors).sum()), gradient, information

        self.theta = theta
        self.place, self.information, is_reached = maximise(penalised, start, _NEWTON)
        height, gradient, _ = penalised(self.place)
        if not is_reached and not float(np.abs(gradient).max()) < 1e-6:
            raise NotEnoughData(
                "The model with frailties did not come to a maximum.", Doubt.HAZARDS_NOT_CONVERGED
            )
        d = model.deaths
        constant = special.gammaln(nu + d) - special.gammaln(nu) + nu * math.log(nu)
        constant += nu + d - (nu + d) * np.log(nu + d)
        self.height = height + float(constant.sum())
        by_nu = self.place[k:] + special.digamma(nu + d) - special.digamma(nu) + math.log(nu) - np.log(nu + d)
        self.slope = -nu * float((by_nu + 1 - np.exp(self.place[k:])).sum())


def _root(model: _Model, before: _Fitted, after: _Fitted) -> float:
    """The variance between two at which the marginal likelihood is highest."""

    def slope(log_theta: float) -> float:
        return _Fitted(model, math.exp(log_theta), before.place).slope

    low, high = math.log(before.theta), math.log(after.theta)
    return math.exp(float(cast("float", scipy.optimize.brentq(slope, low, high, xtol=1e-12))))


def _within(plain: CoxFit, estimate: Floats, covariance: Floats, heights: tuple[float, float]) -> CoxFit:
    """The ordinary fit with the estimates and errors of the one with frailties."""
    errors = np.sqrt(np.diag(covariance))
    return replace(
        plain,
        coefficients=frozen(estimate),
        standard_errors=frozen(errors),
        **wald(estimate, errors, plain.level),
        covariance=frozen(covariance),
        log_likelihood=heights,
    )
