"""Values as R code: whatever a text holds, it is read back as that text, and the code is plain ASCII."""

from __future__ import annotations

from collections.abc import Iterable

WIDEST = 120  # characters of a line; longer calls have a line for each argument
_DIVIDED = ",\n  "
_NAMED = {'"': '\\"', "\\": "\\\\"}
_NO_CHARACTER = "\ufffd"  # for NUL, which no text of R can hold


def r_text(text: str) -> str:
    """A text as R writes it.

    Every character that is not printable ASCII is given by its number, so that the code means the same in every locale.
    """
    return f'"{"".join(map(_character, text))}"'


def _character(sign: str) -> str:
    sign = _NO_CHARACTER if sign == "\0" else sign
    if sign in _NAMED:
        return _NAMED[sign]
    if " " <= sign <= "~":
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def r_texts(texts: Iterable[str]) -> str:
    """A vector of texts."""
    return f"c({', '.join(map(r_text, texts))})" if (texts := tuple(texts)) else "character()"


def r_truth(value: bool) -> str:
    """TRUE or FALSE."""
    return "TRUE" if value else "FALSE"


def r_call(function: str, *arguments: str, **named: str) -> str:
    """A call; a blank argument is left out."""
    given = [*arguments, *(f"{name} = {value}" for name, value in named.items() if value)]
    line = f"{function}({', '.join(given)})"
    return line if len(line) <= WIDEST else f"{function}({_DIVIDED.join(given)})"
