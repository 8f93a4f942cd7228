"""Restricted means of weighted or clustered patients: the variance is that of sums of influences over the clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Bools, Floats, check_labels, check_length, check_weights
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.follow_up import check_entry, check_follow_up


@dataclass(frozen=True, slots=True)
class RestrictedMeansOfSets:
    """Two groups' restricted means, of one cohort of matched sets.

    Attributes:
        means: Of the first group and of the reference, months.
        variances: Of the means.
        difference: First less reference.
        variance: Of the difference; patients of one set are not taken as independent.
    """

    means: tuple[float, float]
    variances: tuple[float, float]
    difference: float
    variance: float


def restricted_means_of_sets(
    months: ArrayLike,
    died: ArrayLike,
    first: Bools,
    tau: float,
    *,
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> RestrictedMeansOfSets:
    """Areas under the two groups' (weighted) Kaplan-Meier curves up to `tau`, and their difference.

    The variance is the infinitesimal jackknife over the clusters; with each patient alone and weights of 1 it is Greenwood's
    (R: `residuals(survfit(..., weights, cluster), times = tau, type = "rmst")`, summed by cluster and squared).

    Args:
        months: Follow-up of each row, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        first: Who is in the first group, shape (n,).
        tau: The horizon in months, within the follow-up of both groups.
        weights: Case weights > 0; by default 1 each.
        cluster: A label a row whose rows belong together; by default each row is alone.
        entry: Delayed entry, at risk from then on (entry < t <= months).

    Raises:
        DataError: As `kaplan_meier`; or the horizon lies beyond a group's follow-up while somebody is alive there.
        NotEnoughData: One group only, or no event before the horizon.

    References:
        Royston & Parmar 2013; infinitesimal jackknife: Efron 1982; Therneau, `survival`.
    """
    seen = check_follow_up(months, died)
    n = seen.months.size
    w = np.ones(n) if weights is None else check_weights(weights, n)
    codes = np.arange(n) if cluster is None else check_labels(cluster, n, "cluster").codes
    begun = check_entry(entry, seen)
    inside = check_length(np.asarray(first, dtype=np.float64), n, "group") == 1
    if inside.all() or not inside.any():
        raise NotEnoughData("Both groups are needed.", Doubt.ONE_GROUP_ONLY)
    sums, means = [], []
    for members in (inside, ~inside):
        own_entry = None if begun is None else begun[members]
        mean, influence = _mean(seen.months[members], seen.events[members] == 1, w[members], tau, own_entry)
        means.append(mean)
        sums.append(np.bincount(codes[members], influence, int(codes.max()) + 1))
    one, other = sums
    variance = float(((one - other) ** 2).sum())
    if variance == 0:
        raise NotEnoughData("No event before the horizon: the restricted means do not vary.", Doubt.NO_EVENTS)
    return RestrictedMeansOfSets(
        (means[0], means[1]), (float(one @ one), float(other @ other)), means[0] - means[1], variance
    )


def _mean(months: Floats, died: Bools, w: Floats, tau: float, entry: Floats | None) -> tuple[float, Floats]:
    """The area up to tau, and how much each row moves it."""
    times = np.unique(months[died & (months < tau)])
    place = np.searchsorted(times, months, side="right")
    since = np.zeros_like(place) if entry is None else np.searchsorted(times, entry, side="right")
    size = len(times) + 1
    dies = died & (months < tau)
    d = np.bincount(place[dies] - 1, w[dies], len(times)).astype(np.float64)
    y = np.cumsum(np.bincount(since, w, size) - np.bincount(place, w, size))[:-1]
    survival = np.cumprod(np.clip(1 - d / y, 0, 1)) if len(times) else np.empty(0)
    # Where all of those at risk die nothing is left, whatever the rounding.
    all_die = d >= y * (1 - 1e-12)
    survival[np.cumsum(all_die) > 0] = 0.0
    if tau > months.max() * (1 + 1e-9) and (not len(times) or survival[-1] > 0):
        raise DataError(f"The horizon of {tau:g} months is beyond the largest follow-up of {months.max():g}.")
    pieces = np.concatenate([[1.0], survival]) * np.diff(np.concatenate([[0.0], times, [tau]]))
    beyond = pieces[::-1].cumsum()[::-1][1:]
    left = np.where(all_die, np.inf, y - d)
    jump, hazard = beyond / left, np.concatenate([[0.0], np.cumsum(beyond * d / (y * left))])
    influence = hazard[place] - hazard[since]
    influence[dies] -= jump[place[dies] - 1]
    return float(pieces.sum()), influence * w
