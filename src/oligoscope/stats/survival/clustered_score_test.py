"""The log-rank test of weighted or clustered patients: the robust score test of a Cox model."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, Ints, check_labels, check_weights
from oligoscope.stats.comparison.test_result import GroupTest, TestName
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.follow_up import check_entry, check_follow_up


def clustered_score_test(
    months: ArrayLike,
    died: ArrayLike,
    group: ArrayLike,
    weights: ArrayLike,
    cluster: ArrayLike,
    *,
    entry: ArrayLike | None = None,
) -> GroupTest:
    """Test whether two or more weighted groups have one hazard of the event.

    Observed minus expected events are those of the log-rank test with each patient counted by their weight; their
    variance is the sum over clusters of squared score residuals, so that neither the weights nor patients who
    belong together make it too small (R: `coxph(..., weights, cluster, ties = "breslow")$rscore`).

    Args:
        months: Follow-up of each row, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        group: The group of each row.
        weights: Case weights > 0, shape (n,).
        cluster: A label a row whose rows belong together (a matched set).
        entry: Delayed entry, at risk from then on (entry < t <= months); shape (n,).

    Raises:
        DataError: Lengths differ; a time is negative or missing; a weight is not above 0.
        NotEnoughData: One group only, no event, or too few clusters for a variance.

    References:
        Lin & Wei, JASA 1989, 84:1074; Xie & Liu, Stat Med 2005, 24:3089 (weighted log-rank).
    """
    seen = check_follow_up(months, died)
    n = seen.months.size
    groups, sets = check_labels(group, n, "group"), check_labels(cluster, n, "cluster")
    w = check_weights(weights, n)
    if len(groups.levels) < 2 or seen.n_events == 0:
        raise NotEnoughData("One group only, or no event: no log-rank test.")
    inside = (groups.codes[:, None] == np.arange(len(groups.levels) - 1)).astype(np.float64)
    begun = check_entry(entry, seen)
    scores = _score_residuals(seen.months, seen.events.astype(np.int64), inside, w, begun) * w[:, None]
    by_set = np.zeros((len(sets.levels), inside.shape[1]))
    np.add.at(by_set, sets.codes, scores)
    return _wald(by_set)


def _score_residuals(months: Floats, events: Ints, inside: Floats, w: Floats, entry: Floats | None) -> Floats:
    """Score residuals of the columns at a coefficient of 0, shape (n, k); ties by Breslow."""
    times, place = np.unique(months, return_inverse=True)
    # Of each row how many of the times are not after its entry: it is at risk at none of them.
    missed = None if entry is None else np.searchsorted(times, entry, side="right")

    def at_each(values: Floats) -> Floats:
        total: Floats = np.cumsum(np.bincount(place, values, times.size).astype(np.float64)[::-1])[::-1]
        if missed is not None:
            total = total - np.cumsum(np.bincount(missed, values, times.size + 1)[::-1])[::-1][1:]
        return total

    at_risk = at_each(w)
    mean = np.empty((times.size, inside.shape[1]))
    for j, column in enumerate(inside.T):
        mean[:, j] = at_each(w * column) / at_risk
    hazard = np.bincount(place, w * events, times.size) / at_risk
    so_far = np.cumsum(hazard)
    mean_so_far = np.cumsum(hazard[:, None] * mean, axis=0)
    compensated = inside * so_far[place, None] - mean_so_far[place]
    if missed is not None:
        before, mean_before = np.r_[0.0, so_far], np.vstack([np.zeros(inside.shape[1]), mean_so_far])
        compensated = compensated - (inside * before[missed, None] - mean_before[missed])
    return events[:, None] * (inside - mean[place]) - compensated


def _wald(by_set: Floats) -> GroupTest:
    total = by_set.sum(axis=0)
    variance = by_set.T @ by_set
    rank = int(np.linalg.matrix_rank(variance, hermitian=True))
    if rank == 0:
        raise NotEnoughData(
            "No event happened while patients of two groups were at risk: no log-rank test.", Doubt.NO_EVENTS
        )
    if by_set.shape[0] <= rank:
        raise NotEnoughData(
            "There are too few sets for a variance: no log-rank test.", Doubt.TOO_FEW_PATIENTS
        )
    statistic = float(total @ np.linalg.pinv(variance, hermitian=True) @ total)
    return GroupTest(TestName.LOG_RANK, statistic, rank, float(special.chdtrc(rank, statistic)))
