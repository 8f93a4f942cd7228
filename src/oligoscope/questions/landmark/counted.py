"""Survival after progression as it was reported from the day of progression and from the landmark: read by table, figure and words."""

from __future__ import annotations

from dataclasses import dataclass

from oligoscope.bilingual import Count, Text
from oligoscope.printing.adjusting import adjusted_by_method
from oligoscope.printing.changing_hazards import Change, change_of
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.results.analyses import LANDMARK_AFTER_PROGRESSION, SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import LandmarkAfter, Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import is_comparison, is_of, parts_of


@dataclass(frozen=True, slots=True)
class Counted:
    """Two groups compared from one day.

    Attributes:
        days: Days after progression; 0: the day of progression itself.
        groups: The group and the reference.
        found: Every estimate of the groups and of their comparison.
        change: What is beside a ratio that changes with time.
    """

    days: int
    groups: tuple[str, ...]
    found: tuple[Estimate, ...]
    change: Change | None

    def of(self, group: str, statistic: Statistic) -> Estimate | None:
        """A number of a group."""
        return next((e for e in self.found if (e.group, e.statistic) == (group, statistic)), None)

    @property
    def _compared(self) -> list[Estimate]:
        return [e for e in self.found if is_comparison(e.group) and not e.level and e.variable != "cox"]

    def compared(self, statistic: Statistic) -> Estimate | None:
        """A number of the comparison."""
        return next((e for e in self._compared if e.statistic == statistic), None)

    @property
    def statistic(self) -> Estimate | None:
        """Of the log-rank test, where the style asks for it."""
        return statistic_of(self._compared, self.compared(Statistic.P_VALUE))

    @property
    def adjusted_for(self) -> tuple[str, ...]:
        """Of the comparison from the day of progression, what its adjusted ratio is adjusted for."""
        ratio = self.compared(Statistic.HAZARD_RATIO_ADJUSTED)
        return () if ratio is None or ratio.value is None else adjusted_by_method(ratio.method)

    @property
    def when(self) -> Text:
        """From which day, as the head of a block."""
        if not self.days:
            return Text("自首次进展起", "From the first progression")
        return Text(
            f"自首次进展后 {self.days} 天起", f"From {Count(self.days):day|days} after the first progression"
        )


def from_landmark(results: Results, population: str, by: str) -> Counted | None:
    """The comparison from the landmark; None where the groups are not compared."""
    found = results.find(analysis=LANDMARK_AFTER_PROGRESSION, population=population)
    ratios = (e for e in found if e.statistic == Statistic.HAZARD_RATIO and is_comparison(e.group))
    ratio = next((e for e in ratios if is_of(e.group, by)), None)
    if ratio is None or not isinstance(ratio.variable, LandmarkAfter):
        return None
    groups = parts_of(ratio.group)
    own = tuple(e for e in found if e.group in {*groups, ratio.group})
    return Counted(ratio.variable.days, groups, own, change_of(results, ratio))


def from_progression(results: Results, landmark: Counted, population: str) -> Counted | None:
    """The same groups from the day of progression; None where the study did not compare them."""
    found = results.find(analysis=SURVIVAL, population=population, outcome=Outcome.PPS)
    ratio = next(
        (e for e in found if e.statistic == Statistic.HAZARD_RATIO and parts_of(e.group) == landmark.groups),
        None,
    )
    if ratio is None:
        return None
    own = tuple(e for e in found if e.group in {*landmark.groups, ratio.group})
    return Counted(0, landmark.groups, own, change_of(results, ratio))


def both_days(results: Results, population: str, by: str) -> list[Counted]:
    """From the day of progression, where that was asked for, and from the landmark."""
    landmark = from_landmark(results, population, by)
    if landmark is None:
        return []
    start = from_progression(results, landmark, population)
    return [landmark] if start is None else [start, landmark]
