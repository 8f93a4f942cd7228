"""The targets of one patient together: followed at the same scans, and not copied from each other."""

from __future__ import annotations

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.checks.findings import Findings, Frames
from oligoscope.intake.checks.lesion_rules import NODE_MM
from oligoscope.intake.checks.lesion_series import sized_series, target_rows
from oligoscope.study.dictionary.terms import State

_LESION = ["patient_id", "lesion_id"]
VISIT_DAYS = 21  # scans of one visit (chest, brain, bone) may be weeks apart, visits are mostly six or more
COPIED_SCANS, COPIED_CHANGES = 4, 3


def check_target_set(frames: Frames, findings: Findings) -> None:
    """Targets that are not followed or copied; large nodes in patients without a target."""
    rows = target_rows(frames, findings)
    _find_scans_missing(rows, frames, findings)
    _find_repeated(rows, findings)
    _find_large_nodes(frames, findings)


def _find_scans_missing(rows: pl.DataFrame, frames: Frames, findings: Findings) -> None:
    """Targets without a row within VISIT_DAYS of a later scan of another target of the same reader."""
    group, day = ["patient_id", "reader"], pl.col("assessed_day")
    rows = rows.filter(day.is_not_null())
    scans = rows.filter(day > 0).select(*group, scan="assessed_day").unique()
    merged = (pl.col("state") == State.MERGED.value).fill_null(value=False)
    own = rows.group_by(*_LESION, "reader").agg(
        pl.col("assessed_day").alias("days"), first=day.min(), later=(day > 0).any(), merged=day.filter(merged).min()
    )  # fmt: skip
    # A lesion without a baseline has its own finding; one that merged is followed as another.
    own = own.filter(pl.col("first") <= 0)
    at = own.join(scans, on=group, how="inner", nulls_equal=True)
    at = at.filter(pl.col("merged").is_null() | (pl.col("scan") < pl.col("merged")))
    nearest = at.explode("days").group_by(*_LESION, "reader", "scan", "later").agg(
        gap=(pl.col("days") - pl.col("scan")).abs().min()
    )  # fmt: skip
    missing = nearest.filter(pl.col("gap") > VISIT_DAYS)
    count = missing.group_by(_LESION).agg(n=pl.len(), later=pl.col("later").any(), scan=pl.col("scan").min())
    lesions = findings.good("lesions", frames["lesions"])
    found = lesions.join(count, on=_LESION, how="inner", maintain_order="left")
    for rule, which in (("target_not_followed", ~pl.col("later")), ("target_scan_missing", pl.col("later"))):
        findings.flag(
            rule, "lesions", found.filter(which), "lesion_id",
            expected=lambda row: Text(
                f"缺 {row['n']} 次，首次为治疗开始后 {row['scan']} 天",
                f"{row['n']} {'scan' if row['n'] == 1 else 'scans'}, the first on day {row['scan']}",
            ),
        )  # fmt: skip


def _find_repeated(rows: pl.DataFrame, findings: Findings) -> None:
    """Targets with the sizes of another one of the patient, day by day."""
    series = sized_series(rows, [*_LESION, "reader"])
    changed = (pl.col("_size") != pl.col("_before")).fill_null(value=False)
    written = pl.concat_str("assessed_day", "_size", separator=":").str.join(" ")
    lesions = series.group_by(*_LESION, "reader", maintain_order=True).agg(
        pl.col("source", "source_row", "_size").first(), sizes=written, scans=pl.len(), changes=changed.sum()
    )  # fmt: skip
    lesions = lesions.filter((pl.col("scans") >= COPIED_SCANS) & (pl.col("changes") >= COPIED_CHANGES))
    same = ["patient_id", "reader", "sizes"]
    lesions = lesions.with_columns(
        other=pl.col("lesion_id").first().over(same), nth=pl.int_range(pl.len()).over(same)
    )
    findings.flag(
        "series_repeated", "measurements", lesions.filter(pl.col("nth") > 0), "lesion_id",
        expected=lambda row: Text(
            f"{row['scans']} 次检查均与病灶 {row['other']} 相同", f"the same as lesion {row['other']} at {Count(row['scans']):scan|scans}"
        ),
    )  # fmt: skip


def _find_large_nodes(frames: Frames, findings: Findings) -> None:
    """Non-target nodes of measurable size at baseline in patients without any target."""
    lesions = findings.good("lesions", frames["lesions"])
    with_target = lesions.filter(pl.col("role") == "target").select("patient_id")
    nodes = lesions.filter((pl.col("role") == "non_target") & pl.col("is_node"))
    nodes = nodes.join(with_target, on="patient_id", how="anti", maintain_order="left")
    rows = findings.good("measurements", frames["measurements"])
    large = rows.filter(
        (pl.col("assessed_day") <= 0) & (pl.col("diameter_mm") >= NODE_MM) & pl.col("fragment").is_null()
    )
    large = large.join(nodes.select(_LESION), on=_LESION, how="semi", maintain_order="left")
    findings.flag(
        "large_node_not_target",
        "measurements",
        large.unique(_LESION, keep="first", maintain_order=True),
        "diameter_mm",
    )
