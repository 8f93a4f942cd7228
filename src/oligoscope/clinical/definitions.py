"""The same patients under every named definition, side by side."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.progression import classify
from oligoscope.clinical.resistance import derive_resistance
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS


def under_every_definition(patients: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Pattern and resistance of each progressed patient under each preset.

    Args:
        patients: Labelled patients.
        counts: From `count_progression`, with p.

    Returns:
        One row a progressed patient: p, patient_id, pattern:NAME and resistance:NAME for every preset.
    """
    progressed = patients.filter(pl.col("progressed_on").is_not_null())
    table = progressed.select("p", "patient_id")
    imaged = progressed.filter(pl.col("progression_basis") == "imaging").select("p")
    counts = counts.join(imaged, on="p", how="semi")
    for name, rule in PROGRESSION_DEFINITIONS.items():
        found = classify(counts, rule).select("p", pl.col("pattern").alias(f"pattern:{name}"))
        table = table.join(found, on="p", how="left", maintain_order="left")
    for name in RESISTANCE_DEFINITIONS:
        found = derive_resistance(progressed.drop("resistance", "resistance_rule", strict=False), name)
        table = table.with_columns(found["resistance"].alias(f"resistance:{name}"))
    return table


def disagreement(definitions: pl.DataFrame) -> pl.DataFrame:
    """p and patterns_disagree: the named definitions of the pattern do not all say the same."""
    columns = [c for c in definitions.columns if c.startswith("pattern:")]
    distinct = pl.concat_list(columns).list.drop_nulls().list.n_unique()
    return definitions.select("p", patterns_disagree=distinct > 1)
