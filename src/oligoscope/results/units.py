"""Units of reported numbers."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from oligoscope.bilingual import Text, as_written


class Unit(StrEnum):
    """A unit of ours; `str()` is its word in results.csv."""

    printed: Text

    PATIENTS = "patients", Text("例", "patients")
    PERCENT = "percent", Text("%", "percent")
    MONTHS = "months", Text("月", "months")
    EVENTS = "events", Text("例事件", "events")
    PAIRS = "pairs", Text("对", "pairs")
    VISITS = "visits", Text("次评估", "visits")
    PROBABILITY = "probability", Text("概率", "probability")
    YEARS = "years", Text("岁", "years")
    SETS = "sets", Text("组", "sets")
    SUM_OF_WEIGHTS = "sum of weights", Text("例（加权）", "patients, weighted")
    PER_100_MONTHS = "per 100 patient-months", Text("/100 人月", "per 100 patient-months")
    MM = "mm", Text("mm", "mm")
    ORGANS = "organs", Text("个器官", "organs")
    LESIONS = "lesions", Text("个病灶", "lesions")
    F = "F", Text("F", "F")  # of a test statistic that is an F and not a chi-squared

    def __new__(cls, word: str, printed: Text) -> Self:
        unit = str.__new__(cls, word)
        unit._value_, unit.printed = word, printed
        return unit


class OwnUnit(str):
    """A unit that study.yaml declares for a column of the user's."""

    __slots__ = ()

    @property
    def printed(self) -> Text:
        return as_written(self)


def unit_of(word: str) -> Unit | OwnUnit:
    """The unit of this word: ours, or else the user's."""
    try:
        return Unit(word)
    except ValueError:
        return OwnUnit(word)
