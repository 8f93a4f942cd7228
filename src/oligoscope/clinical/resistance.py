"""Resistance type: primary or acquired, under a named definition."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.columns import with_blanks
from oligoscope.study.dictionary.definitions import RESISTANCE_DEFINITIONS
from oligoscope.study.rules import first_that_holds

_PROGRESSED = pl.col("progressed_on").is_not_null() & pl.col("treatment_started_on").is_not_null()


def derive_resistance(patients: pl.DataFrame, preset: str, *, records_responses: bool = True) -> pl.DataFrame:
    """Add resistance and resistance_rule; blank where the patient has not progressed.

    Args:
        patients: With treatment_started_on, progressed_on, last_dose_on (dates), reported_response
            (confirmed or not, as the study says: an unconfirmed PR can change the type) and
            progression_confirmed (a second PD at least 4 weeks later); rapid_progression where known.
        preset: A name in `RESISTANCE_DEFINITIONS`.
        records_responses: Whether the study records the response of any patient; where it does not, no type is given: that
            no patient responded cannot be known.
    """
    patients = with_blanks(patients, {"rapid_progression": pl.Boolean})
    rules = RESISTANCE_DEFINITIONS[preset].ordered
    sentence = first_that_holds(rules, lambda rule: f"{preset}: {rule.sentence}")
    return patients.with_columns(
        resistance=resistance_type(preset, records_responses=records_responses),
        resistance_rule=pl.when(_PROGRESSED & records_responses).then(sentence),
    )


def resistance_type(preset: str, *, records_responses: bool = True) -> pl.Expr:
    """The type of each patient under a definition; blank where the patient has not progressed, or no response is recorded."""
    types = first_that_holds(RESISTANCE_DEFINITIONS[preset].ordered)
    return pl.when(_PROGRESSED & records_responses).then(types)
