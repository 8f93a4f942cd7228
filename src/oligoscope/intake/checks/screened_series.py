"""The screening's part for lesions over time: whose targets a rule of `lesion_series` or `target_set` may concern."""

from __future__ import annotations

import polars as pl

from oligoscope.intake.checks.lesion_rules import NODE_MM
from oligoscope.intake.checks.lesion_series import MODALITY_CHANGES, SERIES_RULES, is_absent, sized_series
from oligoscope.intake.checks.target_set import COPIED_SCANS
from oligoscope.study.scan_key import scan_key

_DAY, _SIZE = pl.col("assessed_day"), pl.col("_size")


def series_to_check(rows: pl.DataFrame, patient: str) -> list[pl.Series]:
    """Patients for whom a rule over several scans could find something.

    Args:
        rows: Measurements with _lesion (one number a lesion), _target, _new, _node; those of a lesion together.
        patient: The column of the patient.
    """
    targets = rows.filter(pl.col("_target").fill_null(value=False))
    key = ["_lesion"]
    if targets["reader"].null_count() < targets.height:
        key = ["_lesion", "reader"]
    in_order = len(key) == 1 and targets.select(scan_key("_lesion", _DAY)).to_series().is_sorted()
    if not in_order:
        targets = targets.sort(*key, "assessed_day", maintain_order=True)
    if targets["_lesion"].is_sorted():
        targets = targets.with_columns(
            pl.col("_lesion").set_sorted()
        )  # groups of sorted numbers are found sooner
    series = sized_series(targets, key)
    rules = [rule.holds for rule in (*SERIES_RULES, MODALITY_CHANGES)]
    back = rows.filter((pl.col("_new") & is_absent()).fill_null(value=False))
    large = (
        pl.col("_node")
        & (pl.col("diameter_mm") >= NODE_MM)
        & (_DAY <= 0)
        & ~pl.col("_target")
        & ~pl.col("_new")
    )
    nodes = rows.filter(large.fill_null(value=False)).select(patient).unique()
    return [
        series.filter(pl.any_horizontal(rules))[patient],
        back[patient],
        nodes.join(targets.select(patient).unique(), on=patient, how="anti")[patient],
        *_together(targets, series, patient),
    ]


def _together(targets: pl.DataFrame, series: pl.DataFrame, patient: str) -> list[pl.Series]:
    """Patients whose targets have different days, or the same sizes."""
    day = _DAY.cast(pl.Int64)
    of_lesion = pl.col(patient).first()  # a lesion is one patient's, and one key is quicker than two
    days = targets.group_by("_lesion").agg(of_lesion, n=pl.len(), days=day.sum(), squares=(day * day).sum())
    beside = days.group_by(patient).agg(
        (pl.col(c).max() != pl.col(c).min()).alias(c) for c in ("n", "days", "squares")
    )
    apart = beside.filter(pl.any_horizontal("n", "days", "squares"))
    weight = (_SIZE * 1000).round().cast(pl.Int64) * (day * day + 7919)
    sizes = series.group_by("_lesion").agg(of_lesion, n=pl.len(), weight=weight.sum())
    many = sizes.filter(pl.col("n") >= COPIED_SCANS)
    return [apart[patient], many.filter(pl.struct(patient, "weight").is_duplicated())[patient]]
