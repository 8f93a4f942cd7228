"""What the rules of patients behind a number know of the study: its settings, its results, and groupings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from oligoscope.report.numbers.behind_terms import groupings
from oligoscope.results.analyses import IMPUTATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import ALL, Level, parts_of
from oligoscope.study.protocol import Protocol

GROUPING = "pattern"


@dataclass(frozen=True)
class StudyKnown:
    """A study that ran.

    Attributes:
        protocol: The settings that ran.
        results: What it reported.
        levels_in: The words that stand in a column of patients.csv.
    """

    protocol: Protocol
    results: Results
    levels_in: Callable[[str], frozenset[str]]

    @cached_property
    def imputed(self) -> frozenset[str]:
        """Variables of which values were drawn."""
        found = self.results.find(analysis=IMPUTATION, statistic=Statistic.PERCENT_MISSING)
        return frozenset(e.variable for e in found if e.value)

    @property
    def matched_by(self) -> str:
        """The column whose groups were completed and matched."""
        return GROUPING

    def grouping_of(self, kind: str, estimate: Estimate) -> str:
        """The column by which an analysis of completed cohorts grouped its patients."""
        return self.grouping(kind, estimate) or estimate.outcome or GROUPING

    def grouping(self, kind: str, estimate: Estimate) -> str | None:
        """The column whose levels the estimate's group names; None where no analysis of the kind has such."""
        groups = {g for g in parts_of(estimate.group) if g not in {"", ALL}}
        found = groupings(self.protocol, kind, estimate.population)
        variables = {g.variable for g in groups if isinstance(g, Level)}
        if len(variables) == 1:
            return next((by for by in found if by in variables), None)
        return next((by for by in found if groups <= self.levels_in(by)), None)
