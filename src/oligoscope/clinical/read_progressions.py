"""Progressions that a team has read already: the same derived columns, without lesion rows."""

from __future__ import annotations

import polars as pl

from oligoscope.study.cell_lists import divided, joined
from oligoscope.study.schemas import StudyTables

READ = "read"  # the cause of a progression that the team has read


def first_as_read(tables: StudyTables) -> pl.DataFrame:
    """Columns p, progressed_day, cause of the progressions table."""
    return (
        _rows(tables)
        .filter(pl.col("progressed_day").is_not_null())
        .select("p", "progressed_day", cause=pl.lit(READ))
    )


def counts_as_read(tables: StudyTables) -> pl.DataFrame:
    """Counts as `count_progression` gives them; what the table does not record (control) stays null."""
    n = pl.col("n_progressing_lesions")
    rows = _rows(tables).filter(n.is_not_null()).with_columns(organs=_organs("progressing_organs"))
    in_brain = pl.col("organs").list.contains("brain").fill_null(False)
    n_organs = pl.col("organs").list.len().fill_null(0).cast(pl.Int32)
    only_brain = in_brain & (n_organs == 1)
    return rows.select(
        "p",
        n,
        # How many of the lesions are in the brain is not recorded: all are counted outside it, unless it is the only organ.
        *(
            pl.when(only_brain).then(0).otherwise(n).cast(pl.Int32).alias(name)
            for name in ("n_progressing_extracranial", "n_possible_extracranial")
        ),
        n.alias("n_possible_lesions"),
        pl.when(only_brain).then(n).otherwise(in_brain.cast(pl.Int32)).alias("n_progressing_intracranial"),
        *(
            (n_organs - in_brain.cast(pl.Int32) if "extracranial" in suffix else n_organs).alias(
                f"{name}{suffix}"
            )
            for name in ("n_organs", "n_possible_organs")
            for suffix in ("", "_extracranial", "_not_regional", "_not_regional_extracranial")
        ),
        pl.lit(0, pl.Int32).alias("n_not_evaluated"),
        pl.col("diffuse").fill_null(False),
        joined(pl.col("organs")).alias("progressing_organs"),
        *(pl.lit(0, pl.Int32).alias(name) for name in ("n_existing", "n_others", "n_others_controlled")),
        pl.lit(1, pl.Int32).alias("n_not_uncontrolled"),
        *(pl.lit(False).alias(name) for name in ("primary_progressing", "fallback_used")),
        pl.col("source_row").cast(pl.String).alias("source_rows"),
        pl.lit(None, pl.String).alias("failure"),
    )


def disease_as_read(tables: StudyTables) -> pl.DataFrame:
    """Columns p, read_organs (at baseline, as cells hold them), n_read_organs and read_brain, of patients of whom a team has read them."""
    rows = _rows(tables).filter(pl.col("baseline_organs").is_not_null())
    organs = _organs("baseline_organs")
    return rows.select(
        "p",
        read_organs=joined(organs),
        n_read_organs=organs.list.len().cast(pl.Int32),
        read_brain=organs.list.contains("brain"),
    ).unique("p", keep="first")


def organs_listed(column: str) -> pl.Expr:
    """The organs of a cell, each once, in alphabetical order, divided as derived cells are."""
    return joined(_organs(column))


def _organs(column: str) -> pl.Expr:
    return divided(pl.col(column)).list.unique().list.sort()


def _rows(tables: StudyTables) -> pl.DataFrame:
    patients = tables.patients.select("patient_id").with_row_index("p")
    return tables.progressions.join(patients, on="patient_id", how="inner")
