"""Raw tables to tables we can trust, and a finding for everything that was not."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from oligoscope.intake.columns import Matches, match_columns
from oligoscope.intake.cross_table import (
    check_follow_up,
    check_patient_dates,
    check_row_dates,
    find_unknown_patients,
)
from oligoscope.intake.findings import BAD, INDEX, Findings
from oligoscope.intake.issues import Issue, Issues
from oligoscope.intake.lesion_rules import (
    check_baseline,
    check_new_lesions,
    check_targets,
    find_undeclared,
    find_unmeasured,
)
from oligoscope.intake.raw_table import RawTable
from oligoscope.intake.row_rules import (
    check_patients,
    check_states,
    collapse_lesions,
    find_repeated,
    pd_l1_class,
    require_values,
)
from oligoscope.intake.timing import add_times, treatment_starts
from oligoscope.intake.typed_table import TypedTable, type_table
from oligoscope.study.protocol import Protocol, TableSource
from oligoscope.study.schemas import PATIENTS, TABLES, StudyTables, empty
from oligoscope.study.vocabulary import Text

_MUST_HAVE_ROWS = {"patients", "lesions", "measurements", "progressions"}


def validate_tables(raw: dict[str, RawTable], protocol: Protocol) -> tuple[StudyTables, Issues]:
    """Type every table and hold it to the rules of docs/data.md.

    Args:
        raw: The tables as read (`read_tables`).
        protocol: The study.

    Returns:
        The tables without the rows and patients that must be left out, and all findings. Where there are
        errors the tables are empty: nothing can be derived.
    """
    findings = Findings()
    matches = {name: match_columns(t, TABLES[name], _source(t, protocol)) for name, t in raw.items()}
    findings.issues += [i for t in raw.values() for i in t.problems]
    findings.issues += [i for m in matches.values() for i in m.issues]
    findings.issues += _missing_tables(protocol)
    findings.issues += _without_rows(raw)
    typed = _typed(raw, matches, protocol, findings)
    if "patients" in typed:
        findings.issues += _repeated_patients(typed["patients"])
    as_read = {name: table.frame for name, table in typed.items()}
    if any(issue.grade == "error" for issue in findings.issues):
        return StudyTables(empty(PATIENTS)), Issues.of(findings.all_issues(as_read))
    frames = _checked(typed, protocol, findings)
    issues = Issues.of([*findings.all_issues(as_read), *_left_out(frames, findings)])
    if issues.errors:
        return StudyTables(empty(PATIENTS)), issues
    return _study_tables(frames, typed, findings), issues


def _source(table: RawTable, protocol: Protocol) -> TableSource:
    """How the table's columns are called: its own mapping, else study.yaml's."""
    return table.mapping or getattr(protocol.data, table.name) or TableSource(files=())


def _missing_tables(protocol: Protocol) -> Iterator[Issue]:
    data = protocol.data
    if data.sdtm is not None:
        return  # a domain that is not there is a finding of its own
    given = protocol.response.source == "assessments" and data.assessments is not None
    if data.progressions is not None or given:
        wanted = ("lesions", "measurements") if data.lesions or data.measurements else ()
    else:
        wanted = ("lesions", "measurements")
    for name in wanted:
        if getattr(data, name) is None:
            label = TABLES[name].label
            expected = Text(f"缺少{label.zh}表", f"the table {name} is not given")
            yield Issue(
                rule="table_missing",
                table=name,
                source="study.yaml",
                column=f"data.{name}",
                expected=expected,
            )


def _without_rows(raw: dict[str, RawTable]) -> Iterator[Issue]:
    for name, table in raw.items():
        if table.frame.height == 0 and not any(i.grade == "error" for i in table.problems):
            rule = "table_empty" if name in _MUST_HAVE_ROWS else "table_without_rows"
            yield Issue(rule=rule, table=name, source=", ".join(table.headers))


def _typed(
    raw: dict[str, RawTable], matches: dict[str, Matches], protocol: Protocol, findings: Findings
) -> dict[str, TypedTable]:
    """Only tables without an error of their own can be typed."""
    broken = {issue.table for issue in findings.issues if issue.grade == "error"}
    return {
        name: type_table(table, TABLES[name], _source(table, protocol), matches[name], findings)
        for name, table in raw.items()
        if name not in broken
    }


def _repeated_patients(patients: TypedTable) -> Iterator[Issue]:
    frame = patients.frame.filter(pl.col("patient_id").is_not_null())
    rows = pl.col("source_row").cast(pl.String).str.join(", ").over("patient_id").alias("rows")
    for row in frame.with_columns(rows).filter(pl.col("patient_id").is_duplicated()).iter_rows(named=True):
        yield Issue(
            rule="patient_repeated", table="patients", source=row["source"], row=row["source_row"],
            column=patients.shown["patient_id"], value=row["patient_id"], patient_id=row["patient_id"],
            expected=Text(f"见第 {row['rows']} 行", f"rows {row['rows']}"),
        )  # fmt: skip


def _checked(typed: dict[str, TypedTable], protocol: Protocol, findings: Findings) -> dict[str, pl.DataFrame]:
    """Every rule in order; the frames come back with both forms of every date."""
    starts = treatment_starts(typed, findings)
    frames = {name: add_times(table, starts, findings) for name, table in typed.items()}
    shown = {name: table.shown for name, table in typed.items()}
    require_values(typed["patients"], frames["patients"], ["patient_id"], findings, set())
    unplaced = set(frames["patients"].filter(pl.col(BAD))["patient_id"].drop_nulls())
    find_unknown_patients(frames, shown, findings)
    for name, table in typed.items():
        if name != "patients":
            # A lesion told in many rows says its role in one of them: looked for once they are together.
            names = [c.name for c in table.table.columns if c.required and c.name != "role"]
            require_values(table, frames[name], names, findings, unplaced)
    check_patients(frames["patients"], shown["patients"], findings)
    check_patient_dates(frames, shown, findings)
    check_row_dates(frames, shown, findings)
    for name in ("measurements", "treatments", "assessments", "progressions"):
        if name in frames:
            find_repeated(TABLES[name], frames[name], findings)
    _check_lesions(typed, frames, shown, findings)
    check_follow_up(frames, shown, findings)
    findings.issues += _reader_problems(frames, protocol)
    return frames


def _check_lesions(
    typed: dict[str, TypedTable],
    frames: dict[str, pl.DataFrame],
    shown: dict[str, dict[str, str]],
    findings: Findings,
) -> None:
    if "lesions" not in frames or "measurements" not in frames:
        return
    declared = frames["lesions"].select("patient_id", "lesion_id").unique()
    _lose_patients_of_bad_rows(frames["lesions"], findings)
    lesions = collapse_lesions(frames["lesions"], shown["lesions"], findings)
    lesions = lesions.with_columns(_is_node())
    require_values(typed["lesions"], lesions, ["role"], findings, set())
    frames["lesions"] = lesions
    frames["measurements"] = check_states(frames["measurements"], shown["measurements"], findings)
    measurements, names = frames["measurements"], shown["measurements"]
    find_undeclared(declared, measurements, names, findings)
    check_new_lesions(lesions, measurements, names, findings)
    check_targets(lesions, shown["lesions"], findings)
    check_baseline(lesions, measurements, names, findings)
    find_unmeasured(lesions, measurements, shown["lesions"], findings)


def _is_node() -> pl.Expr:
    return pl.coalesce(
        pl.col("is_node"),
        ((pl.col("organ") == "lymph_node") | pl.col("station").is_not_null()).fill_null(value=False),
    ).alias("is_node")


def _lose_patients_of_bad_rows(frame: pl.DataFrame, findings: Findings) -> None:
    """A row of which the table's meaning hangs on every one: without it the patient is not who he seems."""
    findings.patients.update(frame.filter(pl.col(BAD))["patient_id"].drop_nulls().to_list())


