"""Where the disease was and where it progressed: organs at baseline, at the first progression, over time."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.histories import lowest_before
from oligoscope.clinical.responses import ResponseFrames
from oligoscope.clinical.target_response import grown
from oligoscope.study.cell_lists import divided, joined
from oligoscope.study.scan_key import scan_key


def derive_site_relation(patients: pl.DataFrame) -> pl.DataFrame:
    """Add same_organs and new_organs (of the first progression) and site_relation: same, new, both.

    An organ is the same if a lesion was there at baseline, the primary tumour's organ included. Of a patient whose
    sites at baseline were not given, no organ is known to be new or the same.
    """
    given = ["all_baseline_organs", "progressing_organs"]
    # Patients share their organs with many others, and lists are slow: each pair of them is compared once.
    asked = patients.select(given)
    found = asked.join(
        _related(asked.unique()), on=given, how="left", nulls_equal=True, maintain_order="left"
    )
    return patients.with_columns(found.drop(given).get_columns())


def _related(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of organs at baseline and organs that progress, with what `derive_site_relation` adds."""
    before, at = _organs("all_baseline_organs"), _organs("progressing_organs")
    same = at.list.set_intersection(before).list.sort()
    new = at.list.set_difference(before).list.sort()
    known = (
        pl.col("progressing_organs").is_not_null()
        & (pl.col("progressing_organs") != "")
        & pl.col("all_baseline_organs").is_not_null()
    )
    relation = (
        pl.when((same.list.len() > 0) & (new.list.len() > 0)).then(pl.lit("both"))
        .when(same.list.len() > 0).then(pl.lit("same"))
        .otherwise(pl.lit("new"))
    )  # fmt: skip
    return pairs.with_columns(
        same_organs=pl.when(known).then(joined(same)),
        new_organs=pl.when(known).then(joined(new)),
        site_relation=pl.when(known).then(relation),
    )


def _organs(column: str) -> pl.Expr:
    return divided(pl.col(column).fill_null(""))


def time_to_site_progression(frames: ResponseFrames) -> pl.DataFrame:
    """First progression in each organ of each patient, whatever the overall response was.

    A lesion progresses by the rule of the pattern: 20 % and 5 mm over its own nadir, unequivocal
    progression, or unequivocally new.

    Returns:
        Columns p, organ, progressed_day; one row a patient and organ that ever progressed.
    """
    values = frames.values.filter(pl.col("role") != "new").select(
        "p", "lesion", "k", "day", "size_um", "progressing"
    )
    values = values.sort(scan_key("lesion", "k"))
    nadir = lowest_before(pl.col("size_um"), "lesion")
    progressing = pl.col("progressing") | grown(pl.col("size_um"), nadir).fill_null(False)
    existing = values.filter(progressing & (pl.col("k") > 0)).select("p", "lesion", "day")
    rows = pl.concat([existing, frames.new.select("p", "lesion", "day")])
    organs = frames.lesions.select("lesion", pl.col("organ").fill_null("other"))
    return (
        rows.join(organs, on="lesion", how="inner")
        .group_by("p", "organ")
        .agg(pl.col("day").min().alias("progressed_day"))
        .sort("p", "progressed_day", "organ")
    )
