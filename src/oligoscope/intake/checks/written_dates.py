"""Dates as people and programs write them: a day, a month or year, or a question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from oligoscope.bilingual import Text
from oligoscope.intake.files.column_reading import DateOrder, Reading
from oligoscope.intake.period import Period, month_of, year_of

Question = Literal["order", "century", "month", "serial"]  # what would have to be known to read a date
QUESTIONS: dict[Question, Text] = {
    "order": Text(
        "日与月的先后不明；请在 study.yaml 该表下用 dates 写明，如 {列: day_first} 或 {列: month_first}",
        "day or month first? State it under `dates` of the table in study.yaml, as {column: day_first} or {column: month_first}",
    ),
    "century": Text(
        "年份只有两位；请补全，或在 study.yaml 该表下用 dates 写明次序（year_first、day_first、month_first）",
        "the year has two digits; write it in full, or state the order under `dates` of the table in study.yaml "
        "(year_first, day_first, month_first)",
    ),
    "serial": Text(
        "是 Excel 的日期序号吗？请将该列设为日期格式后另存，或改写为 2020-03-04 的形式",
        "is it the number by which Excel counts days? Save the column formatted as dates, or write 2020-03-04",
    ),
    "month": Text("1 月还是 10 月？工作表的数字不保留末尾的 0", "January or October? A number in a workbook loses a last 0"),
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1,
    )
    for name in names.split()
}  # fmt: skip
_NAME = "(?P<name>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_TIME = (
    r"(?:(?:T|:|\s+)\s*(?:上午|下午|AM|PM)?\s*(?P<clock>\d{1,2}:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(?:AM|PM)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?"
)
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+|\s*[(（]?(?:星期|周)[一二三四五六日天][)）]?$",
    re.IGNORECASE,
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_GAP = r"[\s./,-]*"
_UNKNOWN = r"(?:UNK?|UK|NK|ND|XX?|\?\??|--?|00?|不详|未知)"


def _whole(pattern: str, *, with_time: bool = False) -> re.Pattern[str]:
    return re.compile(pattern + (_TIME if with_time else ""), re.ASCII | re.IGNORECASE)


_YEAR, _MONTH, _DAY = r"(?P<y>\d{4})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_DAYS = tuple(
    _whole(pattern, with_time=True)
    for pattern in (
        rf"{_YEAR}(?P<s>[-/.]|\s)\s*{_MONTH}(?P=s)\s*{_DAY}",
        rf"{_YEAR}\s*年\s*{_MONTH}\s*月\s*{_DAY}\s*[日号]?",
        r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        rf"{_DAY}{_ORDINAL}(?:\s+of)?{_GAP}{_NAME}{_GAP}{_YEAR}",
        rf"{_NAME}{_GAP}{_DAY}{_ORDINAL}[\s./,-]+{_YEAR}",
        rf"{_YEAR}{_GAP}{_NAME}{_GAP}{_DAY}",
    )
)
_ISO = re.compile(r"\d{4}-\d\d-(?!00)\d\d", re.ASCII)
_EITHER = _whole(r"(?P<a>\d{1,2})(?P<s>[-/.]|\s)\s*(?P<b>\d{1,2})(?P=s)\s*(?P<y>\d{4})", with_time=True)
_SHORT = _whole(r"(?P<a>\d{1,2})(?P<s>[-/.])\s*(?P<b>\d{1,2})(?P=s)\s*(?P<c>\d{1,2})", with_time=True)
_SHORT_NAMED = _whole(rf"{_DAY}{_GAP}{_NAME}{_GAP}'?(?P<c>\d\d)", with_time=True)
_PARTIAL = tuple(
    _whole(pattern)
    for pattern in (
        rf"{_YEAR}\s*[-/.]\s*{_MONTH}(?:[-/.]{_UNKNOWN})?",
        rf"{_YEAR}\s*年\s*{_MONTH}\s*月\s*份?\s*(?P<third>[上中下]旬|初|中|底|末)?(?:\s*{_UNKNOWN}\s*日)?",
        rf"{_MONTH}[-/.]{_YEAR}",
        rf"(?:{_UNKNOWN}{_GAP})?{_NAME}{_GAP}{_YEAR}",
        rf"{_YEAR}{_GAP}{_NAME}(?:{_GAP}{_UNKNOWN})?",
        rf"{_UNKNOWN}[-/. ]{_MONTH}[-/. ]{_YEAR}",
        rf"{_YEAR}(?:\s*年)?",
        rf"{_YEAR}(?:[-/.]{_UNKNOWN}){{1,2}}",
        rf"{_YEAR}-{{2,3}}\d\d",
        rf"(?:{_UNKNOWN}[-/. ]?){{1,2}}{_YEAR}",
    )
)
# Excel has a 29 February 1900: from March of that year on, days count from 30 December 1899.
_COUNTED_FROM = {"excel": date(1899, 12, 30), "excel_1904": date(1904, 1, 1)}
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?", re.ASCII)
_TENTHS = re.compile(r"\d{4}\.1", re.ASCII)
_CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号]?)?"
)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A date that is read only with an answer."""

    question: Question


