"""What the report says of matched patients: how they count, why nothing follows, and the failed gate once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from oligoscope.printing.blocks import Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.matched_notes import gate_note, with_balance_in_full
from oligoscope.questions.matching.methods import limits_over_imputations
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.report.document import build_document
from oligoscope.report.method_sentences import method_sentences
from oligoscope.results.analyses import BALANCE, BASELINE, IMPUTATION, MATCHING, SURVIVAL, WEIGHTING
from oligoscope.results.methods import read_method
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, join, read_warnings
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings
from unit.stored_results import row, withheld

GATE = read_warnings("unbalanced variable=pd_l1 largest=0.148 limit=0.1")
WHOLE = {"population": "matched", "group": "", "variable": "", "level": ""}
WHY = read_warnings("too_few_to_match smallest=4 minimum=5")


def with_gate(results: Results) -> Results:
    rows = (
        replace(e, warning=join(e.warning, GATE))
        if e.population.split(":")[0] == "matched" and e.analysis not in {MATCHING, BALANCE}
        else e
        for e in results.estimates
    )
    return Results(tuple(rows), results.series)


def words(protocol, results) -> str:
    blocks = build_document(protocol, results).blocks
    texts = [b.text.en for b in blocks if isinstance(b, Heading | Paragraph | Notice)]
    for block in blocks:
        if isinstance(block, TableBlock):
            texts += [note.en for note in block.table.notes]
            texts += [cell.text.en + cell.mark for row in block.table.rows for cell in row.cells]
    return "\n".join(texts)


def test_the_report_does_not_repeat_the_failed_gate_at_every_number(made_protocol, compared_results):
    """results.csv names it in every row after matching; the report says it where it said it before."""
    assert words(made_protocol, with_gate(compared_results)) == words(made_protocol, compared_results)


@pytest.mark.parametrize(
    ("imputations", "way", "said"),
    [
        (5.0, "within", "are conservative"),
        (5.0, "across", "leave out the uncertainty"),
        (1.0, "within", None),
    ],
)
def test_how_often_pooled_limits_hold_the_truth_is_said_where_some_were_pooled(imputations, way, said):
    method = "Cox, Efron ties, pair-robust limits, pooled by Rubin"
    ratio = row(analysis=SURVIVAL, statistic=Statistic.HAZARD_RATIO, value=0.6, method=read_method(method))
    ratio = replace(ratio, population="matched")
    made = row(
        analysis=IMPUTATION, population="progressed", statistic=Statistic.IMPUTATIONS, value=imputations
    )
    found = limits_over_imputations(MatchingSettings(imputations=way), Results((made, ratio)))

    assert said in found.en if said and found else found is None


@pytest.mark.parametrize(("imputations", "size"), [(5.0, "mean |SMD| over the imputations"), (1.0, "|SMD|")])
def test_a_missed_balance_names_its_level_and_what_was_judged(imputations, size):
    judged = row(analysis=MATCHING, statistic=Statistic.LARGEST_SMD, value=0.148, warning=GATE)
    judged = replace(judged, level="pd_l1=>=50%")
    made = row(
        analysis=IMPUTATION, population="progressed", statistic=Statistic.IMPUTATIONS, value=imputations
    )
    found = with_balance_in_full(Results((judged, made)))

    (zh, en) = (gate_note(found)[0].zh, gate_note(found)[0].en)
    assert f"(PD-L1 expression, ≥50%: {size} 0.148, limit 0.1)" in en
    assert f"（PD-L1 表达 ≥50% 的{'平均 ' if imputations > 1 else ' '}|SMD| 为 0.148，限值 0.1）" in zh
    assert found.estimates[0].warning == GATE


def test_a_warning_keeps_its_other_parts_without_the_gate():
    both = join(WarningCode.NON_PROPORTIONAL(), GATE)

    assert both.without(WarningCode.UNBALANCED) == "non_proportional"
    assert GATE.without(WarningCode.UNBALANCED) == NO_WARNING
    assert "∞" in read_warnings("unbalanced variable=stage largest=inf limit=0.1").printed.en


def test_why_nothing_follows_a_matching_stands_in_every_section(made_protocol, made_results):
    keys: dict[str, Any] = {"population": "matched", "warning": WHY, "other": WHOLE}
    rows = (
        withheld(analysis=MATCHING, statistic=Statistic.N_PAIRS, **keys),
        withheld(analysis=BASELINE, statistic=Statistic.N, **keys),
        withheld(analysis=SURVIVAL, outcome=Outcome.OS, statistic=Statistic.HAZARD_RATIO, **keys),
        withheld(
            analysis=WEIGHTING, outcome=Outcome.OS, statistic=Statistic.HAZARD_RATIO, warning=WHY, other=WHOLE
        ),
    )
    asked = (
        *made_protocol.analyses,
        *(
            AnalysisSettings.model_validate({"kind": k, "population": "matched"})
            for k in ("baseline", "survival")
        ),
    )
    protocol = made_protocol.model_copy(update={"analyses": asked})
    document = build_document(protocol, made_results.plus(rows))

    said, section = set(), ""
    for block in document.blocks:
        if isinstance(block, Heading) and block.level < 3:
            section = block.id
        if isinstance(block, Notice) and "the number of patients in the smaller group is 4" in block.text.en:
            said.add(section)
            assert "较小的一组仅 4 例" in block.text.zh
    assert {"baseline", "matching", "survival", "weighting"} <= said
    methods = "".join(t.en for t in method_sentences(protocol, made_results.plus(rows)))
    assert (
        "matching and weighting were planned and not done: the number of patients in the smaller group is 4"
        in methods
    )
    assert "caliper" not in methods
    alone = protocol.model_copy(update={"analyses": tuple(a for a in asked if a.kind != "weighting")})
    methods = "".join(t.en for t in method_sentences(alone, made_results.plus(rows)))
    assert "matching was planned and not done: the number of patients in the smaller group is 4" in methods


def test_a_matching_without_a_pair_is_not_described_as_done(made_protocol):
    pairs = row(analysis=MATCHING, statistic=Statistic.N_PAIRS, value=0.0)
    smd = withheld(read_warnings("no_pairs"), analysis=MATCHING, statistic=Statistic.LARGEST_SMD)
    none = Results((pairs, smd))

    methods = "".join(t.en for t in method_sentences(made_protocol, none))

    assert "planned and not done: no pair could be made" in methods
    assert "Patients were paired" not in methods


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ratio": 1}, ()),
        ({"ratio": 3}, ("counted by weights",)),
        ({"replace": True}, ("counted by weights", "A control could serve in several sets")),
    ],
)
def test_methods_say_how_matched_patients_count(made_protocol, compared_results, settings, said):
    matching = made_protocol.matching.model_copy(update=settings)
    protocol = made_protocol.model_copy(update={"matching": matching})

    methods = "".join(t.en for t in method_sentences(protocol, compared_results))

    for part in ("counted by weights", "A control could serve in several sets"):
        assert (part in methods) == (part in said)
    assert "D2" not in methods


def test_methods_name_t_where_the_sets_are_few(made_protocol, compared_results):
    few = tuple(
        replace(e, method=read_method("Cox, Efron ties, pair-robust limits, t of 11"))
        if e.population == "matched"
        else e
        for e in compared_results.estimates
    )

    methods = "".join(t.en for t in method_sentences(made_protocol, Results(few, compared_results.series)))

    assert "With 30 matched sets or fewer" in methods
    assert "11 个自由度的 t 分布" in read_method("Cox, Efron ties, pair-robust limits, t of 11").printed.zh


def test_the_survival_table_prints_patients_with_the_sum_of_their_weights(compared_results):
    keys: dict[str, Any] = {
        "analysis": SURVIVAL,
        "population": "matched",
        "outcome": Outcome.OS,
        "group": "systemic",
    }
    sizes = (
        row(statistic=Statistic.N, value=14.0, other={"statistic": Statistic.WEIGHTED_N}, **keys),
        row(statistic=Statistic.N, value=9.5, other={"statistic": Statistic.WEIGHTED_EVENTS}, **keys),
    )
    found = tabulate_survival(compared_results.plus(sizes), "matched")

    cells = [
        [c.text.en for c in row.cells] for row in found.rows if row.cells[0].text.en == "Systemic progression"
    ]
    assert any(n.endswith("(14.0)") and events.endswith("(9.5)") for _, n, events, *_ in cells)
    assert any("weights of the matching" in note.en for note in found.notes)
    assert any("weighted by the matching" in note.en for note in found.notes)
