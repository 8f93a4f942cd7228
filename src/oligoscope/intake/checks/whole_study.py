"""Rules for a study as a whole, however its tables are read: tables, readers, repeated patients."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.findings import Findings, rows_listed
from oligoscope.intake.files.columns import Match
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.classified import UNITS_OF_TIME, time_name
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.variable import PER_CENT, Variable
from oligoscope.study.protocol import Protocol, TableSource
from oligoscope.study.schemas import TABLES

_MUST_HAVE_ROWS = {"patients", "lesions", "measurements", "progressions", "cohort"}


def find_missing_tables(protocol: Protocol) -> Iterator[Issue]:
    """Tables without which nothing can be derived, and which study.yaml does not name."""
    data = protocol.data
    if data.sdtm is not None or data.genie is not None:
        return  # a missing domain has its own finding
    given = protocol.response.source == "assessments" and data.assessments is not None
    read = data.progressions is not None or data.cohort is not None
    if (read or given) and not (data.lesions or data.measurements):
        return
    for name in ("lesions", "measurements"):
        if getattr(data, name) is None:
            label = TABLES[name].label
            expected = Text(f"未提供{label.zh}表", f"the table {name} is not given")
            yield Issue(
                rule="table_missing",
                table=name,
                source="study.yaml",
                column=f"data.{name}",
                expected=expected,
            )


def find_without_rows(empty: Iterable[RawTable]) -> Iterator[Issue]:
    """A finding for each table that was read without error and has no row."""
    for table in empty:
        rule = "table_empty" if table.name in _MUST_HAVE_ROWS else "table_without_rows"
        yield Issue(rule=rule, table=table.name, source=", ".join(table.headers))


def find_repeated_patients(patients: pl.DataFrame, shown: str) -> Iterator[Issue]:
    """Rows of the patients table (source, source_row, patient_id) with the same patient."""
    rows = rows_listed("patient_id").alias("rows")
    known = patients.filter(pl.col("patient_id").is_not_null())
    for row in known.with_columns(rows).filter(pl.col("patient_id").is_duplicated()).iter_rows(named=True):
        yield Issue(
            rule="patient_repeated", table="patients", source=row["source"], row=row["source_row"], column=shown,
            value=row["patient_id"], patient_id=row["patient_id"],
            expected=Text(f"同一编号见第 {row['rows']} 行", f"same patient in rows {row['rows']}"),
        )  # fmt: skip


def find_no_follow_up(source: str, *, is_followed: bool) -> Iterator[Issue]:
    """That no patient has a date of death or a day last known alive."""
    if not is_followed:
        yield Issue(rule="follow_up_missing", table="patients", source=source)


def find_followed_to_contact(
    tables: Collection[str],
    n_patients: int,
    progressed: Mapping[str, int],
    given_to_cohort: Collection[str],
    source: str,
) -> Iterator[Issue]:
    """That patients without a progression are followed to their last contact, because no assessment is dated.

    Args:
        tables: Those with rows.
        n_patients: Rows of patients.
        progressed: Of progressions and cohort, how many rows date a progression.
        given_to_cohort: Columns of the cohort: a time of PFS takes the place of dates.
        source: The files of those two.
    """
    timed = any(time_name(Outcome.PFS, unit.word) in given_to_cohort for unit in UNITS_OF_TIME)
    if timed or not {"lesions", "measurements", "assessments"}.isdisjoint(tables):
        return
    n = max(progressed.values(), default=0)
    if 0 < n < n_patients:
        yield Issue(
            rule="followed_to_contact",
            table=max(progressed, key=lambda name: progressed[name]),
            source=source,
        )


def is_per_cent(column: Variable) -> bool:
    """Whether a column of ours is in per cent."""
    return column.unit is PER_CENT


def find_fractions(
    table: str, match: Match, texts: pl.Series, source: TableSource, file: str
) -> Iterator[Issue]:
    """A column in per cent with values below 1 and none above: 0.6 may be 60 % or 0.6 %, so the user is asked.

    Args:
        table: Of the column.
        match: The column.
        texts: Its cells as text.
        source: Its `units` may state which it is.
        file: The file of the column.
    """
    if match.column.name in source.units:
        return
    numbers = texts.drop_nulls().str.strip_chars().cast(pl.Float64, strict=False)
    known = numbers.drop_nulls().drop_nans()
    has_others = texts.drop_nulls().str.contains("[%％]").any()
    parts = known.filter((known > 0) & (known < 1))
    if parts.is_empty() or has_others or (known > 1).any():
        return
    shown = f"{parts.max():g}"
    yield Issue(
        rule="fraction_or_percent", table=table, source=file, column=match.shown, value=shown,
        expected=Text(f"{shown} 是 {100 * float(shown):g}%，还是 {shown}%？", f"is {shown} {100 * float(shown):g} % or {shown} %?"),
    )  # fmt: skip


def find_reader_not_chosen(
    table: str, readers: Sequence[str], chosen: str | None, source: str
) -> Iterator[Issue]:
    """A table of several readers with none chosen, or without the chosen one."""
    if (chosen is None and len(readers) > 1) or (chosen is not None and readers and chosen not in readers):
        listed = ", ".join(readers)
        yield Issue(
            rule="reader_not_chosen", table=table, source=source, column="response.reader", value=chosen,
            expected=Text(f"现有阅片者：{listed}", f"the readers are: {listed}"),
        )  # fmt: skip


def find_reader_left_out(table: str, frame: pl.DataFrame, chosen: str | None, findings: Findings) -> None:
    """Patients without a row of the chosen reader, or with rows that name no reader: one finding per patient."""
    if chosen is None:
        return
    rows = findings.good(table, frame)
    theirs = (pl.col("reader") == chosen).fill_null(value=False)
    read = rows.filter(theirs).select("patient_id").unique()
    unread = rows.join(
        read.with_columns(is_read=pl.lit(value=True)), on="patient_id", how="left", maintain_order="left"
    )
    unread = unread.filter(pl.col("is_read").is_null() | pl.col("reader").is_null())
    findings.flag(
        "reader_left_out", table, unread.unique("patient_id", keep="first", maintain_order=True), "reader",
        expected=Text(f"所选阅片者为 {chosen}", f"the chosen reader is {chosen}"),
    )  # fmt: skip
