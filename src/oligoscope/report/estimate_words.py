"""The keys of an estimate in words: analysis, group, variable, level, statistic, unit."""

from __future__ import annotations

from collections.abc import Mapping

from oligoscope.bilingual import Text, join_texts
from oligoscope.questions.flow.figure import BUILT_IN
from oligoscope.questions.management.levels import LEVELS as OF_MANAGEMENT
from oligoscope.questions.weighting.targets import DOUBLY_ROBUST, TARGETS
from oligoscope.results.analyses import (
    BALANCE,
    BASELINE,
    COMPETING_RISKS,
    FLOW,
    ILLNESS_DEATH,
    IMPUTATION,
    PREDICTORS,
    RECLASSIFICATION,
    SITES,
    SUBGROUPS,
    TIMING,
    WEIGHTED_BALANCE,
)
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import LandmarkAfter, LandmarkAt, Statistic
from oligoscope.study.dictionary.definitions import definition_name, is_definition
from oligoscope.study.dictionary.derived import SITE_RELATION
from oligoscope.study.dictionary.levels import RESPONSES
from oligoscope.study.dictionary.reported import PERIOD, RANGES_OF_MONTHS, REPORTED
from oligoscope.study.keys import (
    VERSUS,
    Level,
    LevelOf,
    crossed_parts,
    is_comparison,
    is_crossed,
    level_name,
    parts_of,
    versus,
)
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import is_ours, name_of, variable_name

# Analyses whose variable is a column of patients, and those whose outcome is the column they group by.
OF_COLUMNS = frozenset(
    {BASELINE, IMPUTATION, BALANCE, WEIGHTED_BALANCE, PREDICTORS, SUBGROUPS, COMPETING_RISKS, ILLNESS_DEATH}
)
BY_COLUMN = frozenset({BASELINE, IMPUTATION, PREDICTORS, SITES, TIMING})


def group_words(estimate: Estimate) -> Text:
    """The group, or the groups compared; blank where the number is of all patients."""
    if not estimate.group:
        return Text("", "")
    parts = parts_of(estimate.group)
    if estimate.analysis == RECLASSIFICATION and any(map(is_definition, parts)):
        return join_texts(map(definition_name, parts), VERSUS, VERSUS)
    return versus(estimate.group)


def variable_of(estimate: Estimate, rules: Mapping[str, Text]) -> Text:
    """The variable of an estimate; of the flow of patients the sentence of its rule."""
    if estimate.analysis == FLOW and estimate.variable in rules:
        return rules[estimate.variable]
    if estimate.analysis in OF_COLUMNS:
        return column_words(estimate.variable)
    return variable_words(estimate.variable)


def outcome_words(analysis: str, outcome: str) -> Text:
    """What was observed; of some analyses the column whose groups are compared."""
    if analysis in BY_COLUMN:
        return column_words(outcome)
    return VARIABLES.get(outcome) or (name_of(outcome) if outcome else Text("", ""))


def column_words(column: str) -> Text:
    """A column of patients; blank where there is none."""
    return variable_name(column) if column else Text("", "")


def variable_words(variable: str) -> Text:
    """The variable; blank where there is none."""
    if isinstance(variable, LandmarkAt | LandmarkAfter):
        return variable.printed
    return VARIABLES.get(variable) or (variable_name(variable) if variable else Text("", ""))


def rule_words(protocol: Protocol) -> dict[str, Text]:
    """The sentence of every eligibility rule, by its id."""
    return BUILT_IN | {r.id: r.excluded.printed for r in protocol.eligibility}


def level_words(variable: str, level: str) -> Text:
    """A level of a variable; blank where there is none."""
    if not level:
        return Text("", "")
    is_own = isinstance(level, Level) and not is_ours(level.variable)
    known = {} if is_own else LEVELS.get(variable, {})
    if level in known:
        return known[level]
    if variable in RANGES_OF_MONTHS and not is_own:
        return Text(level.replace("-", "~"), level.replace("-", "–"))
    if isinstance(level, LevelOf):
        return name_of(level)
    if is_crossed(level):
        return join_texts(map(name_of, crossed_parts(level)), " → ", " → ")
    if variable in {Statistic.LARGEST_SMD, Statistic.MAXIMUM_SMD}:
        return level_name(level)
    return versus(level)


def level_of(estimate: Estimate) -> Text:
    """The level of an estimate, which some analyses give without a variable."""
    if estimate.statistic in {Statistic.LARGEST_SMD, Statistic.MAXIMUM_SMD}:
        return level_words(estimate.statistic, estimate.level)
    is_period = estimate.statistic == Statistic.HAZARD_RATIO_PERIOD and not is_comparison(estimate.level)
    variable = PERIOD.name if is_period else estimate.variable or estimate.outcome  # at a landmark, too
    return level_words(variable, estimate.level)


def row_words(estimate: Estimate, rules: Mapping[str, Text]) -> Text:
    """All keys in one line, as a link to the row says it; `rules` are the sentences of the flow."""
    names = (
        estimate.analysis.printed,
        name_of(estimate.population),
        outcome_words(estimate.analysis, estimate.outcome),
        group_words(estimate),
        variable_of(estimate, rules),
        level_of(estimate),
        estimate.statistic.printed,
    )
    return join_texts(names, "，", ", ")


VARIABLES: dict[str, Text] = {
    **{variable.name: variable.label for variable in REPORTED},
    SITE_RELATION.name: SITE_RELATION.label,
    Statistic.RESTRICTED_MEAN: Statistic.RESTRICTED_MEAN.printed,
    **TARGETS,
    "aipw": DOUBLY_ROBUST,
}
LEVELS: dict[str, dict[str, Text]] = {
    **OF_MANAGEMENT,
    "best_response": {level.word: level.in_full for level in RESPONSES},
    **{
        v.name: {level.word: level.name for level in v.levels} for v in (*REPORTED, SITE_RELATION) if v.levels
    },
}
