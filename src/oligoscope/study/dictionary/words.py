"""Words of cells and headers: how they are compared, and which of our words one of them certainly is."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from oligoscope.plain_text import INVISIBLE
from oligoscope.study.dictionary.variable import LevelName, Variable

_BLANKS = re.compile(rf"\s+|_|{INVISIBLE}")
_UNSEEN = {ord(sign): None for sign in "~–—\u2010\u2011−-%/"}
YES_WORDS = ("yes", "true", "1", "y", "是")
NO_WORDS = ("no", "false", "0", "n", "否")


def plain(text: str) -> str:
    """The form in which two words are compared: width, case, spaces and underscores do not matter."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def level_form(text: str) -> str:
    """The form in which levels are compared: ≥ equals >=, and dashes, ~, % and / do not matter."""
    return plain(text).replace("≥", ">=").replace("≤", "<=").translate(_UNSEEN)


@cache
def words_of(levels: tuple[LevelName, ...]) -> Mapping[str, str]:
    """Our words, their printed names and synonyms, in `level_form`, to our words; a name of two words is not read."""
    names: dict[str, str] = {}
    for level in levels:
        for name in (level.name.zh, level.name.en, *level.synonyms):
            form = level_form(name)
            names[form] = "" if names.get(form, level.word) != level.word else str(level.word)
    own = {level_form(str(level.word)): str(level.word) for level in levels}
    return MappingProxyType({form: word for form, word in names.items() if word} | own)


def read_level(variable: Variable, text: str) -> str | None:
    """Which level of the variable a cell certainly is, in our word; None where it is not certain."""
    return words_of(variable.levels).get(level_form(text))


def read_yes_no(text: str) -> bool | None:
    """Whether a cell says yes; None where it says neither yes nor no."""
    return _YES_NO.get(plain(text))


def nearest_levels(variable: Variable, text: str) -> tuple[LevelName, ...]:
    """The levels that were probably meant, the nearest first; at most three, and none where nothing is near."""
    words = words_of(variable.levels)
    near = difflib.get_close_matches(level_form(text), words, n=6, cutoff=0.6)
    by_word = {str(level.word): level for level in variable.levels}
    return tuple(by_word[word] for word in list(dict.fromkeys(words[form] for form in near))[:3])


_YES_NO = {plain(word): True for word in YES_WORDS} | {plain(word): False for word in NO_WORDS}
