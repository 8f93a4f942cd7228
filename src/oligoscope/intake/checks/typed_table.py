"""Raw cells to typed columns; each different text is read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.findings import BAD, INDEX, Findings
from oligoscope.intake.checks.place_columns import PlaceWords, with_places
from oligoscope.intake.checks.row_order import in_order
from oligoscope.intake.checks.values import (
    IN_WORKBOOK,
    SERIAL,
    Elsewhere,
    Fault,
    Partial,
    TwoSizes,
    micrometres,
    parser,
)
from oligoscope.intake.files.cells import clean, map_unique
from oligoscope.intake.files.columns import Match, Matches
from oligoscope.intake.files.raw_table import CONFLICT, EXCESS, ROW, SOURCE, RawTable, header_column
from oligoscope.intake.issues import Issue
from oligoscope.plain_text import CONTROL, INVISIBLE, removed_in
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import POLARS_TYPES, TableSpec, typed_schema, um_name


def is_decisive(column: Variable) -> bool:
    """Whether a cell decides the result: as declared; a date always does, given as `X_on` or `X_day`.

    A study may make others decide (`Reading.decides`).
    """
    return column.decisive or column.kind == "date" or column.name.endswith("_day")


_CONTROL = f"{CONTROL}|{INVISIBLE}"
# Beside a date column with partial dates, until they are settled: the cell as written, and the days it may be.
WRITTEN, EARLIEST, LATEST = "__written:", "__earliest:", "__latest:"
# Beside a column of lengths with two diameters in a cell, until the lesion is known: the shorter one in micrometres.
SHORTER = "__shorter:"


@dataclass(frozen=True)
class TypedTable:
    """One table typed, before the rules for rows and tables.

    Attributes:
        table: Its specification.
        frame: The columns of `typed_schema`, covariates, INDEX and BAD; its rows by patient (`in_order`).
        days: Columns `X_day` that the user gave.
        given: Our columns that the user's files had.
    """

    table: TableSpec
    frame: pl.DataFrame
    days: frozenset[str]
    given: frozenset[str]


def typed_table(table: TableSpec, frame: pl.DataFrame, matches: Matches, findings: Findings) -> TypedTable:
    """Typed columns, in order, numbered, with what the user's files had; the names there are kept for findings."""
    findings.names[table.name] = {match.column.name: match.shown for match in matches.found}
    given = {match.column.name for match in matches.found}
    days = frozenset(n for n in given if n.endswith("_day") and n in typed_schema(table))
    dates = {day.removesuffix("_day") + "_on" for day in days}
    marked = in_order(table, frame).with_columns(pl.int_range(pl.len()).alias(INDEX))
    return TypedTable(table, marked, days, frozenset({*given, *matches.extra, *dates}))


def type_table(
    raw: RawTable,
    table: TableSpec,
    source: TableSource,
    matches: Matches,
    findings: Findings,
    places: PlaceWords,
) -> TypedTable:
    """Read every matched column; unreadable decisive cells mark their row BAD, others become missing."""
    frame, cells = read_cells(raw, table, source, matches)
    ids = frame["patient_id"].to_list()
    findings.issues += [
        issue if issue.patient_id == ids[index] else replace(issue, patient_id=ids[index])
        for index, issue in cells
    ]
    frame = with_places(frame, table, {m.column.name: m.shown for m in matches.found}, places, findings)
    return typed_table(table, frame, matches, findings)


def read_cells(
    raw: RawTable, table: TableSpec, source: TableSource, matches: Matches
) -> tuple[pl.DataFrame, list[tuple[int, Issue]]]:
    """The columns typed, in the order of the raw rows, and the findings about cells with the index of their row."""
    reader = _Reader(raw, table, source)
    # The patient first: findings about the other columns name them.
    first = sorted(matches.found, key=lambda match: match.column.name != "patient_id")
    columns = {match.column.name: reader.read(match) for match in first}
    covariates = {name: _covariate(reader.texts(_as_text(name))) for name in matches.extra}
    schema = typed_schema(table)
    empty = {n: pl.Series(n, [None] * raw.frame.height, dtype=dtype) for n, dtype in schema.items()}
    for name, values in reader.elsewhere.items():
        columns[name] = (
            values if name not in columns else pl.select(pl.coalesce(columns[name], values)).to_series()
        )
    place = {"source": raw.frame[SOURCE], "source_row": raw.frame[ROW]}
    frame = pl.DataFrame({**empty, **columns, **reader.beside, **covariates, **place, BAD: reader.bad})
    return frame, reader.cells


