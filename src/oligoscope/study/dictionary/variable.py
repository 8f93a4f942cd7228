"""What a column is: its names, kind, unit, levels, and what other words for them are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from oligoscope.bilingual import Text, as_written, without_marks

# What a column of places holds: one organ, several (divided by `;` once read), the station of a node, a side.
PlaceKind = Literal["organ", "organs", "station", "side"]
Kind = Literal["id", "text", "level", "integer", "number", "boolean", "date"]


@dataclass(frozen=True, slots=True)
class Measure:
    """The unit of a number.

    Attributes:
        word: As results.csv holds it.
        sign: As it is printed after a name; None where the name says what is counted.
    """

    word: str
    sign: Text | None = None


YEARS = Measure("years", Text("岁", "years"))
MILLIMETRES = Measure("mm", Text("mm", "mm"))
PER_CENT = Measure("percent", Text("%", "%"))
ORGANS_COUNTED = Measure("organs")
LESIONS_COUNTED = Measure("lesions")
DAYS = Measure("days", Text("天", "days"))
WEEKS = Measure("weeks", Text("周", "weeks"))
MONTHS = Measure("months", Text("月", "months"))


@dataclass(frozen=True, slots=True)
class LevelName:
    """A level of a variable.

    Attributes:
        word: As our tables and results.csv hold it.
        name: Its printed name.
        full: What the name is short for.
        synonyms: Other words that are certainly this level, compared as `words.level_form` says.
    """

    word: str
    name: Text
    full: Text | None = None
    synonyms: tuple[str, ...] = ()

    @property
    def in_full(self) -> Text:
        """`Complete response (CR)`; the name itself where it is short for nothing."""
        if self.full is None:
            return self.name
        zh, en = self.full.zh, self.full.en
        return Text(f"{zh}（{self.name.zh}）", f"{en[:1].upper()}{en[1:]} ({self.name.en})")


@dataclass(frozen=True, slots=True)
class Variable:
    """One column that a user may give, or that is derived.

    Attributes:
        name: Our name for it.
        label: Its printed name, without the unit.
        kind: What a cell holds. A `date` column `X_on` may be given as `X_day` instead.
        levels: Of a `level` column the words it may hold, in their printed order; of a score its printed numbers.
        unit: Of its numbers.
        low, high: Allowed range of a number, inclusive.
        required: A row without it cannot be used.
        decisive: Its cell decides a response, a progression or a date: an unreadable one excludes the row.
        aliases: Other headers that are certainly this column, compared as `headers.header_form` says.
        decides: What it decides.
        lost_without: What is lost where it is not given.
        composed: Reads words made of parts (drugs, genes) as a level; None for a word that is not certain.
        place: Its words are of the anatomical vocabulary.
    """

    name: str
    label: Text
    kind: Kind = "text"
    levels: tuple[LevelName, ...] = ()
    unit: Measure | None = None
    low: float | None = None
    high: float | None = None
    required: bool = False
    decisive: bool = False
    aliases: tuple[str, ...] = ()
    decides: Text | None = None
    lost_without: Text | None = None
    composed: Callable[[str], str | None] | None = None
    place: PlaceKind | None = None

    @property
    def printed(self) -> Text:
        """Its name with the unit."""
        if self.unit is None or self.unit.sign is None:
            return self.label
        sign = self.unit.sign
        return type(self.label)(f"{self.label.zh}/{sign.zh}", f"{self.label.en}, {sign.en}")

    @property
    def words(self) -> tuple[str, ...]:
        """Its levels as the tables hold them."""
        return tuple(str(level.word) for level in self.levels)

    def level_name(self, word: str) -> Text:
        """The printed name of a level; another word as it is written."""
        return next((level.name for level in self.levels if level.word == word), None) or as_written(word)


def level(word: str, zh: str, en: str, *synonyms: str) -> LevelName:
    """A level with its printed names and the other words that are certainly it."""
    return LevelName(word, Text(zh, en), synonyms=synonyms)


def named_levels(*rows: tuple[str, str, str]) -> tuple[LevelName, ...]:
    """Levels by rows of word, name in Chinese and name in English."""
    return tuple(LevelName(word, Text(zh, en)) for word, zh, en in rows)


def same_levels(*words: str) -> tuple[LevelName, ...]:
    """Levels that print as they are written, in either language."""
    return tuple(LevelName(word, Text(word, word)) for word in words)


def own_variable(column: str, name: Text, levels: Mapping[str, Text], unit: str) -> Variable:
    """A column of the user's with the names that study.yaml gives it."""
    measure = Measure(unit, as_written(unit)) if unit else None
    names = tuple(LevelName(word, without_marks(text)) for word, text in levels.items())
    return Variable(column, without_marks(name), levels=names, unit=measure)
