"""Rules for the rows of one table: required values, repeated rows, contradictions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.findings import BAD, INDEX, Findings, Frames, RowRule, rows_listed
from oligoscope.intake.checks.typed_table import TypedTable
from oligoscope.study.dictionary.per_cent import classes_of_per_cent
from oligoscope.study.dictionary.terms import State
from oligoscope.study.schemas import TABLES, TableSpec, day_name

_PLACE = ("source", "source_row", INDEX, BAD)
# Without this row, the patient would seem to have had no such event.
WHOLE_PATIENT = {"lesions", "progressions", "cohort"}
_RECORDED = pl.any_horizontal(pl.col("certainty", "fdg", "change_since_last").is_not_null())


def require_values(
    typed: TypedTable, frame: pl.DataFrame, names: Iterable[str], findings: Findings, skip: set[str]
) -> None:
    """Rows without a required value are left out; of the patients in `skip` a date may be unknown."""
    for name in names:
        dated = day_name(name) in typed.days
        rows = frame.filter(~pl.col("patient_id").is_in(sorted(skip))) if dated else frame
        require_value(name, typed.table, rows, findings)


def require_value(name: str, table: TableSpec, rows: pl.DataFrame, findings: Findings) -> None:
    """Rows without a value in this column are left out."""
    findings.flag(
        "value_blank", table.name, findings.good(table.name, rows).filter(pl.col(name).is_null()), name,
        expected=Text("不能为空", "must not be blank"), leaves=_who_leaves(table),
    )  # fmt: skip


def check_repeated(frames: Frames, findings: Findings) -> None:
    """Rows with the same key, in every table in which a row is not a patient or lesion."""
    for name in ("measurements", "treatments", "assessments", "progressions", "cohort"):
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
        rows_listed(key).alias("rows"),
    )
    conflicts, repeats = marked.filter("differ"), marked.filter(~pl.col("differ") & (pl.col("nth") > 0))
    columns = ("diameter_mm", "overall_response", "progressed_on", "ended_on")
    column = next(c for c in columns if c in rows.columns)
    findings.flag(
        "row_conflict", table.name, conflicts, column, expected=_same_thing, leaves=_who_leaves(table)
    )
    findings.flag("row_repeated", table.name, repeats, expected=_same_thing)
    findings.repeats.setdefault(table.name, set()).update(repeats[INDEX].to_list())


def collapse_lesions(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """One row per lesion; of several rows of a lesion (a long file) some may be blank, but none may contradict another.

    The role may be in any of them. At a contradiction the patient is left out: the role decides how a lesion counts.
    """
    rows = findings.good("lesions", frame)
    key = ["patient_id", "lesion_id"]
    content = [c for c in rows.columns if c not in {*key, *_PLACE}]
    counts = [pl.col(c).drop_nulls().n_unique().alias(f"__n_{c}") for c in content]
    once = rows.group_by(key, maintain_order=True).agg(
        *(pl.col(c).drop_nulls().first() for c in content), *counts, pl.col(INDEX, BAD).first(),
        pl.col("source", "source_row").get(pl.col("source_row").arg_min()),
    )  # fmt: skip
    for column in content:
        differ = once.filter(pl.col(f"__n_{column}") > 1)
        if differ.height:
            given = pl.col(column).sort_by("source", "source_row").drop_nulls()
            words = given.unique(maintain_order=True).cast(pl.String).str.join(" / ")
            by_lesion = rows.group_by(key).agg(words.alias("given"))
            findings.flag(
                "lesion_conflict", "lesions", differ.join(by_lesion, on=key), column, value="given",
                expected=Text("每个病灶只能有一种描述", "must be the same in all rows of a lesion"), leaves="patient",
            )  # fmt: skip
    return once.select(frame.columns)


_NO_DATE_OF_DEATH = Text("没有死亡日期", "there is no date of death")


def _date_of_death(died_on: date) -> Text:
    return Text(f"死亡日期为 {died_on}", f"the date of death is {died_on}")


DEAD = 5  # of the ECOG performance status
DOSE_DAYS = 7  # the start may be the day of randomisation, and a dose may be dated by its prescription
_YEARS = (pl.col("treatment_started_on") - pl.col("birth_date")).dt.total_days() / 365.25
_OLDER = pl.col("age_years") - _YEARS
PATIENT_RULES = (
    RowRule(
        "pd_l1_disagrees", "patients", "pd_l1", pl.col("pd_l1") != classes_of_per_cent(pl.col("pd_l1_tps")),
        lambda row: Text(f"TPS 为 {row['pd_l1_tps']:g}%", f"TPS is {row['pd_l1_tps']:g}%"),
    ),
    RowRule(
        "age_disagrees", "patients", "age_years", (_OLDER > 1.01) | (_OLDER < -2.01),
        lambda row: Text(f"按出生日期为 {_years(row):.1f} 岁", f"{_years(row):.1f} years by the date of birth"),
    ),
    RowRule(
        "vital_status_disagrees", "patients", "vital_status",
        (pl.col("vital_status") == "dead") != pl.col("died_on").is_not_null(),
        lambda row: _NO_DATE_OF_DEATH if row["died_on"] is None else _date_of_death(row["died_on"]),
    ),
    RowRule("ecog_dead", "patients", "ecog", (pl.col("ecog") == DEAD) & pl.col("treatment_started_on").is_not_null()),
    RowRule(
        "dose_before_start", "patients", "last_dose_on", pl.col("last_dose_day") < -DOSE_DAYS,
        lambda row: Text(f"治疗开始于 {row['treatment_started_on']}", f"treatment started on {row['treatment_started_on']}"),
    ),
)  # fmt: skip

_STATE, _SIZE = pl.col("state"), pl.col("diameter_mm")
# State against diameter. A row with only a certainty or an FDG finding keeps its blank state: the lesion was looked for.
STATE_RULES = (
    RowRule("absent_with_diameter", "measurements", "diameter_mm", (_STATE == State.ABSENT.value) & (_SIZE > 0)),
    RowRule("measured_without_diameter", "measurements", "state", (_STATE == State.MEASURED.value) & _SIZE.is_null()),
    RowRule("nothing_recorded", "measurements", "state", _STATE.is_null() & _SIZE.is_null() & ~_RECORDED),
)  # fmt: skip


def _years(row: dict[str, Any]) -> float:
    return (row["treatment_started_on"] - row["birth_date"]).days / 365.25


def filled_state() -> pl.Expr:
    """The state of a lesion where its cell is blank: with a diameter measured, without any content not evaluated."""
    return (
        pl.when(_STATE.is_not_null()).then(_STATE)
        .when(_SIZE.is_not_null()).then(pl.lit(State.MEASURED.value))
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
