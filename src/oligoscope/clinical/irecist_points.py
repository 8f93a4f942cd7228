"""What iRECIST reads at each time point, from the same lesion values as RECIST 1.1."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.irecist import derive_irecist
from oligoscope.clinical.responses import ResponseFrames
from oligoscope.clinical.target_selection import MEASURABLE_NODE_UM, MEASURABLE_UM
from oligoscope.study.vocabulary import Response

_NON_TARGET = {"CR": "CR", "NON_CR_NON_PD": "NON_CR_NON_UPD", "PD": "UPD"}


def irecist_responses(frames: ResponseFrames, n_patients: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """iRECIST of every time point and patient (see `derive_irecist`)."""
    points = frames.points.join(_other_growth(frames), on=["p", "k"], how="left")
    points = points.join(_new_disease(frames), on=["p", "k"], how="left")
    points = points.join(_new_disease_gone(frames), on=["p", "k"], how="left").sort("p", "k")
    so_far = pl.col("n_first_seen").fill_null(0).cum_sum().over("p")
    return derive_irecist(
        points.select(
            "p",
            "k",
            pl.col("declared_day").alias("day"),
            pl.col("complete_sum_um").alias("target_sum_um"),
            "n_targets",
            "baseline_um",
            (pl.col("n_target_cleared") == pl.col("n_targets")).alias("target_gone"),
            pl.col("non_target_response")
            .replace_strict(_NON_TARGET, default=None, return_dtype=pl.String)
            .alias("non_target"),
            pl.col("non_target_grew").fill_null(False),
            # Every new lesion seen so far is gone again: nothing of it is left to measure.
            pl.when((pl.col("n_gone") == so_far) & (so_far > 0))
            .then(0)
            .otherwise(pl.col("new_target_sum_um"))
            .alias("new_target_sum_um"),
            (pl.col("target_response") == Response.PD).fill_null(False).alias("target_progressed"),
            so_far.alias("n_new_lesions"),
            pl.col("new_non_target_grew").fill_null(False),
            "symptom",
        ),
        n_patients,
    )


def _other_growth(frames: ResponseFrames) -> pl.DataFrame:
    rows = frames.values.filter((pl.col("role") == "non_target") & (pl.col("k") > 0))
    return rows.group_by("p", "k").agg(pl.col("increase").any().alias("non_target_grew"))


def _new_disease(frames: ResponseFrames) -> pl.DataFrame:
    """By time point: new lesions first seen, the sum of the measured ones, growth of the others.

    A new lesion is followed as a target if declared so or, undeclared, if measurable when first seen.
    """
    kinds = frames.lesions.select("lesion", "new_kind")
    new = frames.new.join(kinds, on="lesion", how="left").sort("lesion", "k")
    large = pl.when(pl.col("is_node")).then(pl.lit(MEASURABLE_NODE_UM)).otherwise(pl.lit(MEASURABLE_UM))
    first_size = pl.col("size_um").first().over("lesion")
    measured = (
        pl.when(pl.col("new_kind").is_not_null())
        .then(pl.col("new_kind") == "target")
        .otherwise(first_size >= large)
    )
    new = new.with_columns(
        measured=measured.fill_null(False), first_seen=pl.col("k") == pl.col("k").min().over("lesion")
    )
    size = pl.col("size_um").filter(pl.col("measured")).drop_nulls()
    return new.group_by("p", "k").agg(
        pl.col("first_seen").sum().alias("n_first_seen"),
        pl.when(size.len() > 0).then(size.sum()).alias("new_target_sum_um"),
        (~pl.col("measured") & pl.col("increase")).any().alias("new_non_target_grew"),
    )


def _new_disease_gone(frames: ResponseFrames) -> pl.DataFrame:
    """By time point: how many lesions that were new before are recorded as absent now."""
    since = frames.new.group_by("lesion").agg(pl.col("k").min().alias("since"))
    rows = frames.values.filter((pl.col("role") == "new") & pl.col("cleared")).join(
        since, on="lesion", how="inner"
    )
    rows = rows.filter(pl.col("k") > pl.col("since"))
    return rows.group_by("p", "k").agg(pl.col("lesion").n_unique().cast(pl.Int64).alias("n_gone"))


def irecist_first(points: pl.DataFrame, patients: pl.DataFrame) -> pl.DataFrame:
    """The time point iRECIST dates the progression to: columns p, k, progressed_day, cause."""
    progressed = patients.filter(pl.col("iprogressed_day").is_not_null()).select("p", "iprogressed_day")
    return (
        points.join(progressed, on="p", how="inner")
        .filter(pl.col("declared_day") == pl.col("iprogressed_day"))
        .select("p", "k", pl.col("declared_day").alias("progressed_day"), pl.col("cause").fill_null(""))
    )


_AS_RECIST = {"iCR": "CR", "iPR": "PR", "iSD": "SD", "iUPD": "NE", "iCPD": "PD", "NE": "NE"}


def as_recist_codes(points: pl.DataFrame, patients: pl.DataFrame) -> pl.DataFrame:
    """Overall responses as iRECIST reads them: an iUPD that was resolved is no progression.

    Best response, duration of response and endpoints then follow by the same rules as for RECIST 1.1;
    from the date of progression on every response is PD.
    """
    points = points.join(patients.select("p", "iprogressed_day"), on="p", how="left", maintain_order="left")
    code = pl.col("irecist_response").replace_strict(_AS_RECIST, default="NE", return_dtype=pl.String)
    over = (pl.col("declared_day") >= pl.col("iprogressed_day")).fill_null(False)
    return points.with_columns(overall_response=pl.when(over).then(pl.lit("PD")).otherwise(code)).drop(
        "iprogressed_day"
    )
