"""Every table, raw and derived, made of the columns of the dictionary.

The outside form of a table is what users write (ISO dates, millimetres, words). Inside,
`StudyTables` holds the same rows typed, with these additions to every table:

- `source` (String): file or sheet; `source_row` (Int32): row there, header = row 1.
- for every date column `X_on` (Date) also `X_day` (Int32): days from treatment start.
- for every `X_mm` column also `X_um` (Int32): the same length in micrometres, so that thresholds
  are compared in exact integers (41.0 mm -> 28.7 mm is exactly -30 %).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.classified import COHORT_COLUMNS
from oligoscope.study.dictionary.given import ASSESSMENT_COLUMNS, PROGRESSION_COLUMNS, TREATMENT_COLUMNS
from oligoscope.study.dictionary.given_lesions import LESION_COLUMNS, MEASUREMENT_COLUMNS
from oligoscope.study.dictionary.given_patients import PATIENT_COLUMNS
from oligoscope.study.dictionary.variable import Kind, Variable


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table a user may give; `key` names the columns that make a row unique."""

    name: str
    label: Text
    columns: tuple[Variable, ...]
    key: tuple[str, ...]
    extra_columns: bool = False  # further columns are kept (covariates)

    def column(self, name: str) -> Variable:
        return next(c for c in self.columns if c.name == name)


PATIENTS = TableSpec(
    "patients", Text("患者", "Patients"), PATIENT_COLUMNS, ("patient_id",), extra_columns=True
)
LESIONS = TableSpec("lesions", Text("病灶", "Lesions"), LESION_COLUMNS, ("patient_id", "lesion_id"))
MEASUREMENTS = TableSpec(
    "measurements",
    Text("测量", "Measurements"),
    MEASUREMENT_COLUMNS,
    ("patient_id", "lesion_id", "assessed_on", "fragment", "modality", "reader"),
)
TREATMENTS = TableSpec(
    "treatments",
    Text("治疗", "Treatments"),
    TREATMENT_COLUMNS,
    ("patient_id", "line", "regimen", "modality", "organ", "started_on"),
)
ASSESSMENTS = TableSpec(
    "assessments",
    Text("已有评效", "Given responses"),
    ASSESSMENT_COLUMNS,
    ("patient_id", "assessed_on", "reader"),
)
PROGRESSIONS = TableSpec(
    "progressions", Text("已判读的进展", "Progressions read already"), PROGRESSION_COLUMNS, ("patient_id",)
)
COHORT = TableSpec(
    "cohort",
    Text("已分类的队列", "Cohort classified already"),
    (*PATIENT_COLUMNS, *COHORT_COLUMNS),
    ("patient_id",),
    extra_columns=True,
)

TABLES: dict[str, TableSpec] = {
    t.name: t for t in (PATIENTS, LESIONS, MEASUREMENTS, TREATMENTS, ASSESSMENTS, PROGRESSIONS, COHORT)
}

