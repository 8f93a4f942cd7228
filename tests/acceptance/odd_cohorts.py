"""Small and odd studies cut out of the synthetic cohort: few patients, one pattern, no deaths, a covariate of 40 levels."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.results.statistics import Kind, Statistic
from oligoscope.results.units import Unit

TABLES = ("patients", "lesions", "measurements", "treatments")
Tables = dict[str, pl.DataFrame]
Change = Callable[[Tables], Tables]


@cache
def _whole(folder: Path) -> Tables:
    write_cohort(make_cohort(20250408, 240), folder)
    return {name: pl.read_csv(folder / f"{name}.csv", infer_schema=False) for name in TABLES}


def patients_of(folder: Path, n: int, seed: int = 0) -> Tables:
    """n random patients of the synthetic cohort, which is made in `folder` once."""
    whole = _whole(folder)
    ids = np.random.default_rng(seed).permutation(whole["patients"]["patient_id"].to_numpy())[:n]
    return {name: t.filter(pl.col("patient_id").is_in(ids.tolist())) for name, t in whole.items()}


def write_study(tables: Tables, folder: Path, settings: str = "") -> Path:
    """The tables as a study folder, with further settings of study.yaml."""
    folder.mkdir(parents=True)
    for name, table in tables.items():
        table.write_csv(folder / f"{name}.csv")
    named = ", ".join(f"{name}: {name}.csv" for name in tables)
    head = "study: {title: odd, preset: huang2025, seed: 1, data_cutoff: 2025-04-08, accept_issues: true}\n"
    (folder / "study.yaml").write_text(
        head + f"data: {{folder: '.', {named}}}\n" + settings, encoding="utf-8"
    )
    return folder


def run(folder: Path, *, asking_little: bool = False) -> StudyRun:
    """Check and run; nothing is drawn.

    Args:
        folder: The study.
        asking_little: With the lowest numbers of events and patients that the settings allow, so that every model is tried.
    """
    checked = check_study(folder)
    assert not checked.issues.errors, checked.issues.message("en")
    protocol = checked.protocol
    if asking_little:
        few = tuple(a.model_copy(update={"minimum_events": 1}) for a in protocol.analyses)
        matching = protocol.matching.model_copy(update={"minimum_group": 2, "caliper": None})
        protocol = protocol.model_copy(update={"analyses": few, "matching": matching})
    return run_study(protocol, checked.tables, checked.n_quarantined)


def with_patients(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Change:
    """The tables with their patients changed."""
    return lambda tables: {**tables, "patients": change(tables["patients"])}


def no_deaths(tables: Tables) -> Tables:
    """Everybody is alive at the cut-off."""
    alive = {"died_on": pl.lit(None, pl.String), "last_known_alive_on": pl.lit("2025-04-01")}
    return with_patients(lambda p: p.with_columns(**alive))(tables)


def dead_on_day_0(tables: Tables) -> Tables:
    """Everybody dies on the day of treatment start, before any scan after it."""
    started = pl.col("treatment_started_on")
    patients = tables["patients"].with_columns(
        died_on=started, last_dose_on=started, last_known_alive_on=started
    )
    first = pl.col("assessed_on").rank("dense").over("patient_id") == 1
    begun = tables["treatments"].filter(pl.col("line") == "1")
    return {
        **tables,
        "patients": patients,
        "measurements": tables["measurements"].filter(first),
        "treatments": begun.with_columns(
            ended_on="started_on", progressed_on=pl.lit(None, pl.String), stop_reason=pl.lit(None, pl.String)
        ),
    }


def without(column: str) -> Change:
    """A covariate missing for everybody."""
    return with_patients(lambda p: p.with_columns(pl.lit(None, pl.String).alias(column)))


def always(column: str, value: str) -> Change:
    """A covariate with one level."""
    return with_patients(lambda p: p.with_columns(pl.lit(value).alias(column)))


def with_factor(n_levels: int, missing: float = 0.0) -> Change:
    """A covariate `centre` of many levels, a share of it missing."""

    def add(patients: pl.DataFrame) -> pl.DataFrame:
        rng = np.random.default_rng(5)
        levels = [f"centre {i:02d}" for i in rng.integers(0, n_levels, patients.height)]
        known = rng.random(patients.height) >= missing
        return patients.with_columns(
            centre=pl.Series([v if k else None for v, k in zip(levels, known, strict=True)], dtype=pl.String)
        )

    return with_patients(add)


def with_covariates(n: int, missing: float = 0.0) -> Change:
    """Measured covariates x000, x001, … that mean nothing, a share of each missing."""

    def add(patients: pl.DataFrame) -> pl.DataFrame:
        rng = np.random.default_rng(6)
        drawn = rng.normal(size=(n, patients.height)).round(3)
        lost = rng.random((n, patients.height)) < missing
        return patients.with_columns(
            pl.Series(
                f"x{i:03d}", [None if k else str(v) for v, k in zip(row, gone, strict=True)], dtype=pl.String
            )
            for i, (row, gone) in enumerate(zip(drawn, lost, strict=True))
        )

    return with_patients(add)


def absurdities(run: StudyRun) -> list[str]:
    """Rows of results.csv that no reader could believe: not a number, limits apart by more than any data can say.

    A standardised difference is infinite where two groups do not vary and differ; it is reported as such.
    """
    found = []
    for e in run.results.estimates:
        numbers = [x for x in (e.value, e.low, e.high) if x is not None]
        if e.statistic.kind is not Kind.DIFFERENCE and not all(math.isfinite(x) for x in numbers):
            found.append(f"not finite: {e}")
        if (
            e.value is None
            and not e.warning
            and e.statistic not in {Statistic.PERCENT, Statistic.MEAN, Statistic.SD, Statistic.MEDIAN}
        ):
            found.append(f"no value and no reason: {e}")
        if e.statistic.kind is Kind.RATIO and not _are_believable(e.low, e.high):
            found.append(f"limits that say nothing: {e}")
        if e.statistic.kind is Kind.P_VALUE and e.value is not None and not 0 <= e.value <= 1:
            found.append(f"no probability: {e}")
        can_be_negative = e.statistic == Statistic.RESTRICTED_MEAN_DIFFERENCE
        counts_or_times = e.unit in {Unit.PATIENTS, Unit.EVENTS, Unit.MONTHS} and not can_be_negative
        if counts_or_times and any(x < 0 for x in numbers):
            found.append(f"negative: {e}")
    return found


def _are_believable(low: float | None, high: float | None) -> bool:
    return low is None or high is None or (0 < low <= high and high / low <= 1e6)
