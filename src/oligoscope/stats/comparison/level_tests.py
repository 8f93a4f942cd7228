"""Tests of counts: chi-square, Fisher exact, trend over ordered classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, Ints
from oligoscope.stats.comparison.test_result import GroupTest, TestName, notes, present_table

# Tables with the same margins laid out at once; 2 million take about a second and 200 MB.
MOST_TABLES = 2_000_000
# Tables drawn where there are more: the standard error of P is 0.0011 at most, 0.0005 at P = 0.05.
DRAWN_TABLES = 200_000
SEED = 20250408  # its own, and the margins in order: P is the same whatever the order of rows, and in every study

# A table as probable as the one observed counts as extreme; rounding must not decide (as R's fisher.test).
RELATIVE_TOLERANCE = 1e-7


def chi_square(table: ArrayLike) -> GroupTest:
    """Test independence by Pearson's chi-square, without Yates' correction in any table.

    Args:
        table: Counts, shape (levels, groups); all-zero rows and columns are left out and noted.

    Raises:
        NotEnoughData: Fewer than two rows or columns are left.

    References:
        Pearson 1900; R: `chisq.test(x, correct = FALSE)`.
    """
    counts, note = present_table(table)
    expected = expected_counts(counts)
    statistic = float(((counts - expected) ** 2 / expected).sum())
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    p_value = float(special.chdtrc(freedom, statistic))
    return GroupTest(TestName.CHI_SQUARE, statistic, freedom, p_value, notes(_smallest(expected), note))


def fisher_exact(table: ArrayLike, most_tables: int = MOST_TABLES) -> GroupTest:
    """Test independence by Fisher's exact test (Freeman-Halton beyond 2 x 2).

    P is the probability of all tables with these margins that are no more probable than the one observed. All are
    laid out; where there are more than `most_tables`, P is estimated from DRAWN_TABLES of them, drawn with a fixed seed, as
    (extreme + 1) / (drawn + 1); its name and detail say so.

    Args:
        table: Counts, shape (levels, groups); all-zero rows and columns are left out and noted.
        most_tables: The guard on memory and time.

    Raises:
        NotEnoughData: Fewer than two rows or columns are left.

    References:
        Fisher 1935; Freeman & Halton 1951; drawn: Patefield 1981, Davison & Hinkley 1997; R: `fisher.test(x)`.
    """
    counts, note = present_table(table)
    p_value = _enumerated_p(counts, most_tables)
    if p_value is not None:
        return GroupTest(TestName.FISHER, None, None, p_value, note)
    p_value = _drawn_p(counts)
    error = (p_value * (1 - p_value) / DRAWN_TABLES) ** 0.5
    drawn = f"{DRAWN_TABLES} tables drawn; standard error of P {error:.1g}"
    return GroupTest(TestName.FISHER_MONTE_CARLO, None, None, p_value, notes(drawn, note))


def fisher_mid_p(table: ArrayLike) -> GroupTest:
    """Test independence in a 2 x 2 table by the mid-P of Fisher's exact test, two-sided.

    P is the probability of all tables with these margins that are less probable than the one observed, plus half that of those
    as probable as it.

    Args:
        table: Counts, shape (2, 2) once all-zero rows and columns are left out, which is noted.

    Raises:
        DataError: Another shape.
        NotEnoughData: Fewer than two rows or columns are left.

    References:
        Lancaster, JASA 1961, 56:223; Hirji, Exact Analysis of Discrete Data 2006. R: `p <- dhyper(lowest:highest, ...)`,
        `sum(p[p < seen]) + sum(p[p == seen]) / 2`, with a tolerance for equality.
    """
    counts, note = present_table(table)
    if counts.shape != (2, 2):
        raise DataError("The mid-P is of 2 x 2 tables.")
    (a, b), (c, d) = counts.tolist()
    row, column, n = a + b, a + c, a + b + c + d
    cell = np.arange(max(0, row + column - n), min(row, column) + 1)
    cells = np.stack([cell, row - cell, column - cell, n - row - column + cell])
    logs = -special.gammaln(cells + 1).sum(axis=0)
    seen = logs[a - cell[0]]
    probabilities = np.exp(logs - special.logsumexp(logs))
    less, same = logs < seen - RELATIVE_TOLERANCE, np.abs(logs - seen) <= RELATIVE_TOLERANCE
    p_value = float(probabilities[less].sum() + probabilities[same].sum() / 2)
    return GroupTest(TestName.FISHER_MID_P, None, None, min(1.0, p_value), note)


def expected_counts(counts: Ints) -> Floats:
    """Counts expected were rows and columns independent."""
    return np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()


def _smallest(expected: Floats) -> str:
    return f"smallest expected count {expected.min():.1f}" if expected.min() < 5 else ""


def _enumerated_p(counts: Ints, most_tables: int) -> float | None:
    """Lay out all tables row by row, small rows first; the last row is what remains. None if too many."""
    counts = counts if counts.shape[0] >= counts.shape[1] else counts.T
    rows, columns = np.sort(counts.sum(axis=1)), np.sort(counts.sum(axis=0))
    used, logs = np.zeros((1, len(columns)), dtype=np.int64), np.zeros(1)
    for total in rows[:-1]:
        fillings = _fillings(int(total), columns, most_tables // len(used))
        if fillings is None:
            return None
        sums = used[:, None, :] + fillings[None, :, :]
        fits = (sums <= columns).all(axis=2)
        logs = (logs[:, None] - special.gammaln(fillings + 1).sum(axis=1)[None, :])[fits]
        used = sums[fits]
    logs = logs - special.gammaln(columns - used + 1).sum(axis=1)
    observed = -float(special.gammaln(counts + 1).sum())
    margins = special.gammaln(rows + 1).sum() + special.gammaln(columns + 1).sum()
    extreme = logs[logs <= observed + RELATIVE_TOLERANCE]
    return min(1.0, float(np.exp(extreme + margins - special.gammaln(rows.sum() + 1)).sum()))


def _drawn_p(counts: Ints) -> float:
    """P from random tables with these margins; at least 1 / (DRAWN_TABLES + 1), as the observed table is one of them."""
    from scipy import stats  # noqa: PLC0415  # a second to load, and seldom needed

    margins = (sorted(map(int, counts.sum(axis=side))) for side in (0, 1))
    tables_with = stats.random_table(*sorted(margins, key=lambda totals: (len(totals), totals)))
    observed, rng = -float(special.gammaln(counts + 1).sum()), np.random.default_rng(SEED)
    extreme = 0
    for _ in range(DRAWN_TABLES // _AT_ONCE):
        tables = tables_with.rvs(_AT_ONCE, method="patefield", random_state=rng)
        logs = -special.gammaln(tables + 1).sum(axis=(1, 2))
        extreme += int((logs <= observed + RELATIVE_TOLERANCE).sum())
    return (extreme + 1) / (DRAWN_TABLES + 1)


_AT_ONCE = 20_000  # tables in memory


def _fillings(total: int, columns: Ints, most: int) -> Ints | None:
    """Every way to share `total` among the columns, shape (ways, columns); None if more than `most`."""
    sizes = [min(total, int(column)) + 1 for column in columns[:-1]]
    if np.prod(sizes, dtype=np.float64) > most:
        return None
    first = np.indices(sizes).reshape(len(sizes), -1).T
    last = total - first.sum(axis=1)
    possible = (last >= 0) & (last <= columns[-1])
    return np.column_stack([first, last])[possible]


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
