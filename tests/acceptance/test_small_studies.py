"""Where little can be said, little is printed: no number without patients, no empty picture, no sentence with a blank."""

from __future__ import annotations

import pytest

from acceptance import odd_cohorts as odd
from acceptance.small_studies import ABSURD, STUDIES, TWICE_UNREACHED, absurd, blocks_in, empty_pictures
from oligoscope.pipeline import StudyRun
from oligoscope.printing.blocks import Depth, Document, FigureBlock, Notice
from oligoscope.questions.matching.words import gate_sentences
from oligoscope.report.document import build_document
from oligoscope.report.r_script.script import r_script
from oligoscope.results.analyses import BALANCE, BASELINE, SURVIVAL
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import whole_of

pytestmark = pytest.mark.slow
COUNTS = {Statistic.N, Statistic.EVENTS}
Reported = dict[str, tuple[StudyRun, Document]]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    folder = tmp_path_factory.mktemp("small")
    runs = {
        name: odd.run(write(folder / "demo", folder / name.replace(" ", "_")))
        for name, write in STUDIES.items()
    }
    return {
        name: (r, build_document(r.protocol, r.results, run_info={"failed_gates": gate_sentences(r.results)}))
        for name, r in runs.items()
    }


def matched_survival(run: StudyRun) -> list[Estimate]:
    return [e for e in run.results.find(analysis=SURVIVAL) if whole_of(e.population) == "matched"]


def figures(document: Document) -> set[str]:
    return {block.figure.id for block in document.blocks if isinstance(block, FigureBlock)}


@pytest.mark.parametrize("name", STUDIES)
def test_nothing_absurd_is_printed(name: str, reported: Reported):
    run, document = reported[name]

    assert odd.absurdities(run) == []
    assert absurd(document) == []
    assert empty_pictures(document) == []


@pytest.mark.parametrize("name", STUDIES)
def test_no_two_limits_are_both_not_reached(name: str, reported: Reported):
    assert absurd(reported[name][1], TWICE_UNREACHED) == []


def test_the_patterns_find_what_they_are_for():
    for text in (
        "95% CI (NR to NR)", "NR~NR", "given: .", "（）", "()", "HR=∞", "HR inf", "HR nan", "*P*=–", "HR None", "1 patients",
        "made 1 pairs.",
    ):  # fmt: skip
        assert ABSURD.search(text) or TWICE_UNREACHED.search(text), text
    for text in (
        "None of the 8 baseline variables tested had a statistically significant difference between the groups (P≥0.05).",
        "had 1.1 patients of the smaller group per parameter.",
    ):
        assert not ABSURD.search(text), text


def test_two_pairs_are_counted_and_not_compared(reported: Reported):
    run, document = reported["two pairs"]
    after = matched_survival(run)

    assert {e.value for e in after if e.population == "matched" and e.statistic == Statistic.N} == {2}
    assert {e.statistic for e in after if e.value is not None} <= COUNTS
    tests = run.results.find(analysis=BASELINE, population="matched", statistic=Statistic.P_VALUE)
    assert tests
    assert all(e.value is None for e in tests)
    assert not any("matched" in name for name in figures(document))


def test_of_patients_of_whom_none_died_no_survival_is_compared(reported: Reported):
    run, document = reported["nobody dead"]
    compared = [e for e in run.results.find(analysis=SURVIVAL, outcome="os") if " vs " in e.group]

    assert compared
    assert all(e.value is None for e in compared)
    assert "answer_curve" not in figures(document)
    assert "could not be compared (a group has fewer than 5 events)" in answer_of(document)


def answer_of(document: Document) -> str:
    return "\n".join(text.en for _, text in blocks_in(document.part(Depth.ANSWER)))


def test_patients_of_one_pattern_are_said_to_have_no_other_group(reported: Reported):
    answer = answer_of(reported["one pattern"][1])

    assert "All patients who progressed had systemic progression: there is no other group" in answer
    assert "Post-progression survival with systemic progression" in answer


def test_a_variable_known_of_nobody_or_with_one_level_is_said_to_be_so(reported: Reported):
    answer = answer_of(reported["no PD-L1"][1])

    assert "not given: the variable has one level only" in answer
    assert "not given: the variable is blank for every patient" in answer


def test_where_all_progress_on_one_day_their_times_are_not_compared(reported: Reported):
    run, _ = reported["progression on one day"]
    ratios = run.results.find(
        analysis=SURVIVAL, population="progressed", outcome="pfs", statistic=Statistic.HAZARD_RATIO
    )

    assert [e.value for e in ratios] == [None]
    assert ratios[0].warning.has(WarningCode.NO_SHARED_RISK)


def test_a_failed_gate_withholds_every_outcome_in_every_place(reported: Reported):
    run, document = reported["sealed"]
    after = matched_survival(run)

    assert after
    assert all(e.value is None and e.warning.has_only(WarningCode.UNBALANCED) for e in after)
    assert any(e.value is not None for e in run.results.find(analysis=BASELINE, population="matched"))
    assert any(e.value is not None for e in run.results.find(analysis=BALANCE))
    assert "survival_matched <- function" not in r_script(run)
    assert not any("survival_matched" in name for name in figures(document))
    said = [text for _, text in blocks_in(document)]
    for zh, en in (
        ("不给出匹配后的估计值", "Estimates after matching are therefore withheld"),
        ("故未给出匹配后的任何估计值", "so that no estimate after matching is given"),
    ):
        assert any(zh in text.zh and en in text.en for text in said)


def test_an_unsealed_gate_names_its_reason_in_every_row_and_beside_every_place(reported: Reported):
    run, document = reported["unsealed"]
    after = matched_survival(run)

    assert any(e.statistic == Statistic.HAZARD_RATIO and e.value is not None for e in after) or all(
        not e.warning.has_only(WarningCode.UNBALANCED) for e in after
    )
    assert all(e.warning.has(WarningCode.UNSEALED) and e.warning.has(WarningCode.UNBALANCED) for e in after)
    assert all(
        "a reason of ours" in e.warning.printed.en and "研究者的理由" in e.warning.printed.zh for e in after
    )
    full = [
        b
        for b in document.blocks
        if isinstance(b, Notice) and b.kind == "caution" and "a reason of ours" in b.text.en
    ]
    assert full
    assert all(b.number for b in full)
    number = full[0].number
    again = [b.text.en for b in document.blocks if isinstance(b, Notice) and b.kind == "reference"]
    assert any(str(number) in text for text in again)
    assert "survival_matched <- function" in r_script(run)
