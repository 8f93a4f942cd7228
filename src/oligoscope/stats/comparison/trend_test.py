"""Whether a share rises or falls over ordered classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.comparison.test_result import GroupTest, TestName


def cochran_armitage(events: ArrayLike, totals: ArrayLike, scores: ArrayLike | None = None) -> GroupTest:
    """Test for a linear trend of a proportion over ordered classes, two-sided, one degree of freedom.

    Classes without patients are left out; the scores of the others do not change.

    Args:
        events: Patients with the outcome in each class, shape (k,).
        totals: Patients of each class, shape (k,).
        scores: Place of each class on the scale; 1 to k where none are given.

    Raises:
        DataError: Lengths differ, or there are more events than patients.
        NotEnoughData: Fewer than two classes hold patients, or all patients or none had the outcome.

    References:
        Cochran 1954; Armitage 1955; R: `prop.trend.test(x, n, score)`.
    """
    x, n = np.asarray(events, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    s = np.arange(1.0, n.size + 1) if scores is None else np.asarray(scores, dtype=np.float64)
    if not x.shape == n.shape == s.shape or np.any(x > n) or np.any(x < 0):
        raise DataError(
            "A trend needs as many events as totals and scores, and no more events than patients."
        )
    seen = n > 0
    x, n, s = x[seen], n[seen], s[seen]
    share = x.sum() / n.sum() if n.size else 0.0
    if n.size < 2 or share in {0.0, 1.0}:
        raise NotEnoughData(
            "A trend needs two classes with patients, and patients with and without the outcome."
        )
    slope = float((s * (x - n * share)).sum())
    spread = float((n * s**2).sum() - (n * s).sum() ** 2 / n.sum())
    statistic = slope**2 / (share * (1 - share) * spread)
    return GroupTest(TestName.COCHRAN_ARMITAGE, statistic, 1, float(special.chdtrc(1, statistic)))
