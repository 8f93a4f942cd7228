"""Do hazard ratios stay the same over time? The score test of Grambsch and Therneau (R's `cox.zph`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from numpy.typing import ArrayLike

from oligoscope.errors import NotEnoughData, UsageError
from oligoscope.stats.arrays import check_columns
from oligoscope.stats.comparison.test_result import ColumnTest
from oligoscope.stats.library_calls import answering
from oligoscope.stats.survival.cox import DOUBTS, check_varying, find_trouble, fit_coxph
from oligoscope.stats.survival.follow_up import check_follow_up

if TYPE_CHECKING:
    from survival._survival import CoxZphTest, cox_zph  # the library's public modules carry no types
else:
    from survival.regression import cox_zph

TimeScale = Literal["km", "rank", "identity", "log"]


@dataclass(frozen=True, slots=True)
class ProportionalHazards:
    """Tests that log hazard ratios do not change with time.

    Attributes:
        terms: One a term (a variable with all its columns), in order.
        overall: Of all columns together (GLOBAL).
        time_scale: The scale of time on which a change is tested.
    """

    terms: tuple[ColumnTest, ...]
    overall: ColumnTest
    time_scale: TimeScale


def proportional_hazards(
    months: ArrayLike,
    died: ArrayLike,
    design: ArrayLike,
    *,
    terms: Sequence[Sequence[int]] | None = None,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    time_scale: TimeScale = "km",
) -> ProportionalHazards:
    """Test proportional hazards term by term and over all (R: `cox.zph(coxph(...), transform = "km")`).

    A large P is no proof: with few events the test has little power. Clusters change the standard errors of a Cox
    model, not this test.

    Args:
        months: As of `cox`.
        died: As of `cox`.
        design: As of `cox`, shape (n, k).
        terms: The columns of each term, every column in one; by default each column is one.
        strata: As of `cox`.
        entry: As of `cox`.
        weights: As of `cox`.
        time_scale: "km" (one minus Kaplan-Meier, R's default), "rank", "identity" or "log".

    Raises:
        DataError: As `cox`.
        NotEnoughData: As `cox`; or a column has no estimate.
        UsageError: An unknown time scale, or terms that are not every column once.

    References:
        Grambsch & Therneau 1994, as a score test since `survival` 3.0.
    """
    if time_scale not in get_args(TimeScale):
        raise UsageError(f'time_scale is "{time_scale}"; allowed are {", ".join(get_args(TimeScale))}.')
    columns = check_columns(design)
    asked = [[column] for column in range(columns.shape[1])] if terms is None else [list(t) for t in terms]
    if sorted(column for term in asked for column in term) != list(range(columns.shape[1])):
        raise UsageError(f"The terms {asked} do not name each of {columns.shape[1]} columns once.")
    seen = check_follow_up(months, died)
    fit = fit_coxph(seen, check_varying(columns, seen), strata=strata, weights=weights, entry=entry)
    problem, _ = find_trouble(fit, columns)
    if problem:
        raise NotEnoughData(f"No test of proportional hazards: {DOUBTS[problem]}.")
    with answering("no test of proportional hazards"):
        found = cox_zph(fit, transform=time_scale, global_test=True, assign=asked)
    overall = found.global_test
    tests = tuple(_as_test(test) for test in found.table[: len(asked)])
    return ProportionalHazards(tests, tests[0] if overall is None else _as_test(overall), time_scale)


def _as_test(test: CoxZphTest) -> ColumnTest:
    return ColumnTest("proportional hazards", float(test.chisq), round(test.df), float(test.p))
