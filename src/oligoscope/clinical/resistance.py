"""Resistance type: primary or acquired, under a named definition."""

from __future__ import annotations

import polars as pl

from oligoscope.study.dictionary.definitions import RESISTANCE_DEFINITIONS


def derive_resistance(patients: pl.DataFrame, preset: str) -> pl.DataFrame:
    """Add resistance and resistance_rule; blank where the patient has not progressed.

    Args:
        patients: With treatment_started_on, progressed_on, last_dose_on (dates), reported_response
            (confirmed or not, as the study says: an unconfirmed PR can change the type) and
            progression_confirmed (a second PD at least 4 weeks later); rapid_progression where known.
        preset: A name in `RESISTANCE_DEFINITIONS`.
    """
    label: pl.Expr = pl.lit(None, dtype=pl.String)
    sentence: pl.Expr = pl.lit(None, dtype=pl.String)
    for rule in reversed(RESISTANCE_DEFINITIONS[preset].rules):
        holds = rule.holds.fill_null(False)
        label = pl.when(holds).then(pl.lit(rule.resistance.value)).otherwise(label)
        sentence = pl.when(holds).then(pl.lit(f"{preset}: {rule.sentence.en}")).otherwise(sentence)
    if "rapid_progression" not in patients.columns:
        patients = patients.with_columns(rapid_progression=pl.lit(None, pl.Boolean))
    progressed = pl.col("progressed_on").is_not_null() & pl.col("treatment_started_on").is_not_null()
    return patients.with_columns(
        resistance=pl.when(progressed).then(label), resistance_rule=pl.when(progressed).then(sentence)
    )
