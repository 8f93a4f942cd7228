"""Sections of matching, predictors and the comparisons that add no time, and their sentences."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from dates_in_words import with_months_in_numbers
from oligoscope.printing.blocks import Depth, Document, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.questions.competing_risks.words import competing_risks_paragraph
from oligoscope.questions.follow_up.section import follow_up_paragraph
from oligoscope.questions.imputation.words import imputation_paragraph
from oligoscope.questions.landmark.words import landmark_paragraph, time_dependent_paragraph
from oligoscope.questions.matching.table import tabulate_balance
from oligoscope.questions.matching.words import gate_sentences, matching_paragraph
from oligoscope.questions.predictors.words import predictors_paragraph
from oligoscope.questions.subgroups.words import subgroups_paragraph
from oligoscope.report.document import build_document
from oligoscope.report.method_sentences import method_sentences
from oligoscope.results.analyses import (
    BALANCE,
    COMPETING_RISKS,
    FOLLOW_UP,
    LANDMARK,
    MATCHING,
    PREDICTORS,
    TIME_DEPENDENT,
)
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, join, read_warnings
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol
from unit.stored_results import changed, with_limits, withheld

CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
WHOLE = {"group": "", "variable": "", "level": ""}  # of no group and no level, as where nothing was done
NEW = ("matching", "unbiased", "subgroups", "imputation", "predictors", "weighting")  # the paper's first
FURTHER = ("matching-supplement", "unbiased-supplement")


@pytest.fixture(scope="module")
def document(compared_results, made_protocol) -> Document:
    return build_document(made_protocol, compared_results)


def numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+(?:\.\d+)*", with_months_in_numbers(text)))


def blocks_of(document: Document, section: str):
    return next(blocks for heading, blocks in document.sections() if heading.id == section)


def test_every_section_is_there_and_has_its_tables_and_figures(document):
    ids = [heading.id for heading, _ in document.sections()]
    order = [ids.index(section) for section in NEW]
    made = {s: [type(b).__name__ for b in blocks_of(document, s)] for s in (*NEW, *FURTHER)}

    assert order == sorted(order)
    assert ids.index("primary") < ids.index("survival") < ids.index("unbiased")
    assert Counter(made["imputation"])["FigureBlock"] == 1
    assert made["matching"] == ["Paragraph", "Notice"]
    assert made["matching-supplement"] == ["TableBlock", "FigureBlock", "FigureBlock"]
    assert made["predictors"] == ["Paragraph", "FigureBlock", "TableBlock"]
    assert Counter(made["unbiased"])["TableBlock"] == 0  # they repeat its figures
    assert Counter(made["unbiased-supplement"])["TableBlock"] == 3
    # The last of the results ends with what the supplement alone holds.
    assert made["subgroups"] == ["Paragraph", "FigureBlock", "Paragraph"]


def test_words_are_the_same_numbers_in_both_languages_without_chinese_in_english(document):
    for block in document.blocks:
        if isinstance(block, (Heading, Paragraph, Notice)):
            assert numbers(block.text.zh) == numbers(block.text.en), block.text
            assert CJK.findall(block.text.en) == []


def test_every_printed_key_is_reported(document, compared_results):
    assert set(document.printed_keys()) <= {e.key for e in compared_results.estimates}


def test_table_1_is_printed_once_before_and_after(document):
    names = [
        b.table.id for b in document.blocks if isinstance(b, TableBlock) and b.table.id.startswith("baseline")
    ]

    assert names == ["baseline_before_after_pattern"]


def test_post_progression_survival_leads_the_comparisons(document):
    blocks = blocks_of(document, "primary")
    first = [
        b.id if isinstance(b, Heading) else b.text.en
        for b in blocks[:4]
        if isinstance(b, (Heading, Paragraph))
    ]

    assert first[0].startswith("In the progressed population, median post-progression survival")
    assert first[1].startswith("In the matched population, ")


def test_the_time_to_the_progression_that_makes_the_groups_is_described_and_not_compared(document):
    found = [
        b.text
        for b in blocks_of(document, "survival")
        if isinstance(b, Paragraph) and "progression-free" in b.text.en
    ]
    (figure,) = (b.figure for b in blocks_of(document, "survival") if isinstance(b, FigureBlock))

    assert len(found) == 2
    for text in found:
        described, compared = text.en.split("Median overall survival")
        assert described.endswith("so these times are described, not compared. ")
        assert "HR" not in described
        assert "HR" in compared
    assert not [
        e for e in figure.estimates if e.outcome == Outcome.PFS and e.statistic == Statistic.HAZARD_RATIO
    ]
    assert [e for e in figure.estimates if e.outcome == Outcome.OS and e.statistic == Statistic.HAZARD_RATIO]


def test_pictures_and_tables_are_numbered_in_their_order(document):
    """In each part of the report from 1 on."""
    shown = [b for b in document.blocks if isinstance(b, (TableBlock, FigureBlock)) and b.number]
    for kind in (TableBlock, FigureBlock):
        for depth in Depth:
            found = [b.shown_number for b in shown if isinstance(b, kind) and b.depth is depth]
            assert found
            assert found == [f"{depth.letter}{i + 1}" for i in range(len(found))]


def test_the_forest_shares_its_plate_with_the_one_imputed_variable(document):
    (figure,) = (b.figure for b in blocks_of(document, "predictors") if isinstance(b, FigureBlock))

    assert set(figure.data["panel"]) == {"A", "B"}
    assert "PD-L1" in figure.title.en


def test_without_results_there_are_no_sections(made_results, made_protocol):
    ids = {heading.id for heading, _ in build_document(made_protocol, made_results).sections()}

    assert not ids & {*NEW, *FURTHER}
    assert "primary" in ids


def test_what_needs_all_treated_says_so_where_only_progressed_patients_exist(made_results, made_protocol):
    keys: dict[str, Any] = {"population": "treated", "warning": read_warnings("only_progressed_patients")}
    more = (
        withheld(analysis=LANDMARK, statistic=Statistic.N, other=WHOLE, **keys),
        withheld(analysis=TIME_DEPENDENT, statistic=Statistic.HAZARD_RATIO, other=WHOLE, **keys),
        withheld(analysis=COMPETING_RISKS, other={**WHOLE, "statistic": Statistic.INCIDENCE}, **keys),
        withheld(analysis=MATCHING, statistic=Statistic.N_PAIRS, warning=read_warnings("two_groups_needed")),
    )
    document = build_document(made_protocol, made_results.plus(more))
    said = [
        b.text.en for s in ("unbiased", "matching") for b in blocks_of(document, s) if isinstance(b, Notice)
    ]

    assert sum("only patients who progressed" in text for text in said) == 2
    assert sum("exactly two groups of patients are needed" in text for text in said) == 1


def test_the_matching_sentence_says_whether_the_groups_are_balanced(compared_results):
    failed = matching_paragraph(compared_results, 0.1)
    passed = matching_paragraph(
        changed(compared_results, lambda e: replace(e, value=0.07, warning=NO_WARNING), analysis=MATCHING, statistic=Statistic.LARGEST_SMD),
        0.1,
    )  # fmt: skip

    assert failed is not None
    assert passed is not None
    assert "Matching made 32 pairs on average over the imputations (31 to 32)." in failed.text.en
    assert (
        "0.362 (histology, adenocarcinoma), above the limit of 0.1 set beforehand: the groups are not balanced"
        in failed.text.en
    )
    assert "within the limit of 0.1 set beforehand: the groups are balanced" in passed.text.en
    assert "未达到均衡" in failed.text.zh


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        ({}, None),
        ({"<1%": 0.2}, "Also above this limit was PD-L1 expression, <1% (0.200)."),
        (
            {"<1%": 0.2, "1-49%": 0.3},
            "Also above this limit were PD-L1 expression, 1–49% (0.300) and PD-L1 expression, <1% (0.200).",
        ),
        ({"": 0.9}, None),  # a variable's own row is not judged where its levels are
    ],
)
def test_every_level_above_the_limit_is_named_and_of_two_levels_one(compared_results, apart, words):
    """The largest is histology, whose two levels differ alike."""
    balance = {"analysis": BALANCE, "statistic": Statistic.SMD_AFTER_ABSOLUTE}

    def moved(e):
        two = e.variable == "histology" and e.level
        value = apart.get(e.level, 0.01) if e.variable == "pd_l1" else 0.362 if two else 0.02
        return replace(e, value=value)

    said = matching_paragraph(changed(compared_results, moved, **balance), 0.1)

    assert said is not None
    assert ("Also above" in said.text.en, "另有" in said.text.zh) == (words is not None,) * 2
    assert words is None or words in said.text.en


@pytest.mark.parametrize(
    "other", [NO_WARNING, WarningCode.UNBALANCED(variable="sex", largest="0.105", limit=0.1)]
)
def test_a_verdict_that_other_draws_could_change_is_said_to_be_one(compared_results, other):
    """Of a gate that was passed and of one that was missed; without the warning nothing is said."""
    of_gate = {"analysis": MATCHING, "statistic": Statistic.LARGEST_SMD}
    by_draws = join(other, WarningCode.VERDICT_BY_DRAWS(m=2))
    largest = next(iter(compared_results.find(**of_gate)))
    error = replace(largest, statistic=Statistic.MONTE_CARLO_ERROR_OF_SMD, value=0.0126, level="", warning=NO_WARNING, method=Method(MethodPart.JACKKNIFE_OVER(m=2)))  # fmt: skip
    others = (e for e in compared_results.estimates if e.key != error.key)
    with_error = Results((*others, error), compared_results.series)
    settled_results = changed(with_error, lambda e: replace(e, warning=other), **of_gate)
    settled = matching_paragraph(settled_results, 0.1)
    unsettled_results = changed(with_error, lambda e: replace(e, warning=by_draws), **of_gate)
    unsettled = matching_paragraph(unsettled_results, 0.1)

    assert settled is not None
    assert unsettled is not None
    assert "other imputations" not in settled.text.en
    assert (
        "The limit lies within the Monte Carlo error of this value (0.013 with 2 imputations), so that other imputations could give the "
        "other verdict." in unsettled.text.en
    )
    assert "限值在该最大值的 Monte Carlo 误差范围内（2 次插补，误差 0.013）" in unsettled.text.zh
    assert ("the groups are balanced" in unsettled.text.en) is not bool(other)
    assert len(gate_sentences(unsettled_results)) == (1 if other else 0)
    noted = [any("could give the other verdict" in note.en for note in tabulate_balance(results, 0.1).notes)
             for results in (settled_results, unsettled_results)]  # fmt: skip
    assert noted == [False, True]


def test_the_gate_names_the_better_choice_in_both_languages(compared_results):
    (sentence,) = gate_sentences(compared_results)

    assert "可达到该标准（平均" in sentence.zh
    assert "见均衡性表" in sentence.zh
    assert "not used for outcomes" in sentence.en
    assert "未用于任何结局" in sentence.zh
    assert "病理类型" in sentence.zh
    assert CJK.findall(sentence.en) == []


def test_the_gate_in_short_names_no_better_choice_beside_estimates_that_are_given(compared_results):
    (whole,), (short,) = (gate_sentences(compared_results, in_short=of) for of in (False, True))

    assert short.en.startswith("After matching, balance was not achieved")
    assert whole.en.startswith(short.en)
    assert whole.zh.startswith(short.zh)
    assert "not used for outcomes" not in short.en
    assert "未用于任何结局" not in short.zh
    withheld = changed(
        compared_results, lambda e: replace(e, warning=e.warning.without(WarningCode.UNSEALED)),
        analysis=MATCHING, statistic=Statistic.LARGEST_SMD,
    )  # fmt: skip
    (sealed,) = gate_sentences(withheld, in_short=True)
    assert "therefore withheld. Another matching" in sealed.en


@pytest.mark.parametrize(
    ("ratio", "p", "words"),
    [
        (
            0.5,
            0.01,
            "systemic progression was less likely in patients with squamous histology than in patients with adenocarcinoma histology",
        ),
        (
            2.0,
            0.01,
            "systemic progression was more likely in patients with squamous histology than in patients with adenocarcinoma histology",
        ),
        (2.0, 0.05, "no association of a variable with systemic progression was statistically significant"),
    ],
)
def test_predictors_claim_a_direction_only_where_p_allows_it(compared_results, ratio, p, words):
    keys: dict[str, Any] = {"analysis": PREDICTORS, "variable": "histology"}
    made = changed(
        compared_results,
        lambda e: replace(e, value=ratio),
        statistic=Statistic.ODDS_RATIO_MULTIVARIABLE,
        **keys,
    )
    made = changed(made, lambda e: replace(e, value=p), statistic=Statistic.P_VALUE_MULTIVARIABLE, **keys)
    paragraph = predictors_paragraph(made, "progressed", "pattern")

    assert paragraph is not None
    assert words in paragraph.text.en


@pytest.mark.parametrize(
    ("ratio", "p", "words", "hazard"),
    [
        (
            0.6,
            0.01,
            "overall survival was longer with oligoprogression than with systemic progression",
            "was lower",
        ),
        (
            1.6,
            0.01,
            "overall survival was shorter with oligoprogression than with systemic progression",
            "was higher",
        ),
        (
            0.6,
            0.05,
            "the difference in overall survival between oligoprogression and systemic progression was not statistically",
            "after oligoprogression and after systemic progression was not statistically significant",
        ),
    ],
)
def test_landmarks_and_the_time_dependent_model_claim_a_direction_only_where_p_allows_it(
    compared_results, ratio, p, words, hazard
):
    """A ratio of hazards that change from day to day compares no survival curves, and is not worded so."""
    made = changed(
        compared_results,
        lambda e: replace(e, value=ratio),
        population="treated",
        statistic=Statistic.HAZARD_RATIO,
    )
    made = changed(made, lambda e: replace(e, value=p), population="treated", statistic=Statistic.P_VALUE)
    landmarks, changing = landmark_paragraph(made, "treated"), time_dependent_paragraph(made, "treated")

    assert landmarks is not None
    assert changing is not None
    assert landmarks.text.en.count(words) == 3
    assert hazard in changing.text.en


def test_competing_risks_speak_of_a_variable_only_where_gray_s_test_does(compared_results):
    gray: dict[str, Any] = {
        "statistic": Statistic.P_VALUE_GRAY,
        "outcome": "oligoprogression",
        "variable": "histology",
    }
    paragraph = competing_risks_paragraph(changed(compared_results, {"value": 2e-4}, **gray), "treated")

    assert paragraph is not None
    assert "Oligoprogression was more frequent in patients with squamous histology" in paragraph.text.en
    assert "Systemic progression was" not in paragraph.text.en


def test_other_sentences_state_their_numbers(compared_results):
    texts = [
        p.text.en
        for p in (follow_up_paragraph(compared_results), imputation_paragraph(compared_results), subgroups_paragraph(compared_results, "progressed", Outcome.PPS))
        if p is not None
    ]  # fmt: skip

    median = with_limits(analysis=FOLLOW_UP).replace(" (", " months (95% CI ").replace(")", "")
    assert f"was {median}; reverse Kaplan-Meier method)" in texts[0]
    assert "PD-L1 expression 12.5%" in texts[1]
    assert re.search(r"Of the \d+ variables tested, .* statistically significant interaction", texts[2])


def test_methods_name_what_ran(made_protocol, compared_results):
    text = " ".join(t.en for t in method_sentences(made_protocol, compared_results))

    assert "multiply imputed (m = 2) by chained equations" in text
    assert (
        "matched 1:1 by nearest-neighbour matching in descending order of the score, without replacement."
        in text
    )
    assert "The caliper was 0.02 (scale: the logit of the propensity score)." in text
    assert "of no level exceeds 0.1" in text
    assert "Rubin's rules" in text
    assert "median *P*" in text
    for numbers_of in method_sentences(made_protocol, compared_results):
        assert numbers(numbers_of.zh) == numbers(numbers_of.en)


def test_methods_follow_other_settings_and_leave_out_what_did_not_run(made_protocol, compared_results):
    settings = made_protocol.model_dump()
    settings["matching"] |= {
        "method": "optimal", "ratio": 2, "replace": True, "caliper": 0.2, "caliper_scale": "sd_logit",
        "imputations": "across", "exact": ("sex",), "balance_limit": 0.25,
    }  # fmt: skip
    settings["analyses"] = [a for a in settings["analyses"] if a["kind"] != "landmark"]
    text = " ".join(t.en for t in method_sentences(Protocol.model_validate(settings), compared_results))

    assert (
        "1:2 by optimal matching (most pairs within the caliper, then least total distance), with replacement."
        in text
    )
    assert "The caliper was 0.2 (scale: standard deviations of the logit)." in text
    assert (
        "Pairs had to agree exactly in sex. Matching was done once, on the mean score over the imputations."
        in text
    )
    assert "exceeds 0.25" in text
    assert "Landmarks were" not in text


def test_methods_do_not_describe_a_matching_that_was_not_done(made_protocol):
    few, alone = (
        read_warnings(t) for t in ("too_few_to_match smallest=4 minimum=5", "only_progressed_patients")
    )
    prevented = withheld(analysis=MATCHING, statistic=Statistic.N_PAIRS, warning=few)
    landmark = withheld(analysis=LANDMARK, statistic=Statistic.N, warning=alone)
    found = method_sentences(made_protocol, Results((prevented, landmark)))
    text = " ".join(t.en for t in found)

    assert (
        "Propensity score matching and weighting were planned and not done: the number of patients in the smaller group is 4"
        in text
    )
    assert "caliper" not in text
    assert "Rubin" not in text
    assert "Landmarks were" not in text
