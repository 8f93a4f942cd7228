"""Hazard ratios with weights, and the log-rank test: pooled over imputations, with limits that know how the weights were made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.monte_carlo import monte_carlo_rows
from oligoscope.cohort.times import Fewest, caution
from oligoscope.cohort.weighted_groups import Followed, Scored
from oligoscope.errors import DataError, NotEnoughData
from oligoscope.results.methods import Method, MethodPart, Step
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode, Warnings, join, of_statistics
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.imputation.rubin import pool
from oligoscope.stats.matching.estimated_weights import EstimatedWeights, WeightTarget
from oligoscope.stats.survival.cox import CoxFit, cox
from oligoscope.stats.survival.weighted_comparison import score_residuals, stacked_error, stacked_log_rank
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.weighting_settings import WeightingSettings

SEED_STAGE = 4  # position in the study's seed sequence
# So many of the samples must have an answer.
ENOUGH_SAMPLES = 0.9


@dataclass(frozen=True, slots=True)
class Comparing:
    """How two weighted groups are compared.

    Attributes:
        by: What makes the groups.
        target: Whose weights.
        weighting: How they are made, and what the limits know of them.
        fewest: Patients and events without which nothing is compared.
        doubts: Of the scores, and of the balance.
        seed: Of the study.
    """

    by: str
    target: WeightTarget
    weighting: WeightingSettings
    fewest: Fewest
    doubts: Warnings
    seed: int = 0
    scored: Sequence[Scored] = field(default=(), repr=False)
    made: Sequence[EstimatedWeights] = field(default=(), repr=False)

    @property
    def how(self) -> tuple[MethodPart | Step, ...]:
        """What is unusual about the weights."""
        steps: list[MethodPart | Step] = []
        if self.target.startswith("entropy"):
            steps.append(MethodPart.ENTROPY_BALANCING)
        if self.weighting.truncate is not None:
            steps.append(MethodPart.WEIGHTS_CUT(percent=f"{100 * self.weighting.truncate:g}"))
        return tuple(steps)

    @property
    def limits(self) -> MethodPart | Step:
        if self.weighting.limits == "bootstrap":
            return MethodPart.BOOTSTRAP_LIMITS(resamples=self.weighting.resamples)
        known = self.weighting.limits == "robust"
        return MethodPart.ROBUST_LIMITS if known else MethodPart.STACKED_LIMITS

    def followed(self, outcome: Outcome) -> list[Followed]:
        """The patients with a time, in every imputation."""
        pairs = zip(self.scored, self.made, strict=True)
        return [s.followed(self.by, outcome, m.weighting.weights) for s, m in pairs]


def ratio_rows(comparing: Comparing, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """The hazard ratio of the first group with its P, or why there is none."""
    many = len(comparing.scored) > 1
    method = Method(MethodPart.WEIGHTED_COX, MethodPart.EFRON, *comparing.how, comparing.limits)
    method = method.plus(MethodPart.RUBIN) if many else method
    ratio: dict[str, Any] = {"statistic": Statistic.HAZARD_RATIO, "method": method}
    followed, fits = comparing.followed(outcome), []
    for one in followed:
        fit = _fit_if_large(one, comparing.fewest)
        if isinstance(fit, NoAnswer):
            yield ratio | {"n": one.rows.height, "warning": fit.warning}
            return
        fits.append(fit)
    ratio["n"] = round(fmean(one.rows.height for one in followed))
    warning = join(
        comparing.doubts, of_statistics(*(f.warning for f in fits)), caution(comparing.by, outcome)
    )
    # As mice takes it for a Cox model: events less coefficients, of the cohort with the fewest.
    df = max(min(int(one.event.sum()) for one in followed) - 1, 1) if many else np.inf
    errors = attempt(
        lambda: [
            _error(comparing, i, outcome, one, fit)
            for i, (one, fit) in enumerate(zip(followed, fits, strict=True))
        ]
    )
    if isinstance(errors, NoAnswer):
        yield ratio | {"warning": join(errors.warning, warning)}
        return
    analyses = [f.coefficients[0] for f in fits], [error**2 for error in errors]
    pooled = attempt(lambda: pool(*analyses, df))
    if isinstance(pooled, NoAnswer):
        yield ratio | {"warning": join(WarningCode.NOT_CONVERGED(), warning)}
        return
    value, low, high = (float(np.exp(x)) for x in (pooled.estimate, pooled.low, pooled.high))
    yield ratio | {"value": value, "low": low, "high": high, "warning": warning}
    yield ratio | {"statistic": Statistic.P_VALUE, "value": pooled.p_value}
    yield from ({"n": ratio["n"]} | row for row in monte_carlo_rows(*analyses, df))


def log_rank_row(comparing: Comparing, outcome: Outcome) -> dict[str, Any]:
    """P of the weighted log-rank test: the median over the imputations."""
    followed = comparing.followed(outcome)
    known = comparing.weighting.limits == "robust"
    part = MethodPart.SCORE_WEIGHTED_LOG_RANK if known else MethodPart.SCORE_WEIGHTED_LOG_RANK_STACKED
    over = (MethodPart.MEDIAN_P,) if len(followed) > 1 else ()
    row: dict[str, Any] = {
        "statistic": Statistic.P_VALUE_LOG_RANK,
        "n": round(fmean(one.rows.height for one in followed)),
        "method": Method(part, *comparing.how, *over),
    }
    sparse = join(*(comparing.fewest.why_not_two(one.event, one.first) for one in followed))
    tests = (
        NoAnswer(sparse)
        if sparse
        else attempt(lambda: [_test(comparing, i, o) for i, o in enumerate(followed)])
    )
    if isinstance(tests, NoAnswer):
        return row | {"warning": tests.warning}
    return row | {"value": median(tests), "warning": join(comparing.doubts, caution(comparing.by, outcome))}


def _test(comparing: Comparing, at: int, one: Followed) -> float:
    shift = _shift(comparing, at, one)
    return stacked_log_rank(one.months, one.event, one.first, one.weights, one.place, shift, entry=one.entry)


def _shift(comparing: Comparing, at: int, one: Followed) -> Any:
    """What the estimation of the weights adds to each patient of the cohort: nothing where they are taken as known."""
    made, n = comparing.made[at], comparing.scored[at].treated.size
    if comparing.weighting.limits == "robust":
        return lambda _: np.zeros(n)

    def shift(derivative: NDArray[np.float64]) -> NDArray[np.float64]:
        whole = np.zeros(n)
        whole[one.place] = derivative
        return made.shift(whole)

    return shift


def _fit_if_large(one: Followed, fewest: Fewest) -> CoxFit | NoAnswer:
    if sparse := fewest.why_not_two(one.event, one.first):
        return NoAnswer(sparse)
    return attempt(lambda: _fit(one))


def _fit(one: Followed) -> CoxFit:
    return cox(
        one.months, one.event, one.first.astype(float)[:, None],
        weights=one.weights, cluster=np.arange(one.rows.height), entry=one.entry,
    )  # fmt: skip


def _error(comparing: Comparing, at: int, outcome: Outcome, one: Followed, fit: CoxFit) -> float:
    """The standard error of the log hazard ratio in one imputation."""
    if comparing.weighting.limits == "robust" or not np.isfinite(fit.coefficients[0]):
        return float(fit.errors_of_limits[0])
    if comparing.weighting.limits == "bootstrap":
        return _bootstrap_error(comparing, at, outcome)
    first = one.first.astype(float)
    beta = float(fit.coefficients[0])
    residuals = score_residuals(one.months, one.event, first, one.weights, beta, entry=one.entry)
    return stacked_error(residuals, one.weights, one.place, _shift(comparing, at, one))


def _bootstrap_error(comparing: Comparing, at: int, outcome: Outcome) -> float:
    """SD of the log hazard ratio over samples of the patients, in each of which the score is fitted again.

    Raises:
        NotEnoughData: Too many samples have no answer.
    """
    scored, wanted = comparing.scored[at], comparing.weighting.resamples
    # The samples are the same of every target and outcome, and those of another imputation are others.
    rng = np.random.default_rng(np.random.SeedSequence(comparing.seed, spawn_key=(SEED_STAGE, at)))
    n, found = scored.treated.size, []
    for _ in range(wanted):
        sample = rng.integers(0, n, n)
        try:
            drawn = scored.drawn(sample)
            weights = drawn.weights(comparing.target, comparing.weighting.truncate).weighting.weights
            fit = _fit(drawn.followed(comparing.by, outcome, weights))
        except DataError:
            continue
        if fit.converged:
            found.append(float(fit.coefficients[0]))
    if len(found) < ENOUGH_SAMPLES * wanted:
        raise NotEnoughData("Too many samples of the bootstrap have no answer.", Doubt.NOT_CONVERGED)
    return float(np.std(found, ddof=1))
