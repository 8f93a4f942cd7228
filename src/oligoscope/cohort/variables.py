"""How an analysis reads a column: as levels in their printed order, or as numbers."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from oligoscope.errors import UsageError
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings
from oligoscope.study.dictionary.variable import LESIONS_COUNTED, ORGANS_COUNTED
from oligoscope.study.keys import Comparison, Level
from oligoscope.study.vocabulary import VARIABLES

_FEW_PATIENTS = 3000
_FEW_LEVELS = 6  # a whole-number column with at most so many values (a score) is read as levels
# Numbers of lesions and organs: a model holds each as one number, not as a class for every count of a small cohort.
COUNTS = frozenset(v.name for v in VARIABLES.values() if v.unit in {LESIONS_COUNTED, ORGANS_COUNTED})


def column_of(patients: pl.DataFrame, name: str) -> pl.Series:
    """The column an analysis names.

    Raises:
        UsageError: No such column; the message lists those there are.
    """
    if name not in patients.columns:
        known = ", ".join(sorted(c for c in patients.columns if not c.startswith("_")))
        raise UsageError(
            f"An analysis names {name!r}, but the patients have no such column. There are: {known}."
        )
    return patients[name]


def is_levels(values: pl.Series) -> bool:
    """Words, yes/no and scores are levels; everything else that is a number is measured, and so is what the dictionary counts."""
    if values.dtype in (pl.String, pl.Boolean):
        return True
    return values.dtype.is_integer() and values.name not in COUNTS and values.n_unique() <= _FEW_LEVELS


def as_levels(values: pl.Series) -> pl.Series:
    """Levels as words; yes and no for a boolean."""
    if values.dtype == pl.Boolean:
        return values.replace_strict({True: "yes", False: "no"}, default=None, return_dtype=pl.String)
    return values.cast(pl.String)


def levels_of(name: str, values: pl.Series) -> tuple[str, ...]:
    """The levels that occur, in the dictionary's order, then by alphabet; each with its variable."""
    words = as_levels(values)
    # Each question to polars costs 0.1 ms; a list of a few patients 0.01.
    present = set(words.to_list() if len(words) < _FEW_PATIENTS else words.unique().to_list()) - {None}
    known = declared_levels(name)
    found = (*(v for v in known if v in present), *sorted(present.difference(known)))
    return tuple(Level.of(name, word) for word in found)


def declared_levels(name: str) -> tuple[str, ...]:
    """The levels the dictionary has for a column, in its order."""
    return VARIABLES[name].words if name in VARIABLES else ()


def with_reference(groups: tuple[str, ...], reference: str | None) -> tuple[str, ...]:
    """The groups with the one that study.yaml names as reference last; as they are where it names none of them.

    Of a yes/no column `true` is yes.
    """
    word = {"true": "yes", "false": "no"}.get(reference or "", reference)
    chosen = next((g for g in groups if g in {reference, word}), None)
    return groups if chosen is None else (*(g for g in groups if g != chosen), chosen)


def why_not_two(groups: Sequence[str]) -> Warnings:
    """Why groups cannot be compared two and two; blank where there are two."""
    if len(groups) == 2:
        return NO_WARNING
    few = WarningCode.ONE_GROUP_ONLY() if groups else WarningCode.NO_PATIENTS()
    return WarningCode.TWO_GROUPS_NEEDED() if len(groups) > 2 else few


def comparison(groups: tuple[str, ...]) -> str:
    """How a comparison is keyed: two groups "A vs B" (B is the reference), more "all groups"."""
    return Comparison.of(*groups)