class _Reader:
    """Reads the columns of one raw table and remembers which rows are bad."""

    def __init__(self, raw: RawTable, table: TableSpec, source: TableSource) -> None:
        self.raw, self.table, self.source = raw, table, source
        self.cells: list[tuple[int, Issue]] = []
        self.ids = pl.Series(
            [None] * raw.frame.height, dtype=pl.String
        )  # of the patients, once they are read
        self.bad = pl.Series(BAD, [False] * raw.frame.height, dtype=pl.Boolean)
        self.beside: dict[str, pl.Series] = {}  # lengths in micrometres, and what is known of partial dates
        self.elsewhere: dict[str, pl.Series] = {}  # values of other columns than the one that was read
        self._missing = {plain(word) for word in source.missing}
        self._with_control = _columns_with_control(raw.frame)
        self._report_shifted()

    def texts(self, match: Match) -> pl.Series:
        """The cells, in our words where `levels` maps them; of several columns the first that is not blank."""
        frame = self.raw.frame
        if match.constant is not None:
            return pl.Series(match.column.name, [match.constant] * frame.height, dtype=pl.String)
        levels = _level_map(self.source.levels.get(match.column.name, {}))
        for header in match.headers:
            if header in self._with_control:
                self._report_control(match, frame[header])
        found = [self._in_our_words(match, header, levels) for header in match.headers]
        return pl.select(pl.coalesce(found)).to_series().alias(match.column.name)

    def _in_our_words(self, match: Match, header: str, levels: dict[str, str]) -> pl.Series:
        """As `_mapped`; where a file has words for its codes, `levels` may name a code or its word."""
        cells = self.raw.frame[header]
        mapped = self._mapped(cells, levels)
        for source, declared in self.raw.declared.items() if levels else ():
            by_code = {
                code: ours
                for code, ours in levels.items()
                if code in {plain(c) for c in declared.words.get(header, {})}
            }
            if by_code:
                also = words_by_code(declared.words[header], by_code)
                theirs = self.raw.frame[match.source] == source
                mapped = pl.select(
                    pl.when(theirs).then(self._mapped(cells, {**also, **levels})).otherwise(mapped)
                ).to_series()
        return mapped

    def _report_control(self, match: Match, cells: pl.Series) -> None:
        hit = cells.str.contains(_CONTROL).fill_null(value=False)
        for index in hit.arg_true().to_list():
            self._add("control_character", index, match, clean(cells[index]), removed_from(cells[index]))

    def _mapped(self, cells: pl.Series, levels: dict[str, str]) -> pl.Series:
        rest = levels.get("*")

        def mapped(text: str) -> str | None:
            cleaned = clean(text)
            form = None if cleaned is None else plain(cleaned)
            if form is None or form in self._missing:
                return levels.get("") or None
            return levels.get(form, cleaned if rest is None else rest) or None

        filled = cells.fill_null("") if levels.get("") else cells
        return map_unique(filled, mapped, pl.String)

    def read(self, match: Match) -> pl.Series:
        column = match.column
        texts = self.texts(match)
        if column.kind == "date":
            texts = self._with_serials(texts, match)
        parse = parser(column, match.reading)
        values = {text: parse(text) for text in texts.unique().drop_nulls().to_list()}
        faults = {text: value for text, value in values.items() if isinstance(value, Fault)}
        if faults:
            self._report(match, texts, faults)
        self._keep_beside(column, texts, values)
        good = {text: _plain_value(value) for text, value in values.items() if text not in faults}
        read = _looked_up(texts, good, POLARS_TYPES[column.kind]).alias(column.name)
        if column.name == "patient_id":
            self.ids = read
        return read

    def _keep_beside(self, column: Variable, texts: pl.Series, values: dict[str, Any]) -> None:
        """Lengths in micrometres, values of other columns, and the days that partial dates may be."""
        if column.name.endswith("_mm"):
            two = {text: v for text, v in values.items() if isinstance(v, TwoSizes)}
            exact = {text: micrometres(v) for text, v in values.items() if isinstance(v, Decimal)}
            exact |= {text: micrometres(v.longest) for text, v in two.items()}
            self.beside[um_name(column.name)] = _looked_up(texts, exact, pl.Int32)
            if two:
                shorter = {text: micrometres(v.shortest) for text, v in two.items()}
                self.beside[SHORTER + column.name] = _looked_up(texts, shorter, pl.Int32)
        others = {text: v for text, v in values.items() if isinstance(v, Elsewhere)}
        for name in {v.column for v in others.values()}:
            self.elsewhere[name] = _looked_up(texts, {text: v.value for text, v in others.items()}, pl.String)
        partial = {text: v for text, v in values.items() if isinstance(v, Partial)}
        if partial:
            written = {text: _as_written(text) for text in partial}
            earliest, latest = (
                {text: getattr(v.period, end) for text, v in partial.items()} for end in ("first", "last")
            )
            self.beside[WRITTEN + column.name] = _looked_up(texts, written, pl.String)
            self.beside[EARLIEST + column.name] = _looked_up(texts, earliest, pl.Date)
            self.beside[LATEST + column.name] = _looked_up(texts, latest, pl.Date)

    def _with_serials(self, texts: pl.Series, match: Match) -> pl.Series:
        """Numbers in date cells of a workbook as days from its day zero; in a csv they are faults."""
        if not self.raw.day_zero or match.constant is not None:
            return texts
        zeros = {source: day.date().isoformat() for source, day in self.raw.day_zero.items()}
        zero = _looked_up(self.raw.frame[match.source], zeros, pl.String)
        frame = pl.DataFrame({"text": texts, "zero": zero})
        in_book, text = pl.col("zero").is_not_null(), pl.col("text")
        serial = in_book & text.str.contains(r"^\d{5}(\.\d+)?$")
        tenths = in_book & text.str.contains(r"^\d{4}\.1$")
        marked = pl.format(SERIAL + "{} {}", "zero", "text")
        return frame.select(
            pl.when(serial).then(marked).when(tenths).then(pl.lit(IN_WORKBOOK) + text).otherwise(text)
        ).to_series()

    def _report(self, match: Match, texts: pl.Series, faults: dict[str, Fault]) -> None:
        decisive = is_decisive(match.column) or match.reading.decides
        hit = texts.is_in(list(faults)).fill_null(value=False)
        at = hit.arg_true()
        written = {text: _as_written(text) for text in faults}
        words, ids = texts.gather(at).to_list(), self.ids.gather(at).to_list()
        for index, text, patient, (source, row) in zip(
            at.to_list(), words, ids, self._places(match, at), strict=True
        ):
            fault = faults[text]
            unusable = "value_out_of_range" if fault.out_of_range else "value_unreadable"
            rule = unusable if decisive else "value_ignored"
            self.cells.append((index, Issue(
                rule=rule, table=self.table.name, source=source, row=row, column=match.shown, value=written[text],
                expected=fault.expected, patient_id=patient,
            )))  # fmt: skip
        if decisive:
            self.bad = self.bad | hit

    def _places(self, match: Match, at: pl.Series) -> list[tuple[str, int]]:
        """Source and row of cells; of a blank cell of a joined column, or a constant, those of the main file."""
        place = self.raw.frame.select(
            pl.coalesce(match.source, SOURCE).alias("source"),
            pl.when(pl.col(match.source).is_null())
            .then(pl.col(ROW))
            .otherwise(pl.col(match.row))
            .alias("row"),
        )
        return place[at].rows()

    def _add(self, rule: str, index: int, match: Match, value: str | None, expected: Text) -> None:
        frame = self.raw.frame
        source, row = frame[match.source][index], frame[match.row][index]
        if source is None:  # a blank cell of a joined column, or a constant
            source, row = frame[SOURCE][index], frame[ROW][index]
        own = header_column(match.column.name)
        shown = (frame[own][index] if own in frame.columns else None) or match.shown
        self.cells.append(
            (index, Issue(
                rule=rule, table=self.table.name, source=source, row=row, column=shown, value=value, expected=expected,
            ))
        )  # fmt: skip

    def _report_shifted(self) -> None:
        frame = self.raw.frame
        for index in frame[EXCESS].is_not_null().arg_true().to_list():
            expected = Text("该行单元格多于表头", "the row has more cells than the header")
            self._add(
                "row_shifted", index, Match(Variable("", Text("", ""))), clean(frame[EXCESS][index]), expected
            )
        self.bad = self.bad | frame[EXCESS].is_not_null()
        if CONFLICT in frame.columns:
            self.bad = self.bad | frame[CONFLICT]


