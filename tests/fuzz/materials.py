"""Tables that random settings are tried on: drawn cohorts of several sizes, and the third-party trial where it lies."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
from ruamel.yaml import YAML

from oligoscope.demo.cohort import make_cohort, write_cohort

CENTRES = 6
ROOT = Path(__file__).resolve().parents[2]
# (seed, progressed patients, how often among all cases). The last is the size of the paper's cohort.
DRAWN = ((11, 24, 2), (12, 60, 5), (13, 60, 5), (14, 100, 5), (15, 150, 3), (16, 200, 2), (17, 579, 1))
TRIAL, TRIAL_OFTEN = "torivumab", 3


@dataclass(frozen=True)
class Material:
    """A cohort on disk.

    Attributes:
        name: "demo-SEED-PATIENTS", or "torivumab".
        study: The groups `study` and `data` of its study.yaml; paths are absolute.
        often: How often it is taken, relative to the others.
        columns: Levels of the columns it has, by name; none for a measured column.
        has_centres: Whether its patients have a column `centre`.
    """

    name: str
    study: dict[str, Any]
    data: dict[str, Any]
    often: int
    columns: dict[str, tuple[str, ...]]
    has_centres: bool = False


DEMO_COLUMNS: dict[str, tuple[str, ...]] = {
    "age_years": (),
    "n_baseline_organs": (),
    "n_baseline_lesions": (),
    "n_target_lesions": (),
    "age_60": (">=60", "<60"),
    "sex": ("male", "female"),
    "smoking": ("ever", "never"),
    "ecog": ("0", "1"),
    "histology": ("squamous", "adenocarcinoma"),
    "stage": ("IIIC", "IV"),
    "pd_l1": ("<1%", "1-49%", ">=50%"),
    "brain_metastasis": ("yes", "no"),
    "best_response": ("PR", "SD", "PD"),
    "resistance": ("acquired", "primary"),
    "pattern": ("oligoprogression", "systemic"),
    "first_line_regimen": ("chemo_io", "chemo_io_antiangiogenic"),
    "line_regimen": ("chemo_io", "chemo_io_antiangiogenic"),
    "local_after_progression": ("yes", "no"),
}
TRIAL_COLUMNS = {
    name: levels
    for name, levels in DEMO_COLUMNS.items()
    if name not in {"stage", "first_line_regimen", "line_regimen", "local_after_progression"}
} | {"histology": ("squamous", "other"), "ecog": ("0", "1", "2")}


def make_materials(scratch: Path, sizes: Sequence[tuple[int, int, int]] = DRAWN) -> list[Material]:
    """Draw the cohorts into `scratch` (those already there are kept); the trial is added where its tables lie."""
    found = [_drawn(scratch, *one) for one in sizes]
    tables = _trial_tables()
    if tables is not None:
        example = YAML(typ="safe").load(ROOT / "examples" / TRIAL / "study.yaml")
        data = example["data"] | {"folder": str(tables)}
        study = {"seed": 20250131, "data_cutoff": "2025-01-31", "synthetic": True}
        found.append(Material(TRIAL, study, data, TRIAL_OFTEN, TRIAL_COLUMNS))
    return found


def choose(materials: Sequence[Material], rng: Random) -> Material:
    """One of them, the likelier the more often it is to be taken."""
    return rng.choices(materials, [m.often for m in materials])[0]


def _drawn(scratch: Path, seed: int, patients: int, often: int) -> Material:
    name = f"demo-{seed}-{patients}"
    folder = scratch / name
    cohort = make_cohort(seed, patients)
    if not (folder / "study.yaml").is_file():
        write_cohort(cohort, folder)
        _give_centres(folder / "patients.csv", seed)
    data = {"folder": str(folder), **{table: f"{table}.csv" for table in cohort.tables}}
    study = {"seed": seed, "data_cutoff": cohort.data_cutoff.isoformat(), "synthetic": True}
    return Material(name, study, data, often, DEMO_COLUMNS, has_centres=True)


def _give_centres(file: Path, seed: int) -> None:
    """Each patient's centre: the first has most of them, and some have none."""
    rng = Random(seed)
    patients = pl.read_csv(file, infer_schema=False)
    drawn = [rng.randrange(rng.randint(1, CENTRES) + 1) for _ in range(patients.height)]
    patients.with_columns(pl.Series("centre", [f"C{n}" if n else None for n in drawn])).write_csv(file)


def _trial_tables() -> Path | None:
    named = os.environ.get("OLIGOSCOPE_SHARED")
    shared = Path(named) if named else ROOT.parent / "shared"
    tables = shared / "data" / "torivumab_nsclc" / "raw"
    return tables.resolve() if tables.is_dir() else None
