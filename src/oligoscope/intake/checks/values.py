"""One cell to one value, from its raw text; a cell that cannot be read is a fault and never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl.utils.datetime import from_excel

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.variable import PER_CENT, Variable
from oligoscope.study.dictionary.words import level_reader, not_a_level, read_yes_no

SERIAL = "serial since "  # followed by the workbook's day zero and the number: a date cell that Excel shows as a number


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell cannot be read."""

    expected: Text
    out_of_range: bool = False


Parse = Callable[[str], Any]  # a cell's plain text to its value, or a Fault


def parser(column: Variable) -> Parse:
    """How the cells of a column are read.

    Numbers stay exact decimals, lengths included; the caller turns them into the table's types.
    """
    inner = _PARSERS[column.kind](column)

    def parse(text: str) -> Any:
        return _refuse_errors(text) or inner(text)

    return parse


def _refuse_errors(text: str) -> Fault | None:
    if text.upper() in _EXCEL_ERRORS:
        return Fault(Text("公式出错；应为数值或文字", "is the error of a formula; must be a value"))
    if text.startswith("=") and len(text) > 1:
        return Fault(Text(
            "公式没有计算结果；请在 Excel 中打开并保存", "is a formula that was never calculated; open the file in Excel and save it",
        ))  # fmt: skip
    return None


_EXCEL_ERRORS = {
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?",
        r"(\d{4})/(\d{1,2})/(\d{1,2})(?: \d{1,2}:\d\d(?::\d\d)?)?",
        r"(\d{4})\.(\d{1,2})\.(\d{1,2})",
        r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?",
        r"((?:19|20)\d\d)(\d\d)(\d\d)",
    )
)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


# ---- kinds ----------------------------------------------------------------------------------------


def _text(_: Variable) -> Parse:
    return lambda text: text


def _level(column: Variable) -> Parse:
    read = level_reader(column)
    return lambda text: read(text) or Fault(not_a_level(column, text))


def _boolean(_: Variable) -> Parse:
    fault = Fault(Text("应为 yes 或 no（是、否）", "must be yes or no"))

    def parse(text: str) -> bool | Fault:
        value = read_yes_no(text)
        return fault if value is None else value

    return parse


def _number(column: Variable) -> Parse:
    expected = _range_text(column)
    percent = column.unit is PER_CENT

    def parse(text: str) -> Decimal | Fault:
        bare = text.removesuffix("%").rstrip() if percent else text
        if not _NUMBER.fullmatch(bare):
            return Fault(expected)
        value = Decimal(bare)
        inside = (column.low is None or value >= Decimal(str(column.low))) and (
            column.high is None or value <= Decimal(str(column.high))
        )
        return value if inside else Fault(expected, out_of_range=True)

    return parse


def _integer(column: Variable) -> Parse:
    number = _number(column)
    word = level_reader(column)
    fault = Fault(_range_text(column))

    def parse(text: str) -> int | Fault:
        value = number(word(text) or text)
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else fault
        return value

    return parse


def _date(_: Variable) -> Parse:
    fault = Fault(Text("应为存在的日期，如 2020-03-04", "must be a calendar date such as 2020-03-04"))

    def parse(text: str) -> date | Fault:
        value = _serial_day(text) if text.startswith(SERIAL) else _calendar_day(text)
        if value is None:
            return fault
        return value if FIRST_DAY <= value <= LAST_DAY else Fault(fault.expected, out_of_range=True)

    return parse


_PARSERS: dict[str, Callable[[Variable], Parse]] = {
    "id": _text, "text": _text, "level": _level, "boolean": _boolean, "number": _number, "integer": _integer, "date": _date,
}  # fmt: skip


# ---- parts ----------------------------------------------------------------------------------------


def _range_text(column: Variable) -> Text:
    kind = Text("整数", "a whole number") if column.kind == "integer" else Text("数字", "a number")
    if column.low is None or column.high is None:
        return Text(f"应为{kind.zh}", f"must be {kind.en}")
    return Text(
        f"应为 {column.low:g} 到 {column.high:g} 的{kind.zh}",
        f"must be {kind.en} from {column.low:g} to {column.high:g}",
    )


def _calendar_day(text: str) -> date | None:
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match:
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return None
    return None


def _serial_day(text: str) -> date | None:
    day_zero, number = text.removeprefix(SERIAL).split()
    found = from_excel(float(number), datetime.fromisoformat(day_zero))
    return found.date() if isinstance(found, datetime) else None


def micrometres(length_mm: Decimal) -> int:
    """A length in whole micrometres, the finest that is compared; half a micrometre rounds up."""
    return int((length_mm * 1000).to_integral_value(ROUND_HALF_UP))
