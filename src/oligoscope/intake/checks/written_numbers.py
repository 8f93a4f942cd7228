"""Numbers as people write them: with a unit, in words around them; or why one cannot be read."""

from __future__ import annotations

import re
from decimal import Decimal

from oligoscope.bilingual import Text
from oligoscope.intake.files.column_reading import Reading
from oligoscope.study.dictionary.per_cent import PD_L1_CLASSES, class_of_per_cent
from oligoscope.study.dictionary.two_lengths import is_more_lengths, two_lengths
from oligoscope.study.dictionary.units import unit_words, words_around
from oligoscope.study.dictionary.variable import MILLIMETRES, PER_CENT, Variable
from oligoscope.study.dictionary.words import plain

_DIGITS = r"(?:\d+(?:\.\d*)?|\.\d+)"
_NUMBER = re.compile(rf"[+-]?{_DIGITS}(?:e[+-]?\d{{1,3}})?", re.ASCII | re.IGNORECASE)
_AROUND = re.compile(
    rf"(?P<before>[^\d.+\-:=]*(?:-\s*[^\d.+\-:=]+)*)[\s:=\-]*?(?P<number>[+-]?{_DIGITS})(?P<after>\D*)",
    re.ASCII,
)
_PD_L1 = re.compile(r"^pd-?l1[\s:=]*", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_BOUND = re.compile(
    r"[<>≤≥~≈约].*|.*(?:以上|以下|左右|余|多|\+)|(?:多发|多个|多处|multiple|several|many|numerous).*",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"{_DIGITS}\s*[-~–—至到]\s*{_DIGITS}.*", re.ASCII)
_TEN, _HUNDRED = Decimal(10), Decimal(100)

TWO_DIAMETERS = Text(
    "两个径线；应为一个（淋巴结写短径，其他病灶写长径），或在 study.yaml 该表下写 two_diameters: recist",
    "two diameters; give one (the short axis of a node, the longest of another lesion), or write `two_diameters: recist` under the table in study.yaml",
)
_MORE_DIAMETERS = Text(
    "多个径线；应为一个：淋巴结写短径，其他病灶写长径", "several diameters; give one: the short axis of a node, the longest of another lesion"
)  # fmt: skip
DECIMAL_COMMA = Text(
    "逗号是小数点还是千位分隔？请在 study.yaml 该表下写 decimal: comma（12,5 即 12.5），或更正",
    "is the comma a decimal point? Write `decimal: comma` under the table in study.yaml (12,5 is 12.5), or correct the cell",
)
_DIAGNOSES: tuple[tuple[re.Pattern[str], Text], ...] = (
    (_COMMA, DECIMAL_COMMA),
    (_RANGE, Text("是一个范围；应为一个数字", "is a range; must be one number")),
    (_BOUND, Text("只是界限或约数；应为确切的数字", "is a limit or approximate; must be the number itself")),
)  # fmt: skip


def read_number(text: str, column: Variable, reading: Reading) -> Decimal | None:
    """The number in the unit of the column, exact; None where the text is no number of it.

    A unit in the cell counts before that of the column.
    """
    text = text.replace(",", ".") if reading.decimal_comma and _COMMA.fullmatch(text) else text
    if _NUMBER.fullmatch(text):
        return Decimal(text) * _factor(reading.unit)
    if reading.decimal_comma:
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    match = _AROUND.fullmatch(_PD_L1.sub("", text) if is_per_cent(column) else text)
    if match is None:
        return None
    before, after = plain(match["before"]).strip(":=-"), plain(match["after"])
    around, units = words_around(column), unit_words(column)
    number = match["number"]
    if before:
        number = number.lstrip("+-")
        if before not in around.before:
            return None
    if after in units:
        return Decimal(number) * units[after]
    if after and after not in around.after:
        return None
    return Decimal(number) * _factor(reading.unit)


def is_converted(text: str, column: Variable, reading: Reading) -> bool:
    """Whether a length was written in another unit than ours."""
    if column.unit is not MILLIMETRES:
        return False
    two = two_lengths(text) if reading.two_diameters is not None else None
    if two is not None:
        return any(
            unit_words(column).get(plain(unit)) == _TEN or (not unit and reading.unit == "cm")
            for _, unit in (two.first, two.second)
        )
    match = _AROUND.fullmatch(text)
    after = "" if match is None else plain(match["after"])
    return unit_words(column).get(after) == _TEN or (not after and reading.unit == "cm")


def _factor(unit: str | None) -> Decimal:
    return {"cm": _TEN, "fraction": _HUNDRED}.get(unit or "", Decimal(1))


def why_no_number(text: str) -> Text | None:
    """What a text is that people write in place of a number, and what to write; None where this is not known."""
    if two_lengths(text) is not None:
        return TWO_DIAMETERS
    if is_more_lengths(text):
        return _MORE_DIAMETERS
    return next((why for pattern, why in _DIAGNOSES if pattern.fullmatch(text)), None)


def read_two_diameters(text: str, column: Variable, reading: Reading) -> tuple[Decimal, Decimal] | None:
    """The longest and the shortest of two lengths in one cell, exact, in the unit of the column; None where it holds no two."""
    found = two_lengths(text)
    if found is None:
        return None
    values = [
        read_number(f"{number} {unit}".strip(), column, reading)
        for number, unit in (found.first, found.second)
    ]
    first, second = values
    return None if first is None or second is None else (max(first, second), min(first, second))


# ---- classes of per cent ---------------------------------------------------------------------------

_SIDE_WORDS = re.compile(
    r"阴性|阳性|negative|positive|高表达|低表达|弱阳性|强阳性|表达|tps|pd-?l1|[()（）\s:]|(?<![<>])=",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"(?P<sign>[<>]=?|≤|≥)(?P<n>\d+(?:\.\d+)?)%?", re.ASCII)
_OPEN = re.compile(r"(?P<n>\d+(?:\.\d+)?)%?(?P<sign>以上|以下|\+)", re.ASCII)
_BETWEEN = re.compile(r"(?P<a>\d+(?:\.\d+)?)%?[-~–—至到](?P<b>\d+(?:\.\d+)?)%?", re.ASCII)
_SIGNS = {">=": "≥", "<=": "≤", "以上": "≥", "+": "≥", "以下": "≤"}
_NEGATIVE = re.compile("阴性|negative", re.IGNORECASE)
_POSITIVE = re.compile("阳性|positive|高表达|低表达", re.IGNORECASE)


def class_of_limits(text: str) -> str | None:
    """The class of PD-L1 (<1%, 1-49%, >=50%) in which everything that a text allows lies; None where it names no class."""
    bare = _SIDE_WORDS.sub("", text)
    found = _NEGATIVE_CLASS if not bare and _NEGATIVE.search(text) else _class(bare)
    if found is None:
        return None
    is_negative = found == _NEGATIVE_CLASS
    says = (bool(_NEGATIVE.search(text)), bool(_POSITIVE.search(text)))
    return None if (says[0] and not is_negative) or (says[1] and is_negative) else found


_NEGATIVE_CLASS, (_SECOND_FROM, _), _HIGHEST_CLASS = (
    PD_L1_CLASSES[0][1],
    PD_L1_CLASSES[1],
    PD_L1_CLASSES[-1][1],
)


def _class(bare: str) -> str | None:
    if match := _LIMIT.fullmatch(bare) or _OPEN.fullmatch(bare):
        sign, n = _SIGNS.get(match["sign"], match["sign"]), Decimal(match["n"])
        if sign in {"<", "≤"}:
            is_below = n <= _SECOND_FROM if sign == "<" else n < _SECOND_FROM
            return _NEGATIVE_CLASS if is_below else None
        found = class_of_per_cent(n)
        return found if found == _HIGHEST_CLASS else None
    if match := _BETWEEN.fullmatch(bare):
        low, high = Decimal(match["a"]), Decimal(match["b"])
        # Numbers below 1 may be parts of 1.
        one = _SECOND_FROM <= low <= high and class_of_per_cent(low) == class_of_per_cent(high)
        return class_of_per_cent(low) if one else None
    return None


def asked_of_scale(text: str) -> Text:
    """The question about a number below 1 beside larger ones in a column of per cent."""
    shown = f"{(Decimal(text) * 100).normalize():f}"
    return Text(
        f"是 {shown}% 还是 {text}%？同列另有大于 1 的数字", f"is it {shown} % or {text} %? Other numbers of the column are above 1"
    )  # fmt: skip


def is_per_cent(column: Variable) -> bool:
    """Whether a column of ours is in per cent."""
    return column.unit is PER_CENT
