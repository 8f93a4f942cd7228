"""The synthetic cohort: tables as a hospital would provide them, and its study file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from oligoscope.bilingual import Text
from oligoscope.demo.disease_course import draw_course
from oligoscope.demo.draws import Ints, stream
from oligoscope.demo.lesions import draw_lesions, tabulate_lesions
from oligoscope.demo.patients import draw_patients
from oligoscope.demo.progression_plan import draw_plan
from oligoscope.demo.scans import draw_measurements
from oligoscope.demo.times import CALIBRATED, Calibration
from oligoscope.demo.treatments import draw_treatments, first_line_end
from oligoscope.demo.visits import draw_visits
from oligoscope.errors import UsageError
from oligoscope.published.paper import read_published
from oligoscope.study.protocol import AnalysisSettings

TITLE = Text(
    "合成队列（非真实患者）：晚期非小细胞肺癌的进展模式",
    "Synthetic cohort (no real patients): progression patterns in advanced NSCLC",
)
PAPER = "huang2025"  # whose counts and medians the cohort has
FEWEST = 20  # progressed patients; below, levels of Table 1 would be empty


@dataclass(frozen=True)
class SyntheticCohort:
    """A drawn cohort.

    Attributes:
        tables: patients, lesions, measurements, treatments, as users write them (blank = null).
        truth: What was intended: patient_id, excluded, pattern, resistance, responder, complete,
            progressed_on, pd_l1 (before some values were lost).
        seed, data_cutoff: For the study file.
    """

    tables: Mapping[str, pl.DataFrame]
    truth: pl.DataFrame
    seed: int
    data_cutoff: date


def make_cohort(
    seed: int,
    n_progressed: int = 579,
    *,
    pd_l1_missing_share: float = 0.12,
    calibration: Calibration = CALIBRATED,
) -> SyntheticCohort:
    """Draw a cohort with the paper's Table 1 (docs/demo-cohort.md says how, and what is assumed).

    Args:
        seed: Every stage takes its own stream of random numbers from it.
        n_progressed: Patients with a first progression; the screened ones around them come on top.
        pd_l1_missing_share: Share of all patients whose PD-L1 is blank in the written table.
        calibration: Other assumptions than the demo's, for its negative controls.

    Raises:
        UsageError: Too few patients, or a share outside 0 to 1.
    """
    if n_progressed < FEWEST:
        raise UsageError(
            f"A synthetic cohort needs at least {FEWEST} progressed patients, not {n_progressed}.",
            zh=f"合成队列至少需要 {FEWEST} 名进展患者，而不是 {n_progressed}。",
        )
    if not 0 <= pd_l1_missing_share <= 1:
        raise UsageError(
            f"The share of missing PD-L1 must lie between 0 and 1, not {pd_l1_missing_share}.",
            zh=f"PD-L1 缺失的比例应在 0 与 1 之间，而不是 {pd_l1_missing_share}。",
        )
    published = read_published(PAPER)
    people = draw_patients(seed, published, n_progressed)
    people, course = _in_order_of_start(people, draw_course(seed, people, published, calibration))
    ids = people["patient_id"].to_numpy()
    visits = draw_visits(stream(seed, "visits"), course)
    plan = draw_plan(stream(seed, "plan"), people, visits, published)
    lesions = draw_lesions(stream(seed, "lesions"), plan, people, visits)
    last_dose = first_line_end(stream(seed, "last dose"), course)
    missing = _missing(stream(seed, "missing"), people, course, pd_l1_missing_share)
    tables = {
        "patients": _tabulate_patients(stream(seed, "birth"), people, course, last_dose, missing),
        "lesions": tabulate_lesions(lesions, ids, stream(seed, "stations")),
        "measurements": draw_measurements(stream(seed, "scans"), lesions, visits, course, ids),
        "treatments": draw_treatments(
            stream(seed, "treatments"), people, course, visits, lesions, last_dose, published
        ),
    }
    return SyntheticCohort(tables, _truth(people, course), seed, published.data_cutoff)


def write_cohort(cohort: SyntheticCohort, folder: Path, analyses: Sequence[AnalysisSettings] = ()) -> Path:
    """Write the tables (csv, UTF-8 with mark, as spreadsheets expect) and study.yaml; returns the latter's path.

    Args:
        cohort: The tables.
        folder: Where they are written.
        analyses: Those of study.yaml; none: the preset's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in cohort.tables.items():
        table.write_csv(folder / f"{name}.csv", include_bom=True)
    content: dict[str, object] = {
        "study": {
            "title": {"zh": TITLE.zh, "en": TITLE.en},
            "preset": PAPER,
            "synthetic": True,
            "seed": cohort.seed,
            "data_cutoff": cohort.data_cutoff,
        },
        "data": {name: f"{name}.csv" for name in cohort.tables},
    }
    if analyses:
        content["analyses"] = [_in_one_line(a) for a in analyses]
    path = folder / "study.yaml"
    with path.open("w", encoding="utf-8") as file:
        yaml = YAML()
        yaml.width = 200
        yaml.dump(content, file)
    return path