POLARS_TYPES: dict[Kind, type[pl.DataType]] = {
    "id": pl.String,
    "text": pl.String,
    "level": pl.String,
    "integer": pl.Int32,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


def typed_schema(table: TableSpec) -> dict[str, type[pl.DataType]]:
    """Columns of a table inside `StudyTables`, in order, with the additions named above."""
    schema: dict[str, type[pl.DataType]] = {"source": pl.String, "source_row": pl.Int32}
    for column in table.columns:
        schema[column.name] = POLARS_TYPES[column.kind]
        if column.kind == "date" and column.name.endswith("_on"):
            schema[day_name(column.name)] = pl.Int32
        if column.name.endswith("_mm"):
            schema[um_name(column.name)] = pl.Int32
    return schema


def day_name(date_column: str) -> str:
    """`assessed_on` -> `assessed_day`."""
    return date_column.removesuffix("_on") + "_day"


def um_name(mm_column: str) -> str:
    """`diameter_mm` -> `diameter_um`."""
    return mm_column.removesuffix("_mm") + "_um"


def empty(table: TableSpec) -> pl.DataFrame:
    """A table without rows, with every column typed."""
    return pl.DataFrame(schema=typed_schema(table))


@dataclass(frozen=True)
class WholeStudy:
    """What is true of a study and may not show in the rows of some of its patients.

    Attributes:
        with_rows: The tables that have rows.
        readers: Of each table, every reader named in it, in alphabetical order.
        is_followed: Some patient has a date of death or a day last known alive, or a time of survival that a team gave.
        gave_response: A team wrote the best response of some patient.
    """

    with_rows: frozenset[str]
    readers: Mapping[str, tuple[str, ...]]
    is_followed: bool = True
    gave_response: bool = True

    @property
    def records_responses(self) -> bool:
        """Whether a best response can be known of any patient: a team wrote it, or a table holds what it is derived from."""
        return self.gave_response or not self.with_rows.isdisjoint(OF_RESPONSES)


HOLD_PATIENTS = ("patients", "cohort")  # a study has one of them, or both
DATE_PROGRESSIONS = ("progressions", "cohort")  # as somebody has read them
READ_TABLES = ("measurements", "assessments")  # of which a reader may be named
OF_RESPONSES = ("lesions", "measurements", "assessments")  # from which responses are derived
# Columns of patients, and of a cohort that a team has classified, that say how long a patient was followed.
FOLLOWED = (
    "died_on",
    "died_day",
    "last_known_alive_on",
    "last_known_alive_day",
    "os_days",
    "os_weeks",
    "os_months",
)


def _is_followed(patients: pl.DataFrame) -> bool:
    return any(_holds_a_value(patients, name) for name in FOLLOWED)


def _holds_a_value(table: pl.DataFrame, column: str) -> bool:
    return column in table.columns and table[column].null_count() < table.height


@dataclass(frozen=True)
class StudyTables:
    """Validated tables; one that was not given has no rows.

    Every frame has at least the columns of `typed_schema`; patients may have more (covariates).

    Attributes:
        given: Table by table, the columns that were in the user's files.
        part_of: The study of which these are the rows of some patients; None: they are all of it.
    """

    patients: pl.DataFrame
    lesions: pl.DataFrame = field(default_factory=lambda: empty(LESIONS))
    measurements: pl.DataFrame = field(default_factory=lambda: empty(MEASUREMENTS))
    treatments: pl.DataFrame = field(default_factory=lambda: empty(TREATMENTS))
    assessments: pl.DataFrame = field(default_factory=lambda: empty(ASSESSMENTS))
    progressions: pl.DataFrame = field(default_factory=lambda: empty(PROGRESSIONS))
    cohort: pl.DataFrame = field(default_factory=lambda: empty(COHORT))
    given: dict[str, frozenset[str]] = field(default_factory=dict)
    part_of: WholeStudy | None = None

    @property
    def whole(self) -> WholeStudy:
        """What is true of the study as a whole."""
        return self.part_of or WholeStudy(
            frozenset(name for name in TABLES if getattr(self, name).height),
            {n: tuple(getattr(self, n)["reader"].drop_nulls().unique().sort()) for n in READ_TABLES},
            _is_followed(self.patients) or _is_followed(self.cohort),
            any(_holds_a_value(getattr(self, name), "best_response") for name in DATE_PROGRESSIONS),
        )

    def only(self, patient_ids: pl.Series) -> StudyTables:
        """The same tables for some patients only."""
        keep = pl.DataFrame({"patient_id": patient_ids})

        def part(frame: pl.DataFrame) -> pl.DataFrame:
            return frame.join(keep, on="patient_id", how="semi", maintain_order="left")

        parts: dict[str, Any] = {name: part(getattr(self, name)) for name in TABLES}
        return replace(self, **parts, part_of=self.whole)


# ---- derived tables: what the files written out hold, in this order -------------------------------

PATIENTS_OUT = (
    "patient_id", "population", "excluded_because", "treatment_started_on",
    "best_response", "confirmed_response", "first_response_on", "best_response_on",
    "progressed_on", "progression_basis", "pattern", "n_progressing_lesions", "n_progressing_extracranial",
    "n_progressing_intracranial", "n_not_evaluated", "progressing_organs", "baseline_organs", "failure", "resistance",
    "pfs_days", "pfs_event", "os_days", "os_event", "pps_days", "pps_event", "pfs2_days", "pfs2_event",
    "dor_days", "dor_event", "ipfs_days", "ipfs_event", "flags",
)  # fmt: skip
# Further columns of derived patients, for the stages that follow; of none of them may the user have one of that name.
PATIENTS_WITHIN = (
    "p", "source", "source_row", "has_baseline", "new_therapy_day", "first_response_day", "confirmed_first_response_day",
    "best_response_day", "cr_then_pr", "best_scan", "best_scan_day", "confirmed_scan", "confirmed_scan_day", "confirmed_by_day",
    "was_assessed", "read_best", "reported_response", "response_day", "k", "imaging_day", "cause", "progression_confirmed",
    "n_organs", "n_possible_organs", "n_organs_extracranial", "n_possible_organs_extracranial", "n_organs_not_regional",
    "n_possible_organs_not_regional", "n_organs_not_regional_extracranial", "n_possible_organs_not_regional_extracranial",
    "n_possible_lesions", "n_possible_extracranial", "diffuse", "n_existing", "n_not_uncontrolled", "n_others",
    "n_others_controlled", "primary_progressing", "some_existing", "some_new", "fallback_used", "source_rows", "pattern_rule",
    "pattern_flags", "progressed_day", "clinical_first", "clinical_day", "progressed", "iconfirmed_day", "line_start_day",
    "line_progressed_day", "line_last_day", "cutoff_day", "os_rule", "last_adequate_day", "adequate_before_therapy_day",
    "adequate_before_event_day", "pfs_rule", "iprogression_day", "adequate_before_ievent_day", "ipfs_rule", "dor_rule",
    "rapid_progression", "resistance_rule", "pattern_by_rule", "resistance_by_rule",
    "entry_days", "os_entry_days", "pfs_entry_days", "pps_entry_days", "pfs2_entry_days", "dor_entry_days", "ipfs_entry_days",
    "_logit", "_probability", "_pair", "_weight", "_level", "_of", "_group", "_w", "_stratum", "_cluster",  # of cohorts and questions
)  # fmt: skip
RESPONSES_OUT = (
    "patient_id", "reader", "assessed_on", "assessed_day", "sum_mm", "nadir_mm", "baseline_mm",
    "target_response", "non_target_response", "new_lesion", "overall_response", "irecist_response", "given_response",
)  # fmt: skip
REASONS_OUT = ("patient_id", "label", "value", "rule", "source_rows")
