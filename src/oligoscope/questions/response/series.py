"""The series behind the cohort pictures: waterfall, spider and swimmer.

Which scans count is one rule for waterfall and spider: those up to the first progression, that scan
included, and up to the start of a new systemic therapy (a scan on that day still counts), as best
overall response reads them. A sum counts only where every target was evaluated, and never makes a
percentage of a baseline of 0. Swimmer times are the endpoints of each patient.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from oligoscope.questions.question import Answer, Records
from oligoscope.questions.response.samples import (
    COURSE,
    MOST_LINES,
    quartiles_over_time,
    sample_lanes,
    sample_lines,
)
from oligoscope.results.analyses import RESPONSE_SERIES
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.study.anchor import ANCHOR
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.months import DAYS_PER_MONTH

_EVER = 2**30


def answer(study: Records) -> Answer:
    """The series of the treated and of the progressed patients."""
    cutoff, confirmed = study.protocol.study.data_cutoff, study.protocol.response.confirmation
    estimates: list[Estimate] = []
    series: dict[str, pl.DataFrame] = {}
    for population in ("treated", "progressed"):
        patients = study.cohort.population(population)
        found = response_series(
            patients, study.derived.responses, population, cutoff=cutoff, confirmed=confirmed,
            seed=study.protocol.study.seed,
        )  # fmt: skip
        estimates += found[0]
        series |= found[1]
    return estimates, series


def response_series(
    patients: pl.DataFrame,
    responses: pl.DataFrame,
    population: str,
    *,
    cutoff: date | None = None,
    confirmed: bool = False,
    every_scan: bool = False,
    seed: int = 0,
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Best percentage change, its course, and the time under observation of each patient.

    Args:
        patients: The population: patient_id, treatment_started_on, reported_response, progressed_day,
            new_therapy_day, response_day, dor_days, dor_event, os_days, os_event, pfs_event, pattern.
        responses: Assessments (`RESPONSES_OUT`, declared_on, cause), of these patients or more.
        population: Name of the population, in the keys.
        cutoff: Follow-up after this date is not counted.
        confirmed: `reported_response` is the confirmed one; only named, for the captions.
        every_scan: Scans after the first progression and after a new therapy count too (declared in `method`).
        seed: Of the study; draws which of many patients are drawn one by one.

    Returns:
        Estimates of analysis "response_series" (among them, where no response is known, a row that says so), and the series "waterfall/POPULATION" (a row a patient
        with a change, from the largest growth to the largest shrinkage), "spider/POPULATION" (a row a
        patient and sum, from (0, 0)), "spider_quartiles/POPULATION" (only of many patients: a row a course
        and time) and "swimmer/POPULATION" (a row a patient with follow-up, the longest first). A
        series without rows is not made. Each has `course`: the pattern of the first progression, or none;
        lines and lanes have `is_drawn`, false for those outside the sample of many.
    """
    method = Method(MethodPart.EVERY_SCAN if every_scan else MethodPart.SCANS_TO_PROGRESSION)
    visits = _visits(patients, responses, cutoff, every_scan)
    waterfall = _waterfall(patients, visits)
    swimmer = sample_lanes(_swimmer(patients, cutoff), seed)
    spider = sample_lines(_spider(patients, visits), seed)
    series = {"waterfall": waterfall, "spider": spider, "swimmer": swimmer}
    if waterfall.height > MOST_LINES:
        series["spider_quartiles"] = quartiles_over_time(spider)
    keys: dict[str, Any] = {"analysis": RESPONSE_SERIES, "population": population}
    return (
        [
            *_change_estimates(waterfall, patients.height, method, confirmed, keys),
            Estimate(**keys, outcome="swimmer", statistic=Statistic.N, value=swimmer.height, n=patients.height, unit=Unit.PATIENTS),
            *_without_response(patients, keys),
        ],
        {f"{name}/{population}": frame for name, frame in series.items() if frame.height},
    )  # fmt: skip


