"""What tests of groups and of columns of a model return, and how tests of groups take their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, Ints, drop_missing
from oligoscope.stats.doubts import Remark


class TestName(StrEnum):
    """The tests, as docs/methods.md names them."""

    __test__ = False  # no class of tests, for pytest

    LOG_RANK = "log-rank"
    ANOVA = "one-way ANOVA"
    WELCH_ANOVA = "Welch ANOVA"
    SHAPIRO_WILK = "Shapiro-Wilk"
    MANN_WHITNEY = "Mann-Whitney U"
    KRUSKAL_WALLIS = "Kruskal-Wallis"
    COCHRAN_ARMITAGE = "Cochran-Armitage trend"
    WEIGHTED_WALD = "weighted Wald"
    CHI_SQUARE = "chi-square"
    FISHER = "Fisher exact"
    FISHER_MID_P = "Fisher mid-P"
    FISHER_MONTE_CARLO = "Fisher exact, Monte Carlo"
    STUDENT_T = "Student t"
    WELCH_T = "Welch t"


@dataclass(frozen=True, slots=True)
class GroupTest:
    """A test of groups, two-sided.

    Attributes:
        name: The test as docs/methods.md names it.
        statistic: Its statistic; None where the test has none (Fisher exact).
        degrees_of_freedom: Of the statistic; of the numerator for F; None where it has none.
        p_value: Two-sided P.
        detail: What a reader should know: exact or normal, how many values were missing, why this test.
        residual_degrees_of_freedom: Of the denominator, for F only.
        deviate: Of a rank sum from its mean, in standard errors (Z), where P is made from it; None elsewhere.
    """

    name: TestName
    statistic: float | None
    degrees_of_freedom: float | None
    p_value: float
    detail: str = ""
    residual_degrees_of_freedom: float | None = None
    deviate: float | None = None


def present_groups(
    groups: Sequence[ArrayLike], smallest: int = 1, exactly: int = 0
) -> tuple[list[Floats], str]:
    """The values of each group that are not missing, and a note of how many are.

    Raises:
        DataError: Not `exactly` so many groups (0: any number from two up); a value is no number.
        NotEnoughData: A group has fewer than `smallest` values, or all values of all groups are equal.
    """
    if len(groups) < 2 or (exactly and len(groups) != exactly):
        raise DataError(f"This test compares {exactly or '2 or more'} groups; got {len(groups)}.")
    taken = [drop_missing(values) for values in groups]
    present = [values for values, _ in taken]
    if min(values.size for values in present) < smallest:
        sizes = ", ".join(str(values.size) for values in present)
        raise NotEnoughData(f"This test needs {smallest} or more values in each group; they have {sizes}.")
    everything = np.concatenate(present)
    if np.all(everything == everything[0]):
        raise NotEnoughData("All values are equal: nothing to test.")
    n_missing = sum(missing for _, missing in taken)
    return present, f"{n_missing} missing left out" if n_missing else ""


def present_table(table: ArrayLike) -> tuple[Ints, str]:
    """Counts without rows and columns that are all 0, and a note of how many those were.

    Raises:
        DataError: Not a two-way table of whole numbers >= 0.
        NotEnoughData: Fewer than two rows or columns are left.
    """
    counts = np.asarray(table)
    if counts.ndim != 2 or counts.dtype.kind not in "iuf" or np.any(counts < 0) or np.any(counts % 1 != 0):
        raise DataError("Expected a two-way table of counts: whole numbers, 0 or more.")
    kept = counts[counts.any(axis=1)][:, counts.any(axis=0)].astype(np.int64)
    if min(kept.shape) < 2:
        raise NotEnoughData(
            "The table has fewer than two rows or columns that are not empty: nothing to test."
        )
    n_empty = sum(counts.shape) - sum(kept.shape)
    return kept, f"{n_empty} empty rows or columns left out" if n_empty else ""


def notes(*parts: str) -> str:
    """The parts that are not empty, as one line."""
    return "; ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """A test that the coefficients of some columns are all 0.

    Attributes:
        name: "likelihood ratio" or "Wald".
        chi_squared: Its statistic.
        degrees_of_freedom: How many of the columns have an estimate of their own.
        p_value: Upper tail of chi-square.
        warning: Of the larger model; None where none.
    """

    name: str
    chi_squared: float
    degrees_of_freedom: int
    p_value: float
    warning: Remark | None = None
