"""Overall response at each time point: RECIST 1.1 tables 1 and 2, and reappearance after CR."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from oligoscope.clinical.target_response import RECIST, with_non_target_response
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.rules import OTHERWISE, Rule, all_that_hold, first_that_holds

_TARGET, _OTHER = pl.col("target_response"), pl.col("non_target_response")

# By tables 1 and 2; the label is the cause of the progression.
_CAUSES = (
    Rule("new_lesion", "a new lesion", pl.col("new_lesion"), RECIST + " table 1"),
    Rule("target", "the target lesions progressed", _TARGET == Response.PD, RECIST + " table 1"),
    Rule(
        "non_target",
        "a non-target lesion progressed unequivocally",
        _OTHER == Response.PD,
        RECIST + " tables 1 and 2",
    ),
)
RESPONSE_TABLE = (
    *(replace(cause, label=Response.PD) for cause in _CAUSES),
    Rule(
        Response.CR, "all lesions gone",
        (_TARGET == Response.CR) & (_OTHER.is_null() | (_OTHER == Response.CR)), RECIST + " table 1",
    ),
    Rule(Response.PR, "targets gone, non-target disease remains or was not evaluated", _TARGET == Response.CR, RECIST + " table 1"),
    Rule(Response.PR, "targets at least 30 % smaller, no progression", _TARGET == Response.PR, RECIST + " table 1"),
    Rule(Response.SD, "targets stable, no progression", _TARGET == Response.SD, RECIST + " table 1"),
    Rule(Response.NE, "targets not all evaluated, no progression", _TARGET == Response.NE, RECIST + " table 1"),
    Rule(Response.CR, "non-target disease only, all gone", _OTHER == Response.CR, RECIST + " table 2"),
    Rule(Response.NON_CR_NON_PD, "non-target disease only, persisting", _OTHER == Response.NON_CR_NON_PD, RECIST + " table 2"),
    Rule(Response.NE, "nothing that could be evaluated", OTHERWISE, RECIST + " tables 1 and 2"),
)  # fmt: skip
PROGRESSION_CAUSES = (
    *_CAUSES,
    Rule(
        "reappearance",
        "disease reappeared after a complete response",
        pl.col("reappeared"),
        RECIST + " table 3, footnote; EORTC RECIST questions",
    ),
)


def overall_response_table() -> pl.Expr:
    """The overall response from target_response, non_target_response, new_lesion alone (tables 1 and 2)."""
    return first_that_holds(RESPONSE_TABLE)


def with_overall_response(points: pl.DataFrame) -> pl.DataFrame:
    """Add overall_response, reappeared and cause (of a progression, its causes joined by "+").

    Args:
        points: Sorted by p and k, with target_response, non_target_response and its counts, new_lesion,
            disease_day (null: no lesion is present but nodes below 10 mm, and non-target nodes that did
            not progress unequivocally) and n_nontarget_nodes_visible (those nodes of 10 mm or more).
    """
    points = points.with_columns(_table=overall_response_table())
    # False, not null, at a patient's first: there is none before it.
    had_cr = (pl.col("_table") == Response.CR).cast(pl.Int8).cum_max().shift(1).over("p").fill_null(0) == 1
    points = _nodes_after_cr(points.with_columns(_had_cr=had_cr))
    points = points.with_columns(reappeared=pl.col("_had_cr") & pl.col("disease_day").is_not_null())
    return points.with_columns(
        overall_response=pl.when(pl.col("reappeared"))
        .then(pl.lit(Response.PD.value))
        .otherwise(pl.col("_table")),
        cause=all_that_hold(PROGRESSION_CAUSES, "+"),
    ).drop("_table", "_had_cr")


def _nodes_after_cr(points: pl.DataFrame) -> pl.DataFrame:
    """Read non-target nodes that are visible again after a complete response as still normal.

    One that progressed unequivocally has reappeared (EORTC RECIST questions, abnormal lymph node).
    """
    visible = pl.col("_had_cr") & (pl.col("n_nontarget_nodes_visible") > 0)
    if not points.select(visible.any()).item():
        return points
    cleared = pl.col("n_nontarget_cleared") + pl.when(visible).then("n_nontarget_nodes_visible").otherwise(0)
    points = with_non_target_response(points.with_columns(n_nontarget_cleared=cleared))
    return points.with_columns(_table=overall_response_table())
