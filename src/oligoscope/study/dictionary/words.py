"""Words of cells: how they are compared, and which of our words one of them certainly is."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from oligoscope.bilingual import Text
from oligoscope.plain_text import INVISIBLE
from oligoscope.study.dictionary.variable import LevelName, Variable

_BLANKS = re.compile(rf"\s+|_|{INVISIBLE}")
_DASHES = re.compile("[~\u2010-\u2015\u2212]")
_PER_CENT = re.compile(r"(?<=\d)%")
# Between two letters a dash or stroke only joins; beside a digit or a sign it may mean a range, a list or a minus.
_JOINING = re.compile(r"(?<=[^\W\d])[-/](?=\w)|(?<=\w)[-/](?=[^\W\d])")
_DIVIDING = re.compile(r"\s*[-/~\u2010-\u2015\u2212]\s*|(?<=[a-z])[\s_]+(?=[a-z])")
_LETTER = re.compile(r"[^\W\d_]")
# `1:DECEASED`, `2=女`: a code beside its label says nothing; `SBRT (stereotactic radiotherapy)`, `NE 无法评价`: a word twice.
_CODED = re.compile(r"\d{1,2}\s*[:=.、)]\s*(?=[^\W\d_])(?P<label>.+)", re.DOTALL)
_IN_FULL = re.compile(r"(?P<word>[^()]+)\((?P<full>[^()]+)\)")
YES_WORDS = ("yes", "true", "1", "y", "是", "有", "√", "✓")
NO_WORDS = ("no", "false", "0", "n", "否", "无")


def plain(text: str) -> str:
    """The form in which two words are compared: width, case, spaces and underscores do not matter."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def level_form(text: str) -> str:
    """The form in which levels are compared: ≥ equals >=, every dash is one, and what only joins letters goes."""
    form = _DASHES.sub("-", plain(text).replace("≥", ">=").replace("≤", "<="))
    return _JOINING.sub("", _PER_CENT.sub("", form))


def _between(text: str) -> tuple[str, ...]:
    """What is between dashes, strokes and the blanks of Latin words."""
    written = unicodedata.normalize("NFKC", text).strip().casefold()
    return tuple(part for part in _DIVIDING.split(written) if part)


@cache
def _divided_names(levels: tuple[LevelName, ...]) -> frozenset[tuple[str, ...]]:
    """Names of levels that have such a sign of their own, which are no choice between two: `PET-CT`, `no progression`."""
    names = (n for level in levels for n in (str(level.word), level.name.zh, level.name.en, *level.synonyms))
    return frozenset(parts for name in names if len(parts := _between(name)) > 1)


def _is_choice(levels: tuple[LevelName, ...], text: str) -> bool:
    """Whether the text names two levels: `I-II` is neither of them, and not III."""
    parts = _between(text)
    if len(parts) < 2 or parts in _divided_names(levels):
        return False
    named = [words_of(levels).get(level_form(part)) for part in parts]
    return None not in named and len(set(named)) > 1


@cache
def words_of(levels: tuple[LevelName, ...]) -> Mapping[str, str]:
    """Our words, their printed names and synonyms, in `level_form`, to our words; a name of two words is not read."""
    names: dict[str, str] = {}
    for level in levels:
        full = () if level.full is None else (level.full.zh, level.full.en)
        for name in (level.name.zh, level.name.en, *full, *level.synonyms):
            form = level_form(name)
            names[form] = "" if names.get(form, level.word) != level.word else str(level.word)
    own = {level_form(str(level.word)): str(level.word) for level in levels}
    return MappingProxyType({form: word for form, word in names.items() if word} | own)


def level_reader(variable: Variable) -> Callable[[str], str | None]:
    """`read_level` for many cells of one column."""
    words, composed = words_of(variable.levels), variable.composed
    # Of a number the levels are its own digits; a sign before them must not be lost.
    worded = variable.kind == "integer"

    def read(text: str) -> str | None:
        if worded and not _LETTER.search(text):
            return None
        found = words.get(level_form(text))
        if found is not None and _is_choice(variable.levels, text):
            return None
        if found is None and not worded:
            found = _beside(words, text)
        return composed(text) if found is None and composed is not None else found

    return read


def _beside(words: Mapping[str, str], text: str) -> str | None:
    """The level of a label beside its code, and of a word that is written short and in full."""
    written = unicodedata.normalize("NFKC", text).strip()
    if coded := _CODED.fullmatch(written):
        return words.get(level_form(coded["label"]))
    if twice := _IN_FULL.fullmatch(written):
        word, full = (words.get(level_form(part)) for part in twice.groups())
        return word if word == full else None
    named = {words.get(level_form(part)) for part in re.split(r"[\s/|]+", written)}
    return named.pop() if len(named) == 1 else None


def read_level(variable: Variable, text: str) -> str | None:
    """Which level of the variable a cell certainly is, in our word; None where it is not certain.

    Of a whole number with levels (ECOG, line) only words are read (`PS 1`, `一线`), not its digits.
    """
    return level_reader(variable)(text)


def read_yes_no(text: str) -> bool | None:
    """Whether a cell says yes; None where it says neither yes nor no."""
    return _YES_NO.get(plain(text))


def nearest_levels(variable: Variable, text: str) -> tuple[LevelName, ...]:
    """The levels that were probably meant, the nearest first; at most three, and none where nothing is near."""
    words = words_of(variable.levels)
    form = level_form(text)
    near = difflib.get_close_matches(form, words, n=6, cutoff=0.6)
    near += [known for known in words if len(known) > 1 and known in form]
    by_word = {str(level.word): level for level in variable.levels}
    return tuple(by_word[word] for word in list(dict.fromkeys(words[name] for name in near))[:3])


def name_and_word(level: LevelName) -> Text:
    """`鳞癌（squamous）`, `Squamous (squamous)`: the printed name, and our word where it is another one."""
    word, name = str(level.word), level.name
    zh = name.zh if level_form(name.zh) == level_form(word) else f"{name.zh}（{word}）"
    return Text(zh, name.en if level_form(name.en) == level_form(word) else f"{name.en} ({word})")


def allowed_levels(variable: Variable) -> Text:
    """`应为 男（male）、女（female）`: what a cell of the column may hold, in words."""
    names = [name_and_word(level) for level in variable.levels]
    return Text("应为 " + "、".join(n.zh for n in names), "must be " + ", ".join(n.en for n in names))


def not_a_level(variable: Variable, text: str) -> Text:
    """What a cell should hold instead of a word that is not certain: the levels, and the nearest of them."""
    allowed, near = allowed_levels(variable), [name_and_word(one) for one in nearest_levels(variable, text)]
    if not near:
        return allowed
    zh, en = "、".join(n.zh for n in near), ", ".join(n.en for n in near)
    return Text(f"{allowed.zh}；最接近：{zh}", f"{allowed.en}; nearest: {en}")


_YES_NO = {plain(word): True for word in YES_WORDS} | {plain(word): False for word in NO_WORDS}
