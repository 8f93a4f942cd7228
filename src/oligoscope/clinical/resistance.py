"""Resistance type: primary or acquired, under a named definition.

Six months are calendar months, the anniversary day included (a start on 31 August ends on the last
day of February). Ties follow SITC: progression on the anniversary is primary. A best response that
was never assessed is NE, whether nothing or NE was written.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from oligoscope.study.dictionary.terms import Resistance, Response

_PD_ON, _START = pl.col("progressed_on"), pl.col("treatment_started_on")
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


@dataclass(frozen=True, slots=True)
class ResistanceRule:
    """A type, the sentence that says when it holds, and its condition."""

    resistance: Resistance
    sentence: str
    holds: pl.Expr


_HUANG = (
    ResistanceRule(Resistance.ACQUIRED, "progression after CR or PR", _RESPONDED),
    ResistanceRule(
        Resistance.PRIMARY, "progression within 6 months of the start, without CR or PR",
        _WITHIN_6_MONTHS,
    ),
    ResistanceRule(Resistance.ACQUIRED, "progression after stable disease of 6 months or more", _STABLE & ~_WITHIN_6_MONTHS),
    ResistanceRule(Resistance.UNCLASSIFIABLE, "late progression without a response that could be evaluated", pl.lit(True)),
)  # fmt: skip
_SITC_2023 = (
    ResistanceRule(
        Resistance.PRIMARY, "progression within 6 months after at least 6 weeks of treatment (any if rapid), whatever the best response",
        _WITHIN_6_MONTHS & (_SIX_WEEKS | _RAPID),
    ),
    ResistanceRule(Resistance.ACQUIRED, "treatment and time to progression both over 6 months", ~_WITHIN_6_MONTHS & _OVER_6_MONTHS),
    ResistanceRule(Resistance.UNCLASSIFIABLE, "exposure too short for either type", pl.lit(True)),
)  # fmt: skip
_SITC_2020 = (
    ResistanceRule(
        Resistance.PRIMARY, "at least 6 weeks of treatment, PD or SD under 6 months, progression confirmed after 4 weeks",
        _SIX_WEEKS & ~_RESPONDED & _BEST.is_in([Response.PD, Response.SD, Response.NON_CR_NON_PD]) & _WITHIN_6_MONTHS & _CONFIRMED,
    ),
    ResistanceRule(
        Resistance.UNCONFIRMED_PRIMARY, "as primary, without a confirming scan after 4 weeks",
        _SIX_WEEKS & _BEST.is_in([Response.PD, Response.SD, Response.NON_CR_NON_PD]) & _WITHIN_6_MONTHS,
    ),
    ResistanceRule(
        Resistance.ACQUIRED, "at least 6 months of treatment, CR, PR or SD for more than 6 months",
        (_RESPONDED | _STABLE) & ~_WITHIN_6_MONTHS & _SIX_MONTHS_GIVEN,
    ),
    ResistanceRule(Resistance.UNCLASSIFIABLE, "meets neither definition", pl.lit(True)),
)  # fmt: skip
_SCHOENFELD = (
    ResistanceRule(
        Resistance.ACQUIRED, "CR or PR, then progression on treatment or within 6 months of the last dose",
        _RESPONDED & (_PD_ON <= _LAST_DOSE.dt.offset_by("6mo")),
    ),
    ResistanceRule(Resistance.UNCLASSIFIABLE, "best response not evaluable", _BEST == Response.NE),
    ResistanceRule(Resistance.NOT_ACQUIRED, "no CR or PR, or progression later than 6 months after the last dose", pl.lit(True)),
)  # fmt: skip
PRESETS: dict[str, tuple[ResistanceRule, ...]] = {
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
    label: pl.Expr = pl.lit(None, dtype=pl.String)
    sentence: pl.Expr = pl.lit(None, dtype=pl.String)
    for rule in reversed(PRESETS[preset]):
        holds = rule.holds.fill_null(False)
        label = pl.when(holds).then(pl.lit(rule.resistance.value)).otherwise(label)
        sentence = pl.when(holds).then(pl.lit(f"{preset}: {rule.sentence}")).otherwise(sentence)
    if "rapid_progression" not in patients.columns:
        patients = patients.with_columns(rapid_progression=pl.lit(None, pl.Boolean))
    progressed = _PD_ON.is_not_null() & _START.is_not_null()
    return patients.with_columns(
        resistance=pl.when(progressed).then(label), resistance_rule=pl.when(progressed).then(sentence)
    )
