"""Resistance type: primary or acquired, under a named definition.

Six months are calendar months, the anniversary day included (a start on 31 August ends on the last
day of February). Ties follow SITC: progression on the anniversary is primary. A best response that
was never assessed is NE, whether nothing or NE was written.
"""

from __future__ import annotations

import polars as pl

from oligoscope.study.rules import OTHERWISE, Rule, first_that_holds
from oligoscope.study.vocabulary import Resistance, Response

_PD_ON, _START = pl.col("progressed_on"), pl.col("treatment_started_on")
_PROGRESSED = _PD_ON.is_not_null() & _START.is_not_null()
_WITHIN_6_MONTHS = _PD_ON <= _START.dt.offset_by("6mo")
_BEST = pl.col("reported_response").fill_null(Response.NE.value)
_RESPONDED = _BEST.is_in([Response.CR, Response.PR])
_STABLE = _BEST.is_in([Response.SD, Response.NON_CR_NON_PD])
# Without a last dose the treatment is taken to have gone on until progression.
_LAST_DOSE = pl.min_horizontal(pl.col("last_dose_on").fill_null(_PD_ON), _PD_ON)
_SIX_WEEKS = (_LAST_DOSE - _START).dt.total_days() >= 42
_SIX_MONTHS_GIVEN = _LAST_DOSE >= _START.dt.offset_by("6mo")
_OVER_6_MONTHS = _LAST_DOSE > _START.dt.offset_by("6mo")
_RAPID = pl.coalesce(pl.col("rapid_progression"), (_PD_ON - _START).dt.total_days() <= 56)
_CONFIRMED = pl.col("progression_confirmed").fill_null(False)


_HUANG = (
    Rule(Resistance.ACQUIRED, "progression after CR or PR", _RESPONDED),
    Rule(
        Resistance.PRIMARY, "progression within 6 months of the start, without CR or PR",
        _WITHIN_6_MONTHS,
    ),
    Rule(Resistance.ACQUIRED, "progression after stable disease of 6 months or more", _STABLE & ~_WITHIN_6_MONTHS),
    Rule(Resistance.UNCLASSIFIABLE, "late progression without a response that could be evaluated", OTHERWISE),
)  # fmt: skip
_SITC_2023 = (
    Rule(
        Resistance.PRIMARY, "progression within 6 months after at least 6 weeks of treatment (any if rapid), whatever the best response",
        _WITHIN_6_MONTHS & (_SIX_WEEKS | _RAPID),
    ),
    Rule(Resistance.ACQUIRED, "treatment and time to progression both over 6 months", ~_WITHIN_6_MONTHS & _OVER_6_MONTHS),
    Rule(Resistance.UNCLASSIFIABLE, "exposure too short for either type", OTHERWISE),
)  # fmt: skip
_SITC_2020 = (
    Rule(
        Resistance.PRIMARY, "at least 6 weeks of treatment, PD or SD under 6 months, progression confirmed after 4 weeks",
        _SIX_WEEKS & ~_RESPONDED & _BEST.is_in([Response.PD, Response.SD, Response.NON_CR_NON_PD]) & _WITHIN_6_MONTHS & _CONFIRMED,
    ),
    Rule(
        Resistance.UNCONFIRMED_PRIMARY, "as primary, without a confirming scan after 4 weeks",
        _SIX_WEEKS & _BEST.is_in([Response.PD, Response.SD, Response.NON_CR_NON_PD]) & _WITHIN_6_MONTHS,
    ),
    Rule(
        Resistance.ACQUIRED, "at least 6 months of treatment, CR, PR or SD for more than 6 months",
        (_RESPONDED | _STABLE) & ~_WITHIN_6_MONTHS & _SIX_MONTHS_GIVEN,
    ),
    Rule(Resistance.UNCLASSIFIABLE, "meets neither definition", OTHERWISE),
)  # fmt: skip
_SCHOENFELD = (
    Rule(
        Resistance.ACQUIRED, "CR or PR, then progression on treatment or within 6 months of the last dose",
        _RESPONDED & (_PD_ON <= _LAST_DOSE.dt.offset_by("6mo")),
    ),
    Rule(Resistance.UNCLASSIFIABLE, "best response not evaluable", _BEST == Response.NE),
    Rule(Resistance.NOT_ACQUIRED, "no CR or PR, or progression later than 6 months after the last dose", OTHERWISE),
)  # fmt: skip
PRESETS: dict[str, tuple[Rule[Resistance], ...]] = {
    "huang2025": _HUANG,
    "sitc_2023_ici_chemo": _SITC_2023,
    "sitc_2020_mono": _SITC_2020,
    "schoenfeld_2021": _SCHOENFELD,
}
SOURCES = {
    "huang2025": "Huang 2025, section 1.3",
    "sitc_2023_ici_chemo": "Rizvi 2023, SITC, table 3",
    "sitc_2020_mono": "Kluger 2020, SITC, table 1",
    "schoenfeld_2021": "Schoenfeld 2021",
}


def derive_resistance(patients: pl.DataFrame, preset: str) -> pl.DataFrame:
    """Add resistance and resistance_rule; blank where the patient has not progressed.

    Args:
        patients: With treatment_started_on, progressed_on, last_dose_on (dates), reported_response
            (confirmed or not, as the study says: an unconfirmed PR can change the type) and
            progression_confirmed (a second PD at least 4 weeks later); rapid_progression where known.
        preset: A name in `PRESETS`.
    """
    if "rapid_progression" not in patients.columns:
        patients = patients.with_columns(rapid_progression=pl.lit(None, pl.Boolean))
    sentence = first_that_holds(PRESETS[preset], lambda rule: f"{preset}: {rule.sentence}")
    return patients.with_columns(
        resistance=resistance_type(preset), resistance_rule=pl.when(_PROGRESSED).then(sentence)
    )


def resistance_type(preset: str) -> pl.Expr:
    """The type of each patient under a definition; blank where the patient has not progressed."""
    return pl.when(_PROGRESSED).then(first_that_holds(PRESETS[preset]))
