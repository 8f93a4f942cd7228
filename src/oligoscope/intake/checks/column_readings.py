"""How the cells of each column are to be read, decided once from all of its words, its header and study.yaml.

What the words do not decide is asked, by column or by word, and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.written_dates import needs_order, order_of
from oligoscope.intake.checks.written_numbers import (
    is_converted,
    is_per_cent,
    read_number,
    read_two_diameters,
)
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.column_reading import DateOrder, PartialRule, Reading
from oligoscope.intake.files.columns import Match, Matches
from oligoscope.intake.files.patient_units import BY_PATIENT, LARGEST_IN_CM
from oligoscope.intake.files.raw_table import ROW, RawTable
from oligoscope.intake.issues import Issue
from oligoscope.study.decisive_columns import deciding_columns
from oligoscope.study.dictionary.headers import header_unit
from oligoscope.study.dictionary.two_lengths import two_lengths
from oligoscope.study.dictionary.variable import MILLIMETRES
from oligoscope.study.protocol import Protocol, TableSource

WordsOf = Callable[[str], pl.Series]  # of a header: its different cells as text
_FEWEST_WORDS = 4
_ORDERS: dict[str, DateOrder] = {"dmy": "day_first", "mdy": "month_first", "ymd": "year_first"}
_LENGTHS = {"mm", "cm"}
DIAMETER = "diameter_mm"


def with_readings(
    raw: RawTable, matches: Matches, source: TableSource, protocol: Protocol, words: WordsOf
) -> Matches:
    """The same columns, each with how it is read; questions about whole columns are added to the findings.

    Args:
        raw: The table; only its headers are read here.
        matches: Its columns.
        source, protocol: What the study says of them.
        words: The different cells of a column.
    """
    decides = deciding_columns(protocol)
    found: list[Match] = []
    issues: list[Issue] = []
    for match in matches.found:
        texts = [] if match.constant is not None else _texts(match, words)
        reading = _reading(match, texts, source, protocol, raw)
        reading = replace(
            reading,
            decides=(raw.name, match.column.name) in decides,
            only_named_missing=raw.mapping is not None,
        )
        found.append(replace(match, reading=reading))
        issues += _questions(raw, match, texts, reading)
    return replace(matches, found=tuple(found), issues=(*matches.issues, *issues))


def partial_rule(protocol: Protocol, source: TableSource, column: str, *, of_standard: bool) -> PartialRule:
    """Which day is taken for a date of this column that is known to the month or the year."""
    if of_standard and protocol.data.sdtm is not None:
        return protocol.data.sdtm.partial_dates
    return source.partial_dates.get(column, protocol.data.partial_dates)


def _texts(match: Match, words: WordsOf) -> list[str]:
    if match.column.kind not in {"number", "date", "id", "integer"}:
        return []
    of_headers = [words(header).drop_nulls() for header in match.headers]
    if match.column.kind == "id":
        of_headers = [_unusual(series) for series in of_headers]
    found = {clean(text) for series in of_headers for text in series.to_list()}
    return sorted(text for text in found if text is not None)


# P0012, 4711: letters and then digits say nothing on how a column of numbers is read, however many there are.
_USUAL_NUMBER = r"^[A-Za-z]{0,2}_?\d{1,15}$"


def _unusual(numbers: pl.Series) -> pl.Series:
    """The numbers of patients or lesions that are not of the usual form, with one that is where there are any."""
    usual = numbers.str.contains(_USUAL_NUMBER)
    one = numbers.filter(usual).min()
    return numbers.filter(~usual).extend(
        pl.Series(numbers.name, [] if one is None else [one], dtype=pl.String)
    )


def _reading(
    match: Match, texts: list[str], source: TableSource, protocol: Protocol, raw: RawTable
) -> Reading:
    column = match.column
    if column.kind == "date":
        declared = _stated_order(match, source, raw)
        order = declared or order_of(texts)[0]
        rule = partial_rule(protocol, source, column.name, of_standard=raw.mapping is not None)
        return Reading(date_order=order, is_declared=declared is not None, partial=rule)
    if column.kind == "id":
        return Reading(whole_ids=bool(texts) and all(re.fullmatch(r"\d+\.0", text) for text in texts))
    unit = source.units.get(column.name) or unit_of_column(match, raw)
    unit = "mm" if unit == BY_PATIENT else unit
    comma = source.decimal == "comma"
    plain = _plain_numbers(texts)
    two = source.two_diameters if column.name == DIAMETER else None
    some_per_cent = any(text.endswith("%") for text in texts)
    mixed = is_per_cent(column) and unit is None and _scale_in_doubt(plain, some_per_cent=some_per_cent)
    return Reading(unit=unit, decimal_comma=comma, mixed_scale=mixed, two_diameters=two)


def _scale_in_doubt(numbers: list[Decimal], *, some_per_cent: bool) -> bool:
    """Whether parts of 1 in a column of per cent may be fractions: others are per cent, and not written as finely.

    Half or more of those above 1 with as many digits after the point show that the column is in per cent and its parts
    are too: 0.9 beside 39.8 and 91.5.
    """
    parts = [n for n in numbers if 0 < n < 1]
    above = [n for n in numbers if n > 1]
    if not parts or not (some_per_cent or above):
        return False
    digits = max(map(_digits_of_part, parts))
    return some_per_cent or 2 * sum(_digits_of_part(n) >= digits for n in above) < len(above)


def _digits_of_part(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _stated_order(match: Match, source: TableSource, raw: RawTable) -> DateOrder | None:
    """The order of day and month that study.yaml states, or else a row of formats."""
    stated = source.dates.get(match.column.name)
    if stated is not None:
        return stated
    for header in match.headers:
        order = order_of_format(_row_of_units(raw, header) or "")
        if order is not None:
            return order
    return None


def unit_of_column(match: Match, raw: RawTable) -> str | None:
    """The unit in which a column of lengths is, as its row of units or its header says; None where neither does."""
    if match.column.unit is not MILLIMETRES:
        return None
    for header in match.headers:
        in_row = _row_of_units(raw, header)
        name = header.split(":", 1)[-1] if match.row != ROW else header
        # Our own name of the column is no statement of who filled it in.
        by_name = None if name == match.column.name else header_unit(name)
        unit = (in_row and header_unit(in_row)) or by_name
        if unit in _LENGTHS:
            return unit
    return None


def _row_of_units(raw: RawTable, header: str) -> str | None:
    """What a row of units or formats under the headers says of a column; None where there is no such row."""
    rows: Mapping[str, Mapping[str, str]] = getattr(raw, "units", {})
    return next((row[header] for row in rows.values() if header in row), None)


def order_of_format(text: str) -> DateOrder | None:
    """The order of a format such as `dd/mm/yyyy`; None where it is no format of numbers."""
    form = re.sub(r"[^dmy]", "", text.casefold())
    letters = "".join(dict.fromkeys(form))
    if not form or re.sub(r"[dmy\s./-]", "", text.casefold()):
        return None
    return _ORDERS.get(letters)


def _plain_numbers(texts: list[str]) -> list[Decimal]:
    numbers: list[Decimal] = []
    for text in texts:
        try:
            number = Decimal(text)
        except InvalidOperation:
            continue
        if number.is_finite():
            numbers.append(number)
    return numbers


# ---- what is said and asked ------------------------------------------------------------------------


def _questions(raw: RawTable, match: Match, texts: list[str], reading: Reading) -> Iterator[Issue]:
    column = match.column
    if column.kind == "date" and not reading.is_declared and reading.date_order is not None:
        order, shown = order_of(texts)
        if any(needs_order(text) for text in texts):
            zh, en = ("日在前", "day first") if order == "day_first" else ("月在前", "month first")
            yield _of_column("date_order_taken", raw, match, shown, Text(f"按{zh}读取", f"read as {en}"))
    if column.unit is MILLIMETRES and column.kind == "number":
        yield from _of_lengths(raw, match, texts, reading)
    if column.kind == "id":
        yield from _of_identifiers(raw, match, texts)


def _of_lengths(raw: RawTable, match: Match, texts: list[str], reading: Reading) -> Iterator[Issue]:
    converted = [text for text in texts if is_converted(text, match.column, reading)]
    if converted:
        shown = converted[0]
        value = read_number(shown, match.column, reading)
        value = value or next(iter(read_two_diameters(shown, match.column, reading) or ()), None)
        mm = "" if value is None else f"{value.normalize():f} mm"
        n = len(converted)
        yield _of_column("unit_converted", raw, match, shown, Text(
            f"读作 {mm}；共 {n} 种写法", f"read as {mm}; {n} different {'value' if n == 1 else 'values'}",
        ))  # fmt: skip
    if (
        reading.unit is None
        and match.column.decisive
        and raw.mapping is None
        and _seems_centimetres(numbers := _lengths(texts))
    ):
        largest = max(numbers)
        yield _of_column("unit_unknown", raw, match, f"{largest:f}", Text(
            f"最大值为 {largest:f}；单位是 mm 还是 cm？", f"the largest is {largest:f}; is the unit mm or cm?",
        ))  # fmt: skip


def _lengths(texts: list[str]) -> list[Decimal]:
    """The numbers without a unit, those of two lengths in a cell included."""
    two = [found for text in texts if (found := two_lengths(text)) is not None]
    parts = [number for pair in two for number, unit in (pair.first, pair.second) if not unit]
    return [*_plain_numbers(texts), *_plain_numbers(parts)]


def _seems_centimetres(numbers: list[Decimal]) -> bool:
    """All below 15, most with a part: lengths that are rather centimetres than millimetres."""
    sizes = [n for n in numbers if n != 0]
    if len(sizes) < _FEWEST_WORDS or any(n >= LARGEST_IN_CM or n < 0 for n in sizes):
        return False
    return 2 * sum(n != n.to_integral_value() for n in sizes) >= len(sizes)


_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d{2,}", re.ASCII | re.IGNORECASE)
_DATED = re.compile(
    r"\d{4}-\d\d-\d\d(?: 00:00:00)?|\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d\d|\d{1,2}月\d{1,2}日",
    re.ASCII | re.IGNORECASE,
)


def _of_identifiers(raw: RawTable, match: Match, texts: list[str]) -> Iterator[Issue]:
    for rule, pattern in (("id_in_scientific", _SCIENTIFIC), ("id_is_date", _DATED)):
        hits = [text for text in texts if pattern.fullmatch(text)]
        if hits:
            n = len(hits)
            yield _of_column(rule, raw, match, hits[0], Text(
                f"共 {n} 个不同的编号", f"{n} different {'number' if n == 1 else 'numbers'}",
            ))  # fmt: skip


def _of_column(rule: str, raw: RawTable, match: Match, value: str, expected: Text) -> Issue:
    names = {header.split(":", 1)[-1] for header in match.headers} | set(match.headers)
    source = next(
        (src for src, headers in raw.headers.items() if names & set(headers)), next(iter(raw.headers), "")
    )
    return Issue(
        rule=rule, table=raw.name, source=source, row=1, column=match.shown, value=value, expected=expected
    )