def _columns_with_control(frame: pl.DataFrame) -> set[str]:
    """The columns in which a cell has characters that are removed: hardly ever one, and known by one query."""
    found = frame.select(pl.col(pl.String).str.contains(_CONTROL).any())
    return {name for name in found.columns if found[name].item()}


def words_by_code(words: Mapping[str, str], levels: Mapping[str, str]) -> dict[str, str]:
    """The words of codes that `levels` maps, in the form in which words are compared; not one of codes mapped to different words."""
    found: dict[str, set[str]] = {}
    for code, word in words.items():
        if plain(code) in levels:
            found.setdefault(plain(word), set()).add(levels[plain(code)])
    return {word: next(iter(ours)) for word, ours in found.items() if len(ours) == 1}


def removed_from(text: str) -> Text:
    """Which characters were removed from a cell."""
    listed = " ".join(f"U+{ord(sign):04X}" for sign in removed_in(text))
    return Text(f"已删除 {listed}", f"removed: {listed}")


def _as_written(text: str) -> str:
    return text.rsplit(" ", 1)[-1] if text.startswith((SERIAL, IN_WORKBOOK)) else text


def _level_map(levels: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The user's word, in the form in which words are compared, to ours; "*" means all others."""
    return {("*" if word == "*" else plain(word)): ours for ours, words in levels.items() for word in words}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Partial):
        return value.day
    if isinstance(value, Elsewhere):
        return None
    if isinstance(value, TwoSizes):
        return float(value.longest)
    return float(value) if isinstance(value, Decimal) else value


