"""Text that every writer can carry, and the one mark that a writer reads: `*P*`, a statistical letter in italics.

A journal's style may set only some of the letters so, or none (`letters_in_italics`); every mark is read all the same.

Words of the user's are never markup: only the letters of our own sentences are marked, standing by themselves, and what
looks so in a word of the user's is shielded before it comes into a sentence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import chain, count

from oligoscope.style_reads import Reads, reads_gathered

NOT_IN_FILE_NAMES = r"[^A-Za-z0-9_.+-]+"  # of names that any system allows
_LONGEST = 120  # bytes of a file name that a word of the user's may take; systems allow 255 in all
# Control characters but the tab and the ends of lines, what XML 1.0 forbids, and lone halves of UTF-16 pairs.
# Polars writes it in the same way, and its text cannot hold the last.
CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]"
_FORBIDDEN = re.compile(f"{CONTROL}|[\ud800-\udfff]")
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
MESSAGE_LINES = 95  # of a list of faults on a screen; with what is said round it, a message has 100 at most
# Signs that cannot be seen: without width, or marks of direction, some of which turn the text after them round.
INVISIBLE = "[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_REMOVED = re.compile(f"{CONTROL}|[\ud800-\udfff]|{INVISIBLE}")
_NOT_SHOWN = re.compile(f"{CONTROL}|[\ud800-\udfff]|{_TURNING.pattern}|\x85")
# The letters that our sentences mark. `CYP2C19*2`, `a*b*c` and a lone asterisk are words of the user's.
_SHIELD = "\u2060"  # without width, and removed from the cells that are read
LETTERS = "FHPRUZkmnrtzχ"
ITALICS = "italics."  # in what `style_reads` gathers, before the letter
_ITALIC = re.compile(rf"(?<![A-Za-z0-9_*])\*([{LETTERS}])\*(?![A-Za-z0-9_*])")
_in_italics: ContextVar[str] = ContextVar("letters_in_italics", default=LETTERS)


def forbidden_in(text: str) -> str:
    """The characters of `text` that no document can carry, each once."""
    return "".join(dict.fromkeys(_FORBIDDEN.findall(text)))


def without_forbidden(text: str) -> str:
    """The text without them."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str, most: int) -> str:
    """The text on one line of at most `most` characters; what is cut is marked by `…`."""
    if len(text) > most:
        text = text[: most - 1] + "…"
    return _BREAKS.sub(" ", text)


def removed_in(text: str) -> str:
    """The characters of a cell that are removed where it is read, each once: the forbidden and the invisible ones."""
    return "".join(dict.fromkeys(_REMOVED.findall(text)))


def without_removed(text: str) -> str:
    """The text without them."""
    return _REMOVED.sub("", text)


def turning_in(text: str) -> str:
    """The characters of `text` that turn what follows them round, each once."""
    return "".join(dict.fromkeys(_TURNING.findall(text)))


def on_terminal(text: str) -> str:
    """The text with what a terminal would obey, or could not print, as its number: `\\u001b[31m`."""
    return _NOT_SHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def shielded(word: str) -> str:
    """A word of the user's such that `spans` and `plain` read no mark in it and give it back as it is."""
    return _ITALIC.sub(f"*{_SHIELD}\\1*", word) if "*" in word else word


@contextmanager
def letters_in_italics(letters: str) -> Iterator[None]:
    """Set only these of the marked letters in italics inside this; the others stand upright."""
    token = _in_italics.set(letters)
    try:
        yield
    finally:
        _in_italics.reset(token)


def spans(text: str) -> list[tuple[str, bool]]:
    """Cut a text into (piece, italic) at its `*P*` marks."""
    if text and "*" not in text and _SHIELD not in text:
        return [(text, False)]
    pieces, italic = _ITALIC.split(text), _in_italics.get()
    if (reads := reads_gathered()) is not None:
        reads |= letters_read(pieces[1::2])
    return [
        (piece.replace(_SHIELD, ""), i % 2 == 1 and piece in italic)
        for i, piece in enumerate(pieces)
        if piece
    ]


def letters_read(letters: Iterable[str]) -> Reads:
    """Of each letter whether it is in italics now, as `style_reads` notes it."""
    return {f"{ITALICS}{letter}": str(letter in _in_italics.get()) for letter in letters}


def plain(text: str) -> str:
    """The text without its italic marks."""
    if "*" not in text and _SHIELD not in text:
        return text
    return _ITALIC.sub(r"\1", text).replace(_SHIELD, "")


def file_stem(name: str, forbidden: str, sign: str = "-") -> str:
    """A name as part of a file name: runs of `forbidden` become `sign`, and a long name is cut.

    A cut name ends in a number made from the whole, so that two long names that begin alike stay two.
    """
    stem = re.sub(forbidden, sign, name)
    return stem if len(stem.encode()) <= _LONGEST else f"{_cut(stem)}-{digest(name)}"


def free_stem(stem: str, taken: Iterable[str]) -> str:
    """The stem, or the first of `stem-2`, `stem-3`, … that is not taken, also where capitals and small letters are one."""
    known = {name.casefold() for name in taken}
    tries = chain((stem,), (f"{stem}-{i}" for i in count(2)))
    return next(one for one in tries if one.casefold() not in known)


def digest(name: str) -> str:
    """Eight letters and digits that depend on the whole name."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _cut(name: str) -> str:
    return name.encode()[:_LONGEST].decode("utf-8", "ignore")


def anchor(name: str) -> str:
    """A name as part of an id in a page: letters, digits and `_ . : -` stay, every other sign becomes its number."""
    return re.sub(r"[^\w.:-]", lambda found: f"_{ord(found[0]):x}_", name)