def _reader_problems(frames: dict[str, pl.DataFrame], protocol: Protocol) -> Iterator[Issue]:
    chosen = protocol.response.reader
    for name in ("measurements", "assessments"):
        if name not in frames or frames[name].height == 0:
            continue
        readers = frames[name]["reader"].drop_nulls().unique().sort().to_list()
        listed = ", ".join(readers)
        if (chosen is None and len(readers) > 1) or (
            chosen is not None and readers and chosen not in readers
        ):
            expected = Text(f"阅片者：{listed}", f"the readers are: {listed}")
            source = frames[name]["source"][0]
            yield Issue(
                rule="reader_not_chosen",
                table=name,
                source=source,
                column="response.reader",
                value=chosen,
                expected=expected,
            )


def _left_out(frames: dict[str, pl.DataFrame], findings: Findings) -> Iterator[Issue]:
    """One finding a patient who goes, with how many rows go with him."""
    gone = _gone(frames, findings)
    counts = pl.concat(
        [f.select("patient_id") for name, f in frames.items() if name != "patients"] or [gone.to_frame()]
    )
    rows = counts.filter(pl.col("patient_id").is_in(gone.implode())).group_by("patient_id").len()
    n_rows = dict(rows.iter_rows())
    places = frames["patients"].filter(pl.col("patient_id").is_in(gone.implode()))
    for row in places.iter_rows(named=True):
        n = n_rows.get(row["patient_id"], 0)
        yield Issue(
            rule="patient_left_out", table="patients", source=row["source"], row=row["source_row"], column="patient_id",
            value=row["patient_id"], patient_id=row["patient_id"],
            expected=Text(f"连同其他表中的 {n} 行", f"with {n} rows of other tables"),
        )  # fmt: skip


def _gone(frames: dict[str, pl.DataFrame], findings: Findings) -> pl.Series:
    """Patients to leave out: found so, or with a bad row in the patients table."""
    patients = frames["patients"]
    kept = findings.good("patients", patients)["patient_id"]
    bad = patients.filter(~pl.col("patient_id").is_in(kept.implode()))["patient_id"].drop_nulls()
    known = patients["patient_id"].drop_nulls().to_list()
    return pl.Series(
        "patient_id", sorted({*bad.to_list(), *(findings.patients & set(known))}), dtype=pl.String
    )


def _study_tables(
    frames: dict[str, pl.DataFrame], typed: dict[str, TypedTable], findings: Findings
) -> StudyTables:
    gone = _gone(frames, findings)
    kept = {
        name: findings.good(name, frame).filter(~pl.col("patient_id").is_in(gone.implode())).drop(INDEX, BAD)
        for name, frame in frames.items()
    }
    given = {name: table.given for name, table in typed.items()}
    if "pd_l1_tps" in given["patients"]:
        pd_l1 = pl.coalesce(pl.col("pd_l1"), pd_l1_class(pl.col("pd_l1_tps"))).alias("pd_l1")
        kept["patients"] = kept["patients"].with_columns(pd_l1)
        given["patients"] |= {"pd_l1"}
    return StudyTables(**kept, given=given)
