"""What may have happened to a patient until a landmark."""

from __future__ import annotations

from collections.abc import Iterable

from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, StatisticAt
from oligoscope.study.dictionary.terms import Pattern
from oligoscope.study.keys import is_comparison, parts_of

NONE = "no_progression"
STATES = (NONE, Pattern.OLIGO.value, Pattern.SYSTEMIC.value)

PAIRS = ((STATES[1], STATES[2]), (STATES[1], NONE), (STATES[2], NONE))


def between_patterns(found: Iterable[Estimate]) -> dict[Statistic | StatisticAt, Estimate]:
    """Of these estimates those that compare the two patterns throughout, by statistic."""
    compared = (e for e in found if is_comparison(e.group) and not e.level)
    return {e.statistic: e for e in compared if NONE not in parts_of(e.group)}
