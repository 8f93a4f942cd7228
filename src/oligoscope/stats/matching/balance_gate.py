"""The gate of balance, set before any outcome is read: averages over imputations against a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from oligoscope.errors import DataError, UsageError
from oligoscope.stats.imputation.monte_carlo import jackknife, may_cross
from oligoscope.stats.matching.balance import Balance, Kind


@dataclass(frozen=True, slots=True)
class AveragedRow:
    """One row over the imputations: mean and largest absolute SMD."""

    variable: str
    level: object
    kind: Kind
    mean_smd: float
    largest_smd: float


@dataclass(frozen=True, slots=True)
class BalanceVerdict:
    """Whether the groups are balanced.

    Attributes:
        passed: `largest` is not above `limit`.
        largest: The largest, over levels and numbers, of the absolute SMD averaged over the imputations.
        largest_name: Whose it is: "age_years", or "stage=IV".
        maximum: The largest absolute SMD of any level or number in any imputation.
        maximum_name: Whose that is.
        limit: As set beforehand.
        n_imputations: Over how many.
        monte_carlo_error: Of `largest`: its standard deviation over other draws of the missing values; None of one imputation.
    """

    passed: bool
    largest: float
    largest_name: str
    maximum: float
    maximum_name: str
    limit: float
    n_imputations: int
    monte_carlo_error: float | None = None

    @property
    def is_by_draws(self) -> bool:
        """Whether other draws of the missing values could give the other verdict: the limit lies within the Monte Carlo interval."""
        error = self.monte_carlo_error
        return error is not None and may_cross(self.largest, error, self.n_imputations, self.limit)


def average_balance(balances: Sequence[Balance]) -> tuple[AveragedRow, ...]:
    """Mean and largest absolute SMD of every row over the imputations.

    Raises:
        DataError: There is none, or they are not of the same covariates with the same denominator.
    """
    if not balances:
        raise DataError("There is no balance to average.")
    shapes = {(b.denominator, tuple((r.variable, r.level, r.kind) for r in b.rows)) for b in balances}
    if len(shapes) > 1:
        raise DataError("The imputations differ in their covariates, their levels or the SD used.")
    sizes = np.abs([[row.smd for row in one.rows] for one in balances])
    return tuple(
        AveragedRow(row.variable, row.level, row.kind, float(column.mean()), float(column.max()))
        for row, column in zip(balances[0].rows, sizes.T, strict=True)
    )


def judge_balance(balances: Sequence[Balance], limit: float) -> BalanceVerdict:
    """The gate: is every level's and number's SMD, averaged over the imputations, within the limit?

    Absolute values are averaged, so that opposite imbalances do not cancel. The distance of a whole factor is
    reported but does not count: it grows with the number of levels.

    Raises:
        UsageError: The limit is not above 0.
        DataError: As `average_balance`.
    """
    if not limit > 0:
        raise UsageError(f"The limit of balance is {limit}; it must be above 0, as 0.1.")
    rows = [row for row in average_balance(balances) if row.kind != "factor"]
    largest, worst = max(rows, key=lambda row: row.mean_smd), max(rows, key=lambda row: row.largest_smd)
    return BalanceVerdict(
        passed=largest.mean_smd <= limit,
        largest=largest.mean_smd,
        largest_name=_name(largest),
        maximum=worst.largest_smd,
        maximum_name=_name(worst),
        limit=limit,
        n_imputations=len(balances),
        monte_carlo_error=_monte_carlo_error(balances),
    )


def _monte_carlo_error(balances: Sequence[Balance]) -> float | None:
    """Of the largest mean over the imputations, by the jackknife; None of one imputation, or where a difference is infinite.

    With each imputation left out the largest is found again, as another level may then be it.
    """
    if len(balances) < 2:
        return None
    sizes = np.abs([[row.smd for row in one.rows if row.kind != "factor"] for one in balances])
    if not np.isfinite(sizes).all():
        return None
    without = (sizes.sum(axis=0) - sizes) / (len(sizes) - 1)
    return jackknife(without.max(axis=1))


def _name(row: AveragedRow) -> str:
    return row.variable if row.kind == "number" else f"{row.variable}={row.level}"
