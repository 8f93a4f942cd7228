"""Rules as data: ordered tables over the rows of a frame, of which the first that holds wins.

polars keeps "unknown" apart from false; here a condition that cannot be evaluated does not hold, everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import polars as pl

Label_co = TypeVar("Label_co", bound="str | None", covariant=True)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Label_co]):
    """One row of a table.

    Attributes:
        label: What is written where it holds; None where nothing can be said.
        sentence: When it holds, in words.
        holds: The same as a condition.
        source: Where it comes from.
    """

    label: Label_co
    sentence: str
    holds: pl.Expr
    source: str = ""

    @property
    def is_met(self) -> pl.Expr:
        """Its condition, unknown read as false."""
        return self.holds.fill_null(value=False)


Ruled = TypeVar("Ruled", bound="Rule[str | None]")
OTHERWISE = pl.lit(value=True)


def first_that_holds(
    rules: Sequence[Ruled], value: Callable[[Ruled], pl.Expr | str | None] = lambda rule: rule.label
) -> pl.Expr:
    """What belongs to the first rule that holds, by default its label; null where none does."""
    found = pl.lit(None)
    for rule in reversed(rules):
        found = pl.when(rule.is_met).then(_literal(value(rule))).otherwise(found)
    return found


def all_that_hold(rules: Iterable[Rule[str]], divider: str = ";") -> pl.Expr:
    """The labels of every rule that holds, in their order; null where none does."""
    labels = [pl.when(rule.is_met).then(pl.lit(str(rule.label))) for rule in rules]
    return pl.concat_str(labels, separator=divider, ignore_nulls=True).replace("", None)


def _literal(value: pl.Expr | str | None) -> pl.Expr:
    if isinstance(value, pl.Expr):
        return value
    return pl.lit(None if value is None else str(value))  # str: a word of an enum is its text