def read_date(text: str, reading: Reading, *, of_birth: bool = False) -> date | Period | Unclear | None:
    """The day, the days that it may be, or what is not known; None for what is no date.

    Args:
        text: The cell in its plain form.
        reading: The order of day and month.
        of_birth: A year of two digits is one of 1926 to 2025, not of 2000 to 2099.
    """
    if _ISO.fullmatch(text):  # nearly every date
        return _day_of_calendar(int(text[:4]), int(text[5:7]), int(text[8:]))
    written = _plain_digits(_WEEKDAY.sub("", text).strip())
    for pattern in _DAYS:
        match = pattern.fullmatch(written)
        if match and _number(match, "d"):  # day 0 of a database is none
            return _day(_number(match, "y"), _month(match), _number(match, "d"), match)
    if match := _EITHER.fullmatch(written):
        return _of_either(match, reading.date_order)
    if match := _SHORT.fullmatch(written) or _SHORT_NAMED.fullmatch(written):
        return _of_short(match, reading, of_birth=of_birth)
    if _SERIAL.fullmatch(written):
        zero = _COUNTED_FROM.get(reading.date_order or "")
        return Unclear("serial") if zero is None else zero + timedelta(days=int(float(written)))
    return _period(written)


def order_of(texts: Iterable[str]) -> tuple[DateOrder | None, str]:
    """The order of day and month that every date of a column allows and one of them shows, and that one."""
    shown: dict[DateOrder, str] = {}
    for text in texts:
        match = _EITHER.fullmatch(_WEEKDAY.sub("", text).strip())
        if match is None:
            continue
        a, b = _number(match, "a"), _number(match, "b")
        if 12 < a <= 31 and b <= 12:
            shown["day_first"] = min(shown.get("day_first", text), text)
        elif 12 < b <= 31 and a <= 12:
            shown["month_first"] = min(shown.get("month_first", text), text)
    return next(iter(shown.items())) if len(shown) == 1 else (None, "")


def needs_order(text: str) -> bool:
    """Whether day and month of a date could be exchanged."""
    match = _EITHER.fullmatch(_WEEKDAY.sub("", text).strip())
    return match is not None and isinstance(_of_either(match, None), Unclear)


# ---- parts ----------------------------------------------------------------------------------------


def _number(match: re.Match[str], name: str) -> int:
    return int(match[name])


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    name = groups.get("name")
    return int(groups["m"]) if name is None else _MONTHS[name.lower()]


def _day_of_calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(year: int, month: int, day: int, match: re.Match[str]) -> date | None:
    found = _day_of_calendar(year, month, day)
    clock = match["clock"]
    if clock is None or found is None:
        return found
    parts = [int(part) for part in clock.split(":")]
    if parts[0] > 23 or any(part > 59 for part in parts[1:]):
        return None
    # The last second of a day is midnight, rounded by a workbook.
    return found + timedelta(days=1) if parts == [23, 59, 59] and found < date.max else found


def _of_either(match: re.Match[str], order: DateOrder | None) -> date | Unclear | None:
    a, b, year = _number(match, "a"), _number(match, "b"), _number(match, "y")
    day_first, month_first = _day(year, b, a, match), _day(year, a, b, match)
    if order == "month_first":
        return month_first
    if order == "day_first":
        return day_first
    if day_first is None or month_first is None or day_first == month_first:
        return day_first or month_first
    return Unclear("order")


def _of_short(match: re.Match[str], reading: Reading, *, of_birth: bool) -> date | Unclear | None:
    if not reading.is_declared or reading.date_order is None or reading.date_order in _COUNTED_FROM:
        return Unclear("century")
    groups = match.groupdict()
    if groups.get("name") is not None:
        year, month, day = int(groups["c"]), _month(match), int(groups["d"])
    else:
        a, b, c = int(groups["a"]), int(groups["b"]), int(groups["c"])
        year, month, day = {"year_first": (a, b, c), "day_first": (c, b, a), "month_first": (c, a, b)}[reading.date_order]  # fmt: skip
    return _day((1900 if of_birth and year > 25 else 2000) + year, month, day, match)


def _period(written: str) -> Period | None:
    for pattern in _PARTIAL:
        match = pattern.fullmatch(written)
        if match is None:
            continue
        groups = match.groupdict()
        year = int(groups["y"])
        if groups.get("name") is None and groups.get("m") is None:
            return year_of(year) if _within_calendar(year) else None
        month = _month(match)
        if not 1 <= month <= 12:
            if month == 0 and "m" in groups:
                return year_of(year) if _within_calendar(year) else None
            continue
        return _third(month_of(year, month), groups.get("third")) if _within_calendar(year) else None
    return None


def _within_calendar(year: int) -> bool:
    return 1900 <= year <= 2100


def _third(month: Period, part: str | None) -> Period:
    if part is None:
        return month
    if part in {"上旬", "初"}:
        return Period(month.first, month.first.replace(day=10))
    if part in {"中旬", "中"}:
        return Period(month.first.replace(day=11), month.first.replace(day=20))
    return Period(month.first.replace(day=21), month.last)


def lost_zero(text: str) -> bool:
    """`2021.1` as a number may have been 2021.10."""
    return _TENTHS.fullmatch(text) is not None


def _plain_digits(text: str) -> str:
    match = _CHINESE_DATE.fullmatch(text)
    if match is None:
        return text
    year, month, day = match.groups()
    written = f"{year.translate(_CHINESE)}年{_counted(month)}月"
    return written if day is None else f"{written}{_counted(day)}日"


def _counted(word: str) -> int:
    """A number of Chinese numerals up to 99."""
    tens, ten, ones = word.partition("十")
    if not ten:
        return int(word.translate(_CHINESE))
    return (int(tens.translate(_CHINESE)) if tens else 1) * 10 + (
        int(ones.translate(_CHINESE)) if ones else 0
    )
