"""The printed names of what results hold, looked up in the dictionary."""

from __future__ import annotations

from collections.abc import Iterable

from oligoscope.bilingual import Text, as_written
from oligoscope.study.dictionary.derived import DETAILS, FIRST_LABELS, MORE_LABELS
from oligoscope.study.dictionary.given_patients import PATIENT_COLUMNS
from oligoscope.study.dictionary.levels import OTHER
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.places import ORGANS
from oligoscope.study.dictionary.populations import GROUPS, PARTS, POPULATIONS
from oligoscope.study.dictionary.variable import LevelName, Variable

OUTCOMES: dict[str, Text] = {
    **{outcome: outcome.printed for outcome in Outcome},
}
_LABELS = (*FIRST_LABELS, *PATIENT_COLUMNS, *MORE_LABELS)
# Columns of patients that the program itself reads or derives; every other column is the user's own.
VARIABLES: dict[str, Variable] = {variable.name: variable for variable in (*_LABELS, *DETAILS)}
_TEXTS_OF_THEIRS = frozenset(v.name for v in PATIENT_COLUMNS if v.kind in {"id", "text", "date"})


def _names_of(levels: Iterable[LevelName]) -> dict[str, Text]:
    return {str(level.word): level.name for level in levels}


# The variable whose word names patients by itself; a word of several (yes, chemo_io) is the first one's.
OWNERS: dict[str, str] = {
    word: variable.name for variable in reversed(_LABELS) for word in reversed(variable.words)
}
# Words that are no level of the user's; of a word of several variables the name in the first.
NAMES: dict[str, Text] = (
    {variable.name: variable.printed for variable in _LABELS if variable.name not in _TEXTS_OF_THEIRS}
    | {word: VARIABLES[owner].level_name(word) for word, owner in OWNERS.items()}
    | {variable.name: variable.printed for variable in DETAILS if variable.kind in {"integer", "number"}}
    | OUTCOMES
    | _names_of((*ORGANS, *GROUPS, *PARTS, *POPULATIONS))
)

ORGAN_NAMES: dict[str, Text] = _names_of((*ORGANS, OTHER))


def organ_name(word: str) -> Text:
    """The printed name of an organ; a word that is none of ours as it is written, whatever else it may name."""
    return ORGAN_NAMES.get(word) or as_written(word)


def name_of(word: str) -> Text:
    """The printed name of a key of results; an unknown word by itself.

    A typed key (`study.keys`) gives its own name. A plain word is read as one of the program's: not for words
    that may be the user's.
    """
    printed = getattr(word, "printed", None)
    if printed is not None:
        return printed
    if word in NAMES:
        return NAMES[word]
    if ":" in word:  # a part of a population, e.g. progressed:systemic
        whole, part = (name_of(w) for w in word.split(":", 1))
        return Text(f"{whole.zh}（{part.zh}）", f"{whole.en} ({part.en.lower()})")
    if word in VARIABLES:
        return VARIABLES[word].printed
    plain = word.replace("_", " ")
    return Text(plain, plain)


def described(column: str) -> Variable:
    """What is declared of a column: by the key itself, by the dictionary, or its name alone."""
    known = getattr(column, "described", None) or VARIABLES.get(column)
    if known is not None:
        return known
    plain = column.replace("_", " ")
    return Variable(column, OUTCOMES.get(column) or as_written(plain))


def column_name(variable: str) -> Text:
    """The printed name of a variable or outcome; a column of the user's by its own name, whatever word that is."""
    return described(variable).printed


def variable_name(variable: str) -> Text:
    """The name of a variable without its unit."""
    return described(variable).label


GROUP_COLUMN = "group:"  # in a model that imputes: before the word of a group
_HAZARDS = {
    outcome.hazard: Text(
        f"{outcome.printed.zh}的 Nelson-Aalen 累积风险",
        f"the Nelson-Aalen cumulative hazard of {outcome.printed.en[:1].lower()}{outcome.printed.en[1:]}",
    )
    for outcome in Outcome
}


def predictor_name(column: str) -> Text:
    """A column of a model that imputes, as inside a sentence: a cumulative hazard, a group, or a variable with its level."""
    if column.startswith(GROUP_COLUMN):
        group = name_of(column.removeprefix(GROUP_COLUMN))
        return Text(f"分组（{group.zh}）", f"the group ({group.en[:1].lower()}{group.en[1:]})")
    variable, mark, level = column.partition("=")
    name = _HAZARDS.get(column) or variable_name(variable)
    if not mark:
        return name
    part = name_of_level(variable, level)
    return Text(f"{name.zh} {part.zh}", f"{name.en}, {part.en}")


def is_ours(variable: str) -> bool:
    """Whether the program reads or derives this column itself."""
    return (variable in VARIABLES and variable not in _TEXTS_OF_THEIRS) or variable in OUTCOMES


def name_of_level(variable: str, level: str) -> Text:
    """The printed name of a level of a variable: ours by its name, the user's as it is written."""
    return described(variable).level_name(level)
