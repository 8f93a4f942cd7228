"""The same tables as csv and as parquet give the same records and the same findings, however they are parted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.demo.cohort import make_cohort
from oligoscope.intake.checks import study_patterns
from oligoscope.intake.checks.timing import anchor_issue
from oligoscope.intake.issues import Issues
from oligoscope.intake.parquet.parquet_study import is_typed_parquet, open_parquet
from oligoscope.intake.readers import read_tables
from oligoscope.intake.rules import RULES
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import TABLES, StudyTables

Tables = dict[str, pl.DataFrame]
NOT_OF_PARQUET = {
    "row_shifted",
    "column_repeated",
    "join_conflict",
    "join_unknown_patient",
    "column_absent",
    "encoding_assumed",
    "row_is_a_note",
    "sheet_shape",
    "cells_filled",
    "column_without_header",
    "wide_unclear",
    "patient_in_centimetres",
    "row_is_example",
    "declared_missing",
    "redcap_events",
    "imaging_words",
    "variable_left_out",
}
CUTOFF = date(2025, 4, 8)
OF_SDTM = {rule for rule in RULES if rule in {
    "domain_rows_unused", "not_done_undated", "node_without_short_axis", "death_dates_differ", "death_from_record",
}}  # fmt: skip


@pytest.fixture(scope="module")
def drawn() -> Tables:
    """A drawn cohort and, of a few, responses and progressions somebody read."""
    tables = {
        name: frame.head(60) if name == "patients" else frame
        for name, frame in make_cohort(7, 30).tables.items()
    }
    read_on = pl.col("treatment_started_on") + pl.duration(days=50)
    alive = pl.col("died_on").is_null() | (pl.col("died_on") >= read_on)
    some = tables["patients"].head(12).filter(alive, read_on.is_not_null())
    given = some.select("patient_id", assessed_on=read_on, overall_response=pl.lit("SD"))
    keep = tables["patients"].select("patient_id")
    parted = {
        n: f.join(keep, on="patient_id", how="semi", maintain_order="left")
        for n, f in tables.items()
        if n != "patients"
    }
    return {"patients": tables["patients"], **parted, "assessments": given}


def study(tables: Tables, suffix: str, **settings: object) -> Protocol:
    data = {name: {"files": (f"{name}.{suffix}",)} for name in tables}
    title = {"zh": "试验", "en": "Trial"}
    return Protocol.model_validate(
        {"study": {"title": title, "data_cutoff": CUTOFF}, "data": data, "response": settings}
    )


def as_csv(tables: Tables, folder: Path, **settings: object) -> tuple[StudyTables, Issues]:
    for name, frame in tables.items():
        frame.write_csv(folder / f"{name}.csv")
    protocol = study(tables, "csv", **settings)
    return validate_tables(read_tables(protocol, folder), protocol)


def as_parquet(
    tables: Tables, folder: Path, size: int | None = None, **settings: object
) -> tuple[StudyTables, Issues]:
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet", row_group_size=97)
    opened = open_parquet(study(tables, "parquet", **settings), folder)
    if size is None or opened.issues.errors:
        read, issues, _ = opened.read()
        return read, issues
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    parts = [part.read() for part in opened.parts(size, scratch)]
    frames = {n: pl.concat([getattr(p.tables, n) for p in parts]) for n in TABLES}
    found = [
        *opened.issues,
        *(i for p in parts for i in p.issues),
        *anchor_issue(sum(p.n_anchored for p in parts)),
    ]
    return StudyTables(**frames, given=parts[0].tables.given), Issues.of(found)  # pyright: ignore[reportArgumentType]


def comparable(issues: Issues) -> pl.DataFrame:
    return issues.frame().with_columns(pl.col("source").str.replace_all(r"\.(csv|parquet)", ""))


def assert_same(
    one: tuple[StudyTables, Issues], other: tuple[StudyTables, Issues], *, in_order: bool = True
) -> None:
    assert comparable(one[1]).to_dicts() == comparable(other[1]).to_dicts()
    for name in TABLES:
        left, right = (getattr(t, name).drop("source") for t in (one[0], other[0]))
        if not in_order:
            left, right = (frame.sort("source_row") for frame in (left, right))
        assert set(left.columns) == set(right.columns)
        assert left.to_dicts() == right.select(left.columns).to_dicts(), name


# ---- one fault at a time ---------------------------------------------------------------------------


def put(table: str, column: str, value: object, row: int = 3) -> Callable[[Tables], Tables]:
    """That cell of that row."""

    def fault(tables: Tables) -> Tables:
        frame = tables[table]
        if column not in frame.columns:
            frame = frame.with_columns(pl.lit(None, type_of(value)).alias(column))
        if isinstance(value, str) and frame.schema[column] != pl.String:
            frame = frame.with_columns(pl.col(column).cast(pl.String))
        here = pl.int_range(pl.len()) == row
        return {
            **tables,
            table: frame.with_columns(pl.when(here).then(pl.lit(value)).otherwise(column).alias(column)),
        }

    return fault


def type_of(value: object) -> pl.DataType:
    return pl.Series([value]).dtype


def both(*faults: Callable[[Tables], Tables]) -> Callable[[Tables], Tables]:
    def fault(tables: Tables) -> Tables:
        for one in faults:
            tables = one(tables)
        return tables

    return fault


def again(table: str, row: int = 3, **other: object) -> Callable[[Tables], Tables]:
    """That row a second time, perhaps with another value."""

    def fault(tables: Tables) -> Tables:
        frame = tables[table]
        copy = frame[row : row + 1].with_columns(
            pl.lit(v, frame.schema[c]).alias(c) for c, v in other.items()
        )
        return {**tables, table: pl.concat([frame[: row + 2], copy, frame[row + 2 :]])}

    return fault


def rows_of(role: str, tables: Tables) -> list[int]:
    """Measurement rows at or before treatment start (of a new lesion: any) of lesions of a role."""
    rows = (
        tables["measurements"].with_row_index("row").join(tables["lesions"], on=["patient_id", "lesion_id"])
    )
    rows = rows.join(tables["patients"].select("patient_id", "treatment_started_on"), on="patient_id").filter(
        pl.col("role") == role
    )
    early = (pl.col("assessed_on") <= pl.col("treatment_started_on")) & (
        pl.len().over("patient_id", "lesion_id") > 3
    )
    return (rows if role == "new" else rows.filter(early)).sort("row")["row"].to_list()


def at(role: str, column: str, value: object) -> Callable[[Tables], Tables]:
    return lambda tables: put("measurements", column, value, rows_of(role, tables)[0])(tables)


def to_node(tables: Tables) -> Tables:
    row = rows_of("target", tables)[0]
    cell = tables["measurements"].row(row, named=True)
    here = (pl.col("patient_id") == cell["patient_id"]) & (pl.col("lesion_id") == cell["lesion_id"])
    lesions = tables["lesions"].with_columns(pl.when(here).then(True).otherwise("is_node").alias("is_node"))
    return put("measurements", "diameter_mm", 12.0, row)({**tables, "lesions": lesions})


def to_normal_node(tables: Tables) -> Tables:
    """A node of 8 mm at baseline; later rows of targets are larger."""
    return put("measurements", "diameter_mm", 8.0, rows_of("target", tables)[0])(to_node(tables))


def to_small_new_node(tables: Tables) -> Tables:
    row = rows_of("new", tables)[0]
    is_node = pl.when(pl.col("role") == "new").then(True).otherwise("is_node")
    lesions = tables["lesions"].with_columns(is_node=is_node)
    return put("measurements", "diameter_mm", 8.0, row)({**tables, "lesions": lesions})


def without_baseline(tables: Tables) -> Tables:
    row = rows_of("target", tables)[0]
    return {
        **tables,
        "measurements": pl.concat([tables["measurements"][:row], tables["measurements"][row + 1 :]]),
    }


def without_baseline_of_another(tables: Tables) -> Tables:
    """A non-target seen after the start and not before."""
    row = rows_of("non_target", tables)[0]
    cell = tables["measurements"].row(row, named=True)
    start = tables["patients"].filter(patient_id=cell["patient_id"])["treatment_started_on"].item()
    its_own = (pl.col("patient_id") == cell["patient_id"]) & (pl.col("lesion_id") == cell["lesion_id"])
    before = its_own & (pl.col("assessed_on") <= start)
    return {**tables, "measurements": tables["measurements"].filter(~before)}


def seen_without_size(state: str) -> Callable[[Tables], Tables]:
    def fault(tables: Tables) -> Tables:
        row = rows_of("target", tables)[0]
        sized = put("measurements", "diameter_mm", None, row)(tables)
        return put("measurements", "state", state, row)(sized)

    return fault


def merged_with(into: str | None) -> Callable[[Tables], Tables]:
    def fault(tables: Tables) -> Tables:
        row = rows_of("target", tables)[-1]
        named = put("measurements", "merged_into", into, row)(tables)
        return put("measurements", "state", "merged", row)(
            put("measurements", "diameter_mm", None, row)(named)
        )

    return fault


def _started(tables: Tables) -> pl.DataFrame:
    """Patients alive with a scan after the start."""
    rows = tables["measurements"].join(tables["patients"], on="patient_id")
    later = rows.filter(pl.col("assessed_on") > pl.col("treatment_started_on"))
    alive = tables["patients"].filter(pl.col("died_on").is_null())
    return alive.join(later, on="patient_id", how="semi", maintain_order="left")


def start_late(tables: Tables) -> Tables:
    here = pl.col("patient_id") == _started(tables)["patient_id"][0]
    late = pl.when(here).then(pl.lit(date(2026, 1, 1))).otherwise("treatment_started_on")
    return {**tables, "patients": tables["patients"].with_columns(late.alias("treatment_started_on"))}


def scan_late(tables: Tables) -> Tables:
    rows = tables["measurements"].with_row_index("row")
    row = rows.filter(patient_id=_started(tables)["patient_id"][0])["row"].max()
    return put("measurements", "assessed_on", date(2026, 1, 1), row)(tables)  # pyright: ignore[reportArgumentType]


def a_year_early(tables: Tables) -> Tables:
    """The first scan after the start of a patient with the year before its own."""
    rows = tables["measurements"]
    patient, start = _started(tables).select("patient_id", "treatment_started_on").row(0)
    later = rows.filter(pl.col("assessed_on") > start, patient_id=patient)["assessed_on"].min()
    here = (pl.col("patient_id") == patient) & (pl.col("assessed_on") == later)
    early = pl.when(here).then(pl.col("assessed_on") - pl.duration(days=365)).otherwise("assessed_on")
    return {**tables, "measurements": rows.with_columns(early.alias("assessed_on"))}


def many_targets(tables: Tables) -> Tables:
    first = tables["patients"]["patient_id"][2]
    more = pl.DataFrame(
        {
            "patient_id": [first] * 7,
            "lesion_id": [f"X{i}" for i in range(7)],
            "role": ["target"] * 7,
            "organ": ["liver"] * 7,
        }
    )
    return {**tables, "lesions": pl.concat([tables["lesions"], more], how="diagonal")}


def in_days(tables: Tables) -> Tables:
    """Only days from treatment start, as some registries give them."""
    starts = tables["patients"].select("patient_id", start="treatment_started_on")
    found: Tables = {}
    for name, frame in tables.items():
        rows = frame.join(starts, on="patient_id", how="left", maintain_order="left")
        names = [
            c.name
            for c in TABLES[name].columns
            if c.kind == "date" and c.name in frame.columns and c.name != "birth_date"
        ]
        days = [
            (pl.col(c) - pl.col("start")).dt.total_days().cast(pl.Int32).alias(c.removesuffix("_on") + "_day")
            for c in names
        ]
        found[name] = rows.with_columns(days).drop(*names, "start")
    found["patients"] = found["patients"].drop("treatment_started_day", "birth_date", strict=False)
    return found


def in_centimetres(tables: Tables) -> Tables:
    """Every diameter a thirtieth of what it was, as if it had been written in centimetres."""
    rows = tables["measurements"]
    return {**tables, "measurements": rows.with_columns((pl.col("diameter_mm") / 30).round(1))}


def written_day_first(tables: Tables) -> Tables:
    """The treatment starts as text, the day before the month."""
    rows = tables["patients"]
    return {**tables, "patients": rows.with_columns(pl.col("treatment_started_on").dt.strftime("%d/%m/%Y"))}


def _with_card(tables: Tables) -> Tables:
    """One patient whose number is that of an id card, in every table."""
    first = tables["patients"]["patient_id"][0]
    return {
        name: frame.with_columns(pl.col("patient_id").replace(first, "11010519491231002X"))
        for name, frame in tables.items()
    }


def _target(tables: Tables, least: int = 5) -> tuple[str, str]:
    """A target with several rows, and its patient."""
    targets = tables["lesions"].filter(role="target").select("patient_id", "lesion_id")
    rows = tables["measurements"].join(targets, on=["patient_id", "lesion_id"], how="semi")
    many = rows.group_by("patient_id", "lesion_id", maintain_order=True).len().filter(pl.col("len") >= least)
    return many.select("patient_id", "lesion_id").row(0)


def _rows_of_target(tables: Tables) -> pl.DataFrame:
    patient, lesion = _target(tables)
    rows = tables["measurements"].with_row_index("row").filter(patient_id=patient, lesion_id=lesion)
    return rows.sort("assessed_on")


def of_target(column: str, *values: object) -> Callable[[Tables], Tables]:
    """These values in the first rows of a target."""

    def fault(tables: Tables) -> Tables:
        for row, value in zip(_rows_of_target(tables)["row"], values, strict=False):
            tables = put("measurements", column, value, row)(tables)
        return tables

    return fault


def a_day_apart(tables: Tables) -> Tables:
    """The second scan of a target on the day before the third, and of another size."""
    rows = _rows_of_target(tables)
    moved = put("measurements", "assessed_on", rows["assessed_on"][2] - timedelta(1), rows["row"][1])(tables)
    return put("measurements", "diameter_mm", 90.0, rows["row"][1])(moved)


def copied_target(*kept: int) -> Callable[[Tables], Tables]:
    """A second lesion with the rows of a target, or with some of them."""

    def fault(tables: Tables) -> Tables:
        tables = of_target("diameter_mm", 40.0, 36.0, 32.0, 29.0)(tables)
        rows = _rows_of_target(tables).drop("row")
        copy = (rows[list(kept)] if kept else rows).with_columns(lesion_id=pl.lit("X1"))
        patient, lesion = _target(tables)
        declared = (
            tables["lesions"]
            .filter(patient_id=patient, lesion_id=lesion)
            .with_columns(lesion_id=pl.lit("X1"))
        )
        return {
            **tables,
            "lesions": pl.concat([tables["lesions"], declared]),
            "measurements": pl.concat([tables["measurements"], copy]),
        }

    return fault


def given(response: str, total: float) -> Callable[[Tables], Tables]:
    """A response and a sum on every day with a scan after the start."""

    def fault(tables: Tables) -> Tables:
        patient, _ = _target(tables)
        own = (
            tables["measurements"]
            .filter(patient_id=patient)
            .select("patient_id", "assessed_on")
            .unique(maintain_order=True)
        )
        start = tables["patients"].filter(patient_id=patient)["treatment_started_on"].item()
        later = own.filter(pl.col("assessed_on") > start)
        rows = later.with_columns(overall_response=pl.lit(response), sum_mm=pl.lit(total))
        return {**tables, "assessments": pl.concat([tables["assessments"], rows], how="diagonal")}

    return fault


def better_than_given(tables: Tables) -> Tables:
    best = (
        tables["assessments"]
        .select("patient_id")
        .unique(maintain_order=True)
        .with_columns(best_response=pl.lit("CR"))
    )
    return {**tables, "progressions": best}


def start_after_all(tables: Tables) -> Tables:
    """A treatment start after every scan of a patient."""
    patient, _ = _target(tables, 6)
    last = tables["measurements"].filter(patient_id=patient)["assessed_on"].max()
    here = pl.col("patient_id") == patient
    late = pl.when(here).then(pl.lit(last) + pl.duration(days=1)).otherwise("treatment_started_on")
    alive = (
        pl.when(here).then(None).otherwise(c).alias(c)
        for c in ("died_on", "clinical_progression_on")
        if c in tables["patients"].columns
    )
    return {
        **tables,
        "patients": tables["patients"].with_columns(*alive, treatment_started_on=late.cast(pl.Date)),
    }


def another_number(tables: Tables) -> Tables:
    first = tables["patients"]["patient_id"][5]
    return {
        name: frame.with_columns(pl.col("patient_id").replace(first, "see above"))
        for name, frame in tables.items()
    }


def one_person_twice(tables: Tables) -> Tables:
    key = ["sex", "birth_date", "treatment_started_on"]
    rows = tables["patients"]
    if "birth_date" not in rows.columns:
        born = pl.date(1950, 1, 1) + pl.duration(days=97 * pl.int_range(pl.len()))
        rows = rows.with_columns(birth_date=born).drop("age_years", strict=False)
    first = rows.filter(pl.col("treatment_started_on").is_not_null()).row(0, named=True)
    twice = {**rows.row(rows.height - 1, named=True), **{c: first[c] for c in key}, "patient_id": "S9999"}
    return {**tables, "patients": pl.concat([rows, pl.DataFrame([twice], schema=rows.schema)])}


def every(table: str, column: str, value: pl.Expr, other: object = None) -> Callable[[Tables], Tables]:
    """A column with these values; of the first row another one."""

    def fault(tables: Tables) -> Tables:
        filled = {**tables, table: tables[table].with_columns(value.alias(column))}
        return filled if other is None else put(table, column, other)(filled)

    return fault


def copied_patient(tables: Tables) -> Tables:
    """A further patient with the lesions and sizes of another."""
    patient, _ = _target(tables, 8)
    copies = {
        n: f.filter(patient_id=patient).with_columns(patient_id=pl.lit("S9998"))
        for n, f in tables.items()
        if n != "assessments"
    }
    return {**tables, **{n: pl.concat([tables[n], copy]) for n, copy in copies.items()}}


FAULTS: dict[str, Callable[[Tables], Tables]] = {
    "value_unreadable": put("measurements", "diameter_mm", "12..5"),
    "value_out_of_range": put("measurements", "diameter_mm", 4000.5),
    "value_blank": put("measurements", "lesion_id", None),
    "value_ignored": put("patients", "smoking", "sometimes"),
    "control_character": put("patients", "smoking", "ev\x07er"),
    "node_denied": both(put("lesions", "organ", "纵隔淋巴结"), put("lesions", "is_node", False)),
    "place_unknown": put("lesions", "organ", "左趾"),
    "place_disagrees": both(put("lesions", "organ", "右肺上叶"), put("lesions", "side", "左")),
    "place_of_many": put("lesions", "organ", "双肺多发转移"),
    "fraction_or_percent": put("patients", "pd_l1_tps", 0.6),
    "unit_unknown": in_centimetres,
    "unit_converted": put("measurements", "diameter_mm", "1.2 cm"),
    "partial_date": put("patients", "died_on", "2024-06"),
    "date_order_taken": written_day_first,
    "id_is_date": put("lesions", "lesion_id", "2020-01-02"),
    "id_in_scientific": put("measurements", "lesion_id", "1.2E+11"),
    "column_ignored": put("measurements", "asessed_on", "x"),
    "identifier_left_out": put("patients", "remark", "电话 13812345678"),
    "identifier_named": _with_card,
    "table_without_rows": lambda t: {**t, "treatments": t["treatments"].clear()},
    "table_empty": lambda t: {**t, "lesions": t["lesions"].clear()},
    "table_missing": lambda t: {n: f for n, f in t.items() if n != "lesions"},
    "column_missing": lambda t: {**t, "measurements": t["measurements"].drop("lesion_id")},
    "days_from_anchor": in_days,
    "date_without_start": both(in_days, put("measurements", "assessed_on", date(2020, 1, 1))),
    "date_and_day_disagree": put("measurements", "assessed_day", 3000),
    "unknown_patient": put("measurements", "patient_id", "nobody"),
    "patient_repeated": again("patients"),
    "row_conflict": again("measurements", diameter_mm=99.5),
    "row_repeated": again("measurements"),
    "reader_not_chosen": both(put("measurements", "reader", "A"), put("measurements", "reader", "B", row=5)),
    "pd_l1_disagrees": both(put("patients", "pd_l1", ">=50%"), put("patients", "pd_l1_tps", 10.0)),
    "vital_status_disagrees": both(
        put("patients", "vital_status", "dead", row=0), put("patients", "died_on", None, row=0)
    ),
    "column_ambiguous": lambda t: {**t, "patients": t["patients"].with_columns(患者性别=pl.lit("男"), Gender=pl.lit("M")).drop("sex")},
    "age_disagrees": put("patients", "age_years", 20.0),
    "birth_after_start": put("patients", "birth_date", date(2024, 6, 1)),
    "start_after_death": put("patients", "died_on", date(2001, 6, 1)),
    "alive_after_death": both(
        put("patients", "died_on", date(2024, 6, 1), row=0), put("patients", "last_known_alive_on", date(2025, 1, 1), row=0)
    ),
    "row_after_death": lambda t: put(
        "patients", "died_on", t["patients"]["treatment_started_on"][1] + timedelta(1), row=1
    )(t),
    "progression_before_start": put("patients", "clinical_progression_on", date(2001, 1, 1)),
    "treatment_out_of_order": put("treatments", "ended_on", date(2001, 1, 1)),
    "alive_before_assessment": put("patients", "last_known_alive_on", date(2001, 1, 1)),
    "start_unknown": put("patients", "treatment_started_on", None),
    "start_after_cutoff": start_late,
    "row_after_cutoff": scan_late,
    "assessment_before_start": put("assessments", "assessed_on", date(2001, 1, 1)),
    "line_before_start": both(put("treatments", "line", 2), put("treatments", "started_on", date(2001, 1, 1))),
    "date_stands_apart": a_year_early,
    "absent_at_baseline": at("non_target", "state", "absent"),
    "merged_into_nothing": merged_with("L99"),
    "other_without_baseline": without_baseline_of_another,
    "target_progression_without_size": seen_without_size("unequivocal_progression"),
    "target_without_size": seen_without_size("present"),
    "lesion_conflict": again("lesions", organ="skin"),
    "lesion_undeclared": put("measurements", "lesion_id", "L99"),
    "new_lesion_at_baseline": at("new", "assessed_on", date(2001, 1, 1)),
    "too_many_targets": many_targets,
    "too_many_targets_in_organ": many_targets,
    "lesion_never_measured": many_targets,
    "reader_left_out": both(put("measurements", "reader", "A"), put("measurements", "reader", "A", row=5)),
    "small_target_node": to_node,
    "normal_at_baseline": to_normal_node,
    "small_new_node": to_small_new_node,
    "small_target": at("target", "diameter_mm", 8.0),
    "target_in_bone": lambda t: {
        **t, "lesions": t["lesions"].with_columns(organ=pl.lit("bone"), soft_tissue=pl.lit(False))
    },
    "early_baseline": at("target", "assessed_on", date(2001, 1, 1)),
    "no_baseline": without_baseline,
    "absent_with_diameter": both(put("measurements", "state", "absent"), put("measurements", "diameter_mm", 12.0)),
    "measured_without_diameter": both(put("measurements", "state", "measured"), put("measurements", "diameter_mm", None)),
    "nothing_recorded": both(put("measurements", "state", None), put("measurements", "diameter_mm", None)),
    "patient_left_out": put("measurements", "lesion_id", "L99"),
    "size_tenfold": of_target("diameter_mm", 30.0, 3.1, 30.0),
    "size_spike": of_target("diameter_mm", 20.0, 40.0, 20.0),
    "growth_implausible": of_target("diameter_mm", 10.0, 390.0, 390.0),
    "scans_disagree": a_day_apart,
    "lesion_comes_back": of_target("diameter_mm", 20.0, 0.0, 20.0),
    "modality_changes": of_target("modality", "ct", "mri"),
    "series_repeated": copied_target(),
    "sizes_never_change": every("measurements", "diameter_mm", pl.lit(30.0)),
    "target_not_followed": copied_target(0),
    "target_scan_missing": copied_target(0, 1, 3),
    "large_node_not_target": lambda t: {**t, "lesions": t["lesions"].with_columns(role=pl.lit("non_target"), is_node=pl.lit(True))},
    "sum_differs": given("SD", 1.0),
    "given_response_impossible": given("CR", 1.0),
    "best_response_better": better_than_given,
    "ecog_dead": put("patients", "ecog", 5),
    "dose_before_start": put("patients", "last_dose_on", date(2001, 1, 1)),
    "start_after_scans": start_after_all,
    "lines_out_of_order": lambda t: put("treatments", "started_on", date(2001, 1, 1), t["treatments"]["line"].to_list().index(2))(t),
    "patient_number_unlike": another_number,
    "same_person": one_person_twice,
    "stage_early": every("patients", "stage", pl.lit("IV"), "IB"),
    "follow_up_on_one_day": both(
        every("patients", "died_on", pl.lit(None, pl.Date)), every("patients", "last_known_alive_on", pl.lit(CUTOFF))
    ),
    "digits_preferred": every("measurements", "diameter_mm", (pl.col("diameter_mm") / 5).round() * 5),
    "patients_alike": copied_patient,
}  # fmt: skip


SETTINGS: dict[str, dict[str, Any]] = {"reader_left_out": {"reader": "A"}}


def test_every_rule_is_provoked_here():
    # Contradictions with derived progressions are found where patients are derived; files that no table reads, beside the tables.
    elsewhere = (
        NOT_OF_PARQUET
        | OF_SDTM
        | {
            "file_unreadable",
            "read_and_derived_differ",
            "patterns_not_sought",
            "file_not_read",
            "regimen_not_read",
        }
    )
    assert set(FAULTS) | set(COHORT_FAULTS) | elsewhere == set(RULES)


def classified(**columns: list[Any]) -> Tables:
    """A cohort that a team has classified, six patients."""
    n = 6
    usual = {
        "patient_id": [f"P{i}" for i in range(n)], "sex": ["male", "female"] * 3, "site": ["A", "B", "C"] * 2,
        "pattern": ["oligoprogression", "systemic", None] * 2, "pfs_months": [3.1, 12.0, 20.5] * 2, "pfs_event": [1, 1, 0] * 2,
        "os_months": [9.0, 18.5, 20.5] * 2, "os_event": [1, 0, 0] * 2,
    }  # fmt: skip
    return {"cohort": pl.DataFrame(usual | columns)}


DATES = {"treatment_started_on": [date(2020, 1, 15)] * 6}
COHORT_FAULTS: dict[str, Tables] = {
    "progression_after_survival": classified(os_months=[2.0, 11.0, 20.5] * 2),
    "censored_before_progression": classified(pfs_event=[0, 1, 0] * 2),
    "death_and_event_differ": classified(**DATES, died_on=[None, date(2021, 7, 30), None] * 2),
    "times_do_not_add_up": classified(pps_months=[5.9, 4.0, None] * 2),
    "death_not_counted": classified(os_event=[1, 0, 1] * 2),
    "times_and_dates_differ": classified(**DATES, progressed_on=[date(2020, 7, 15), None, None] * 2),
    "time_without_event": classified(os_event=[None, 0, 0] * 2),
    "date_unused": classified(died_on=[date(2020, 7, 15), None, None] * 2),
    "progression_before_start": classified(**DATES, progressed_on=[date(2020, 1, 1), None, None] * 2),
    "row_after_death": classified(**DATES, died_on=[date(2020, 10, 15), None, None] * 2, progressed_on=[date(2020, 12, 1), None, None] * 2),
    "row_after_cutoff": classified(**DATES, progressed_on=[date(2025, 4, 20), None, None] * 2),
    "follow_up_missing": {"cohort": classified()["cohort"].drop("os_months", "os_event")},
    "followed_to_contact": {
        "cohort": classified(
            **DATES, progressed_on=[date(2020, 7, 15), None, None] * 2, last_known_alive_on=[date(2021, 7, 15)] * 6
        )["cohort"].drop("pfs_months", "pfs_event", "os_months", "os_event", "pattern")
    },
}  # fmt: skip


@pytest.mark.parametrize("size", [None, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("rule", COHORT_FAULTS)
def test_a_fault_of_a_classified_cohort_is_found_alike(rule: str, size: int | None, tmp_path: Path):
    tables = COHORT_FAULTS[rule]

    from_csv, from_parquet = as_csv(tables, tmp_path), as_parquet(tables, tmp_path, size)

    assert rule in {issue.rule for issue in from_parquet[1]}
    assert_same(from_csv, from_parquet)


@pytest.mark.parametrize("size", [None, 4])
def test_a_sound_cohort_is_read_alike_and_without_a_finding(size: int | None, tmp_path: Path):
    from_csv, from_parquet = as_csv(classified(), tmp_path), as_parquet(classified(), tmp_path, size)

    assert_same(from_csv, from_parquet)
    assert {issue.rule for issue in from_csv[1]} == {"days_from_anchor"}
    assert from_csv[0].patients["site"].to_list() == ["A", "B", "C"] * 2


PARTED = ("unknown_patient", "row_conflict", "in_days", "lesion_conflict", "value_blank")


# One in six among the quick tests: all rules go the same two ways.
ALIKE = [rule if i % 6 == 0 else pytest.param(rule, marks=pytest.mark.slow) for i, rule in enumerate(FAULTS)]


@pytest.mark.parametrize("rule", ALIKE)
def test_a_fault_is_found_alike_in_csv_and_parquet(rule: str, drawn: Tables, tmp_path: Path):
    tables = FAULTS[rule](drawn)

    settings = SETTINGS.get(rule, {})
    from_csv, from_parquet = as_csv(tables, tmp_path, **settings), as_parquet(tables, tmp_path, **settings)

    assert rule in {issue.rule for issue in from_parquet[1]}
    if RULES[rule].grade == "error":  # then parquet is not read at all
        from_csv, from_parquet = (
            (tables, Issues(issues.errors)) for tables, issues in (from_csv, from_parquet)
        )
    assert_same(from_csv, from_parquet)


def test_what_is_not_looked_for_in_a_large_study_is_said(drawn: Tables, tmp_path: Path, monkeypatch):
    """A study in partitions is never in memory as a whole; as csv it is."""
    tables = FAULTS["stage_early"](drawn)
    n = tables["patients"].height
    monkeypatch.setattr(study_patterns, "MOST_IN_PARTITIONS", n - 1)
    (_, of_csv), (_, of_parquet) = as_csv(tables, tmp_path), as_parquet(tables, tmp_path)
    found = [
        [(i.rule, i.source) for i in issues if i.rule in {"stage_early", "patterns_not_sought"}]
        for issues in (of_csv, of_parquet)
    ]

    assert found == [[("stage_early", "patients.csv")], [("patterns_not_sought", "patients.parquet")]]
    (said,) = [i.expected.en for i in of_parquet if i.rule == "patterns_not_sought"]
    assert said == f"{n} patients, and the limit is {n - 1}"


@pytest.mark.parametrize(
    ("rule", "size"),
    [
        (PARTED[0], 7),
        *(pytest.param(rule, 7, marks=pytest.mark.slow) for rule in PARTED[1:]),
        pytest.param(PARTED[0], 1, marks=pytest.mark.slow),
    ],
)
def test_partitions_together_find_what_the_whole_finds(rule: str, size: int, drawn: Tables, tmp_path: Path):
    tables = FAULTS[rule if rule in FAULTS else "days_from_anchor"](drawn)

    assert_same(as_parquet(tables, tmp_path), as_parquet(tables, tmp_path, size))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))])
def test_several_faults_at_once_are_found_alike(seed: int, drawn: Tables, tmp_path: Path):
    rng = np.random.default_rng(seed)
    local = [
        name
        for name in FAULTS
        if name not in {"days_from_anchor", "date_without_start", "patient_left_out", *SETTINGS}
        and RULES[name].grade != "error"
    ]
    tables = drawn
    for name in rng.choice(local, 6, replace=False):
        tables = FAULTS[name](tables)

    whole = as_parquet(tables, tmp_path)

    assert_same(as_csv(tables, tmp_path), whole)
    assert_same(whole, as_parquet(tables, tmp_path, 7), in_order=False)


def test_rows_in_any_order_are_parted_first(drawn: Tables, tmp_path: Path):
    shuffled = {
        n: f if n == "patients" else f.sample(fraction=1, shuffle=True, seed=3) for n, f in drawn.items()
    }

    whole, parted = as_parquet(shuffled, tmp_path), as_parquet(shuffled, tmp_path, 7)

    assert_same(whole, parted, in_order=False)


def test_lengths_are_exact_whatever_the_type_of_number(drawn: Tables, tmp_path: Path):
    """41.0 and 28.7 mm are 41,000 and 28,700 micrometres, from float32 as from float64."""
    for kind in (pl.Float32, pl.Float64):
        sized = put("measurements", "diameter_mm", 28.7)(drawn)
        sized["measurements"] = sized["measurements"].with_columns(pl.col("diameter_mm").cast(kind))

        read, _ = as_parquet(sized, tmp_path)

        row = read.measurements.filter(pl.col("source_row") == 5)
        assert row["diameter_um"].to_list() == [28_700]
        assert row["diameter_mm"].to_list() == [28.7]


def test_words_are_mapped_as_in_other_files(drawn: Tables, tmp_path: Path):
    """Full-width letters, printed names, levels, constants and words for missing."""
    measurements = (
        drawn["measurements"]
        .drop("modality", strict=False)
        .with_columns(
            state=pl.col("state").replace("measured", "已测量")
            if "state" in drawn["measurements"].columns
            else pl.lit("gone")
        )
    )
    patients = drawn["patients"].with_columns(pl.col("smoking").replace({"ever": "\uff25ver", "never": "无"}))
    tables = {**drawn, "measurements": measurements, "patients": patients}
    outcomes = []
    for suffix in ("csv", "parquet"):
        for name, frame in tables.items():
            (frame.write_csv if suffix == "csv" else frame.write_parquet)(tmp_path / f"{name}.{suffix}")
        protocol = study(tables, suffix)
        source = protocol.data.measurements
        assert source is not None
        mapped = source.model_copy(
            update={"levels": {"state": {"measured": ("已测量",)}}, "constants": {"modality": "ct"}}
        )
        assert protocol.data.patients is not None
        words = protocol.data.patients.model_copy(
            update={"missing": ("不详",), "levels": {"smoking": {"never": ("无",)}}}
        )
        protocol = protocol.model_copy(
            update={"data": protocol.data.model_copy(update={"measurements": mapped, "patients": words})}
        )
        if suffix == "csv":
            outcomes.append(validate_tables(read_tables(protocol, tmp_path), protocol))
        else:
            assert is_typed_parquet(protocol)
            outcomes.append(open_parquet(protocol, tmp_path).read()[:2])

    assert_same(*outcomes)


def test_a_file_that_is_no_parquet_is_a_finding(drawn: Tables, tmp_path: Path):
    as_parquet(drawn, tmp_path)
    (tmp_path / "lesions.parquet").write_text("patient_id\n", encoding="utf-8")
    (tmp_path / "measurements.parquet").unlink()

    issues = open_parquet(study(drawn, "parquet"), tmp_path).issues

    assert {(i.rule, i.source) for i in issues.errors} == {
        ("file_unreadable", "lesions.parquet"), ("file_unreadable", "measurements.parquet"),
    }  # fmt: skip