def _without_response(patients: pl.DataFrame, keys: dict[str, Any]) -> Iterator[Estimate]:
    """That no response of these patients is known, where that is so."""
    if patients["reported_response"].null_count() == patients.height > 0:
        warning = WarningCode.RESPONSE_NOT_RECORDED()
        yield Estimate(
            **keys, outcome="best_response", statistic=Statistic.N, n=patients.height, warning=warning
        )


def _visits(
    patients: pl.DataFrame, responses: pl.DataFrame, cutoff: date | None, every_scan: bool
) -> pl.DataFrame:
    """The assessments that count, in order, with their change from baseline (null: sum incomplete)."""
    own = patients.select("patient_id", "treatment_started_on", "progressed_day", "new_therapy_day")
    visits = responses.join(own, on="patient_id", how="inner").sort("patient_id", "assessed_day")
    if cutoff is not None:
        visits = visits.filter((pl.col("assessed_on") <= cutoff).fill_null(True))
    is_pd = (pl.col("overall_response") == Response.PD).fill_null(False)
    declared = (pl.col("declared_on") - pl.col("treatment_started_on")).dt.total_days()
    counts = (
        (is_pd.cum_sum().over("patient_id") - is_pd.cast(pl.UInt32) == 0)
        & (pl.col("assessed_day") <= pl.col("progressed_day").fill_null(_EVER))
        & (declared <= pl.col("new_therapy_day").fill_null(_EVER)).fill_null(True)
    )
    baseline = pl.col("baseline_mm")
    # Rounded so that 41.0 to 28.7 mm is -30 %, not the binary fraction beside it.
    change = (100 * (pl.col("sum_mm") - baseline) / baseline).round(6)
    return visits.filter(pl.lit(every_scan) | counts).with_columns(
        change_percent=pl.when(baseline > 0).then(change)
    )


