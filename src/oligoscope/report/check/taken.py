"""What the words of a table's cells were taken for, each with its count; our own words are not listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from oligoscope.bilingual import Text, as_written
from oligoscope.intake.checks.place_columns import PlaceWords
from oligoscope.intake.checks.values import Elsewhere, Fault, parser
from oligoscope.intake.files.cells import clean, clean_series
from oligoscope.intake.files.columns import Match, Matches
from oligoscope.intake.files.raw_table import ROW, SOURCE, RawTable
from oligoscope.intake.validation import matches_of, source_of
from oligoscope.study.cell_lists import words_in
from oligoscope.study.dictionary.levels import NO, YES
from oligoscope.study.dictionary.places import ORGANS
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import Protocol, TableSource
from oligoscope.study.schemas import TABLES
from oligoscope.study.vocabulary import organ_name

NOT_READ, BLANK = Text("未能读懂", "not understood"), Text("缺失", "missing")


@dataclass(frozen=True, slots=True)
class WordTaken:
    """A word of the user's.

    Attributes:
        column: Ours.
        shown: Its name in the user's file.
        word: As written.
        n: How many cells hold it.
        taken: What it was taken for.
        is_read: Whether it was understood.
    """

    column: Variable
    shown: str
    word: str
    n: int
    taken: Text
    is_read: bool = True

    @property
    def is_place(self) -> bool:
        return self.column.place is not None


@dataclass(frozen=True)
class TableTaken:
    """One table: where it came from, which columns were found, and which words."""

    raw: RawTable
    matches: Matches
    words: tuple[WordTaken, ...]

    @property
    def left(self) -> tuple[str, ...]:
        """Headers that were not read."""
        used = {h for match in self.matches.found for h in match.headers} | set(self.matches.extra)
        return tuple(header for header in self.raw.columns if header not in used)

    def rows_of(self, patient_id: str) -> pl.DataFrame | None:
        """A patient's rows as the file holds them: source, row, and the columns that are read and not blank; the patient's number is left out.

        None where no column holds the patients.
        """
        matches = [m for m in self.matches.found if m.headers]
        patient = next((m for m in matches if m.column.name == "patient_id"), None)
        if patient is None:
            return None
        frame = self.raw.frame
        ids = clean_series(pl.select(pl.coalesce([frame[h] for h in patient.headers])).to_series())
        cells = frame.filter((ids == patient_id).fill_null(value=False)).select(
            pl.col(SOURCE), pl.col(ROW).cast(pl.String),
            *(pl.coalesce(m.headers).alias(m.column.name) for m in matches if m is not patient),
        )  # fmt: skip
        return cells.select(name for name in cells.columns if cells[name].null_count() < cells.height)


def tables_taken(raw: Mapping[str, RawTable], protocol: Protocol) -> tuple[TableTaken, ...]:
    """Every table that was read from cells of text."""
    return tuple(_table(table, protocol) for table in raw.values())


def _table(raw: RawTable, protocol: Protocol) -> TableTaken:
    source, matches = source_of(raw, protocol), matches_of(raw, protocol)
    places = PlaceWords.of(protocol.data.places, source, TABLES[raw.name])
    words = [word for match in matches.found for word in _words(raw, match, source, places)]
    return TableTaken(raw, matches, tuple(words))


def _words(raw: RawTable, match: Match, source: TableSource, places: PlaceWords) -> Iterator[WordTaken]:
    column = match.column
    is_words = column.kind in {"level", "boolean"} or (column.kind == "integer" and bool(column.levels))
    if not match.headers or not (is_words or column.place):
        return
    cells = raw.frame.select(pl.coalesce(match.headers).alias("word")).drop_nulls()
    counts = cells.group_by("word").len().sort("len", "word", descending=[True, False])
    mapped = {plain(w): ours for ours, theirs in source.levels.get(column.name, {}).items() for w in theirs}
    missing = {plain(word) for word in source.missing}
    read = parser(column, match.reading)
    for written, n in counts.iter_rows():
        word = clean(written)
        if word is None:
            continue
        form = plain(word)
        ours = mapped.get(form, mapped.get("*", word))
        value = None if form in missing or ours == "" else read(ours)
        if column.place is not None and value is not None and not isinstance(value, Fault):
            found = _place(column, ours, places)
        else:
            found = _value(column, value)
        if found is not None and not _is_ours(column, word) and plain(found.en) != plain(word):
            yield WordTaken(column, match.shown, word, n, found, found is not NOT_READ)


def _place(column: Variable, word: str, places: PlaceWords) -> Text:
    assert column.place is not None
    reading = places.read(column.place, word)
    if reading.unknown:
        return NOT_READ
    names = [organ_name(name) for name in words_in(reading.text or "")]
    stations = [p.station for p in reading.places if p.station] if column.place == "organ" else []
    more = f" {', '.join(stations)}" if stations else ""
    return Text("、".join(n.zh for n in names) + more, ", ".join(n.en for n in names) + more)


def _value(column: Variable, value: object) -> Text | None:
    if isinstance(value, Fault):
        return NOT_READ
    if isinstance(value, Elsewhere):
        return as_written(f"{value.column}: {value.value}")
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return (YES if value else NO).name
    return column.level_name(str(value))


def _is_ours(column: Variable, word: str) -> bool:
    """Whether a word is ours, or its printed name: nothing that would have to be confirmed."""
    levels = (YES, NO) if column.kind == "boolean" else ORGANS if column.place else column.levels
    names = {plain(n) for level in levels for n in (str(level.word), level.name.zh, level.name.en)}
    return plain(word) in names | ({"true", "false"} if column.kind == "boolean" else set())
