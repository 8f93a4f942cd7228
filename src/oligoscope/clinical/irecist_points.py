"""What iRECIST reads at each time point, from the same lesion values as RECIST 1.1."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.irecist import derive_irecist
from oligoscope.clinical.responses import ResponseFrames
from oligoscope.clinical.target_selection import MEASURABLE_NODE_UM, MEASURABLE_UM
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.scan_key import scan_key

_NON_TARGET = {"CR": "CR", "NON_CR_NON_PD": "NON_CR_NON_UPD", "PD": "UPD"}


def irecist_responses(
    frames: ResponseFrames, therapy: pl.DataFrame, *, pr_continues_until_pd: bool = True
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """iRECIST of every time point and patient (see `derive_irecist`).

    Args:
        frames: What was read from the lesions.
        therapy: One row a patient: p, new_therapy_day (of a later line; null: none).
        pr_continues_until_pd: After iPR, iPR until the targets progress.
    """
    points = frames.points.join(_other_growth(frames), on=["p", "k"], how="left")
    points = points.join(_new_disease(frames), on=["p", "k"], how="left").sort(scan_key("p", "k"))
    points = points.join(therapy.select("p", "new_therapy_day"), on="p", how="left", maintain_order="left")
    other_sizes = (
        pl.when(
            pl.col(f"n_{name}_sized").fill_null(0)
            == pl.col(f"n_{name}_joined").fill_null(0).cum_sum().over("p")
        )
        .then(pl.col(f"{name}_size_um").fill_null(0))
        .alias(f"{name}_size_um")
        for name in ("other", "new_other")
    )
    points = points.with_columns(other_sizes)
    so_far, measured_so_far = (
        pl.col(name).fill_null(0).cum_sum().over("p") for name in ("n_first_seen", "n_measured_first_seen")
    )
    complete = (pl.col("n_measured_sized") == measured_so_far) & (measured_so_far > 0)
    return derive_irecist(
        points.select(
            "p",
            "k",
            pl.col("declared_day").alias("day"),
            pl.col("complete_sum_um").alias("target_sum_um"),
            "n_targets",
            "n_nontargets",
            "baseline_um",
            (pl.col("n_target_cleared") == pl.col("n_targets")).alias("target_gone"),
            pl.col("non_target_response")
            .replace_strict(_NON_TARGET, default=None, return_dtype=pl.String)
            .alias("non_target"),
            pl.col("non_target_grew").fill_null(False),
            "new_target_sum_um",
            complete.fill_null(False).alias("new_complete"),
            pl.col("new_joined_um").fill_null(0),
            # Every one of them recorded as absent now.
            ((pl.col("n_gone") == so_far) & (so_far > 0)).fill_null(False).alias("new_gone"),
            "newest_new_k",
            pl.col("new_progressed").fill_null(False),
            (pl.col("target_response") == Response.PD).fill_null(False).alias("target_progressed"),
            so_far.alias("n_new_lesions"),
            pl.col("new_non_target_grew").fill_null(False),
            # Of the scan that showed the new lesion, not of another one of the time point.
            pl.col("new_for_symptom").fill_null(False).alias("symptom"),
            "other_size_um",
            pl.col("other_joined_um").fill_null(0),
            "new_other_size_um",
            pl.col("new_other_joined_um").fill_null(0),
            # As for the best response, a scan on the day of the new therapy still counts.
            (pl.col("declared_day") > pl.col("new_therapy_day")).fill_null(False).alias("off_treatment"),
        ),
        therapy.height,
        pr_continues_until_pd=pr_continues_until_pd,
    )


def _other_growth(frames: ResponseFrames) -> pl.DataFrame:
    size = pl.when("evaluated").then("size_um")
    rows = frames.values.filter((pl.col("role") == "non_target") & (pl.col("k") > 0))
    return (
        rows.with_columns(_sized_since(size))
        .group_by("p", "k")
        .agg(
            pl.col("increase").any().alias("non_target_grew"),
            *_recorded_sizes(size, "other"),
        )
    )


def _recorded_sizes(size: pl.Expr, name: str) -> tuple[pl.Expr, ...]:
    """The sum of the sizes recorded now, and what of it is of lesions that had none before.

    A lesion that is absent and never had a size has no size that could have grown.
    """
    known = size.is_not_null() & (pl.col("k") >= pl.col("sized_since"))
    joined = known & (pl.col("k") == pl.col("sized_since"))
    return (
        known.sum().alias(f"n_{name}_sized"),
        joined.sum().alias(f"n_{name}_joined"),
        size.filter(known).sum().alias(f"{name}_size_um"),
        size.filter(joined).sum().alias(f"{name}_joined_um"),
    )


def _sized_since(size: pl.Expr) -> pl.Expr:
    return pl.col("k").filter(size > 0).min().over("lesion").alias("sized_since")


def _new_disease(frames: ResponseFrames) -> pl.DataFrame:
    """By time point: new lesions first seen, seen and gone; the sum of the measured ones, growth of the others.

    A new lesion is followed as a target if it was sized when first seen and is declared a target or,
    undeclared, was measurable.
    """
    kinds = frames.lesions.select("lesion", "new_kind")
    large = pl.when(pl.col("is_node")).then(pl.lit(MEASURABLE_NODE_UM)).otherwise(pl.lit(MEASURABLE_UM))
    lesions = (
        frames.new.sort("lesion", "k")
        .group_by("lesion", maintain_order=True)
        .agg(
            pl.col("k").first().alias("since"),
            pl.col("size_um").is_not_null().first().alias("sized"),
            (pl.col("size_um") >= large).first().alias("measurable"),
        )
        .join(kinds, on="lesion", how="left")
        .select(
            "lesion",
            "since",
            measured=pl.when(pl.col("new_kind").is_not_null())
            .then((pl.col("new_kind") == "target") & pl.col("sized"))
            .otherwise("measurable")
            .fill_null(False),
        )
    )
    rows = frames.values.filter((pl.col("role") == "new") & pl.col("evaluated"))
    rows = rows.join(lesions, on="lesion", how="inner").filter(pl.col("k") >= pl.col("since"))
    rows = rows.join(frames.new.select("lesion", "k", seen=pl.lit(True)), on=["lesion", "k"], how="left")
    for_symptom = frames.values.filter("symptom").select("p", "day", for_symptom=pl.lit(True)).unique()
    rows = rows.join(for_symptom, on=["p", "day"], how="left")
    seen, measured, first = (
        pl.col("seen").fill_null(False),
        pl.col("measured"),
        pl.col("k") == pl.col("since"),
    )
    # A lesion that is absent or merged into another counts 0, as among the targets.
    size = pl.when(measured).then(pl.when(seen | pl.col("cleared")).then("size_um"))
    other_size = pl.when(~measured & (seen | pl.col("cleared"))).then("size_um")
    return (
        rows.with_columns(_sized_since(other_size))
        .group_by("p", "k")
        .agg(
            first.sum().alias("n_first_seen"),
            (first & pl.col("for_symptom").fill_null(False)).any().alias("new_for_symptom"),
            (measured & first).sum().alias("n_measured_first_seen"),
            size.is_not_null().sum().alias("n_measured_sized"),
            pl.when(size.count() > 0).then(size.sum()).alias("new_target_sum_um"),
            pl.when(first).then(size).sum().alias("new_joined_um"),
            pl.when(seen).then("since").max().alias("newest_new_k"),
            (pl.col("cleared") & ~first).sum().alias("n_gone"),
            (seen & ~measured & pl.col("increase")).any().alias("new_non_target_grew"),
            *_recorded_sizes(other_size, "new_other"),
            (seen & ~measured & ~first & pl.col("progressing")).any().alias("new_progressed"),
        )
    )


def irecist_first(points: pl.DataFrame, patients: pl.DataFrame) -> pl.DataFrame:
    """The time point iRECIST dates the progression to: columns p, k, progressed_day, cause."""
    progressed = patients.filter(pl.col("iprogressed_day").is_not_null()).select("p", "iprogressed_day")
    return (
        points.join(progressed, on="p", how="inner")
        .filter(pl.col("declared_day") == pl.col("iprogressed_day"))
        .select("p", "k", pl.col("declared_day").alias("progressed_day"), pl.col("cause").fill_null(""))
    )


_AS_RECIST = {"iCR": "CR", "iPR": "PR", "iSD": "SD", "iUPD": "NE", "iCPD": "PD", "NE": "NE"}
_WITHOUT_TARGETS = _AS_RECIST | {"iSD": "NON_CR_NON_PD"}  # Seymour 2017, note to table 3


def as_recist_codes(points: pl.DataFrame, patients: pl.DataFrame) -> pl.DataFrame:
    """Overall responses as iRECIST reads them: an iUPD that was resolved is no progression.

    Best response, duration of response and endpoints then follow by the same rules as for RECIST 1.1;
    from the date of progression on every response is PD, and what was not evaluated remains NE.
    """
    points = points.join(patients.select("p", "iprogressed_day"), on="p", how="left", maintain_order="left")
    with_targets, without = (
        pl.col("irecist_response").replace_strict(words, default="NE", return_dtype=pl.String)
        for words in (_AS_RECIST, _WITHOUT_TARGETS)
    )
    code = pl.when(pl.col("n_targets") > 0).then(with_targets).otherwise(without)
    not_read = (pl.col("irecist_response") == "NE").fill_null(True)
    over = (pl.col("declared_day") >= pl.col("iprogressed_day")).fill_null(False) & ~not_read
    return points.with_columns(overall_response=pl.when(over).then(pl.lit("PD")).otherwise(code)).drop(
        "iprogressed_day"
    )
