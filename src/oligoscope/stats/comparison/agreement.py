"""Agreement of two classifications of the same patients."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.doubts import Doubt, Remark

Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Kappa:
    """Observed agreement, and kappa with its 95 % limits.

    Attributes:
        agreement: Share classified alike, 0 to 1.
        kappa: Agreement beyond chance; None where chance agreement is complete.
        standard_error: None without a kappa, where kappa is 1, and where one classification has a single label.
        low, high: Wald limits, cut at -1 and 1; None where there is no standard error.
        n: Classified by both.
    """

    agreement: float
    kappa: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    n: int

    @property
    def warning(self) -> Remark | None:
        """Why there is no kappa, or why one of 0 has no limits; None otherwise."""
        if self.kappa is None:
            return Remark.of(Doubt.ONE_LEVEL_ONLY)
        is_empty = self.kappa == 0 and self.standard_error is None
        return Remark.of(Doubt.ONE_LABEL_FOR_ALL) if is_empty else None


def cohen_kappa(table: ArrayLike) -> Kappa:
    """Agreement beyond chance of two classifications.

    Wald limits may pass 1, which no kappa can: they are cut there. Where both classify all patients alike (kappa is 1), and
    where one of them gives all patients the same label (kappa is 0 whatever the other does), there are none: the standard
    error is then 0 whatever the number classified, so that limits would claim a certainty that a few patients cannot give.

    Args:
        table: Counts, shape (labels, labels): rows by the first, columns by the second classification.

    Raises:
        DataError: The table is not square, or a count is negative.
        NotEnoughData: No patient was classified.

    References:
        Cohen 1960; standard error by Fleiss, Cohen & Everitt 1969 (as R's `psych::cohen.kappa`).
    """
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or (counts < 0).any():
        raise DataError("Expected a square table of counts: the same labels in rows and columns.")
    n = counts.sum()
    if n == 0:
        raise NotEnoughData("No patient was classified by both.")
    p = counts / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float(np.trace(p)), float(rows @ columns)
    if chance == 1:
        return Kappa(observed, None, None, None, None, int(n))
    if np.trace(counts) == n:
        return Kappa(1.0, 1.0, None, None, None, int(n))
    if max(counts.sum(axis=0).max(), counts.sum(axis=1).max()) == n:
        return Kappa(observed, 0.0, None, None, None, int(n))
    kappa = (observed - chance) / (1 - chance)
    diagonal = np.diag(p) * (1 - (rows + columns) * (1 - kappa)) ** 2
    pairs = p * (columns[:, None] + rows[None, :]) ** 2
    off = (1 - kappa) ** 2 * (pairs.sum() - np.trace(pairs))
    variance = (diagonal.sum() + off - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
    error = sqrt(max(variance, 0.0))
    low, high = max(kappa - Z_95 * error, -1.0), min(kappa + Z_95 * error, 1.0)
    return Kappa(observed, kappa, error, low, high, int(n))
