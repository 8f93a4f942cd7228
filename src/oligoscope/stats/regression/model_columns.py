"""The columns of a model: which are independent, scaled for numerical accuracy, and how collinear they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oligoscope.stats.arrays import Floats

# A column of which less than this share of variance is its own repeats the columns before it.
OWN_SHARE = 1e-10
ROUNDING = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Independent columns, each less its mean and over its sd, and the way back.

    Attributes:
        scaled: Shape (n, kept).
        means: Shape (kept,).
        sds: Shape (kept,).
        kept: Which columns of the design these are, shape (k,).
    """

    scaled: Floats
    means: Floats
    sds: Floats
    kept: NDArray[np.bool_]

    @property
    def n_kept(self) -> int:
        """How many columns are independent."""
        return self.sds.size

    def unscale(self, estimate: Floats, lost: NDArray[np.bool_]) -> Floats:
        """The intercept and a coefficient for each column of the design, NaN where there is none.

        Args:
            estimate: Intercept and coefficients of the scaled columns, shape (1 + kept,).
            lost: Which of the unscaled intercept and coefficients are to be withheld, shape (1 + kept,).
        """
        whole = np.full(1 + self.kept.size, np.nan)
        whole[self._places()] = np.where(lost, np.nan, self._way_back() @ estimate)
        return whole

    def unscale_covariance(self, covariance: Floats, lost: NDArray[np.bool_]) -> Floats:
        """The covariance of `unscale`'s numbers, shape (1 + k, 1 + k)."""
        back = self._way_back()
        found = back @ covariance @ back.T
        found[lost, :] = np.nan
        found[:, lost] = np.nan
        whole = np.full((1 + self.kept.size,) * 2, np.nan)
        whole[np.ix_(self._places(), self._places())] = found
        return whole

    def moved_by(self, direction: Floats) -> NDArray[np.bool_]:
        """Which of the unscaled intercept and coefficients a direction of the scaled ones moves."""
        moved = np.abs(self._way_back() @ direction)
        return moved > ROUNDING * np.max(moved, initial=0)

    def _places(self) -> NDArray[np.int64]:
        return np.concatenate([[0], 1 + np.flatnonzero(self.kept)])

    def _way_back(self) -> Floats:
        back = np.diag(np.concatenate([[1.0], 1 / self.sds]))
        back[0, 1:] = -self.means / self.sds
        return back


def independent_columns(design: Floats) -> Columns:
    """The columns that do not repeat those before them, nor the intercept, standardised."""
    means = design.mean(axis=0)
    centred = design - means
    sds = np.sqrt(np.einsum("ij,ij->j", centred, centred) / design.shape[0])
    varies = (np.ptp(design, axis=0) > 0) & (sds > 0)
    centred[:, varies] /= sds[varies]
    kept = varies.copy()
    kept[varies] = own_variance(centred[:, varies].T @ centred[:, varies] / design.shape[0]) > OWN_SHARE
    scaled = centred if kept.all() else np.ascontiguousarray(centred[:, kept])
    return Columns(scaled, means[kept], sds[kept], kept)


def own_variance(correlation: Floats, least: float = OWN_SHARE) -> Floats:
    """Each column's share of variance not explained by the columns before it that have one of `least` or more.

    Cholesky's factorisation, a column that repeats others skipped.

    Args:
        correlation: Shape (k, k).
        least: Below this share a column counts as a repetition.
    """
    left = correlation.copy()
    for j in range(len(left)):
        if left[j, j] > least:
            column = left[j + 1 :, j] / np.sqrt(left[j, j])
            left[j + 1 :, j + 1 :] -= np.outer(column, column)
    return np.diag(left).copy()
