"""Columns of places: the words of a study to those of the anatomical vocabulary, each different word once.

What an organ's word says beside the organ (side, station, node, primary tumour, diffuse disease) fills the column of
that name where it is blank. Where the two contradict each other there is a finding, one for each pair of words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.findings import BAD, Findings
from oligoscope.intake.issues import Issue
from oligoscope.study.cell_lists import in_cell
from oligoscope.study.dictionary.place_reading import (
    OWN,
    is_nothing,
    proposals,
    read_place,
    read_places,
    read_side,
    read_stated,
    read_station,
)
from oligoscope.study.dictionary.places import Place
from oligoscope.study.dictionary.variable import PlaceKind, Variable
from oligoscope.study.dictionary.words import level_reader, plain
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import LESIONS, TableSpec
from oligoscope.study.vocabulary import organ_name

N_ROWS = "__n"  # how many rows of the file a row is for; without the column, one
_NEVER_A_NODE = frozenset({"bone", "brain", "adrenal", "skin", "eye", "spinal_cord"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was taken for.

    Attributes:
        text: As the typed table holds it; None: nothing.
        places: The places it names.
        unknown: Of its words, those that are not certain.
    """

    text: str | None
    places: tuple[Place, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceWords:
    """How the words of one study are read: what it states in `data.places` before the vocabulary.

    Attributes:
        stated: Their word, in the form in which words are compared: our place, or `own`.
        own: Organs and stations that the mapping of the table itself gives, which are certain.
    """

    stated: Mapping[str, str]
    own: frozenset[str] = frozenset()

    @classmethod
    def of(cls, places: Mapping[str, str], source: TableSource, table: TableSpec) -> PlaceWords:
        """For the words of one table."""
        names = [column.name for column in table.columns if column.place is not None]
        own = {word for name in names for word in source.levels.get(name, {}) if word}
        constants = {str(source.constants[name]) for name in names if name in source.constants}
        return cls({plain(word): place for word, place in places.items()}, frozenset(own | constants))

    def read(self, kind: PlaceKind, cell: str) -> Reading:
        """A cell of a column of places."""
        return _READERS[kind](self, cell)

    def one(self, word: str) -> Place | None:
        """The place of one word; as an organ of its own where the study says so."""
        stated = self.stated.get(plain(word))
        if stated is not None:
            return Place(word) if stated == OWN else _with_own_kind(read_stated(stated), word)
        place = read_place(word)
        return Place(word) if word in self.own and (place is None or not place.certain) else place

    def organ(self, cell: str) -> Reading:
        """A cell that holds one organ; words that are not known stay an organ of their own."""
        place = self.one(cell)
        if place is None:
            return Reading(cell, (), (cell,))
        return Reading(place.organ, (place,), () if place.certain else (cell,))

    def organs(self, cell: str) -> Reading:
        """A cell that holds several, divided by any of the usual signs; as written by the program, divided by `;`."""
        if plain(cell) in self.stated:
            found: tuple[tuple[str, Place | None], ...] = ((cell, self.one(cell)),)
        else:
            found = tuple((word, self.one(word)) for word, _ in read_places(cell))
        names = dict.fromkeys(place.organ if place else word for word, place in found)
        unknown = tuple(dict.fromkeys(word for word, place in found if place is None or not place.certain))
        return Reading(in_cell(names) or None, tuple(place for _, place in found if place), unknown)

    def station(self, cell: str) -> Reading:
        """A cell with the station of a node."""
        if cell in self.own:
            place = read_station(cell)
            return Reading(cell if place is None else place.station or cell)
        if is_nothing(cell):
            return Reading(None)
        stated = self.stated.get(plain(cell))
        place = read_station(cell) if stated is None else read_stated(stated)
        if stated == OWN:
            return Reading(cell)
        if place is None or place.station is None:
            return Reading(cell, (), () if place is not None else (cell,))
        return Reading(place.station, (place,))

    def side(self, cell: str) -> Reading:
        """A cell with a side."""
        side = read_side(cell)
        if side is None:
            return Reading(cell, (), () if cell in self.own or is_nothing(cell) else (cell,))
        return Reading(side or None)


def _with_own_kind(place: Place | None, word: str) -> Place | None:
    """The place that the study states for a word; the kind of diffuse disease that the word says stays."""
    if place is None or place.diffuse_kind is not None:
        return place
    return replace(place, diffuse_kind=_read_diffuse(word))


_read_diffuse = level_reader(LESIONS.column("diffuse_kind"))
_READERS: dict[PlaceKind, Callable[[PlaceWords, str], Reading]] = {
    "organ": PlaceWords.organ, "organs": PlaceWords.organs, "station": PlaceWords.station, "side": PlaceWords.side,
}  # fmt: skip


def place_columns(table: TableSpec, frame: pl.DataFrame, shown: Mapping[str, str]) -> tuple[Variable, ...]:
    """The columns of places that the user's file has, those of organs last."""
    there = [c for c in table.columns if c.place is not None and c.name in shown and c.name in frame.columns]
    return tuple(sorted(there, key=lambda column: column.place in {"organ", "organs"}))


def with_places(
    frame: pl.DataFrame, table: TableSpec, shown: Mapping[str, str], words: PlaceWords, findings: Findings
) -> pl.DataFrame:
    """The columns of places in our words, and what they say in the columns beside them.

    Args:
        frame: The typed table, with source, source_row and BAD; its places as the user wrote them.
        table: Its specification.
        shown: The names in the user's file of the columns that it has.
        words: How words are read.
        findings: Words that are not certain, and contradictions, are added: one finding for each.
    """
    for column in place_columns(table, frame, shown):
        kind, name = column.place, column.name
        cells = frame[name].unique().drop_nulls().to_list()
        if kind is None or not cells:
            continue
        readings = {cell: words.read(kind, cell) for cell in cells}
        findings.issues += _unknown(frame, table, column, shown[name], readings)
        if kind in {"organ", "organs"}:
            frame = _Beside(frame, table, column, shown, readings, findings).filled()
        if any(reading.text != cell for cell, reading in readings.items()):
            frame = frame.with_columns(
                _mapped(name, {c: r.text for c, r in readings.items()}, pl.String).alias(name)
            )
    return frame


def _mapped(name: str, values: Mapping[str, object], dtype: type[pl.DataType]) -> pl.Expr:
    old = pl.Series(list(values), dtype=pl.String)
    new = pl.Series(list(values.values()), dtype=dtype)
    return pl.col(name).replace_strict(old, new, default=None, return_dtype=dtype)


def _counts() -> list[pl.Expr]:
    return [pl.col("source", "source_row").first()]


def _n_rows(frame: pl.DataFrame) -> pl.Expr:
    n = pl.col(N_ROWS).sum() if N_ROWS in frame.columns else pl.len()
    return n.alias("n")


def _unknown(
    frame: pl.DataFrame, table: TableSpec, column: Variable, shown: str, readings: Mapping[str, Reading]
) -> list[Issue]:
    """A finding for each word that is not certain: how often it occurs, where first, and what it may be."""
    of_cell = {cell: reading.unknown for cell, reading in readings.items() if reading.unknown}
    if not of_cell:
        return []
    hit = frame.filter(pl.col(column.name).is_in(list(of_cell)))
    found: dict[str, tuple[int, str, int]] = {}
    for row in (
        hit.group_by(column.name, maintain_order=True).agg(_n_rows(frame), *_counts()).iter_rows(named=True)
    ):
        for word in of_cell[row[column.name]]:
            n, source, first = found.get(word, (0, row["source"], row["source_row"]))
            found[word] = (n + row["n"], source, first)
    nodes = {
        word
        for reading in readings.values()
        for word in reading.unknown
        if any(p.is_node for p in reading.places)
    }
    return [
        Issue(
            rule="place_unknown", table=table.name, source=source or "", row=row, column=shown, value=word,
            expected=_taken_for(word, n, column, is_node=word in nodes),
        )
        for word, (n, source, row) in found.items()
    ]  # fmt: skip


def _taken_for(word: str, n: int, column: Variable, *, is_node: bool) -> Text:
    near = proposals(word) if column.place != "side" else ()
    names = [(place, organ_name(place.split(" ")[0])) for place in near]
    zh = "、".join(f"{place}（{name.zh}）" for place, name in names)
    taken = (
        Text("按淋巴结读", "taken for a lymph node") if is_node else Text("原样保留", "kept as it is written")
    )
    maybe = Text(f"；可能是：{zh}" if zh else "", f"; it may be: {', '.join(near)}" if near else "")
    rows = "row" if n == 1 else "rows"
    return Text(f"{n} 行，{taken.zh}{maybe.zh}", f"{n} {rows}, {taken.en}{maybe.en}")


@dataclass(frozen=True)
class _Beside:
    """One column of organs and those beside it that its words may fill."""

    frame: pl.DataFrame
    table: TableSpec
    column: Variable
    shown: Mapping[str, str]
    readings: Mapping[str, Reading]
    findings: Findings

    def filled(self) -> pl.DataFrame:
        """The frame with the columns beside the organs; each contradiction becomes a finding."""
        if self.column.place == "organs":
            return self._diffuse() if self.column.name == "progressing_organs" else self.frame
        frame = self.frame
        there = set(frame.columns)
        single = {cell: r.places[0] for cell, r in self.readings.items() if r.places}
        self._many(frame, single)
        for name, of in _FILLED.items():
            values = {cell: value for cell, place in single.items() if (value := of(place)) is not None}
            if name not in there or not values:
                continue
            dtype = pl.Boolean if name in {"is_node", "is_primary"} else pl.String
            said = _mapped(self.column.name, values, dtype)
            if name in self.shown:
                frame = self._contradicted(frame, name, said)
            if name != "is_node":  # of a node it follows from the organ
                frame = frame.with_columns(pl.coalesce(name, said).alias(name))
        return frame

    def _contradicted(self, frame: pl.DataFrame, name: str, said: pl.Expr) -> pl.DataFrame:
        given = pl.col(name)
        compared = frame.with_columns(__said=said)
        differ = compared.filter((given != pl.col("__said")).fill_null(value=False))
        if differ.is_empty():
            return frame
        rows = differ.filter([_disagree(name, g, s) for g, s in differ.select(name, "__said").iter_rows()])
        denied = name == "is_node"
        sure = rows.filter(pl.col("__said")) if denied else rows
        self._pairs(sure, name, "node_denied" if denied else "place_disagrees")
        if not denied:
            return frame
        self._pairs(rows.filter(~pl.col("__said")), name, "place_disagrees")
        both = (pl.col("__said") & ~given).fill_null(value=False)
        return compared.with_columns(
            pl.col(BAD) | both, pl.when(both).then(True).otherwise(given).alias(name)
        ).drop("__said")

    def _pairs(self, rows: pl.DataFrame, name: str, rule: str) -> None:
        pairs = rows.group_by(self.column.name, name, maintain_order=True).agg(
            _n_rows(self.frame), *_counts()
        )
        for row in pairs.iter_rows(named=True):
            given = {True: "yes", False: "no"}.get(row[name], row[name])
            self.findings.issues.append(Issue(
                rule=rule, table=self.table.name, source=row["source"] or "", row=row["source_row"],
                column=f"{self.shown[self.column.name]} / {self.shown[name]}", value=f"{row[self.column.name]} / {given}",
                expected=Text(f"{row['n']} 行", f"{row['n']} {'row' if row['n'] == 1 else 'rows'}"),
            ))  # fmt: skip

    def _many(self, frame: pl.DataFrame, single: Mapping[str, Place]) -> None:
        """Rows that name several lesions and are not said to be innumerable."""
        many = [cell for cell, place in single.items() if place.many and place.diffuse_kind is None]
        if not many:
            return
        rows = (
            frame.filter(pl.col(self.column.name).is_in(many) & pl.col("diffuse_kind").is_null())
            if ("diffuse_kind" in frame.columns)
            else frame.clear()
        )
        words = rows.group_by(self.column.name, maintain_order=True).agg(_n_rows(frame), *_counts())
        for row in words.iter_rows(named=True):
            self.findings.issues.append(Issue(
                rule="place_of_many", table=self.table.name, source=row["source"] or "", row=row["source_row"],
                column=self.shown[self.column.name], value=row[self.column.name],
                expected=Text(f"{row['n']} 行", f"{row['n']} {'row' if row['n'] == 1 else 'rows'}"),
            ))  # fmt: skip

    def _diffuse(self) -> pl.DataFrame:
        """Diffuse disease among the organs of a progression that was read already."""
        cells = [c for c, r in self.readings.items() if any(p.diffuse_kind for p in r.places)]
        if not cells or "diffuse" not in self.frame.columns:
            return self.frame
        said = pl.col(self.column.name).is_in(cells).fill_null(value=False)
        if "diffuse" in self.shown:
            self._pairs(self.frame.filter(said & ~pl.col("diffuse")), "diffuse", "place_disagrees")
        return self.frame.with_columns(diffuse=pl.coalesce("diffuse", pl.when(said).then(pl.lit(value=True))))


def _node_of(place: Place) -> bool | None:
    if place.is_node:
        return True
    return False if place.organ in _NEVER_A_NODE else None


_FILLED: dict[str, Callable[[Place], str | bool | None]] = {
    "is_node": _node_of,
    "side": lambda place: place.side,
    "station": lambda place: place.station,
    "is_primary": lambda place: place.is_primary,
    "diffuse_kind": lambda place: place.diffuse_kind,
}


def _disagree(name: str, given: object, said: object) -> bool:
    """Whether what a column gives and what the organ's word says cannot both hold."""
    if name == "side":
        return {given, said} == {"left", "right"}
    if name == "station":
        a, b = (str(value) for value in (given, said))
        numbers = [value.rstrip("RLaps") for value in (a, b)]
        if not all(number.isdigit() for number in numbers):
            return False  # a region, and perhaps a station in it
        return numbers[0] != numbers[1] or {a[-1], b[-1]} == {"R", "L"}
    return True
