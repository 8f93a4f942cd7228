"""Every table, raw and derived: the one dictionary from which reading, checking, templates,
printed names and the documentation of files are made.

The outside form of a table is what users write (ISO dates, millimetres, words). Inside,
`StudyTables` holds the same rows typed, with these additions to every table:

- `source` (String): file or sheet; `source_row` (Int32): row there, header = row 1.
- for every date column `X_on` (Date) also `X_day` (Int32): days from treatment start.
- for every `X_mm` column also `X_um` (Int32): the same length in micrometres, so that thresholds
  are compared in exact integers (41.0 mm -> 28.7 mm is exactly -30 %).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.terms import State
from oligoscope.study.vocabulary import STAGES

Kind = Literal["id", "text", "level", "integer", "number", "boolean", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column a user may write.

    Attributes:
        name: Our name for it.
        label: Its printed name.
        kind: What a cell holds. A `date` column `X_on` may be given as `X_day` instead.
        levels: Allowed words of a `level` column.
        low, high: Allowed range of a number, inclusive.
        required: A row without it cannot be used.
        aliases: Other headers that are certainly this column (compared without case and spaces).
    """

    name: str
    label: Text
    kind: Kind = "text"
    levels: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table a user may give; `key` names the columns that make a row unique."""

    name: str
    label: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    extra_columns: bool = False  # further columns are kept (covariates)

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


YES_NO = {
    "yes": True,
    "no": False,
    "true": True,
    "false": False,
    "1": True,
    "0": False,
    "y": True,
    "n": False,
    "是": True,
    "否": False,
}
DIFFUSE_KINDS = (
    "malignant_effusion",
    "leptomeningeal",
    "lymphangitic",
    "peritoneal",
    "marrow",
    "innumerable",
)
REGIMENS = ("chemo_io", "chemo_io_antiangiogenic", "chemo", "io", "targeted", "other")
RESPONSES = ("CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE")

_PATIENT = Column(
    "patient_id",
    Text("患者编号", "Patient"),
    "id",
    required=True,
    aliases=("患者编号", "病案号", "subject_id", "usubjid"),
)
_READER = Column("reader", Text("阅片者", "Reader"), aliases=("阅片者",))

PATIENTS = TableSpec(
    "patients",
    Text("患者", "Patients"),
    (
        _PATIENT,
        Column("sex", Text("性别", "Sex"), "level", ("male", "female"), aliases=("性别",)),
        Column("birth_date", Text("出生日期", "Date of birth"), "date", aliases=("出生日期",)),
        Column(
            "age_years", Text("年龄/岁", "Age, years"), "number", low=0, high=120, aliases=("年龄", "age")
        ),
        Column("smoking", Text("吸烟史", "Smoking history"), "level", ("ever", "never"), aliases=("吸烟史",)),
        Column("ecog", Text("ECOG 评分", "ECOG score"), "integer", low=0, high=5, aliases=("ecog评分",)),
        Column(
            "histology",
            Text("病理类型", "Histology"),
            "level",
            ("squamous", "adenocarcinoma", "other"),
            aliases=("病理类型",),
        ),
        Column("stage", Text("分期", "Stage"), "level", STAGES, aliases=("分期",)),
        Column("diagnosis", Text("诊断", "Diagnosis"), aliases=("诊断",)),
        Column(
            "pd_l1_tps", Text("PD-L1 TPS/%", "PD-L1 TPS, %"), "number", low=0, high=100, aliases=("pdl1tps",)
        ),
        Column(
            "pd_l1",
            Text("PD-L1 表达", "PD-L1 expression"),
            "level",
            ("<1%", "1-49%", ">=50%"),
            aliases=("pdl1",),
        ),
        Column(
            "driver_gene",
            Text("驱动基因", "Driver gene"),
            "level",
            ("negative", "positive", "unknown"),
            aliases=("驱动基因",),
        ),
        Column(
            "treatment_started_on", Text("治疗开始日期", "Treatment start"), "date", aliases=("治疗开始日期",)
        ),
        Column("last_dose_on", Text("末次给药日期", "Last dose"), "date", aliases=("末次给药日期",)),
        Column("clinical_progression_on", Text("临床进展日期", "Clinical progression"), "date"),
        Column("died_on", Text("死亡日期", "Date of death"), "date", aliases=("死亡日期",)),
        Column(
            "last_known_alive_on", Text("末次存活日期", "Last known alive"), "date", aliases=("末次随访日期",)
        ),
    ),
    key=("patient_id",),
    extra_columns=True,
)

LESIONS = TableSpec(
    "lesions",
    Text("病灶", "Lesions"),
    (
        _PATIENT,
        Column("lesion_id", Text("病灶编号", "Lesion"), "id", required=True, aliases=("病灶编号",)),
        Column(
            "role",
            Text("病灶类别", "Role"),
            "level",
            ("target", "non_target", "new"),
            required=True,
            aliases=("病灶类别",),
        ),
        Column("new_kind", Text("新病灶类别", "Kind of new lesion"), "level", ("target", "non_target")),
        Column("organ", Text("器官", "Organ"), aliases=("器官", "部位")),
        Column("station", Text("淋巴结站", "Node station")),
        Column("is_node", Text("是否淋巴结", "Lymph node"), "boolean"),
        Column("is_primary", Text("是否原发灶", "Primary tumour"), "boolean"),
        Column("side", Text("侧别", "Side")),
        Column("diffuse_kind", Text("弥漫类型", "Diffuse disease"), "level", DIFFUSE_KINDS),
        Column("bone_kind", Text("骨病变类型", "Bone lesion"), "level", ("lytic", "blastic")),
        Column("soft_tissue", Text("软组织成分", "Soft-tissue part"), "boolean"),
        Column(
            "region_scanned_at_baseline", Text("基线是否扫描该区", "Region scanned at baseline"), "boolean"
        ),
    ),
    key=("patient_id", "lesion_id"),
)

MEASUREMENTS = TableSpec(
    "measurements",
    Text("测量", "Measurements"),
    (
        _PATIENT,
        Column("lesion_id", Text("病灶编号", "Lesion"), "id", required=True, aliases=("病灶编号",)),
        Column(
            "assessed_on",
            Text("评估日期", "Date of assessment"),
            "date",
            required=True,
            aliases=("评估日期",),
        ),
        Column(
            "diameter_mm",
            Text("径线/mm", "Diameter, mm"),
            "number",
            low=0,
            high=400,
            aliases=("径线", "径线mm"),
        ),
        Column("state", Text("状态", "State"), "level", tuple(State), aliases=("状态",)),
        Column("fragment", Text("碎片编号", "Fragment")),
        Column("merged_into", Text("并入病灶", "Merged into")),
        Column("certainty", Text("新病灶把握度", "Certainty"), "level", ("unequivocal", "equivocal")),
        Column(
            "change_since_last", Text("较上次变化", "Change since last"), "level", ("no_change", "increase")
        ),
        Column(
            "modality", Text("检查方式", "Modality"), "level", ("ct", "mri", "fdg_pet", "xray", "clinical")
        ),
        Column("slice_mm", Text("层厚/mm", "Slice, mm"), "number", low=0, high=50),
        Column("fdg", Text("FDG 摄取", "FDG uptake"), "level", ("positive", "negative")),
        Column("ct_confirms", Text("CT 证实", "Confirmed on CT"), "boolean"),
        Column("unscheduled_for_symptom", Text("因症状加做", "Unscheduled for a symptom"), "boolean"),
        _READER,
    ),
    key=("patient_id", "lesion_id", "assessed_on", "fragment", "modality", "reader"),
)

TREATMENTS = TableSpec(
    "treatments",
    Text("治疗", "Treatments"),
    (
        _PATIENT,
        Column("line", Text("线数", "Line"), "integer", low=1, high=20),
        Column("regimen", Text("方案", "Regimen"), "level", REGIMENS),
        Column("started_on", Text("开始日期", "Start"), "date"),
        Column("ended_on", Text("结束日期", "End"), "date"),
        Column("progressed_on", Text("该线进展日期", "Progression on this line"), "date"),
        Column("stop_reason", Text("停药原因", "Reason for stopping")),
        Column(
            "modality",
            Text("局部治疗方式", "Local treatment"),
            "level",
            ("radiotherapy", "surgery", "ablation"),
        ),
        Column("organ", Text("局部治疗器官", "Organ treated")),
    ),
    key=("patient_id", "line", "regimen", "modality", "organ", "started_on"),
)

ASSESSMENTS = TableSpec(
    "assessments",
    Text("已有评效", "Given responses"),
    (
        _PATIENT,
        Column("assessed_on", Text("评估日期", "Date of assessment"), "date", required=True),
        _READER,
        Column("overall_response", Text("总体疗效", "Overall response"), "level", RESPONSES, required=True),
    ),
    key=("patient_id", "assessed_on", "reader"),
)

PROGRESSIONS = TableSpec(
    "progressions",
    Text("已判读的进展", "Progressions read already"),
    (
        _PATIENT,
        Column("best_response", Text("最佳疗效", "Best response"), "level", RESPONSES),
        Column("progressed_on", Text("进展日期", "Date of progression"), "date"),
        Column(
            "n_progressing_lesions", Text("进展病灶数", "Progressing lesions"), "integer", low=0, high=1000
        ),
        Column("progressing_organs", Text("进展器官", "Organs of progression")),
        Column("diffuse", Text("弥漫", "Diffuse"), "boolean"),
        Column("baseline_organs", Text("基线转移器官", "Baseline metastatic organs")),
    ),
    key=("patient_id",),
)

TABLES: dict[str, TableSpec] = {
    t.name: t for t in (PATIENTS, LESIONS, MEASUREMENTS, TREATMENTS, ASSESSMENTS, PROGRESSIONS)
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
class StudyTables:
    """Validated tables; one that was not given has no rows.

    Every frame has at least the columns of `typed_schema`; patients may have more (covariates).
    `given` names, table by table, the columns that the user's files really had.
    """

    patients: pl.DataFrame
    lesions: pl.DataFrame = field(default_factory=lambda: empty(LESIONS))
    measurements: pl.DataFrame = field(default_factory=lambda: empty(MEASUREMENTS))
    treatments: pl.DataFrame = field(default_factory=lambda: empty(TREATMENTS))
    assessments: pl.DataFrame = field(default_factory=lambda: empty(ASSESSMENTS))
    progressions: pl.DataFrame = field(default_factory=lambda: empty(PROGRESSIONS))
    given: dict[str, frozenset[str]] = field(default_factory=dict)

    def only(self, patient_ids: pl.Series) -> StudyTables:
        """The same tables for some patients only."""
        keep = pl.DataFrame({"patient_id": patient_ids})

        def part(frame: pl.DataFrame) -> pl.DataFrame:
            return frame.join(keep, on="patient_id", how="semi", maintain_order="left")

        return StudyTables(
            part(self.patients),
            part(self.lesions),
            part(self.measurements),
            part(self.treatments),
            part(self.assessments),
            part(self.progressions),
            self.given,
        )


# ---- derived tables: what the files written out hold, in this order -------------------------------

PATIENTS_OUT = (
    "patient_id", "population", "excluded_because", "treatment_started_on",
    "best_response", "confirmed_response", "first_response_on", "best_response_on",
    "progressed_on", "progression_basis", "pattern", "n_progressing_lesions", "n_progressing_extracranial",
    "n_progressing_intracranial", "n_not_evaluated", "progressing_organs", "baseline_organs", "failure", "resistance",
    "pfs_days", "pfs_event", "os_days", "os_event", "pps_days", "pps_event", "pfs2_days", "pfs2_event",
    "dor_days", "dor_event", "ipfs_days", "ipfs_event", "flags",
)  # fmt: skip
RESPONSES_OUT = (
    "patient_id", "reader", "assessed_on", "assessed_day", "sum_mm", "nadir_mm", "baseline_mm",
    "target_response", "non_target_response", "new_lesion", "overall_response", "irecist_response", "given_response",
)  # fmt: skip
REASONS_OUT = ("patient_id", "label", "value", "rule", "source_rows")
