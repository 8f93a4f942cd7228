"""Several words in one cell, divided by ";": organs, flags, notes.

A ";" inside a word is written `\\;` and a "\\" before it or at a word's end `\\\\`, so that a cell has one reading
whatever the user's words are. A cell whose words hold neither is unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

DIVIDER = ";"
_TO_ESCAPE = re.compile(r"[\\;]")
_ESCAPED = re.compile(r"\\([\\;])")
_DIVIDED = re.compile(r"(?:\\.|[^;])+", re.DOTALL)
# Signs that no word holds (they are taken out where files are read) replace what is escaped.
_BACKSLASH, _SEMICOLON = "\x1d", "\x1e"


def escaped(word: pl.Expr) -> pl.Expr:
    """Words as they are written in a cell that holds several."""
    return word.str.replace_all("\\", "\\\\", literal=True).str.replace_all(DIVIDER, "\\;", literal=True)


def joined(lists: pl.Expr) -> pl.Expr:
    """Lists of words as cells; a missing list is a missing cell."""
    return lists.list.eval(escaped(pl.element())).list.join(DIVIDER)


def in_cell(words: Iterable[str]) -> str:
    """Words as one cell, as `joined` writes them."""
    return DIVIDER.join(_TO_ESCAPE.sub(r"\\\g<0>", word) for word in words)


def divided(cell: pl.Expr) -> pl.Expr:
    """Cells as lists of their words, blank words left out; a missing cell is a missing list."""
    marked = cell.str.replace_all("\\\\", _BACKSLASH, literal=True).str.replace_all(
        "\\;", _SEMICOLON, literal=True
    )
    word = (
        pl.element()
        .str.replace_all(_SEMICOLON, DIVIDER, literal=True)
        .str.replace_all(_BACKSLASH, "\\", literal=True)
    )
    return marked.str.split(DIVIDER).list.eval(word.filter(word != ""))


def words_in(cell: str) -> tuple[str, ...]:
    """The words of one cell, as `divided` gives them."""
    return tuple(_ESCAPED.sub(r"\1", word) for word in _DIVIDED.findall(cell))
