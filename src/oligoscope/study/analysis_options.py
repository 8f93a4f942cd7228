"""What a kind of analysis can declare of its settings; each kind does so in its `question.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from oligoscope.study.dictionary.outcomes import Outcome

OptionName = Literal[
    "where",
    "by",
    "reference",
    "outcomes",
    "variables",
    "minimum_events",
    "minimum_events_per_variable",
    "horizon_months",
    "period_ends",
    "weighted_test",
    "rho_gamma",
    "clock",
    "small_sample",
    "exact_p",
    "adjust_for",
    "landmark_days",
]
OPTIONS: tuple[OptionName, ...] = get_args(OptionName)
OUTCOMES = tuple(Outcome)
Entry = Literal["taken", "ignored", "no_time"]

# What is given beside a hazard ratio that changes with time.
CHANGING: tuple[OptionName, ...] = ("horizon_months", "period_ends", "weighted_test", "rho_gamma")

UNMATCHED = ("treated", "progressed")
ANY_POPULATION = ("treated", "progressed", "matched")


@dataclass(frozen=True, slots=True)
class Options:
    """What one kind of analysis honours; any other setting is refused.

    Attributes:
        populations: Where it can be done. An analysis of all treated patients also takes `progressed`, and is then
            withheld with the reason, because a study that records progressed patients only has no others.
        honours: Settings that change its numbers.
        needs: Lists without which it has nothing to compute.
        outcomes: Endpoints it can analyse.
        two_groups: Whether it compares exactly two groups.
        completed: Whether it runs in the completed cohorts (multiple imputation) whatever the population; its
            variables are then completed, too.
        propensity: Whether it uses the propensity score: where its groups are those that are matched, the score
            and the balance reported are those of the matching.
        entry: What it does where patients entered late: it takes them into its risk sets from then on, it ignores this and its
            tests and ratios say so, or it has no time from the start in it. A method of it that would be biased is withheld.
        describes_start: Whether it says how patients were at the start and nothing of outcomes: matched groups that are not
            balanced have it all the same.
        apart_by: What, besides the patients, makes another question of it; a list must have nothing in common.
        of_unmatched: Of what it honours, settings that change nothing after matching and are refused there.
    """

    populations: tuple[str, ...]
    honours: tuple[OptionName, ...]
    needs: tuple[OptionName, ...] = ()
    outcomes: tuple[str, ...] = ()
    two_groups: bool = False
    completed: bool = False
    propensity: bool = False
    describes_start: bool = False
    apart_by: tuple[OptionName, ...] = ()
    entry: Entry = "no_time"
    of_unmatched: tuple[OptionName, ...] = ()


Kinds = Mapping[str, Options]  # every kind that study.yaml can ask for, by its name
