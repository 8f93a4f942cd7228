"""The time points that reasons name: their sums, days and numbers beside each patient."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.cited_rows import Evidence, confirming
from oligoscope.clinical.columns import with_blanks
from oligoscope.clinical.read_progressions import READ


def with_points(patients: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Beside each patient the numbers of the time points their labels rest on."""
    patients = with_blanks(patients, _OF_PATIENTS)
    points = with_blanks(evidence.points, _OF_POINTS)
    sums = points.select("p", "declared_day", "k", "complete_sum_um", "baseline_um", "overall_response")
    for which in ("best", "confirmed"):
        at = sums.rename({
            "declared_day": f"{which}_scan_day", "k": f"_{which}_k", "complete_sum_um": f"_{which}_sum_um",
            "baseline_um": f"_{which}_baseline_um", "overall_response": f"{which}_scan",
        })  # fmt: skip
        keys = ["p", f"{which}_scan_day", f"{which}_scan"]
        patients = patients.join(at.unique(keys, keep="first"), on=keys, how="left", maintain_order="left")
    patients = patients.join(_at_progression(patients, points), on="p", how="left", maintain_order="left")
    patients = patients.join(_new_lesions(patients, evidence), on="p", how="left", maintain_order="left")
    patients = patients.join(_irecist_days(patients, points), on="p", how="left", maintain_order="left")
    first = points.filter(pl.col("overall_response").is_in(["CR", "PR"])).select(
        "p", pl.col("declared_day").alias("response_day"), _response=pl.col("overall_response")
    )
    patients = patients.join(
        first.unique(["p", "response_day"], keep="first"), on=["p", "response_day"], how="left", maintain_order="left"
    )  # fmt: skip
    return patients.with_columns(_end_day=pl.lit(None, pl.Int32), **_count_ended())


def _count_ended() -> dict[str, pl.Expr]:
    """What ended the count of responses before any time point did: a progression of another basis, a new therapy."""
    other = pl.col("clinical_first") | (pl.col("cause") == READ).fill_null(value=False)
    progressed, therapy = pl.when(other).then(pl.col("progressed_day")), pl.col("new_therapy_day")
    first = (progressed <= therapy.fill_null(2**30)).fill_null(value=False)
    return {
        "_ended_day": pl.min_horizontal(progressed, therapy),
        "_ended_by": pl.when(first).then(pl.lit("the first progression"))
        .when(therapy.is_not_null()).then(pl.lit("a new therapy")),
    }  # fmt: skip


# Columns that are there only where lesions were read.
_OF_PATIENTS = {
    "k": pl.Int32, "n_organs": pl.Int32, "n_others": pl.Int32, "n_others_controlled": pl.Int32, "ibest_response": pl.String,
    "iprogressed_day": pl.Int32, "iprogression_confirmed": pl.Boolean, "pattern_rule": pl.String,
}  # fmt: skip
_OF_POINTS = {
    "complete_sum_um": pl.Int64, "baseline_um": pl.Int64, "nadir_um": pl.Int64, "target_sum_um": pl.Int64,
    "first_target_day": pl.Int32, "last_target_day": pl.Int32, "nontarget_progressed_day": pl.Int32, "disease_day": pl.Int32,
    "new_lesion_day": pl.Int32, "n_new_lesions": pl.Int32, "irecist_response": pl.String,
}  # fmt: skip


def _at_progression(patients: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """What was compared at the first progression by derived time points, and which time point was the nadir (0: baseline)."""
    first = patients.filter(pl.col("k").is_not_null() & ~pl.col("clinical_first")).select("p", "k")
    at = first.join(points, on=["p", "k"], how="inner").select(
        "p", _pd_sum_um=pl.col("target_sum_um"), _pd_nadir_um=pl.col("nadir_um"), _pd_partial=pl.col("complete_sum_um").is_null(),
        _pd_target_day=pl.col("first_target_day"), _n_new_lesions=pl.col("n_new_lesions"),
        _new_lesion_day=pl.col("new_lesion_day"), _nontarget_day=pl.col("nontarget_progressed_day"), _disease_day=pl.col("disease_day"),
    )  # fmt: skip
    lowest = (
        points.select("p", "k", "complete_sum_um")
        .join(first.rename({"k": "_pd_k"}), on="p", how="inner")
        .join(at.select("p", "_pd_nadir_um"), on="p", how="inner")
        .filter((pl.col("k") < pl.col("_pd_k")) & (pl.col("complete_sum_um") == pl.col("_pd_nadir_um")))
        .group_by("p")
        .agg(pl.col("k").max().alias("_nadir_k"))
    )
    return at.join(lowest, on="p", how="left").with_columns(pl.col("_nadir_k").fill_null(0))


def _new_lesions(patients: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """When the new lesions of the first progression were confirmed, where the scan that showed them could not."""
    at = patients.filter(pl.col("k").is_not_null()).select("p", "k")
    new = evidence.frames.new.join(at, on=["p", "k"], how="inner")
    return confirming(evidence.frames, new).group_by("p").agg(pl.col("day").min().alias("_new_confirmed_day"))


def _irecist_days(patients: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """The first scan with the best iRECIST response, and the one that confirmed the progression."""
    who = patients.select("p", "ibest_response", "iprogressed_day", "new_therapy_day").filter(
        pl.col("ibest_response").is_not_null()
    )
    seen = points.select("p", "declared_day", "irecist_response", "k").join(who, on="p", how="inner")
    on_treatment = (pl.col("declared_day") <= pl.col("new_therapy_day")).fill_null(value=True)
    best = (pl.col("irecist_response") == pl.col("ibest_response")) & on_treatment
    confirms = (pl.col("irecist_response") == "iCPD") & (pl.col("declared_day") >= pl.col("iprogressed_day"))
    dated = pl.col("declared_day") == pl.col("iprogressed_day")
    return seen.group_by("p").agg(
        pl.col("declared_day").filter(best).min().alias("_ibest_day"),
        pl.col("k").filter(best).min().alias("_ibest_k"),
        pl.col("declared_day").filter(confirms).min().alias("_icpd_day"),
        pl.col("k").filter(confirms).min().alias("_icpd_k"),
        pl.col("k").filter(dated).min().alias("_ipd_k"),
    )
