"""What a source would suggest after the first progression, and when nothing should be suggested.

A tier follows from the pattern and from when it came. The windows and the intervals are those of
Huang 2025: systemic progression prevailed within 8 months of treatment start, oligoprogression after
10 months; imaging every 4 to 6 weeks after early systemic progression, every 8 to 12 weeks after
oligoprogression that is otherwise stable. A suggestion is never an order: its evidence is printed
with it, and it is withheld where the label it depends on is uncertain. The words are in `management_texts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from oligoscope.clinical.columns import with_blanks
from oligoscope.study.dictionary.criteria import CRITERIA
from oligoscope.study.dictionary.terms import Pattern, Resistance
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.rules import Rule, all_that_hold, first_that_holds

EARLY_UNTIL_MONTHS = 8  # Huang 2025, 2.5: within 8 months of the start systemic progression prevails
LATE_AFTER_MONTHS = 10  # Huang 2025, 2.5: after 10 months oligoprogression prevails

_HUANG = "Huang 2025, discussion"
_WITHHELD = "no suggestion without a label that is certain"
_MONTHS = pl.col("progressed_day") / DAYS_PER_MONTH
_OLIGO, _SYSTEMIC = (pl.col("pattern") == p.value for p in (Pattern.OLIGO, Pattern.SYSTEMIC))


def _flag(name: str) -> pl.Expr:
    return pl.col("flags").fill_null("").str.split(";").list.contains(name)


@dataclass(frozen=True, slots=True)
class Tier(Rule[str]):
    """A rule with what its source suggests; its label is the name of the tier.

    Attributes:
        suggestion: Word of a suggestion in `management_texts`.
        weeks: Imaging interval, lowest and highest number of weeks; None where the source gives none.
        evidence: Words of the evidence in `management_texts`.
    """

    suggestion: str = ""
    weeks: tuple[int, int] | None = None
    evidence: tuple[str, ...] = ()


# Ordered: the first that holds says why nothing is suggested.
WITHHOLDING = (
    Rule("no_imaging", "the progression was clinical, without imaging", pl.col("progression_basis") == "clinical", _WITHHELD),
    Rule("pattern_missing", "the pattern could not be determined", pl.col("pattern").is_null(), _WITHHELD),
    Rule("lower_bound", "lesions were not evaluated: the count is a lower bound", _flag("lower_bound"), _WITHHELD),
    Rule("pseudoprogression", "under iRECIST the bar was reset after the first progression", _flag("pseudoprogression"), "Seymour 2017"),
    Rule("unconfirmed", "under iRECIST the progression is not confirmed (iUPD)", pl.col("iprogression_confirmed") == False, "Seymour 2017"),  # noqa: E712
    Rule("definitions_disagree", "the named definitions of oligoprogression disagree", pl.col("patterns_disagree"), _WITHHELD),
)  # fmt: skip

# Ordered: the first that holds is the tier. 8 and 10 months bound different patterns, so that no gap is left.
TIERS = (
    Tier(
        "early_systemic", "systemic progression within 8 months of the start", _SYSTEMIC & (_MONTHS <= EARLY_UNTIL_MONTHS), _HUANG,
        "escalate_combination", (4, 6), ("huang2025_opinion", "no_trial_of_escalation"),
    ),
    Tier(
        "later_systemic", "systemic progression after more than 8 months", _SYSTEMIC, "Huang 2025, introduction",
        "change_systemic", None, ("huang2025_opinion",),
    ),
    Tier(
        "late_oligo", "oligoprogression after more than 10 months", _OLIGO & (_MONTHS > LATE_AFTER_MONTHS), _HUANG,
        "local_and_same_ici", (8, 12), ("huang2025_opinion", "curb", "br38"),
    ),
    Tier(
        "earlier_oligo", "oligoprogression within 10 months", _OLIGO, "Huang 2025, introduction and 2.5",
        "consider_local", (8, 12), ("huang2025_opinion", "curb", "br38"),
    ),
)  # fmt: skip

# All that hold are printed with the suggestion, or with the reason for giving none.
NOTES = (
    Rule("primary_resistance", "primary resistance", pl.col("resistance") == Resistance.PRIMARY, _HUANG),
    Rule("no_controlled_lesion", "no other lesion is shown to be controlled", _flag("no_controlled_lesion"), "Lievens 2020"),
    Rule("fallback_used", "the sum progressed while no single lesion did", _flag("fallback_used"), "RECIST 1.1, 4.3.1, applied to the sum only"),
    Rule("intracranial_progression", "a brain lesion progresses", _flag("intracranial_progression"), "CCTG BR38, HALT"),
    Rule("confirmation_not_assessed", "confirmation under iRECIST could not be assessed", pl.col("iprogression_confirmed").is_null(), "Seymour 2017"),
    Rule("agreement_not_assessed", "other definitions could not be applied", pl.col("patterns_disagree").is_null(), _WITHHELD),
)  # fmt: skip

_OPTIONAL = {
    "flags": pl.String, "resistance": pl.String, "progression_basis": pl.String,
    "patterns_disagree": pl.Boolean, "iprogression_confirmed": pl.Boolean,
}  # fmt: skip


def derive_management(patients: pl.DataFrame, criteria: str = "irecist") -> pl.DataFrame:
    """The tier, suggestion, interval and evidence of each progressed patient, or why they are withheld.

    Args:
        patients: With patient_id, pattern, progressed_day (days from treatment start; a patient
            without it has not progressed and gets no row) and, where known, flags, resistance,
            progression_basis, iprogression_confirmed and patterns_disagree. What is not known cannot
            withhold, and is noted.
        criteria: The study's response criteria. Where progression needs no confirmation (RECIST 1.1), a
            missing one is noted and withholds nothing.

    Returns:
        One row a progressed patient, in the given order: patient_id, tier, suggestion,
        interval_weeks_low, interval_weeks_high, evidence, withheld_because, rule, source, notes.
        Several words in one cell are divided by ";"; blank where nothing applies.
    """
    if not CRITERIA[criteria].confirms_progression:
        patients = patients.drop("iprogression_confirmed", strict=False)
    rows = with_blanks(patients.filter(pl.col("progressed_day").is_not_null()), _OPTIONAL)
    rows = rows.with_columns(withheld_because=first_that_holds(WITHHOLDING))
    known = pl.col("withheld_because").is_null()
    every: tuple[Rule[str], ...] = (*WITHHOLDING, *TIERS)
    return rows.select(
        "patient_id",
        *(pl.when(known).then(first_that_holds(TIERS, part)).alias(name) for name, part in _PARTS.items()),
        "withheld_because",
        first_that_holds(every, lambda rule: rule.sentence).alias("rule"),
        first_that_holds(every, lambda rule: rule.source).alias("source"),
        all_that_hold(NOTES).alias("notes"),
    )


_PARTS: dict[str, Callable[[Tier], pl.Expr | str | None]] = {
    "tier": lambda t: t.label,
    "suggestion": lambda t: t.suggestion,
    "interval_weeks_low": lambda t: pl.lit(t.weeks[0] if t.weeks else None, pl.Int32),
    "interval_weeks_high": lambda t: pl.lit(t.weeks[1] if t.weeks else None, pl.Int32),
    "evidence": lambda t: ";".join(t.evidence),
}
