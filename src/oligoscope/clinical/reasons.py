"""Why each label is what it is: the rule that decided and the rows it read."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.overall_response import CAUSE_NAMES, PROGRESSION_CAUSES, REAPPEARANCE
from oligoscope.study.schemas import REASONS_OUT, StudyTables

_CAUSE_SENTENCES = {
    name: rule.sentence for name, rule in zip(CAUSE_NAMES, (*PROGRESSION_CAUSES, REAPPEARANCE), strict=True)
}


def explain(patients: pl.DataFrame, tables: StudyTables) -> pl.DataFrame:
    """One row a patient and label; `source_rows` name file and row, separated by ";"."""
    source = tables.measurements["source"].drop_nulls().unique().to_list()
    place = (source[0] if len(source) == 1 else "measurements") + ":"
    rows = pl.lit(place) + pl.col("source_rows")
    cause = pl.col("cause").fill_null("").str.replace_many(_CAUSE_SENTENCES).str.replace_all(r"\+", "; ")
    clinical = pl.col("progression_basis") == "clinical"
    labels = [
        _reason(patients, "best_response", pl.col("best_response"), pl.lit("best response up to the first progression (RECIST 1.1, 4.4)")),
        _reason(patients, "confirmed_response", pl.col("confirmed_response"), pl.lit("best response, CR and PR confirmed (RECIST 1.1 table 3)")),
        _reason(
            patients, "progressed_on", pl.col("progressed_on").cast(pl.String),
            pl.when(clinical).then(pl.lit("clinical progression, without imaging")).otherwise(cause), rows,
        ),
        _reason(
            patients, "pattern", pl.col("pattern"),
            pl.when(clinical).then(pl.lit("no imaging at progression")).otherwise(pl.col("pattern_rule")), rows, pl.col("progressed_on"),
        ),
        _reason(patients, "resistance", pl.col("resistance"), pl.col("resistance_rule")),
        _reason(patients, "pfs", pl.col("pfs_days").cast(pl.String), pl.col("pfs_rule")),
    ]  # fmt: skip
    order = {
        label: i
        for i, label in enumerate(
            ("best_response", "confirmed_response", "progressed_on", "pattern", "resistance", "pfs")
        )
    }
    return (
        pl.concat(labels)
        .with_columns(_o=pl.col("label").replace_strict(order, return_dtype=pl.Int8))
        .sort("p", "_o")
        .select(*REASONS_OUT)
    )


def _reason(
    patients: pl.DataFrame,
    label: str,
    value: pl.Expr,
    rule: pl.Expr,
    rows: pl.Expr | None = None,
    where: pl.Expr | None = None,
) -> pl.DataFrame:
    kept = patients.filter((value if where is None else where).is_not_null())
    return kept.select(
        "p",
        "patient_id",
        pl.lit(label).alias("label"),
        value.cast(pl.String).alias("value"),
        rule.cast(pl.String).alias("rule"),
        (pl.lit(None, pl.String) if rows is None else rows).alias("source_rows"),
    )