def _in_one_line(analysis: AnalysisSettings) -> CommentedMap:
    """An analysis as study.yaml asks for it, its defaults left out."""
    line = CommentedMap(analysis.model_dump(mode="json", exclude_defaults=True))
    line.fa.set_flow_style()
    return line


def _in_order_of_start(people: pl.DataFrame, course: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Number the patients in the order of treatment start, so that a number tells nothing about the outcome."""
    order = np.argsort(course["start"].to_numpy(), kind="stable")
    people, course = people[order], course[order]
    width = max(4, len(str(people.height)))
    ids = [f"S{number:0{width}d}" for number in range(1, people.height + 1)]
    return people.with_columns(patient_id=pl.Series(ids)), course


def _missing(rng: np.random.Generator, people: pl.DataFrame, course: pl.DataFrame, share: float) -> pl.Series:
    """Patients without a PD-L1 test: more often those of the first years and with squamous tumours."""
    start = course["start"].to_numpy()
    earlier = (start.mean() - start) / max(start.std(), 1.0)
    squamous = (people["histology"] == "squamous").to_numpy()
    score = 0.4 * earlier + 0.3 * squamous + rng.standard_normal(people.height)
    progressed = (people["pattern"] != "").to_numpy()
    missing = np.zeros(people.height, dtype=bool)
    for group in (progressed, ~progressed):
        rows = np.flatnonzero(group)
        missing[rows[np.argsort(-score[rows])[: round(share * len(rows))]]] = True
    return pl.Series(missing)


def _tabulate_patients(
    rng: np.random.Generator, people: pl.DataFrame, course: pl.DataFrame, last_dose: Ints, missing: pl.Series
) -> pl.DataFrame:
    start, end = course["start"], course["end_day"]
    # A birthday some time in the year before the start, so that age in whole years is the one drawn.
    age_days = np.floor(people["age_years"].to_numpy() * 365.2425) + rng.integers(2, 362, people.height)
    born = start - pl.Series(age_days.astype(np.int64))
    # Of one sex, born and first treated on the same days, two patients would be taken for one.
    is_second = ~pl.struct(people["sex"], born.alias("born"), start, eager=True).is_first_distinct()
    return people.select(
        "patient_id",
        "sex",
        _date(born + is_second.cast(pl.Int64)).alias("birth_date"),
        "age_years",
        "smoking",
        pl.col("ecog").cast(pl.Int64),
        "histology",
        "stage",
        "brain_metastasis",
        pl.when(~missing).then("pd_l1").alias("pd_l1"),
        "driver_gene",
        _date(start).alias("treatment_started_on"),
        _date(start + pl.Series(last_dose)).alias("last_dose_on"),
        pl.when(course["died"]).then(_date(start + end)).alias("died_on"),
        pl.when(~course["died"]).then(_date(start + end)).alias("last_known_alive_on"),
    )


def _truth(people: pl.DataFrame, course: pl.DataFrame) -> pl.DataFrame:
    progressed = course["progressed_day"] > 0
    return people.select(
        "patient_id", "excluded", "pattern", "pd_l1",
        resistance=course["resistance"],
        responder=course["responder"],
        complete=course["complete"],
        progressed_on=pl.when(progressed).then(_date(course["start"] + course["progressed_day"])),
    )  # fmt: skip


def _date(days: pl.Series) -> pl.Series:
    return days.cast(pl.Int32).cast(pl.Date)
