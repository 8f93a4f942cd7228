"""Rules for the rows of one table: required values, repeated rows, contradictions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.findings import BAD, INDEX, Findings, Frames, Shown
from oligoscope.intake.checks.typed_table import TypedTable
from oligoscope.study.dictionary.terms import State
from oligoscope.study.schemas import TABLES, TableSpec, day_name

_PLACE = ("source", "source_row", INDEX, BAD)
# Without this row, the patient would seem to have had no such event.
WHOLE_PATIENT = {"lesions", "progressions"}
_RECORDED = pl.any_horizontal(pl.col("certainty", "fdg", "change_since_last").is_not_null())


def require_values(
    typed: TypedTable, frame: pl.DataFrame, names: Iterable[str], findings: Findings, skip: set[str]
) -> None:
    """Rows without a required value are left out; of the patients in `skip` a date may be unknown."""
    for name in names:
        dated = day_name(name) in typed.days
        rows = frame.filter(~pl.col("patient_id").is_in(sorted(skip))) if dated else frame
        require_value(name, typed.table, rows, typed.shown, findings)


def require_value(
    name: str, table: TableSpec, rows: pl.DataFrame, shown: dict[str, str], findings: Findings
) -> None:
    """Rows without a value in this column are left out."""
    findings.flag(
        "value_blank", table.name, findings.good(table.name, rows).filter(pl.col(name).is_null()), shown.get(name, name),
        expected=Text("不能为空", "must not be blank"), leaves=_who_leaves(table),
    )  # fmt: skip


def check_repeated(frames: Frames, _shown: Shown, findings: Findings) -> None:
    """Rows with the same key, in every table in which a row is not a patient or lesion."""
    for name in ("measurements", "treatments", "assessments", "progressions"):
        if name in frames:
            _find_repeated(TABLES[name], frames[name], findings)


def _find_repeated(table: TableSpec, frame: pl.DataFrame, findings: Findings) -> None:
    """Rows with the same key: identical ones count once, contradicting ones are left out."""
    key, rows = list(table.key), findings.good(table.name, frame)
    rows = rows.filter(pl.struct(key).is_duplicated())  # few: the windows below are slow over many rows
    content = [c for c in rows.columns if c not in {*key, *_PLACE}]
    marked = rows.with_columns(
        (pl.struct(content).n_unique().over(key) > 1).alias("differ"),
        pl.int_range(pl.len()).over(key).alias("nth"),
        pl.col("source_row").cast(pl.String).str.join(", ").over(key).alias("rows"),
    )
    conflicts, repeats = marked.filter("differ"), marked.filter(~pl.col("differ") & (pl.col("nth") > 0))
    value = next(
        (c for c in ("diameter_mm", "overall_response", "progressed_on", "ended_on") if c in rows.columns),
        None,
    )
    shown = value if table.name in {"measurements", "assessments", "progressions", "treatments"} else None
    findings.flag(
        "row_conflict",
        table.name,
        conflicts,
        shown or "",
        value=shown,
        expected=_same_thing,
        leaves=_who_leaves(table),
    )
    findings.flag("row_repeated", table.name, repeats, expected=_same_thing)
    findings.repeats.setdefault(table.name, set()).update(repeats[INDEX].to_list())


def collapse_lesions(frame: pl.DataFrame, shown: dict[str, str], findings: Findings) -> pl.DataFrame:
    """One row per lesion; of several rows of a lesion (a long file) some may be blank, but none may contradict another.

    The role may be in any of them. At a contradiction the patient is left out: the role decides how a lesion counts.
    """
    rows = findings.good("lesions", frame)
    key = ["patient_id", "lesion_id"]
    content = [c for c in rows.columns if c not in {*key, *_PLACE}]
    counts = [pl.col(c).drop_nulls().n_unique().alias(f"__n_{c}") for c in content]
    once = rows.group_by(key, maintain_order=True).agg(
        *(pl.col(c).drop_nulls().first() for c in content), *(pl.col(c).first() for c in _PLACE), *counts,
    )  # fmt: skip
    for column in content:
        differ = once.filter(pl.col(f"__n_{column}") > 1)
        if differ.height:
            words = pl.col(column).drop_nulls().unique(maintain_order=True).cast(pl.String).str.join(" / ")
            given = rows.group_by(key).agg(words.alias("given"))
            findings.flag(
                "lesion_conflict", "lesions", differ.join(given, on=key), shown.get(column, column), value="given",
                expected=Text("每个病灶只能有一种描述", "must be the same in all rows of a lesion"), leaves="patient",
            )  # fmt: skip
    return once.select(frame.columns)


def check_patients(frames: Frames, shown: Shown, findings: Findings) -> None:
    """PD-L1 class against TPS, age against date of birth."""
    rows, names = findings.good("patients", frames["patients"]), shown["patients"]
    tps = pd_l1_class(pl.col("pd_l1_tps"))
    findings.flag(
        "pd_l1_disagrees", "patients", rows.filter(pl.col("pd_l1") != tps), names.get("pd_l1", "pd_l1"), value="pd_l1",
        expected=lambda row: Text(f"TPS 为 {row['pd_l1_tps']:g}%", f"TPS is {row['pd_l1_tps']:g}%"),
    )  # fmt: skip
    years = (pl.col("treatment_started_on") - pl.col("birth_date")).dt.total_days() / 365.25
    off = rows.with_columns(years.alias("years")).filter(
        ((pl.col("age_years") - pl.col("years")) > 1.01) | ((pl.col("years") - pl.col("age_years")) > 2.01)
    )
    findings.flag(
        "age_disagrees", "patients", off, names.get("age_years", "age_years"), value="age_years",
        expected=lambda row: Text(f"按出生日期为 {row['years']:.1f} 岁", f"{row['years']:.1f} years by the date of birth"),
    )  # fmt: skip


def pd_l1_class(tps: pl.Expr) -> pl.Expr:
    """The class of a tumour proportion score in per cent."""
    return (
        pl.when(tps.is_null()).then(pl.lit(None, pl.String))
        .when(tps < 1).then(pl.lit("<1%"))
        .when(tps < 50).then(pl.lit("1-49%"))
        .otherwise(pl.lit(">=50%"))
    )  # fmt: skip


def fill_states(frame: pl.DataFrame, shown: dict[str, str], findings: Findings) -> pl.DataFrame:
    """State against diameter; a diameter alone is a measurement, a row without content means not evaluated.

    A row with only a certainty or an FDG finding keeps its blank state: the lesion was looked for.
    """
    rows = findings.good("measurements", frame)
    diameter, state = pl.col("diameter_mm"), pl.col("state")
    column, name = shown.get("diameter_mm", "diameter_mm"), shown.get("state", "state")
    absent = rows.filter((state == State.ABSENT.value) & (diameter > 0))
    bare = rows.filter((state == State.MEASURED.value) & diameter.is_null())
    nothing = rows.filter(state.is_null() & diameter.is_null() & ~_RECORDED)
    findings.flag("absent_with_diameter", "measurements", absent, column, value="diameter_mm")
    findings.flag("measured_without_diameter", "measurements", bare, name, value="state")
    findings.flag("nothing_recorded", "measurements", nothing, name)
    return frame.with_columns(filled_state())


def filled_state() -> pl.Expr:
    """The state of a lesion where its cell is blank: with a diameter measured, without any content not evaluated."""
    return (
        pl.when(pl.col("state").is_not_null()).then(pl.col("state"))
        .when(pl.col("diameter_mm").is_not_null()).then(pl.lit(State.MEASURED.value))
        .when(~_RECORDED).then(pl.lit(State.NOT_EVALUATED.value))
        .alias("state")
    )  # fmt: skip


def is_node() -> pl.Expr:
    """Whether a lesion is a lymph node: as stated, else by its organ or station."""
    by_place = (pl.col("organ") == "lymph_node") | pl.col("station").is_not_null()
    return pl.coalesce(pl.col("is_node"), by_place.fill_null(value=False)).alias("is_node")


def _who_leaves(table: TableSpec) -> Any:
    return "patient" if table.name in WHOLE_PATIENT else "row"


def _same_thing(row: dict[str, Any]) -> Text:
    return Text(f"与第 {row['rows']} 行为同一对象", f"same as rows {row['rows']}")
