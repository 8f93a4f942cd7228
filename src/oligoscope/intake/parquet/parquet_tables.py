"""A study whose tables are parquet in typed columns, read in partitions of whole patients.

The rules and grades are those for other files; whole columns are screened first, and only patients for whom
a rule could find something go through the rules (`screening`). Findings that need the whole study are made
when it is opened (`parquet_study`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

import polars as pl

from oligoscope.intake.checks.cohort_rules import with_patients
from oligoscope.intake.checks.findings import INDEX, Findings
from oligoscope.intake.checks.partial_dates import settle_partial_dates
from oligoscope.intake.checks.place_columns import PlaceWords, with_places
from oligoscope.intake.checks.row_rules import filled_state, is_node
from oligoscope.intake.checks.screening import P, patients_to_check
from oligoscope.intake.checks.table_checks import check_tables, find_left_out, study_tables, validated_tables
from oligoscope.intake.checks.timing import add_times, treatment_starts
from oligoscope.intake.checks.two_diameters import settle_two_diameters
from oligoscope.intake.checks.typed_table import TypedTable, typed_table
from oligoscope.intake.files.columns import Matches
from oligoscope.intake.files.parquet_sheet import reading
from oligoscope.intake.files.raw_table import SOURCE
from oligoscope.intake.issues import Issue
from oligoscope.intake.parquet.parquet_columns import type_columns
from oligoscope.intake.parquet.parquet_slices import Slice, read_slice
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import TABLES, StudyTables

_OF_THE_WHOLE = {"days_from_anchor", "reader_not_chosen"}  # reported once per study, not once per partition


@dataclass(frozen=True)
class PartTables:
    """One partition, validated.

    Attributes:
        tables: Without the rows and patients that must be left out.
        issues: What was found in it.
        n_left_out: Rows of the patients table that are not in `tables`.
        n_anchored: Patients counted from the anchor date (`study.anchor.ANCHOR`).
    """

    tables: StudyTables
    issues: tuple[Issue, ...]
    n_left_out: int
    n_anchored: int


@dataclass(frozen=True)
class ParquetPart:
    """The rows of one partition; small enough to be sent to another machine with access to the same files."""

    protocol: Protocol
    slices: dict[str, tuple[Slice, ...]]
    matches: dict[str, Matches]

    def read(self) -> PartTables:
        """Read, type and validate."""
        findings = Findings()
        typed = settle_two_diameters(
            settle_partial_dates({name: self._typed(name, findings) for name in self.slices}, findings)
        )
        typed = with_patients(typed, findings)
        n_read = typed["patients"].frame.height
        starts = treatment_starts(typed, findings)
        frames = _timed(typed, starts, findings)
        ids = typed["patients"].frame["patient_id"]
        with_date_findings = ids.is_in(
            pl.Series(
                [i.patient_id for i in findings.issues if i.rule in _OF_DATES], dtype=pl.String
            ).implode()
        )
        cutoff, reader = self.protocol.study.data_cutoff, self.protocol.response.reader
        of_readers = [n for n in ("measurements", "assessments") if n in typed and "reader" in typed[n].given]
        chosen = [patients_to_check(frames, cutoff, reader, of_readers), with_date_findings.arg_true()]
        to_check = pl.concat(chosen).unique()
        if "measurements" in frames:  # only now: the screening must see that a row is blank
            frames["measurements"] = frames["measurements"].with_columns(filled_state())
        to_examine = {n: f[P].is_null() | f[P].is_in(to_check.implode()) for n, f in frames.items()}
        frames = {name: frame.drop(P) for name, frame in frames.items()}
        if len(to_check) or any(rows.any() for rows in to_examine.values()):
            tables, issues = self._examined(typed, frames, to_examine, findings)
        else:
            tables, issues = (
                study_tables(frames, typed),
                tuple(i for i in findings.issues if i.rule in _OF_CELLS),
            )
        return PartTables(tables, issues, n_read - tables.patients.height, int(starts["anchored"].sum()))

    def _typed(self, name: str, findings: Findings) -> TypedTable:
        table, source, matches = TABLES[name], getattr(self.protocol.data, name), self.matches[name]
        headers = list(dict.fromkeys([*chain(*(m.headers for m in matches.found)), *matches.extra]))
        pieces = [_of_slice(piece, headers) for piece in self.slices[name]]
        frame = type_columns(pl.concat(pieces, how="diagonal_relaxed"), table, source, matches, findings)
        shown = {match.column.name: match.shown for match in matches.found}
        words = PlaceWords.of(self.protocol.data.places, source, table)
        frame = with_places(frame, table, shown, words, Findings())  # found when the study is opened
        return typed_table(table, frame, matches, findings)

    def _examined(
        self,
        typed: dict[str, TypedTable],
        frames: dict[str, pl.DataFrame],
        to_examine: dict[str, pl.Series],
        so_far: Findings,
    ) -> tuple[StudyTables, tuple[Issue, ...]]:
        """Every rule for the chosen rows; what must be left out is taken from the whole partition."""
        own = {name: replace(t, frame=t.frame.filter(to_examine[name])) for name, t in typed.items()}
        findings = Findings([i for i in so_far.issues if i.rule in _OF_CELLS], names=so_far.names)
        checked = check_tables(own, self.protocol, findings)
        findings.issues += find_left_out(checked, findings)
        if "lesions" in frames:
            rest = frames["lesions"].filter(~to_examine["lesions"])
            collapsed = checked["lesions"].select(rest.columns)
            frames["lesions"] = pl.concat([rest, collapsed]).sort(INDEX)
        issues = tuple(i for i in findings.issues if i.rule not in _OF_THE_WHOLE)
        return validated_tables(frames, typed, findings), issues


_OF_DATES = {"date_without_start", "date_and_day_disagree", "date_unused"}
_OF_CELLS = {"value_unreadable", "value_out_of_range", "value_ignored", "control_character", "partial_date"}


def _of_slice(piece: Slice, headers: list[str]) -> pl.DataFrame:
    with reading(piece.path, piece.source) as file:
        there = file.collect_schema().names()
    rows = read_slice(piece, [h for h in headers if h in there])
    lacking = [pl.lit(None).alias(h) for h in headers if h not in there]
    return rows.with_columns(*lacking, pl.lit(piece.source).alias(SOURCE))


def _timed(typed: dict[str, TypedTable], starts: pl.DataFrame, findings: Findings) -> dict[str, pl.DataFrame]:
    """The tables with both forms of every date, P, and whether a lesion is a node where that cell is blank."""
    numbers = typed["patients"].frame.select("patient_id", pl.int_range(pl.len(), dtype=pl.UInt32).alias(P))
    numbers = numbers.filter(pl.col("patient_id").is_not_null())
    frames = {
        name: add_times(table, starts, findings).join(
            numbers, on="patient_id", how="left", maintain_order="left"
        )
        for name, table in typed.items()
    }
    if "lesions" in frames:
        frames["lesions"] = frames["lesions"].with_columns(is_node())
    return frames
