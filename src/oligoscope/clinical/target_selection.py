"""Which baseline lesions may be targets (Eisenhauer 2009, 3.1, 3.2 and 4.1).

Measurable: a node with a short axis of 15 mm or more; any other lesion of 10 mm or more, and of
twice the slice where slices are thicker than 5 mm (20 mm on a chest X-ray); lytic bone only with a
soft-tissue part. Never: blastic bone, effusion, leptomeningeal, lymphangitic, peritoneal or marrow
disease; nor a lesion irradiated before, unless it has progressed since. At most two an organ and
five in all, the largest, every organ represented before a second of any; both lungs, both kidneys
and all lymph nodes are one organ each.
"""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.columns import with_blanks
from oligoscope.clinical.lesion_values import NORMAL_NODE_UM

MAX_TARGETS = 5
MAX_PER_ORGAN = 2
MEASURABLE_NODE_UM = 15_000
MEASURABLE_UM = 10_000


def select_targets(lesions: pl.DataFrame) -> pl.DataFrame:
    """Propose the role of each baseline lesion.

    Args:
        lesions: One row a lesion: patient_id, lesion_id, organ, is_node, size_um (baseline); and, where
            known, diffuse_kind, bone_kind, soft_tissue, slice_mm, modality, previously_irradiated,
            progressed_since_irradiation. Of lesions equally large, the first by lesion_id.

    Returns:
        The same rows with proposed_role (target, non_target, not_disease) and why (a sentence).
    """
    lesions = with_blanks(lesions, _OPTIONAL)
    node = pl.col("is_node").fill_null(False) | (pl.col("organ") == "lymph_node").fill_null(False)
    organ = pl.when(node).then(pl.lit("lymph_node")).otherwise(pl.col("organ"))
    size = pl.col("size_um")
    rows = lesions.with_row_index("_row").with_columns(_node=node, _organ=organ)
    rows = rows.with_columns(_measurable=(_measurable() & size.is_not_null()).fill_null(False))
    place = ["patient_id", "_organ"]
    rows = rows.sort(
        "patient_id", "_measurable", "size_um", "lesion_id", descending=[False, True, True, False]
    )
    rows = rows.with_columns(_in_organ=pl.int_range(pl.len()).over(place))
    allowed = pl.col("_measurable") & (pl.col("_in_organ") < MAX_PER_ORGAN)
    rows = rows.sort(
        "patient_id",
        allowed,
        "_in_organ",
        "size_um",
        "lesion_id",
        descending=[False, True, False, True, False],
    ).with_columns(_rank=pl.int_range(pl.len()).over("patient_id"))
    chosen = allowed & (pl.col("_rank") < MAX_TARGETS)
    normal = pl.col("_node") & (size < NORMAL_NODE_UM).fill_null(False)
    role = pl.when(chosen).then(pl.lit("target")).when(normal).then(pl.lit("not_disease"))
    role = role.otherwise(pl.lit("non_target"))
    why = (
        pl.when(chosen).then(pl.lit("measurable, among the largest, every organ represented"))
        .when(normal).then(pl.lit("a node below 10 mm is normal"))
        .when(~pl.col("_measurable")).then(pl.lit("not measurable"))
        .when(pl.col("_in_organ") >= MAX_PER_ORGAN).then(pl.lit("two targets in this organ already"))
        .otherwise(pl.lit("five targets already"))
    )  # fmt: skip
    done = rows.with_columns(proposed_role=role, why=why).sort("_row")
    return done.drop("_row", "_node", "_organ", "_measurable", "_in_organ", "_rank")


def _measurable() -> pl.Expr:
    """Large enough for its kind and for the slice or film it was seen on."""
    size, slice_um = pl.col("size_um"), pl.col("slice_mm") * 1000
    thick = pl.when(slice_um > 5_000).then(2 * slice_um).otherwise(MEASURABLE_UM)
    least = (
        pl.when(pl.col("modality") == "xray")
        .then(pl.lit(20_000.0))
        .otherwise(pl.max_horizontal(thick, pl.lit(MEASURABLE_UM)))
    )
    bone = pl.col("bone_kind").is_null() | (
        (pl.col("bone_kind") == "lytic") & pl.col("soft_tissue").fill_null(False)
    )
    other = (size >= least) & bone & pl.col("diffuse_kind").is_null()
    irradiated = pl.col("previously_irradiated").fill_null(False)
    usable = ~irradiated | pl.col("progressed_since_irradiation").fill_null(False)
    return usable & pl.when(pl.col("_node")).then(size >= MEASURABLE_NODE_UM).otherwise(other)


_OPTIONAL = {
    "diffuse_kind": pl.String, "bone_kind": pl.String, "soft_tissue": pl.Boolean, "slice_mm": pl.Float64, "modality": pl.String,
    "previously_irradiated": pl.Boolean, "progressed_since_irradiation": pl.Boolean,
}  # fmt: skip
