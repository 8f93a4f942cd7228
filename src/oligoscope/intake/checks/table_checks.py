"""The rules of docs/data.md for typed tables, in order, and the tables without what must be left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.cohort_rules import COHORT_RULES
from oligoscope.intake.checks.cross_table import (
    ORDER_RULES,
    check_cutoff,
    check_dates,
    check_follow_up,
    find_far_dates,
    find_unknown_patients,
)
from oligoscope.intake.checks.findings import BAD, INDEX, Check, Findings, Frames
from oligoscope.intake.checks.given_values import check_best, check_given
from oligoscope.intake.checks.lesion_rules import (
    TARGET_IN_BONE,
    check_baseline,
    check_merges,
    check_new_lesions,
    check_new_nodes,
    check_others_at_baseline,
    check_target_sizes,
    check_targets,
    find_undeclared,
    find_unmeasured,
)
from oligoscope.intake.checks.lesion_series import check_series
from oligoscope.intake.checks.order_in_time import check_order
from oligoscope.intake.checks.row_rules import (
    PATIENT_RULES,
    STATE_RULES,
    check_repeated,
    collapse_lesions,
    filled_state,
    is_node,
    require_value,
    require_values,
)
from oligoscope.intake.checks.target_set import check_target_set
from oligoscope.intake.checks.timing import add_times, treatment_starts
from oligoscope.intake.checks.typed_table import TypedTable
from oligoscope.intake.checks.whole_study import find_reader_left_out, find_reader_not_chosen
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.per_cent import classes_of_per_cent
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import TABLES, StudyTables


def check_tables(
    typed: dict[str, TypedTable], protocol: Protocol, findings: Findings
) -> dict[str, pl.DataFrame]:
    """Every rule in order; the frames come back with both forms of every date."""
    starts = treatment_starts(typed, findings)
    frames = {name: add_times(table, starts, findings) for name, table in typed.items()}
    require_values(typed["patients"], frames["patients"], ["patient_id"], findings, set())
    unplaced = set(frames["patients"].filter(pl.col(BAD))["patient_id"].drop_nulls())
    find_unknown_patients(frames, findings)
    for name, table in typed.items():
        if name != "patients":
            # A lesion of several rows may have its role in any of them: required once they are joined.
            names = [c.name for c in table.table.columns if c.required and c.name != "role"]
            require_values(table, frames[name], names, findings, unplaced)
    findings.check(PATIENT_RULES, frames)
    findings.check(COHORT_RULES, frames)
    for check in (check_dates, check_repeated, _check_lesions, check_follow_up):
        check(frames, findings)
    findings.check(ORDER_RULES, frames)
    find_far_dates(frames, findings)
    for check in (check_order, check_given, check_best):
        check(frames, findings)
    check_cutoff(frames, findings, protocol.study.data_cutoff)
    findings.issues += _reader_problems(frames, protocol)
    for name in ("measurements", "assessments"):
        if name in frames and "reader" in typed[name].given:
            find_reader_left_out(name, frames[name], protocol.response.reader, findings)
    return frames


_OF_LESIONS: tuple[Check, ...] = (
    check_new_lesions,
    check_new_nodes,
    check_targets,
    check_baseline,
    check_others_at_baseline,
    check_target_sizes,
    check_merges,
    find_unmeasured,
    check_series,
    check_target_set,
)


def _check_lesions(frames: Frames, findings: Findings) -> None:
    if "lesions" not in frames or "measurements" not in frames:
        return
    declared = frames["lesions"].select("patient_id", "lesion_id").unique()
    # Every row of a lesion changes how the patient is classified.
    findings.patients.update(frames["lesions"].filter(pl.col(BAD))["patient_id"].drop_nulls().to_list())
    lesions = collapse_lesions(frames["lesions"], findings).with_columns(is_node())
    require_value("role", TABLES["lesions"], lesions, findings)
    frames["lesions"] = lesions
    findings.check(STATE_RULES, frames)
    frames["measurements"] = frames["measurements"].with_columns(filled_state())
    find_undeclared(declared, frames["measurements"], findings)
    findings.check([TARGET_IN_BONE], frames)
    for check in _OF_LESIONS:
        check(frames, findings)


def _reader_problems(frames: dict[str, pl.DataFrame], protocol: Protocol) -> Iterator[Issue]:
    for name in ("measurements", "assessments"):
        if name in frames and frames[name].height:
            readers = frames[name]["reader"].drop_nulls().unique().sort().to_list()
            yield from find_reader_not_chosen(
                name, readers, protocol.response.reader, frames[name]["source"][0]
            )


def find_left_out(frames: dict[str, pl.DataFrame], findings: Findings) -> Iterator[Issue]:
    """One finding for each patient left out, with the number of rows left out of other tables."""
    left_out = _left_out(frames, findings)
    counts = pl.concat(
        [f.select("patient_id") for name, f in frames.items() if name != "patients"] or [left_out.to_frame()]
    )
    rows = counts.filter(pl.col("patient_id").is_in(left_out.implode())).group_by("patient_id").len()
    n_rows = dict(rows.iter_rows())
    places = frames["patients"].filter(pl.col("patient_id").is_in(left_out.implode()))
    for row in places.iter_rows(named=True):
        n = n_rows.get(row["patient_id"], 0)
        yield Issue(
            rule="patient_left_out", table="patients", source=row["source"], row=row["source_row"], column="patient_id",
            value=row["patient_id"], patient_id=row["patient_id"],
            expected=Text(f"连同其他表中的 {n} 行", f"with {n} {'row' if n == 1 else 'rows'} of other tables"),
        )  # fmt: skip


def _left_out(frames: dict[str, pl.DataFrame], findings: Findings) -> pl.Series:
    """Patients to leave out: by a rule, or with a bad row in the patients table."""
    patients = frames["patients"]
    kept = findings.good("patients", patients)["patient_id"]
    bad = patients.filter(~pl.col("patient_id").is_in(kept.implode()))["patient_id"].drop_nulls()
    known = patients["patient_id"].drop_nulls().to_list()
    return pl.Series(
        "patient_id", sorted({*bad.to_list(), *(findings.patients & set(known))}), dtype=pl.String
    )


def validated_tables(
    frames: dict[str, pl.DataFrame], typed: dict[str, TypedTable], findings: Findings
) -> StudyTables:
    """The tables without the rows and patients that must be left out."""
    left_out = _left_out(frames, findings)
    kept = {
        name: findings.good(name, frame).filter(~pl.col("patient_id").is_in(left_out.implode()))
        for name, frame in frames.items()
    }
    return study_tables(kept, typed)


def study_tables(frames: dict[str, pl.DataFrame], typed: dict[str, TypedTable]) -> StudyTables:
    """Frames without bad rows as the tables of a study; PD-L1 is filled in from TPS."""
    kept: dict[str, Any] = {name: frame.drop(INDEX, BAD) for name, frame in frames.items()}
    given = {name: table.given for name, table in typed.items()}
    if "pd_l1_tps" in given["patients"]:
        pd_l1 = pl.coalesce(pl.col("pd_l1"), classes_of_per_cent(pl.col("pd_l1_tps"))).alias("pd_l1")
        kept["patients"] = kept["patients"].with_columns(pd_l1)
        given["patients"] |= {"pd_l1"}
    return StudyTables(**kept, given=given)
