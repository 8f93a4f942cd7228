"""The small synthetic study whose run is stored: every kind of analysis, two readers, a user column, faulty rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from ruamel.yaml import YAML

from oligoscope.demo.cohort import make_cohort
from oligoscope.study.study_presets import PAPER_ANALYSES

SEED = 20250408
N_PROGRESSED = 64
FURTHER_ANALYSES: tuple[dict[str, Any], ...] = (
    {"kind": "baseline", "by": "center", "variables": ["sex", "age_years", "pd_l1"]},
    {"kind": "baseline", "population": "treated", "by": "sex", "variables": ["smoking", "center"]},
    {"kind": "survival", "by": "center", "outcomes": ["dor", "ipfs", "pfs2"]},
    {"kind": "response_rate", "population": "treated", "by": "histology"},
    {"kind": "sites", "by": "resistance"},
    {"kind": "timing", "by": "resistance"},
    {"kind": "predictors", "by": "sex", "variables": ["smoking", "center"]},
    {"kind": "survival", "population": "matched", "by": "sex", "outcomes": ["os"]},
)
SETTINGS: dict[str, Any] = {
    "study": {
        "title": {"zh": "小型合成研究", "en": "A small synthetic study"},
        "preset": "huang2025",
        "synthetic": True,
        "seed": SEED,
        "data_cutoff": "2025-04-08",
        "accept_issues": True,
    },
    "data": {
        "patients": {"files": ["patients.csv"], "columns": {"sex": "性别"}, "levels": {"smoking": {"ever": ["是"], "never": ["否"]}}},
        "lesions": "lesions.csv",
        "measurements": "measurements.csv",
        "treatments": "treatments.csv",
        "assessments": "assessments.csv",
    },
    "response": {"reader": "A"},
    "imputation": {"m": 2},
    "matching": {"caliper": 0.6, "balance_limit": 0.3},
    "labels": {
        "center": {
            "zh": "中心",
            "en": "Hospital",
            "levels": {"north": {"zh": "北院", "en": "North"}, "south": {"zh": "南院", "en": "South"}},
        }
    },
}  # fmt: skip


def write_small_study(folder: Path, n_progressed: int = N_PROGRESSED, **settings: Any) -> Path:
    """The tables and study.yaml of the study.

    Args:
        folder: Where to; made.
        n_progressed: Patients with a first progression.
        settings: Parts of study.yaml in place of the usual ones.
    """
    folder.mkdir(parents=True)
    tables = dict(make_cohort(SEED, n_progressed).tables)
    tables["assessments"] = _assessments(tables["measurements"])
    tables["measurements"] = _with_second_reader(tables["measurements"])
    tables["patients"] = _patients(tables["patients"])
    for name, table in tables.items():
        table.write_csv(folder / f"{name}.csv")
    _spoil(folder / "measurements.csv")
    analyses = _analyses()
    written = {**SETTINGS, "analyses": [*analyses, *FURTHER_ANALYSES], **settings}
    with (folder / "study.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(written, file)
    return folder


def _analyses() -> list[dict[str, Any]]:
    """The paper's; its model of predictors has 3.6 events per variable here, and would be withheld."""
    found = [a.model_dump(exclude_defaults=True, mode="json") for a in PAPER_ANALYSES]
    return [a | ({"minimum_events_per_variable": 2} if a["kind"] == "predictors" else {}) for a in found]


def _patients(patients: pl.DataFrame) -> pl.DataFrame:
    """In a hospital's own words, with the hospital; one patient has no identifier."""
    number = pl.int_range(pl.len())
    return patients.with_columns(
        pl.when(number == 5).then(None).otherwise(pl.col("patient_id")).alias("patient_id"),
        pl.col("sex").replace({"male": "男", "female": "女"}),
        pl.col("smoking").replace({"ever": "是", "never": "否"}),
        center=pl.when(number % 3 == 0).then(pl.lit("south")).otherwise(pl.lit("north")),
    ).rename({"sex": "性别"})


def _with_second_reader(measurements: pl.DataFrame) -> pl.DataFrame:
    """Reader B reads every other patient and measures each fifth diameter by a quarter larger."""
    number = pl.int_range(pl.len())
    larger = (pl.col("diameter_mm").cast(pl.Float64) * 1.25).round(1).cast(pl.String)
    second = measurements.filter(pl.col("patient_id").str.slice(-1).is_in(["1", "3", "5", "7", "9"]))
    second = second.with_columns(
        diameter_mm=pl.when(number % 5 == 0).then(larger).otherwise(pl.col("diameter_mm").cast(pl.String)),
        reader=pl.lit("B"),
    )
    first = measurements.with_columns(pl.col("diameter_mm").cast(pl.String), reader=pl.lit("A"))
    return pl.concat([first, second])


def _assessments(measurements: pl.DataFrame) -> pl.DataFrame:
    """Responses that were given at each third visit, in turn."""
    visits = measurements.select("patient_id", "assessed_on").unique(maintain_order=True)
    given = pl.Series("overall_response", ["SD", "PR", "PD", "NE"])
    chosen = visits.gather_every(3, 2)
    return chosen.with_columns(
        overall_response=given.gather(pl.int_range(chosen.height, eager=True) % 4), reader=pl.lit("A")
    )


def _spoil(path: Path) -> None:
    """An impossible diameter, a diameter in words and a day that does not exist, of lesions measured at other visits too."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for row, (old, new) in {53: (3, "-8"), 80: (3, "about 9"), 120: (2, "2019-02-31")}.items():
        cells = lines[row].split(",")
        cells[old] = new
        lines[row] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


OTHER_SETTINGS: dict[str, Any] = {
    "response": {"reader": "A", "criteria": "irecist", "confirmation": True},
    "progression": {"preset": "dingemans"},
    "endpoints": {"missed_assessments": "censor", "new_therapy": "censor"},
    "imputation": {"m": 2, "variables": ["pd_l1", "center"]},
    "matching": {"ratio": 2, "method": "optimal", "caliper": None, "imputations": "across", "exact": ["sex"]},
}


def write_other_study(folder: Path, n_progressed: int) -> Path:
    """The same patients by other settings, with merged lesions and lesions seen twice a day; groups of one level, too."""
    analyses = _analyses()
    of_all = {a["kind"]: a for a in reversed(analyses) if a.get("population") != "matched"}.values()
    parts = ({"pattern": "systemic"}, {"stage": "IA"})  # one group, and no patient
    of_parts = [{**a, "where": where} for where in parts for a in of_all]
    write_small_study(folder, n_progressed, **OTHER_SETTINGS, analyses=[*analyses, *of_parts])
    path = folder / "measurements.csv"
    rows = pl.read_csv(path, infer_schema=False)
    number = pl.int_range(pl.len())
    merged = (pl.col("lesion_id") == "L02") & (number % 3 == 0)
    rows = rows.with_columns(
        merged_into=pl.when(merged).then(
            pl.when(number % 2 == 0).then(pl.lit("L01")).otherwise(pl.lit("L99"))
        ),
        diameter_mm=pl.when(merged).then(None).otherwise("diameter_mm"),
        state=pl.when(merged).then(pl.lit("merged")).otherwise("state"),
    )
    again = rows.filter(number % 7 == 0).with_columns(modality=pl.lit("mri"))
    pl.concat([rows, again]).write_csv(path)
    return folder
