"""Lesion values to one row a patient and time point: sums, states, responses and their dates."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from oligoscope.clinical.columns import number_of
from oligoscope.clinical.lesion_values import choose_reader, index_lesions, lesion_values
from oligoscope.clinical.merges import without_empty_merges
from oligoscope.clinical.new_lesions import confirmed_new
from oligoscope.clinical.overall_response import with_overall_response
from oligoscope.clinical.target_response import with_non_target_response, with_target_response
from oligoscope.clinical.time_points import Windows, with_time_points
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.protocol import ResponseSettings
from oligoscope.study.scan_key import scan_key
from oligoscope.study.schemas import StudyTables


@dataclass(frozen=True)
class ResponseFrames:
    """What was read from the lesions.

    Attributes:
        lesions: Declared lesions with `p` and `lesion` (row numbers of patient and lesion).
        values: One row a lesion and time point `k` (0 = baseline).
        new: The rows at which a lesion counts as new.
        points: One row a patient and time point k >= 1, with every response and date.
    """

    lesions: pl.DataFrame
    values: pl.DataFrame
    new: pl.DataFrame
    points: pl.DataFrame


def derive_responses(tables: StudyTables, settings: ResponseSettings) -> ResponseFrames:
    """RECIST 1.1 at every time point of every patient, at once."""
    lesions = index_lesions(tables)
    values = with_time_points(
        lesion_values(lesions, choose_reader(tables, settings.reader)),
        lesions,
        Windows(settings.scan_window_days, settings.visit_window_days),
    )
    values = without_empty_merges(values, lesions)
    new = confirmed_new(values)
    points = _points(lesions, values, new)
    points = with_overall_response(with_non_target_response(with_target_response(points, settings)))
    return ResponseFrames(lesions, values, new, points.with_columns(_declared_day(settings)))


def given_responses(tables: StudyTables, reader: str | None) -> pl.DataFrame:
    """Given responses as time points: columns p, k, first_day, declared_day, overall_response.

    A response on or before the day treatment started is of the baseline and no time point, as with scans.
    """
    patients = tables.patients.select("patient_id").with_row_index("p")
    given = choose_reader(tables, reader, "assessments")
    return (
        given.filter(pl.col("assessed_day") > 0)
        .join(patients, on="patient_id", how="inner")
        .select(
            "p",
            *(pl.col("assessed_day").alias(f"{kind}_day") for kind in ("first", "last", "seen", "declared")),
            "overall_response",
            "source",
            "source_row",
        )
        .sort("p", "first_day")
        .with_columns(k=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("p"))
    )


def _points(lesions: pl.DataFrame, values: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """One row a patient and time point after baseline, with the columns that the rules use."""
    target, other = pl.col("role") == "target", pl.col("role") == "non_target"
    evaluated, cleared, node = pl.col("evaluated"), pl.col("cleared"), pl.col("is_node")
    day, grew = pl.col("day"), pl.col("progressing")
    # A non-target node that is visible again is disease only if it progressed unequivocally (EORTC RECIST
    # questions, abnormal lymph node); every other lesion that is present is.
    disease = evaluated & ~cleared & (target | (other & (~node | grew)))
    points = (
        values.lazy()
        .filter(pl.col("k") > 0)
        .group_by("p", "k")
        .agg(
            # A row "not evaluated" dates no scan, unless nothing at all was evaluated.
            pl.coalesce(pl.when(evaluated).then(day).min(), day.min()).alias("first_day"),
            pl.coalesce(pl.when(evaluated).then(day).max(), day.max()).alias("last_day"),
            pl.col("seen_day").max(),
            number_of(target & evaluated, "n_target_evaluated"),
            number_of(target & evaluated & cleared, "n_target_cleared"),
            pl.when(target & evaluated).then(pl.col("size_um")).otherwise(0).sum().alias("target_sum_um"),
            pl.when(target & evaluated).then(day).min().alias("first_target_day"),
            pl.when(target & evaluated).then(day).max().alias("last_target_day"),
            number_of(other & evaluated, "n_nontarget_evaluated"),
            number_of(other & evaluated & cleared, "n_nontarget_cleared"),
            number_of(other & grew, "n_nontarget_progressing"),
            pl.when(other & grew).then(day).min().alias("nontarget_progressed_day"),
            number_of(other & evaluated & node & ~cleared & ~grew, "n_nontarget_nodes_visible"),
            pl.when(disease).then(day).min().alias("disease_day"),
            pl.col("symptom").any(),
        )
        .collect(engine="streaming")  # several times as quick as eagerly
    )
    appeared = new.group_by("p", "k").agg(
        pl.col("day").min().alias("new_lesion_day"),
        pl.len().cast(pl.Int32).alias("n_new_lesions"),
        pl.col("backdated").any(),
    )
    return (
        points.join(appeared, on=["p", "k"], how="left")
        .join(_baseline(lesions, values), on="p", how="left")
        .with_columns(
            pl.col("n_targets", "n_nontargets").fill_null(0), new_lesion=pl.col("n_new_lesions").is_not_null()
        )
        .sort(scan_key("p", "k"))
    )


def _baseline(lesions: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Declared lesions of each patient, and the baseline sum where every target has a size."""
    target = pl.col("role") == "target"
    declared = lesions.group_by("p").agg(
        number_of(target, "n_targets"),
        number_of(pl.col("role") == "non_target", "n_nontargets"),
    )
    measured = (
        values.filter((pl.col("k") == 0) & target & pl.col("size_um").is_not_null())
        .group_by("p")
        .agg(pl.len().cast(pl.Int32).alias("n_measured"), pl.col("size_um").sum().alias("baseline_um"))
    )
    complete = pl.col("n_measured") == pl.col("n_targets")
    return declared.join(measured, on="p", how="left").select(
        "p", "n_targets", "n_nontargets", pl.when(complete).then(pl.col("baseline_um")).alias("baseline_um")
    )


def _declared_day(settings: ResponseSettings) -> pl.Expr:
    """The day a response is dated to: progression when it could first be declared, the rest by setting."""
    by_sum = pl.col("first_target_day" if settings.pd_date == "earliest" else "last_target_day")
    causes = (
        pl.col("new_lesion_day"),
        pl.when(pl.col("target_response") == Response.PD).then(by_sum),
        pl.when(pl.col("non_target_response") == Response.PD).then(pl.col("nontarget_progressed_day")),
        pl.when(pl.col("reappeared")).then(pl.col("disease_day")),
    )
    other = pl.col("first_day" if settings.response_date == "earliest" else "last_day")
    return (
        pl.when(pl.col("overall_response") == Response.PD)
        .then(pl.min_horizontal(*causes))
        .otherwise(other)
        .alias("declared_day")
    )
