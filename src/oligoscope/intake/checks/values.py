"""One cell to one value, from its raw text; a cell that cannot be read is a fault and never guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl.utils.datetime import from_excel

from oligoscope.bilingual import Text
from oligoscope.intake.checks.written_dates import QUESTIONS, Unclear, lost_zero, read_date
from oligoscope.intake.checks.written_numbers import (
    DECIMAL_COMMA,
    asked_of_scale,
    class_of_limits,
    is_per_cent,
    read_number,
    read_two_diameters,
    why_no_number,
)
from oligoscope.intake.files.column_reading import AS_USUAL, Reading
from oligoscope.intake.period import Period, day_of
from oligoscope.study.dictionary.given_lesions import STATE
from oligoscope.study.dictionary.missing_words import means_missing
from oligoscope.study.dictionary.per_cent import class_of_per_cent
from oligoscope.study.dictionary.terms import State
from oligoscope.study.dictionary.two_lengths import two_lengths
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import level_reader, not_a_level, plain, read_level, read_yes_no

IN_WORKBOOK = "number in a workbook: "
SERIAL = "serial since "  # followed by the workbook's day zero and the number: a date cell that Excel shows as a number


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell cannot be read."""

    expected: Text
    out_of_range: bool = False


@dataclass(frozen=True, slots=True)
class Partial:
    """A date known to the month or the year.

    Attributes:
        period: The days it may be.
        day: The one that the rule of the study takes; None: it is missing.
    """

    period: Period
    day: date | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A cell that certainly says the value of another column: a class of PD-L1 in place of a number, a state in place of a diameter."""

    column: str
    value: str


@dataclass(frozen=True, slots=True)
class TwoSizes:
    """Two diameters in one cell, of which the study says that the lesion decides: a node has its short axis.

    Attributes:
        longest, shortest: Both, in the unit of the column.
    """

    longest: Decimal
    shortest: Decimal


Parse = Callable[
    [str], Any
]  # a cell's plain text to its value (None: missing), Partial, Elsewhere, TwoSizes, or a Fault


def parser(column: Variable, reading: Reading = AS_USUAL) -> Parse:
    """How the cells of a column are read.

    Numbers stay exact decimals, lengths included; the caller turns them into the table's types.
    """
    inner = _PARSERS[column.kind](column, reading)

    def parse(text: str) -> Any:
        if (error := _refuse_errors(text)) is not None:
            return error
        value = inner(text)
        # A word that is a level of the column is that level.
        unread = not reading.only_named_missing and (isinstance(value, Fault) or column.kind == "text")
        return None if unread and means_missing(column, plain(text)) else value

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
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


# ---- kinds ----------------------------------------------------------------------------------------


def _text(column: Variable, reading: Reading) -> Parse:
    if column.kind == "id" and reading.whole_ids:
        return lambda text: text.removesuffix(".0")
    return lambda text: text


def _level(column: Variable, _: Reading) -> Parse:
    read = level_reader(column)
    others = _class_of_pd_l1(column) if column.name == "pd_l1" else None

    def parse(text: str) -> str | Fault:
        found = read(text) or (others(text) if others else None)
        return found or Fault(not_a_level(column, text))

    return parse


def _class_of_pd_l1(column: Variable) -> Callable[[str], str | None]:
    """The class of a number with a sign of per cent, or above 1; of limits as people write them."""

    def class_of(text: str) -> str | None:
        value = read_number(text.removesuffix("%").strip(), column, AS_USUAL)
        if value is not None:
            is_fraction_or_percent = 0 < value <= 1 and not text.endswith("%")
            return None if is_fraction_or_percent else class_of_per_cent(value)
        return class_of_limits(text)

    return class_of


def _boolean(_: Variable, __: Reading) -> Parse:
    fault = Fault(Text("应为 yes 或 no（是、否）", "must be yes or no"))

    def parse(text: str) -> bool | Fault:
        value = read_yes_no(text)
        return fault if value is None else value

    return parse


def _number(column: Variable, reading: Reading) -> Parse:
    expected = _range_text(column)
    instead = _INSTEAD.get(column.name)

    def is_inside(value: Decimal) -> bool:
        return (column.low is None or value >= Decimal(str(column.low))) and (
            column.high is None or value <= Decimal(str(column.high))
        )

    def of_two(longest: Decimal, shortest: Decimal) -> Decimal | TwoSizes | Fault:
        if not (is_inside(longest) and is_inside(shortest)):
            return Fault(expected, out_of_range=True)
        if reading.two_diameters == "recist":
            return TwoSizes(longest, shortest)
        return longest if reading.two_diameters == "longest" else shortest

    def parse(text: str) -> Decimal | Elsewhere | TwoSizes | Fault:
        value = read_number(text, column, reading)
        if value is None and reading.two_diameters is not None:
            both = read_two_diameters(text, column, reading)
            if both is not None:
                return of_two(*both)
            if two_lengths(text) is not None and "," in text:
                return Fault(DECIMAL_COMMA)
        if value is None:
            found = None if instead is None else instead(text)
            return found or Fault(why_no_number(text) or expected)
        if reading.mixed_scale and 0 < value < 1 and is_per_cent(column) and "%" not in text:
            return Fault(asked_of_scale(f"{value:f}"))
        return value if is_inside(value) else Fault(expected, out_of_range=True)

    return parse


def _class_instead(text: str) -> Elsewhere | None:
    found = class_of_limits(text)
    return None if found is None else Elsewhere("pd_l1", found)


def _state_instead(text: str) -> Elsewhere | None:
    found = read_level(STATE, text)
    return None if found is None or found == State.MEASURED else Elsewhere("state", found)


_INSTEAD: dict[str, Callable[[str], Elsewhere | None]] = {
    "pd_l1_tps": _class_instead,
    "diameter_mm": _state_instead,
}


def _integer(column: Variable, reading: Reading) -> Parse:
    number = _number(column, reading)
    word = level_reader(column)
    fault = Fault(_range_text(column))

    def parse(text: str) -> int | Fault:
        value = number(word(text) or text)
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else fault
        return value

    return parse


def _date(column: Variable, reading: Reading) -> Parse:
    fault = Fault(Text("应为存在的日期，如 2020-03-04", "must be a calendar date such as 2020-03-04"))
    of_birth = column.name == "birth_date"

    def parse(text: str) -> date | Partial | Fault:
        if text.startswith(SERIAL):
            value = _serial_day(text)
        else:
            value = read_date(text.removeprefix(IN_WORKBOOK), reading, of_birth=of_birth)
        if isinstance(value, Unclear):
            return Fault(QUESTIONS[value.question])
        if isinstance(value, Period):
            if text.startswith(IN_WORKBOOK) and lost_zero(text.removeprefix(IN_WORKBOOK)):
                return Fault(QUESTIONS["month"])
            return Partial(value, day_of(value, reading.partial)) if reading.partial else fault
        if value is None:
            return fault
        return value if FIRST_DAY <= value <= LAST_DAY else Fault(fault.expected, out_of_range=True)

    return parse


_PARSERS: dict[str, Callable[[Variable, Reading], Parse]] = {
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


def _serial_day(text: str) -> date | None:
    day_zero, number = text.removeprefix(SERIAL).split()
    found = from_excel(float(number), datetime.fromisoformat(day_zero))
    # A part of a day that is a second short of the next one was rounded.
    return (found + timedelta(seconds=1)).date() if isinstance(found, datetime) else None


def micrometres(length_mm: Decimal) -> int:
    """A length in whole micrometres, the finest that is compared; half a micrometre rounds up."""
    return int((length_mm * 1000).to_integral_value(ROUND_HALF_UP))
