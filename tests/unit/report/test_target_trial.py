"""The primary comparison as a trial would make it, and as the study made it: nothing that was not done is said."""

from __future__ import annotations

from typing import Any

from oligoscope.report.target_trial import target_trial
from oligoscope.results.analyses import AT_PROGRESSION, MATCHING, SURVIVAL, WEIGHTING, Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import Comparison, Level
from oligoscope.study.protocol import Protocol

GROUPS = tuple(Level.of("pattern", w) for w in ("oligoprogression", "systemic"))
RULE = {"id": "young", "keep": "age_years <= 80", "excluded": {"zh": "80 岁以上", "en": "Older than 80"}}


def study(**matching: Any) -> Protocol:
    analyses = [{"kind": "survival", "outcomes": ["pps"]}]
    return Protocol.model_validate(
        {
            "study": {"data_cutoff": "2025-04-08"}, "data": {"patients": {"files": ["p.csv"]}}, "analyses": analyses,
            "eligibility": [RULE], "matching": matching,
        }
    )  # fmt: skip


def ratio(analysis: Analysis, population: str = "progressed", **more: Any) -> Estimate:
    keys: dict[str, Any] = {"statistic": Statistic.HAZARD_RATIO, "value": 0.7} | more
    return Estimate(
        analysis=analysis, population=population, outcome=Outcome.PPS, group=Comparison.of(*GROUPS), **keys
    )  # fmt: skip


PAIRS = Estimate(analysis=MATCHING, population="matched", statistic=Statistic.N_PAIRS, value=40)
SURVIVED = ratio(SURVIVAL)


def cells(protocol: Protocol, *estimates: Estimate, language: str = "en") -> dict[str, tuple[str, str]]:
    """By component the trial's cell and the study's."""
    table = target_trial(protocol, Results(estimates))
    assert table is not None
    rows = [[getattr(c.text, language) for c in row.cells] for row in table.rows]
    return {name: (trial, own) for name, trial, own in rows}


def test_without_a_comparison_of_the_patterns_there_is_no_table():
    assert target_trial(study(), Results()) is None


def test_every_component_of_target_is_there_in_both_languages():
    english, chinese = (cells(study(), SURVIVED, language=language) for language in ("en", "zh"))

    assert list(english) == [
        "Eligibility", "Treatment strategies (groups)", "Assignment", "Time zero", "Follow-up", "Outcome",
        "Causal contrast (estimand)", "Statistical analysis",
    ]  # fmt: skip
    assert len(chinese) == len(english)
    assert "older than 80" in english["Eligibility"][1]
    assert "2025-04-08" in english["Follow-up"][1]


def test_what_was_not_done_is_not_said():
    own = cells(study(), SURVIVED)

    assert (
        own["Assignment"][1]
        == "Not assigned: the groups were observed. The groups were neither matched nor weighted."
    )
    assert "score" not in own["Time zero"][1]
    assert "adjusted" not in own["Statistical analysis"][1]
    assert "imputed" not in own["Statistical analysis"][1]


def test_matching_and_adjustment_are_said_where_they_gave_a_number():
    matched = ratio(SURVIVAL, "matched")
    adjusted = ratio(AT_PROGRESSION, "matched", statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    own = cells(study(covariates=("sex",)), SURVIVED, PAIRS, matched, adjusted)

    assert "Patients were matched by the propensity score (sex)." in own["Assignment"][1]
    assert "Models also adjusted for what was known at progression" in own["Assignment"][1]
    assert "only what was known at treatment start, before time zero" in own["Time zero"][1]
    assert "robust to the pairs" in own["Statistical analysis"][1]


def test_a_matching_whose_ratio_is_withheld_is_not_said_to_be_a_comparison():
    own = cells(study(), SURVIVED, PAIRS, ratio(SURVIVAL, "matched", value=None))

    assert "neither matched nor weighted" in own["Assignment"][1]
    assert "After matching" not in own["Causal contrast (estimand)"][1]


def test_with_time_zero_at_progression_the_score_is_of_that_day():
    own = cells(study(time_zero="progression"), SURVIVED, ratio(WEIGHTING, variable="overlap"))

    assert "holds what was known on that day" in own["Time zero"][1]
    assert "Patients were weighted by the propensity score" in own["Assignment"][1]
    assert "the overlap population" in own["Causal contrast (estimand)"][1]
