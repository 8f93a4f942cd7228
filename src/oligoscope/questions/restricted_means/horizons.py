"""What was reported up to each horizon, together: what table, figure and sentences read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oligoscope.questions.restricted_means.question import RESTRICTED_MEANS
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, StatisticAt, at_months
from oligoscope.study.keys import is_comparison, is_of, parts_of


@dataclass(frozen=True, slots=True)
class UpTo:
    """The comparison of one outcome up to one horizon.

    Attributes:
        outcome: What was observed.
        groups: The first and the reference.
        months: The horizon.
        common: The estimate of the common follow-up where that is the horizon; None where it was set beforehand.
        means: One a group; None where there is no answer.
        lost: The horizon less the mean.
        difference: First less second.
        ratio: First over second.
        p: That of the difference.
    """

    outcome: str
    groups: tuple[str, ...]
    months: float
    common: Estimate | None
    means: tuple[Estimate | None, ...]
    lost: tuple[Estimate | None, ...]
    difference: Estimate
    ratio: Estimate | None
    p: Estimate | None

    @property
    def printed(self) -> tuple[Estimate, ...]:
        """Every estimate of it."""
        every = (*self.means, *self.lost, self.difference, self.ratio, self.p, self.common)
        return tuple(e for e in every if e is not None)


def horizons_of(results: Results, population: str, by: str, outcome: str = "") -> list[UpTo]:
    """The comparisons of the groups of `by`: outcome by outcome, the earliest horizon first."""
    found = results.find(analysis=RESTRICTED_MEANS.kind, population=population)
    differences = (e for e in found if e.statistic.family == Statistic.RESTRICTED_MEAN_DIFFERENCE)
    compared = (e for e in differences if is_comparison(e.group) and is_of(e.group, by))
    return [_up_to(results, e) for e in compared if outcome in {"", e.outcome}]


def _up_to(results: Results, difference: Estimate) -> UpTo:
    e, groups = difference, parts_of(difference.group)
    fixed = e.statistic.months if isinstance(e.statistic, StatisticAt) else None

    def own(statistic: Statistic, group: str = e.group, variable: str = "") -> Estimate | None:
        same: dict[str, Any] = {"analysis": e.analysis, "population": e.population, "outcome": e.outcome}
        at = statistic if fixed is None else at_months(statistic, fixed)
        return results.get(**same, group=group, variable=variable, statistic=at)

    common = own(Statistic.RESTRICTED_MEAN_HORIZON) if fixed is None else None
    return UpTo(
        outcome=e.outcome,
        groups=groups,
        months=(fixed if common is None else common.value) or 0,
        common=common,
        means=tuple(own(Statistic.RESTRICTED_MEAN, g) for g in groups),
        lost=tuple(own(Statistic.RESTRICTED_TIME_LOST, g) for g in groups),
        difference=e,
        ratio=own(Statistic.RESTRICTED_MEAN_RATIO),
        p=own(Statistic.P_VALUE, variable=Statistic.RESTRICTED_MEAN),
    )
