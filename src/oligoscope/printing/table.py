"""A table as a frozen value: what every writer (HTML, Word, Excel) draws.

Inside a text, `*P*` marks a letter to be set in italics (`plain_text.spans` reads it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.results.results import Estimate

Key = tuple[str, ...]
Align = Literal["start", "center"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell.

    Attributes:
        text: What is printed.
        key: Key of the estimate it prints; None for words.
        more_keys: Keys of further estimates in the same cell (the percentage, the SD).
        mark: Letter of the footnote that belongs to it.
    """

    text: Text
    key: Key | None = None
    more_keys: tuple[Key, ...] = ()
    mark: str = ""

    @property
    def keys(self) -> tuple[Key, ...]:
        return (() if self.key is None else (self.key,)) + self.more_keys


@dataclass(frozen=True, slots=True)
class Header:
    """Head of a column, with a second line such as (n=289)."""

    text: Text
    detail: Text | None = None
    key: Key | None = None
    align: Align = "center"

    def lines(self, language: Language) -> list[str]:
        """Its name and, where it has one, its second line."""
        return [self.text[language], *([] if self.detail is None else [self.detail[language]])]


@dataclass(frozen=True, slots=True)
class Row:
    """One row; the first cell names it. A heading row opens a group of rows."""

    cells: tuple[Cell, ...]
    indent: int = 0
    is_heading: bool = False

    @property
    def runs_over(self) -> bool:
        """Whether it is a heading over the whole width: all its cells but the first are blank."""
        return self.is_heading and all(cell == BLANK for cell in self.cells[1:])


@dataclass(frozen=True, slots=True)
class Table:
    """A three-line table; rows have as many cells as there are columns."""

    id: str
    title: Text
    columns: tuple[Header, ...]
    rows: tuple[Row, ...]
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        wrong = [r for r in self.rows if len(r.cells) != len(self.columns)]
        if wrong:
            raise ValueError(f"{self.id}: {len(wrong)} rows do not have {len(self.columns)} cells")

    def printed_keys(self) -> Iterator[Key]:
        """Key of every estimate the table prints."""
        yield from (c.key for c in self.columns if c.key is not None)
        for row in self.rows:
            for cell in row.cells:
                yield from cell.keys


BLANK = Cell(Text("", ""))


def words(text: Text, mark: str = "") -> Cell:
    """A cell of words."""
    return Cell(text, mark=mark)


def row_of(*texts: Text) -> Row:
    """A row of words."""
    return Row(tuple(map(words, texts)))


def left(*texts: Text) -> tuple[Header, ...]:
    """Heads of columns of words, which begin at the left."""
    return tuple(Header(text, align="start") for text in texts)


def same(text: str) -> Text:
    """A text that is the same in both languages (numbers, codes)."""
    return Text(text, text)


def each_language(make: Callable[[Language], str]) -> Text:
    """Text from a function of the language."""
    zh, en = (make(language) for language in LANGUAGES)
    return Text(zh, en)


def key_of(estimate: Estimate | None) -> Key | None:
    """Key of an estimate that may not have been reported."""
    return None if estimate is None else estimate.key
