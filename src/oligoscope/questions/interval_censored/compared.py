"""What was found of one grouping, together: what table, figure and sentences read."""

from __future__ import annotations

from dataclasses import dataclass

from oligoscope.bilingual import Text
from oligoscope.questions.interval_censored.question import INTERVAL_CENSORED
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.reported import AS_DATED
from oligoscope.study.keys import is_comparison, is_of

NO_COMPARISON = Text(
    "这两个风险比只用来比较两种计时方法，不作组间比较。",
    "These ratios compare the two ways of timing, not the groups.",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """The numbers of the groups of one variable in one population.

    Attributes:
        groups: The groups; of two the reference last.
        versus: "A vs B" of two groups; blank of others.
        found: All of them.
    """

    groups: tuple[str, ...]
    versus: str
    found: tuple[Estimate, ...]

    def of(self, group: str, statistic: Statistic, variable: str = "") -> Estimate | None:
        """A number of a group or of the comparison."""
        keys = (group, statistic, variable)
        return next((e for e in self.found if (e.group, e.statistic, e.variable) == keys), None)

    def of_both(self, statistic: Statistic, variable: str = "") -> Estimate | None:
        """A number of the comparison."""
        return self.of(self.versus, statistic, variable) if self.versus else None

    @property
    def ratio(self) -> Estimate | None:
        """The hazard ratio of the model of intervals."""
        return self.of_both(Statistic.HAZARD_RATIO)

    @property
    def as_dated(self) -> Estimate | None:
        """The hazard ratio of the times as dated."""
        return self.of_both(Statistic.HAZARD_RATIO, AS_DATED.name)


def compared(results: Results, population: str, by: str) -> Compared | None:
    """The numbers of one grouping; None where there are none."""
    found = results.find(analysis=INTERVAL_CENSORED.kind, population=population)
    own = tuple(e for e in found if e.group and is_of(e.group, by))
    groups = tuple(dict.fromkeys(e.group for e in own if not is_comparison(e.group)))
    versus = next((e.group for e in own if is_comparison(e.group)), "")
    return Compared(groups, versus, own) if groups else None
