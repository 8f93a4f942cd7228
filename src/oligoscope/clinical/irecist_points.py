"""What iRECIST reads at each time point, from the same lesion values as RECIST 1.1."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.irecist import derive_irecist
from oligoscope.clinical.responses import ResponseFrames
from oligoscope.clinical.target_selection import MEASURABLE_NODE_UM, MEASURABLE_UM

_NON_TARGET = {"CR": "CR", "NON_CR_NON_PD": "NON_CR_NON_UPD", "PD": "UPD"}


def irecist_responses(frames: ResponseFrames, n_patients: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """iRECIST of every time point and patient (see `derive_irecist`)."""
    points = frames.points.join(_other_growth(frames), on=["p", "k"], how="left")
    points = points.join(_new_disease(frames), on=["p", "k"], how="left").sort("p", "k")
    so_far = pl.col("n_first_seen").fill_null(0).cum_sum().over("p")
    return derive_irecist(
        points.select(
            "p",
            "k",
            pl.col("first_day").alias("day"),
            pl.col("complete_sum_um").alias("target_sum_um"),
            "n_targets",
            "baseline_um",
            (pl.col("n_target_cleared") == pl.col("n_targets")).alias("target_gone"),
            pl.col("non_target_response")
            .replace_strict(_NON_TARGET, default=None, return_dtype=pl.String)
            .alias("non_target"),
            pl.col("non_target_grew").fill_null(False),
            "new_target_sum_um",
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
