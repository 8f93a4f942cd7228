"""The same patients under every named definition, side by side."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.progression_rules import pattern_rules
from oligoscope.clinical.resistance import resistance_type
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS
from oligoscope.study.rules import first_that_holds


def under_every_definition(
    patients: pl.DataFrame, counts: pl.DataFrame, *, records_responses: bool = True
) -> pl.DataFrame:
    """Pattern and resistance of each progressed patient under each preset.

    Args:
        patients: Labelled patients.
        counts: From `count_progression`, with p.
        records_responses: As of `derive_resistance`.

    Returns:
        One row a progressed patient: p, patient_id, pattern:NAME and resistance:NAME for every preset.
    """
    progressed = patients.filter(pl.col("progressed_on").is_not_null())
    imaged = progressed.filter(pl.col("progression_basis") == "imaging").select("p")
    patterns = counts.join(imaged, on="p", how="semi").select(
        "p",
        **{
            f"pattern:{name}": first_that_holds(pattern_rules(d))
            for name, d in PROGRESSION_DEFINITIONS.items()
        },
    )
    types = progressed.select(
        "p",
        "patient_id",
        **{
            f"resistance:{name}": resistance_type(name, records_responses=records_responses)
            for name in RESISTANCE_DEFINITIONS
        },
    )
    table = types.join(patterns, on="p", how="left", maintain_order="left")
    return table.select("p", "patient_id", pl.col(patterns.columns[1:]), pl.col(types.columns[2:]))


def disagreement(definitions: pl.DataFrame) -> pl.DataFrame:
    """p and patterns_disagree: the named definitions of the pattern do not all agree."""
    columns = [c for c in definitions.columns if c.startswith("pattern:")]
    distinct = pl.concat_list(columns).list.drop_nulls().list.n_unique()
    return definitions.select("p", patterns_disagree=distinct > 1)