def _waterfall(patients: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """The smallest sum of each patient as a change from baseline, and how the first progression came."""
    progression = visits.filter(pl.col("overall_response") == Response.PD).unique("patient_id", keep="first")
    causes = progression.select("patient_id", _cause("new_lesion"), _cause("non_target"))
    best = (
        visits.filter(pl.col("change_percent").is_not_null())
        .sort("patient_id", "change_percent", "assessed_day")
        .unique("patient_id", keep="first")
        .select(
            "patient_id",
            pl.col("change_percent").alias("best_change_percent"),
            pl.col("assessed_day").alias("best_day"),
            "baseline_mm",
            pl.col("sum_mm").alias("best_sum_mm"),
        )
    )
    return (
        best.join(patients.select("patient_id", "reported_response", COURSE), on="patient_id", how="left")
        .join(causes, on="patient_id", how="left")
        .with_columns(pl.col("pd_by_new_lesion", "pd_by_non_target").fill_null(False))
        .sort("best_change_percent", "patient_id", descending=[True, False])
    )


def _cause(name: str) -> pl.Expr:
    """Whether this was one of the causes of the progression, written `new_lesion+target`."""
    found = pl.col("cause").str.split("+").list.contains(name).fill_null(False)
    return found.alias(f"pd_by_{name}")


def _spider(patients: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """Points of each patient's line; `segment` grows at every assessment whose sum is incomplete."""
    gaps = pl.col("change_percent").is_null().cast(pl.Int32).cum_sum().over("patient_id")
    points = visits.with_columns(segment=gaps).filter(pl.col("change_percent").is_not_null())
    points = points.select("patient_id", pl.col("assessed_day").alias("day"), "change_percent", "segment")
    start = points.select("patient_id").unique(maintain_order=True)
    zero = start.with_columns(
        day=pl.lit(0, points.schema["day"]), change_percent=0.0, segment=pl.lit(0, pl.Int32)
    )
    ends = _line_ends(patients, visits)
    return (
        pl.concat([zero, points])
        .join(ends, on="patient_id", how="left")
        .with_columns(months=pl.col("day") / DAYS_PER_MONTH)
        .sort("patient_id", "day")
        .with_columns(is_last=pl.int_range(pl.len()).over("patient_id") == pl.len().over("patient_id") - 1)
        .with_columns(end=pl.when("is_last").then("end"))
        .select(
            "patient_id", "day", "months", "change_percent", "segment", "end", "reported_response", "course"
        )
    )


def _line_ends(patients: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """Why each line ends: progression (with a sum at it, or without), a new therapy, death, or no event."""
    last = visits.group_by("patient_id", maintain_order=True).agg(
        ((pl.col("overall_response") == Response.PD) & pl.col("change_percent").is_not_null())
        .last()
        .alias("pd_measured")
    )
    progressed = pl.col("progressed_day").is_not_null()
    return patients.join(last, on="patient_id", how="left").select(
        "patient_id",
        "reported_response",
        COURSE,
        end=pl.when(pl.col("pd_measured").fill_null(False)).then(pl.lit("progression"))
        .when(pl.col("new_therapy_day") < pl.col("progressed_day").fill_null(_EVER)).then(pl.lit("new_therapy"))
        .when(progressed).then(pl.lit("progression_without_sum"))
        .when(pl.col("os_event") == 1).then(pl.lit("death"))
        .otherwise(pl.lit("no_event")),
    )  # fmt: skip


def _swimmer(patients: pl.DataFrame, cutoff: date | None) -> pl.DataFrame:
    """From treatment start: follow-up, response, progression, new therapy, death and the cut-off, in months."""
    start = pl.col("treatment_started_on")
    # How far the cut-off is from a start whose date is not known cannot be said.
    cutoff_day = pl.when(start != ANCHOR).then((pl.lit(cutoff, pl.Date) - start).dt.total_days())
    responded = pl.col("dor_days").is_not_null()
    days = {
        "follow_up": pl.col("os_days"),
        "response_start": pl.when(responded).then(pl.col("response_day")),
        "response_end": pl.when(responded).then(pl.col("response_day") + pl.col("dor_days")),
        "progression": pl.col("progressed_day"),
        "new_therapy": pl.col("new_therapy_day"),
        "cutoff": cutoff_day,
    }
    observed = patients.filter(pl.col("os_days").is_not_null())
    return observed.select(
        "patient_id",
        *((day / DAYS_PER_MONTH).alias(f"{name}_months") for name, day in days.items()),
        (pl.col("os_event") == 1).alias("died"),
        ((cutoff_day <= pl.col("os_days")) & (pl.col("os_event") == 0)).fill_null(False).alias("alive_at_cutoff"),
        pl.when(responded).then(pl.col("dor_event") == 0).alias("response_ongoing"),
        "reported_response",
        "pattern",
        COURSE,
    ).sort("follow_up_months", "patient_id", descending=[True, False])  # fmt: skip


def _change_estimates(
    waterfall: pl.DataFrame, n_patients: int, method: Method, confirmed: bool, keys: dict[str, Any]
) -> list[Estimate]:
    """How many could be evaluated, the middle change, and how many passed -30 % and +20 %."""
    keys = keys | {"outcome": "best_change"}
    change, n = waterfall["best_change_percent"], waterfall.height
    quartiles = [change.quantile(q, "linear") if n else None for q in (0.25, 0.5, 0.75)]
    kind = Method(MethodPart.BEST_RESPONSE, MethodPart.CONFIRMED if confirmed else MethodPart.UNCONFIRMED)
    counts = {
        "<=-30": int((change <= -30).sum()),
        ">=20": int((change >= 20).sum()),
        "pd_by_new_lesion": int(waterfall["pd_by_new_lesion"].sum()),
        "pd_by_non_target": int(waterfall["pd_by_non_target"].sum()),
    }
    return [
        Estimate(**keys, statistic=Statistic.N, value=n_patients, n=n_patients, unit=Unit.PATIENTS, method=kind),
        Estimate(**keys, statistic=Statistic.N_EVALUABLE, value=n, n=n_patients, unit=Unit.PATIENTS, method=method),
        Estimate(
            **keys, statistic=Statistic.MEDIAN, value=quartiles[1], low=quartiles[0], high=quartiles[2], n=n,
            unit=Unit.PERCENT, method=method, warning=NO_WARNING if n else WarningCode.NO_SUMS(),
        ),
        *(Estimate(**keys, level=level, statistic=Statistic.N, value=k, n=n, unit=Unit.PATIENTS) for level, k in counts.items()),
    ]  # fmt: skip