def _looked_up(texts: pl.Series, values: dict[str, Any], dtype: type[pl.DataType]) -> pl.Series:
    old = pl.Series(list(values), dtype=pl.String)
    return texts.replace_strict(
        old, pl.Series(list(values.values()), dtype=dtype), default=None, return_dtype=dtype
    )


def _as_text(header: str) -> Match:
    return Match(Variable(header, Text(header, header)), (header,), header)


_AS_NUMBER = Variable("", Text("", ""), "number")
_AS_DATE = Variable("", Text("", ""), "date")


def _covariate(texts: pl.Series) -> pl.Series:
    """A column of the user's own: numbers or ISO dates where every cell is one, else text."""
    words = texts.unique().drop_nulls().to_list()
    codes = any(
        len(word) > 1 and word[0] == "0" and word[1].isdigit() for word in words
    )  # 007 is a name, not 7
    for column, kind, dtype in ((_AS_NUMBER, Decimal, pl.Float64), (_AS_DATE, date, pl.Date)):
        parse = parser(column)
        values = {word: parse(word) for word in words}
        known = [value for value in values.values() if value is not None]
        if known and not codes and all(isinstance(value, kind) for value in known):
            return _looked_up(texts, {w: _plain_value(v) for w, v in values.items()}, dtype)
    return texts
