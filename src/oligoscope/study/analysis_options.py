"""What each kind of analysis makes of its settings: the one table that study.yaml, the pipeline and the tests read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisKind

OptionName = Literal["where", "by", "outcomes", "variables", "minimum_events"]
OPTIONS: tuple[OptionName, ...] = get_args(OptionName)
OUTCOMES = tuple(Outcome)

_UNMATCHED = ("treated", "progressed")
_ANY = ("treated", "progressed", "matched")


@dataclass(frozen=True, slots=True)
class Options:
    """What one kind of analysis honours; whatever else study.yaml asks of it is refused.

    Attributes:
        populations: Where it can be done. An analysis of all treated patients also takes `progressed`, and is then
            withheld with the reason, because a study that records progressed patients only has no others.
        honours: Settings that change its numbers.
        needs: Lists without which it has nothing to compute.
        outcomes: Endpoints it can look at.
        two_groups: Whether it compares exactly two groups.
        completed: Whether it runs in the completed cohorts (multiple imputation) whatever the population.
        apart_by: What, besides the patients, makes another question of it; a list must have nothing in common.
    """

    populations: tuple[str, ...]
    honours: tuple[OptionName, ...]
    needs: tuple[OptionName, ...] = ()
    outcomes: tuple[str, ...] = ()
    two_groups: bool = False
    completed: bool = False
    apart_by: tuple[OptionName, ...] = ()


ANALYSIS_OPTIONS: dict[AnalysisKind, Options] = {
    "baseline": Options(_ANY, ("where", "by", "variables"), apart_by=("by",)),
    "survival": Options(
        _ANY,
        ("where", "by", "outcomes", "minimum_events"),
        needs=("outcomes",),
        outcomes=OUTCOMES,
        apart_by=("by", "outcomes"),
    ),
    "response_rate": Options(_UNMATCHED, ("where", "by")),
    "sites": Options(_UNMATCHED, ("where", "by"), apart_by=("by",)),
    "timing": Options(_UNMATCHED, ("where", "by"), apart_by=("by",)),
    "reclassification": Options(_UNMATCHED, ("where",)),
    "follow_up": Options(_UNMATCHED, ("where",)),
    "predictors": Options(
        _UNMATCHED,
        ("where", "by", "variables", "minimum_events"),
        needs=("variables",),
        two_groups=True,
        completed=True,
        apart_by=("by", "variables"),
    ),
    "weighting": Options(
        _UNMATCHED,
        ("where", "by", "outcomes", "minimum_events"),
        needs=("outcomes",),
        outcomes=OUTCOMES,
        two_groups=True,
        completed=True,
        apart_by=("by",),
    ),
    "subgroups": Options(
        _UNMATCHED,
        ("where", "by", "outcomes", "variables", "minimum_events"),
        needs=("outcomes", "variables"),
        outcomes=OUTCOMES,
        two_groups=True,
        apart_by=("by", "outcomes", "variables"),
    ),
    # These follow patients through no progression and both patterns: their groups and their endpoint are fixed.
    "landmark": Options(_UNMATCHED, ("where", "minimum_events"), outcomes=(Outcome.OS,)),
    "time_dependent": Options(_UNMATCHED, ("where", "minimum_events"), outcomes=(Outcome.OS,)),
    "competing_risks": Options(_UNMATCHED, ("where", "variables", "minimum_events")),
}
