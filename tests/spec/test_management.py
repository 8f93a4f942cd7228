"""Management after the first progression (Huang 2025, discussion and 2.5): tiers, intervals, and when nothing is suggested."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from oligoscope.clinical import management_texts as texts
from oligoscope.clinical.management import NOTES, TIERS, WITHHOLDING, derive_management

SURE: dict[str, Any] = {
    "patient_id": "A", "pattern": "oligoprogression", "flags": None, "progressed_day": 400, "resistance": "acquired",
    "progression_basis": "imaging", "iprogression_confirmed": True, "patterns_disagree": False,
}  # fmt: skip
SCHEMA = {
    "patient_id": pl.String, "pattern": pl.String, "flags": pl.String, "progressed_day": pl.Int32, "resistance": pl.String,
    "progression_basis": pl.String, "iprogression_confirmed": pl.Boolean, "patterns_disagree": pl.Boolean,
}  # fmt: skip


def managed(**changed: Any) -> dict[str, Any]:
    return derive_management(pl.DataFrame([SURE | changed], schema=SCHEMA)).row(0, named=True)


@pytest.mark.parametrize(
    ("pattern", "day", "tier", "weeks"),
    [
        # 8 months are 243.5 days, 10 months 304.4 days of 30.4375 days a month.
        ("systemic", 60, "early_systemic", (4, 6)),
        ("systemic", 243, "early_systemic", (4, 6)),
        ("systemic", 244, "later_systemic", (None, None)),
        ("systemic", 700, "later_systemic", (None, None)),
        ("oligoprogression", 60, "earlier_oligo", (8, 12)),
        ("oligoprogression", 304, "earlier_oligo", (8, 12)),
        ("oligoprogression", 305, "late_oligo", (8, 12)),
    ],
)
def test_the_tier_follows_from_the_pattern_and_its_time(pattern, day, tier, weeks):
    """Huang 2025: systemic progression prevails within 8 months, oligoprogression after 10; 4 to 6 and 8 to 12 weeks."""
    row = managed(pattern=pattern, progressed_day=day)

    assert row["tier"] == tier
    assert (row["interval_weeks_low"], row["interval_weeks_high"]) == weeks
    assert row["withheld_because"] is None


def test_late_oligoprogression_is_given_with_its_evidence():
    """CURB (phase 2) and BR38 (pending) are about oligoprogression; the paper's advice is opinion."""
    row = managed()

    assert row["suggestion"] == "local_and_same_ici"
    assert row["evidence"].split(";") == ["huang2025_opinion", "curb", "br38"]
    assert "curb" not in managed(pattern="systemic")["evidence"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"pattern": None}, "pattern_missing"),
        ({"pattern": None, "progression_basis": "clinical"}, "no_imaging"),
        ({"flags": "intracranial_progression;lower_bound"}, "lower_bound"),
        ({"iprogression_confirmed": False}, "unconfirmed"),
        ({"iprogression_confirmed": False, "flags": "pseudoprogression"}, "pseudoprogression"),
        ({"patterns_disagree": True}, "definitions_disagree"),
        ({"pattern": None, "patterns_disagree": True, "iprogression_confirmed": False}, "pattern_missing"),
    ],
)
def test_a_suggestion_is_withheld_where_the_label_is_in_doubt(changed, why):
    """The first reason that holds is given, and nothing else."""
    row = managed(**changed)

    assert row["withheld_because"] == why
    assert [
        row[c] for c in ("tier", "suggestion", "interval_weeks_low", "interval_weeks_high", "evidence")
    ] == [None] * 5


def test_a_flag_that_only_contains_the_word_does_not_withhold():
    assert managed(flags="no_lower_bound")["withheld_because"] is None


def test_what_is_not_known_cannot_withhold_and_is_noted():
    """A patient without lesion rows has no iRECIST reading; a caller may lack both columns."""
    row = derive_management(
        pl.DataFrame([SURE], schema=SCHEMA).select("patient_id", "pattern", "progressed_day")
    ).row(0, named=True)

    assert row["tier"] == "late_oligo"
    assert row["notes"] == "confirmation_not_assessed;agreement_not_assessed"


def test_primary_resistance_and_brain_lesions_are_noted_beside_the_suggestion():
    row = managed(resistance="primary", flags="no_controlled_lesion;intracranial_progression")

    assert row["notes"] == "primary_resistance;no_controlled_lesion;intracranial_progression"
    assert row["tier"] == "late_oligo"


def test_a_patient_without_progression_gets_no_row():
    assert derive_management(pl.DataFrame([SURE | {"progressed_day": None}], schema=SCHEMA)).is_empty()


def test_every_word_has_its_sentence_in_both_languages():
    used = {
        "TIERS": {t.label for t in TIERS}, "SUGGESTIONS": {t.suggestion for t in TIERS},
        "EVIDENCE": {e for t in TIERS for e in t.evidence}, "WITHHELD": {r.label for r in WITHHOLDING}, "NOTES": {r.label for r in NOTES}, "SOURCES": {t.source for t in TIERS},
    }  # fmt: skip

    for catalogue, names in used.items():
        assert set(getattr(texts, catalogue)) == names


@pytest.mark.parametrize(
    "changed",
    [{}, {"pattern": "systemic", "progressed_day": 60}, {"pattern": "systemic"}, {"patterns_disagree": True}],
)
def test_sentences_never_order(changed):
    words = " ".join(s.en for s in texts.sentences(managed(**changed)))

    assert not {"must", "should be treated", "give "} & set(words.split())
    assert ("suggest" in words) or ("source says" in words)
