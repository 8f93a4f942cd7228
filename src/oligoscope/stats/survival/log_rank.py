"""The log-rank test: a narrow adapter over `survival` (pinned; see docs/methods.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Labels, check_labels
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.library_calls import answering
from oligoscope.stats.survival.follow_up import FollowUp, check_entry, check_follow_up

if TYPE_CHECKING:
    from survival._survival import survdiff  # the library's public modules carry no types
else:
    from survival.surv_analysis import survdiff


@dataclass(frozen=True, slots=True)
class LogRank:
    """A log-rank test; the tuples have one entry a group, in the order of `groups`.

    Attributes:
        groups: The groups' labels, sorted.
        n: Patients of each group.
        observed: Events of each group, over all strata.
        expected: Events expected of each group were all hazards equal, over all strata.
    """

    chi_squared: float
    degrees_of_freedom: int
    p_value: float
    groups: tuple[Any, ...]
    n: tuple[int, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]


def log_rank(
    months: ArrayLike,
    died: ArrayLike,
    group: ArrayLike,
    strata: ArrayLike | None = None,
    *,
    entry: ArrayLike | None = None,
) -> LogRank:
    """Test whether two or more groups have one hazard of the event (R's `survdiff`, rho = 0).

    With delayed entry R: the score test of `coxph(Surv(entry, months, died) ~ group, ties = "exact")`.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        group: The group of each patient, shape (n,), numbers or text.
        strata: The stratum of each patient, shape (n,); comparisons are made within strata and summed.
        entry: Delayed entry, at risk from then on (entry < t <= months); shape (n,).

    Raises:
        DataError: Lengths differ; a time is negative or missing; a label is missing; an entry as of `cox`.
        NotEnoughData: One group only, no event, or no event while two groups were at risk.

    References:
        Mantel 1966; Peto & Peto 1972; variance is hypergeometric.
    """
    seen = check_follow_up(months, died)
    groups = check_labels(group, seen.months.size, "group")
    _require_a_comparison(seen, groups)
    stratum = None if strata is None else check_labels(strata, seen.months.size, "strata").codes
    begun = check_entry(entry, seen)
    with answering("no log-rank test", Doubt.NO_SHARED_RISK):
        test = survdiff(seen.months, seen.events, groups.codes, start=begun, strata=stratum)
    if test.df < 1 or not np.isfinite(test.chisq) or not np.any(np.diag(test.var) > 0):
        raise NotEnoughData(
            "No event happened while patients of two groups were at risk: no log-rank test.",
            Doubt.NO_SHARED_RISK,
        )
    return LogRank(
        chi_squared=float(test.chisq),
        degrees_of_freedom=int(test.df),
        p_value=float(test.pvalue),
        groups=groups.levels,
        n=tuple(np.bincount(groups.codes).tolist()),
        observed=_over_strata(test.obs),
        expected=_over_strata(test.exp),
    )


def _require_a_comparison(seen: FollowUp, groups: Labels) -> None:
    if len(groups.levels) == 1:
        raise NotEnoughData(
            f'All patients are in one group ("{groups.levels[0]}"): nothing to compare.', Doubt.ONE_GROUP_ONLY
        )
    if seen.n_events == 0:
        raise NotEnoughData("No event in any group: no log-rank test.", Doubt.NO_EVENTS)


def _over_strata(by_stratum: list[list[float]]) -> tuple[float, ...]:
    return tuple(sum(group) for group in by_stratum)
