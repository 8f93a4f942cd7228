"""What the first page says in words: the ratio and its change, who was studied, time in numbers, what is adjusted for."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from oligoscope.number_format import format_number
from oligoscope.printing.adjusting import adjusted_in_short, not_adjusted_for
from oligoscope.printing.blocks import Notice, Numbering, Paragraph
from oligoscope.printing.cautions import LEAD
from oligoscope.printing.document_parts import Draft
from oligoscope.questions.survival.words import survival_paragraph
from oligoscope.report.lead_table import lead_sentence
from oligoscope.report.main_comparisons import draw_main_comparisons
from oligoscope.report.patients_studied import patients_studied
from oligoscope.report.time_in_numbers import time_in_numbers
from oligoscope.results.analyses import (
    AT_PROGRESSION,
    FLOW,
    LANDMARK,
    SURVIVAL,
    TEAM_LABELS,
    TIME_DEPENDENT,
    WEIGHTING,
)
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, landmark_at
from oligoscope.results.warnings import WarningCode, join
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import Comparison, Level
from unit.stored_results import bare_ratio, changed

GROUPS = [Level.of("pattern", word) for word in ("oligoprogression", "systemic")]
PAIR = Comparison.of(*GROUPS)


def numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+(?:\.\d+)*", text))


def ratio(analysis, value, low, high, variable="", **more) -> Estimate:
    keys = {
        "population": "progressed",
        "outcome": Outcome.OS,
        "group": PAIR,
        "statistic": Statistic.HAZARD_RATIO,
    }
    return bare_ratio(
        **(keys | {"analysis": analysis, "variable": variable} | more), value=value, low=low, high=high
    )


BIASED = ratio(SURVIVAL, 0.58, 0.49, 0.70, warning=join(WarningCode.GROUP_KNOWN_ONLY_AT_PROGRESSION()))
LANDMARKS = [
    ratio(LANDMARK, value, low, high, landmark_at(months), n=n)
    for months, value, low, high, n in ((3, 0.59, 0.40, 0.87, 111), (9, 0.74, 0.53, 1.01, 165))
]
MODEL = ratio(TIME_DEPENDENT, 0.69, 0.58, 0.83)


def test_time_is_said_in_numbers_with_and_without_immortal_time():
    said = time_in_numbers([BIASED, *LANDMARKS, MODEL])

    assert said is not None
    assert said.text.en == (
        "For overall survival from treatment start, with immortal time, the HR is 0.58 (95% CI 0.49 to 0.70); largely without it, "
        "0.59 to 0.74 from the landmarks at 3 and 9 months (*n*=111 and 165 progressed; the 95% CI includes 1 at 9 months) and 0.69 (95% CI 0.58 to 0.83) in the "
        "time-dependent Cox model."
    )
    assert "3、9 个月界标（届时已进展 111、165 例）为 0.59~0.74（9 个月时 95%CI 包含 1）" in said.text.zh
    assert numbers(said.text.zh) == numbers(said.text.en)
    assert set(said.keys) == {e.key for e in (BIASED, *LANDMARKS, MODEL)}


@pytest.mark.parametrize(
    ("found", "part"),
    [
        ([BIASED, LANDMARKS[0]], "without it, 0.59 (95% CI 0.40 to 0.87) from the 3-month landmark."),
        ([BIASED, MODEL], "without it, 0.69 (95% CI 0.58 to 0.83) in the time-dependent Cox model."),
        ([BIASED, LANDMARKS[0], replace(LANDMARKS[0], variable=landmark_at(6))], "0.59 from the landmarks at 3 and 6 months (*n*=111 and 111 progressed; no 95% CI includes 1)."),
        ([BIASED, LANDMARKS[0], replace(LANDMARKS[1], n=None)], "0.59 to 0.74 from the landmarks at 3 and 9 months (the 95% CI includes 1 at 9 months)."),
        ([BIASED], None),
        (LANDMARKS, None),
        ([BIASED, replace(MODEL, value=None)], None),
    ],
)  # fmt: skip
def test_time_names_what_was_given_and_nothing_else(found, part):
    said = time_in_numbers(found)

    assert (said is None) == (part is None)
    assert said is None or said.text.en.endswith(part)


def studied(protocol, results) -> str:
    blocks = patients_studied(Draft(protocol, results, Numbering()))
    return "".join(b.text.en for b in blocks if isinstance(b, Paragraph))


def test_patients_are_named_with_rules_definition_and_follow_up(made_protocol, compared_results):
    said = studied(made_protocol, compared_results)

    assert "were eligible and started first-line" in said
    assert "Excluded: age outside 18 to 80 years; " in said
    assert "; other first-line treatment; " in said
    assert "first line was not" not in said  # the treatment is named already
    assert "Oligoprogression meant 1 to 5 progressing lesions" in said
    assert "(Huang 2025); all others were systemic." in said
    assert re.search(r"Median follow-up was \d+\.\d months \(95% CI", said)


@pytest.mark.parametrize(("excluded", "is_named"), [(0.0, False), (3.0, True), (None, True)])
def test_a_rule_that_excluded_nobody_is_not_named(excluded, is_named, made_protocol, compared_results):
    keys = {"analysis": FLOW, "variable": "age", "statistic": Statistic.N_EXCLUDED}
    counted = changed(compared_results, {"value": excluded}, **keys)  # without a value: too few to be said

    assert ("age outside 18 to 80 years" in studied(made_protocol, counted)) == is_named


def test_where_nobody_was_excluded_no_rule_is_named(made_protocol, compared_results):
    counted = changed(compared_results, {"value": 0.0}, analysis=FLOW, statistic=Statistic.N_EXCLUDED)

    assert "Excluded" not in studied(made_protocol, counted)


def test_the_definition_is_that_of_the_settings(made_protocol, compared_results):
    settings = made_protocol.model_dump() | {"progression": {"preset": "core"}}
    other = type(made_protocol).model_validate(settings)

    assert "1 to 3 progressing lesions in at most 2 organs" in studied(other, compared_results)


def test_patterns_of_the_team_are_called_so_and_without_follow_up_none_is_named(
    made_protocol, compared_results
):
    given = bare_ratio(
        analysis=TEAM_LABELS,
        population="progressed",
        outcome="pattern",
        statistic=Statistic.N,
        value=64,
        n=64,
    )
    rows = (*compared_results.find(analysis=FLOW), given)
    said = studied(made_protocol, Results(rows))

    assert "Median follow-up" not in said
    assert "patterns are those that the study team gave" in said or "Oligoprogression meant" in said
    assert studied(made_protocol, Results(())) == ""


def test_the_first_sentence_has_the_ratio_and_how_it_changes(made_protocol, compared_results):
    keys = {
        "analysis": SURVIVAL,
        "population": "progressed",
        "outcome": Outcome.PPS,
        "statistic": Statistic.HAZARD_RATIO,
    }
    steady = changed(compared_results, {"value": 0.63, "low": 0.53, "high": 0.75, "warning": join()}, **keys)
    pair = next(e.group for e in steady.find(**keys))
    more = {"analysis": SURVIVAL, "population": "progressed", "outcome": Outcome.PPS, "group": pair}
    rows = (
        bare_ratio(**more, variable="period", level="0-6", statistic=Statistic.HAZARD_RATIO_PERIOD, value=0.54, low=0.42, high=0.69),
        bare_ratio(**more, variable="period", level=">6", statistic=Statistic.HAZARD_RATIO_PERIOD, value=0.76, low=0.54, high=1.07),
        bare_ratio(**more, statistic=Statistic.RESTRICTED_MEAN_DIFFERENCE, value=5.3, low=3.2, high=7.4),
        bare_ratio(**more, statistic=Statistic.RESTRICTED_MEAN_HORIZON, value=49.0),
    )  # fmt: skip
    ours = {e.key for e in rows}
    plain = Results(tuple(e for e in steady.estimates if e.key not in ours), steady.series)
    changing = changed(plain, {"warning": join(WarningCode.NON_PROPORTIONAL())}, **keys).plus(rows)

    (before, _), (after, caution) = (
        list(lead_sentence(Draft(made_protocol, results, Numbering()))) for results in (plain, changing)
    )

    assert isinstance(before, Paragraph)
    assert isinstance(after, Paragraph)
    assert caution == Notice("caution", LEAD)
    assert "unadjusted HR 0.63, 95% CI 0.53 to 0.75" in before.text.en
    assert "未校正的 HR=0.63，95%CI：0.53~0.75" in before.text.zh
    assert "changed with time" not in before.text.en
    assert "0 to 6 months 0.54 (0.42 to 0.69), beyond 6 months 0.76 (0.54 to 1.07)." in after.text.en
    assert "This HR changed with time (*P*=" in after.text.en
    assert "该 HR 随时间改变（*P*=" in after.text.zh
    assert numbers(after.text.zh) == numbers(after.text.en)
    assert {e.key for e in rows[:2]} <= set(after.keys)


def test_the_key_results_say_the_adjusted_ratio_too(made_protocol, compared_results):
    adjusted = lead_ratio(Statistic.HAZARD_RATIO_ADJUSTED, part=MethodPart.COX_ADJUSTED_FOR_TIME_AND_ECOG)
    others = tuple(e for e in compared_results.estimates if e.key != adjusted.key)
    results = Results((*others, adjusted), compared_results.series)
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": "progressed", "outcome": Outcome.PFS}
    times = [
        results.get(**keys, group=g, statistic=Statistic.MEDIAN) for g in ("oligoprogression", "systemic")
    ]
    given = [time for time in times if time is not None]
    a, b = (format_number(time.value, 1) for time in given)

    said, _ = lead_sentence(Draft(made_protocol, results, Numbering()))

    assert isinstance(said, Paragraph)
    assert said.text.en.endswith(
        f"Adjusted for time to progression (median {a} versus {b} months) and baseline ECOG PS only: HR 0.67 (0.50 to 0.80)."
    )
    assert said.text.zh.endswith(
        f"仅校正首次进展时间（中位数为 {a} 与 {b} 个月）与基线 ECOG 评分后，HR 为 0.67(0.50~0.80)。"
    )
    assert {adjusted.key, *(time.key for time in given)} <= set(said.keys)


def test_without_both_medians_the_times_to_progression_are_not_given(made_protocol, compared_results):
    adjusted = lead_ratio(Statistic.HAZARD_RATIO_ADJUSTED, part=MethodPart.COX_ADJUSTED_FOR_TIME)
    others = tuple(
        e for e in compared_results.estimates
        if e.key != adjusted.key and not (e.outcome == Outcome.PFS and e.group == "systemic")
    )  # fmt: skip

    said, _ = lead_sentence(
        Draft(made_protocol, Results((*others, adjusted), compared_results.series), Numbering())
    )

    assert isinstance(said, Paragraph)
    assert said.text.en.endswith("Adjusted for time to progression only: HR 0.67 (0.50 to 0.80).")
    assert said.text.zh.endswith("仅校正首次进展时间后，HR 为 0.67(0.50~0.80)。")


def lead_ratio(statistic, population="progressed", part=MethodPart.COX) -> Estimate:
    return bare_ratio(
        analysis=SURVIVAL, population=population, outcome=Outcome.PPS, group=PAIR, statistic=statistic, value=0.67,
        low=0.5, high=0.8, method=Method(part),
    )  # fmt: skip


def test_adjusted_and_matched_say_what_each_leaves_out(made_protocol):
    adjusted = lead_ratio(Statistic.HAZARD_RATIO_ADJUSTED, part=MethodPart.COX_ADJUSTED_FOR_TIME_AND_ECOG)
    matched = lead_ratio(Statistic.HAZARD_RATIO, "matched")
    both = " ".join(t.en for t in not_adjusted_for(made_protocol, Results((adjusted, matched))))
    alone = " ".join(t.en for t in not_adjusted_for(made_protocol, Results((matched,))))

    assert both.startswith(
        "The adjusted HR accounts for the time to progression and baseline ECOG PS only, not for age, sex, "
    )
    assert "The HR after matching does not account for the time to progression and baseline ECOG PS." in both
    assert both.endswith("No estimate accounts for both.")
    assert alone.startswith("The HR after matching accounts for age, sex, ")
    assert alone.endswith("and does not account for the time to progression.")
    assert not list(not_adjusted_for(made_protocol, Results(())))
    assert [t.en for t in adjusted_in_short(Results((matched,)))] == [
        "Matched: not adjusted for the time to progression."
    ]
    assert not list(adjusted_in_short(Results((adjusted,))))
    for_time = lead_ratio(Statistic.HAZARD_RATIO_ADJUSTED, part=MethodPart.COX_ADJUSTED_FOR_TIME)
    for adjusted_so, left in ((adjusted, " or ECOG PS."), (for_time, ".")):
        (said,) = adjusted_in_short(Results((adjusted_so, matched)))
        assert said.en.endswith(f"matched: not for the time to progression{left}")
    weighted = replace(matched, analysis=WEIGHTING, population="progressed", variable="overlap")
    assert not list(adjusted_in_short(Results((weighted,))))
    assert [t.en for t in adjusted_in_short(Results((adjusted, weighted)))] == [
        "Adjusted: not for the variables of the propensity score."
    ]


def test_the_forest_names_landmarks_weights_and_what_is_adjusted_for(compared_results):
    said = draw_main_comparisons(compared_results).alt

    assert "Overall survival, without immortal time" in said.en
    assert "3-month landmark" in said.en
    assert "Adjusted for time to progression" in said.en
    assert "3 个月界标" in said.zh


def test_matched_groups_have_the_ratio_adjusted_at_progression_of_the_same_groups():
    types = (Level.of("resistance", "acquired"), Level.of("resistance", "primary"))
    plain = lead_ratio(Statistic.HAZARD_RATIO, "matched")
    of_types = replace(plain, group=Comparison.of(*types))
    own = bare_ratio(
        analysis=AT_PROGRESSION, population="matched", outcome=Outcome.PPS, group=PAIR,
        statistic=Statistic.HAZARD_RATIO_ADJUSTED, value=0.66, low=0.52, high=0.84,
    )  # fmt: skip
    results = Results((plain, of_types, own))

    said = survival_paragraph(results, "matched", Outcome.PPS, tuple(GROUPS))
    others = survival_paragraph(results, "matched", Outcome.PPS, types)

    assert (
        "adjusted for the variables at progression (see Methods): HR 0.66, 95% CI 0.52 to 0.84."
        in said.text.en
    )
    assert "匹配后再校正首次进展时的各变量（见方法）：HR=0.66，95%CI：0.52~0.84。" in said.text.zh
    assert own.key in said.keys
    assert "HR 0.67" in others.text.en
    assert "at progression" not in others.text.en


@pytest.mark.parametrize(
    ("at_progression", "said"),
    [
        ((), "the time to progression and baseline ECOG PS"),
        (
            ("months_to_progression",),
            "baseline ECOG PS, nor, except where that is said, for the time to progression",
        ),
        (("ecog",), "the time to progression, nor, except where that is said, for baseline ECOG PS"),
        (
            ("months_to_progression", "ecog"),
            "the time to progression and baseline ECOG PS, except where that is said",
        ),
    ],
)
@pytest.mark.parametrize("population", ["matched", "progressed"])
def test_what_a_matched_ratio_is_never_adjusted_for_is_told_from_what_it_is_not_always(
    made_protocol, at_progression, said, population
):
    matching = made_protocol.matching.model_copy(update={"covariates_at_progression": at_progression})
    protocol = made_protocol.model_copy(update={"matching": matching})
    adjusted = lead_ratio(Statistic.HAZARD_RATIO_ADJUSTED, part=MethodPart.COX_ADJUSTED_FOR_TIME_AND_ECOG)
    matched = lead_ratio(Statistic.HAZARD_RATIO, "matched")
    also = replace(
        lead_ratio(Statistic.HAZARD_RATIO_ADJUSTED, population),
        analysis=AT_PROGRESSION,
        variable="" if population == "matched" else "overlap",
    )
    text = " ".join(t.en for t in not_adjusted_for(protocol, Results((adjusted, matched, also))))

    assert f"The HR after matching does not account for {said}." in text
    assert ("No estimate accounts for both." in text) == ("months_to_progression" not in at_progression)
