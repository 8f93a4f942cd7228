"""Printed names of what is compared: "male vs female", a level of a variable, a name inside a sentence."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.keys import CROSSED, PER_UNIT, Key, in_sentence, variable_and_level, versus
from oligoscope.study.vocabulary import name_of, variable_name

__all__ = ["CROSSED", "PER_UNIT", "in_sentence", "level_name", "variable_name", "versus"]


def level_name(name: str) -> Text:
    """`pd_l1=>=50%` as "PD-L1 expression, ≥50%"; a variable without a level by itself."""
    if isinstance(name, Key):
        return name_of(name)
    variable, _, level = name.partition("=")
    if not level:
        return variable_name(variable)
    return variable_and_level(variable_name(variable), name_of(level))
