"""Two diameters in one cell: the short axis of a lymph node, the longest diameter of another lesion (RECIST 1.1, 3.1.2)."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from oligoscope.intake.checks.column_readings import DIAMETER
from oligoscope.intake.checks.row_rules import is_node
from oligoscope.intake.checks.typed_table import SHORTER, TypedTable
from oligoscope.study.schemas import um_name

_SHORTER, _NODE = SHORTER + DIAMETER, "__of_node"
_KEY = ("patient_id", "lesion_id")


def settle_two_diameters(typed: dict[str, TypedTable]) -> dict[str, TypedTable]:
    """Tables in which every cell of two diameters is the one that its lesion is measured by.

    Without its lesion a measurement keeps the longest.
    """
    measured = typed.get("measurements")
    if measured is None or _SHORTER not in measured.frame.columns:
        return typed
    frame = measured.frame
    if "lesions" in typed:
        frame = frame.join(_nodes(typed["lesions"].frame), on=_KEY, how="left", maintain_order="left")
        of_node = pl.col(_SHORTER).is_not_null() & pl.col(_NODE).fill_null(value=False)
        frame = frame.with_columns(
            pl.when(of_node).then(pl.col(_SHORTER) / 1000).otherwise(DIAMETER).alias(DIAMETER),
            pl.when(of_node).then(_SHORTER).otherwise(um_name(DIAMETER)).alias(um_name(DIAMETER)),
        ).drop(_NODE)
    return typed | {"measurements": replace(measured, frame=frame.drop(_SHORTER))}


def _nodes(lesions: pl.DataFrame) -> pl.DataFrame:
    """Of each lesion, whether it is a lymph node; it may be given in several rows, with blank cells in some."""
    stated = (pl.col(name).drop_nulls().first() for name in ("is_node", "organ", "station"))
    return lesions.group_by(_KEY).agg(stated).select(*_KEY, is_node().alias(_NODE))
