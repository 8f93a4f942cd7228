"""Log-rank tests that weigh early or late differences, and the largest of several of them (MaxCombo)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.arrays import Floats, Ints, check_labels, check_length, check_weights
from oligoscope.stats.comparison.largest_normal import largest_normal_tail
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.follow_up import FollowUp, check_entry, check_follow_up


class FlemingHarrington(NamedTuple):
    """The weight S(t-)^rho (1 - S(t-))^gamma of an event at t, S being Kaplan-Meier of both groups together."""

    rho: float
    gamma: float


# Of all times alike, late, early and middle differences.
MAX_COMBO = tuple(FlemingHarrington(*pair) for pair in ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)))


@dataclass(frozen=True, slots=True, eq=False)
class WeightedLogRank:
    """One or several weighted log-rank tests of the same two groups.

    Attributes:
        weights: Of the events, one a test.
        deviates: Standard normal where the groups have one hazard; above 0: more events in the first group than expected.
        correlation: Of the deviates.
        largest: The place of the deviate that is farthest from 0.
        p_value: Two-sided; of several tests that the largest of them is at least so large (MaxCombo).
    """

    weights: tuple[FlemingHarrington, ...]
    deviates: tuple[float, ...]
    correlation: Floats
    largest: int
    p_value: float


def weighted_log_rank(
    months: ArrayLike,
    died: ArrayLike,
    first: ArrayLike,
    weights: Sequence[FlemingHarrington] = MAX_COMBO,
    *,
    case_weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> WeightedLogRank:
    """Test whether two groups have one hazard, by log-rank statistics whose events count by Fleming-Harrington weights.

    R: rho, gamma = 1, 0 is `survdiff(rho = 1)`; MaxCombo as `nphRCT` and `nph::logrank.maxtest` compute it.

    Args:
        months: Follow-up of each row, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        first: Who is in the first group, shape (n,).
        weights: One test each; of several the largest is judged by their joint normal distribution.
        case_weights: Of patients who do not count as one, shape (n,), > 0: with `cluster` the variance is that of sums of score
            residuals over the clusters, as of `clustered_score_test`.
        cluster: A label a row whose rows belong together; without it and without weights the variance is hypergeometric.
        entry: Delayed entry, at risk from then on (entry < t <= months); shape (n,).

    Raises:
        DataError: Lengths differ; a time is negative or missing; a weight is not above 0.
        NotEnoughData: One group only, no event, or no event while patients of both groups were at risk.
        UsageError: No weights, a power below 0, or case weights without clusters.

    References:
        Fleming & Harrington 1991; Karrison, Stata J 2016, 16:678; Lin et al., Stat Biopharm Res 2020, 12:187.
    """
    if not weights or min(min(w) for w in weights) < 0 or (case_weights is not None and cluster is None):
        raise UsageError("Powers of 0 or more are needed, and with case weights the cluster of each row.")
    seen = check_follow_up(months, died)
    n = seen.months.size
    inside = check_length(np.asarray(first, dtype=np.float64), n, "group")
    if seen.n_events == 0:
        raise NotEnoughData("No event in any group: no log-rank test.", Doubt.NO_EVENTS)
    if len(np.unique(inside)) != 2:
        raise NotEnoughData("Both groups are needed.", Doubt.ONE_GROUP_ONLY)
    counted = np.ones(n) if case_weights is None else check_weights(case_weights, n)
    risk = _RiskSets.of(seen, inside, counted, check_entry(entry, seen))
    by_test = np.array([risk.survival**rho * (1 - risk.survival) ** gamma for rho, gamma in weights])
    if cluster is None:
        score, covariance = risk.hypergeometric(by_test)
    else:
        score, covariance = _over_clusters(risk.residuals(by_test), check_labels(cluster, n, "cluster").codes)
    return _judged(tuple(weights), score, covariance)


@dataclass(frozen=True, slots=True, eq=False)
class _RiskSets:
    """What is known at each distinct time of an event, shape (j,), and where each row is among them."""

    events: Floats  # sums of case weights
    events_first: Floats
    at_risk: Floats
    at_risk_first: Floats
    survival: Floats  # just before
    inside: Floats
    counted: Floats
    dies_at: Ints  # shape (n,): the place of the time; -1 where no event
    until: Ints  # how many of the times are not after the end of follow-up
    since: Ints  # how many are not after the entry

    @classmethod
    def of(cls, seen: FollowUp, inside: Floats, counted: Floats, entry: Floats | None) -> _RiskSets:
        times = np.unique(seen.months[seen.events == 1])
        until = np.searchsorted(times, seen.months, side="right")
        since = np.zeros_like(until) if entry is None else np.searchsorted(times, entry, side="right")
        place = np.where(seen.events == 1, until - 1, -1)

        def at_risk(of: Floats) -> Floats:
            size = len(times) + 1
            change = np.bincount(since, of, size) - np.bincount(until, of, size)
            return np.cumsum(change.astype(np.float64))[:-1]

        def events(of: Floats) -> Floats:
            return np.bincount(place[place >= 0], of[place >= 0], len(times)).astype(np.float64)

        d, y = events(counted), at_risk(counted)
        left = np.clip(1 - np.divide(d, y, out=np.zeros_like(d), where=y > 0), 0, 1)
        survival = np.concatenate([[1.0], np.cumprod(left)[:-1]])
        first = inside * counted
        return cls(d, events(first), y, at_risk(first), survival, inside, counted, place, until, since)

    @property
    def share(self) -> Floats:
        """Of those at risk the first group's."""
        return np.divide(
            self.at_risk_first, self.at_risk, out=np.zeros_like(self.at_risk), where=self.at_risk > 0
        )

    def hypergeometric(self, by_test: Floats) -> tuple[Floats, Floats]:
        d, y, share = self.events, self.at_risk, self.share
        spare = np.divide(y - d, y - 1, out=np.zeros_like(y), where=y > 1.5)
        return by_test @ (self.events_first - d * share), (
            by_test * (d * share * (1 - share) * spare)
        ) @ by_test.T

    def residuals(self, by_test: Floats) -> Floats:
        """Score residuals of each row, shape (n, tests)."""
        hazard = np.divide(self.events, self.at_risk, out=np.zeros_like(self.at_risk), where=self.at_risk > 0)
        found = np.empty((self.inside.size, len(by_test)))
        died = self.dies_at >= 0
        for k, weight in enumerate(by_test):
            plain, of_share = (
                np.concatenate([[0.0], np.cumsum(x)]) for x in (weight * hazard, weight * hazard * self.share)
            )
            between = (plain[self.until] - plain[self.since], of_share[self.until] - of_share[self.since])
            jump = np.where(died, weight[self.dies_at] * (self.inside - self.share[self.dies_at]), 0.0)
            found[:, k] = jump - (self.inside * between[0] - between[1])
        return found * self.counted[:, None]


def _over_clusters(residuals: Floats, codes: Ints) -> tuple[Floats, Floats]:
    sums = np.zeros((int(codes.max()) + 1, residuals.shape[1]))
    np.add.at(sums, codes, residuals)
    return sums.sum(axis=0), sums.T @ sums


def _judged(weights: tuple[FlemingHarrington, ...], score: Floats, covariance: Floats) -> WeightedLogRank:
    error = np.sqrt(np.diag(covariance))
    if not np.all(error > 1e-12 * max(1.0, float(error.max()))):
        raise NotEnoughData(
            "No event happened while patients of two groups were at risk: no log-rank test.",
            Doubt.NO_SHARED_RISK,
        )
    deviates = score / error
    correlation = covariance / np.outer(error, error)
    np.fill_diagonal(correlation, 1.0)
    largest = int(np.argmax(np.abs(deviates)))
    top = float(abs(deviates[largest]))
    if not np.isfinite(top):
        raise DataError("A weighted log-rank statistic is not finite.")
    p = largest_normal_tail(top, correlation) if top > 0 else 1.0
    return WeightedLogRank(weights, tuple(float(z) for z in deviates), correlation, largest, p)
