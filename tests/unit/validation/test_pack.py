"""The validation pack names every rule and every oracle, and calls nothing met that no test has shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oligoscope.bilingual import Text
from spec.rules import CHAPTERS
from validation.outcomes import TESTS, Outcome, run_tests
from validation.pack import FAILED, NOT_RUN, files_to_run, is_shown, print_pack, rules_of
from validation.requirements import REQUIREMENTS

NOT_IN_THE_PACK = {"spec/test_rule_book.py"}  # of the book itself


def all_passed() -> dict[tuple[str, str], Outcome]:
    rules = {(file, test): Outcome(passed=1) for chapter in CHAPTERS for file, test, _ in rules_of(chapter)}
    return rules | {(e.file, "test_all"): Outcome(passed=3) for r in REQUIREMENTS for e in r.evidence}


def test_every_chapter_and_every_file_of_evidence_meets_one_requirement():
    chapters = [chapter for one in REQUIREMENTS for chapter in one.chapters]
    files = {p.relative_to(TESTS).as_posix() for kind in ("spec", "oracle", "property") for p in (TESTS / kind).glob("test_*.py")}  # fmt: skip

    assert sorted(chapters) == sorted(CHAPTERS)
    assert files - NOT_IN_THE_PACK <= set(files_to_run())
    assert [name for name in files_to_run() if not (TESTS / name).is_file()] == []
    assert len({one.id for one in REQUIREMENTS}) == len(REQUIREMENTS)


def test_every_stored_answer_of_r_is_named_with_its_versions():
    named = {name for one in REQUIREMENTS for e in one.evidence for name in e.answers}
    data = {"data.json", "models_data.json"}  # what R and we compute from
    stored = {path.name for path in (TESTS / "oracle").glob("*.json")}

    assert stored - data == named


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (Outcome(passed=2), True),
        (Outcome(passed=2, failed=1), False),
        (Outcome(), False),
        (Outcome(skipped=1), False),
    ],
)
def test_a_rule_is_met_only_where_its_test_ran_and_passed(outcome, shown):
    found = all_passed()
    file, test, _ = rules_of("pattern")[0]
    found[file, test] = outcome

    assert {one.id: is_shown(one, found) for one in REQUIREMENTS if "pattern" in one.chapters} == {
        "R4": shown
    }
    page = print_pack(found, [], "en")
    assert ("Every requirement has tests, and they passed." in page) is shown


def test_evidence_that_was_only_skipped_is_said_and_is_no_pass():
    found = all_passed()
    found["spec/test_rule_cases.py", "test_all"] = Outcome(
        skipped=4, reasons=("Skipped: the files are absent",)
    )
    found["oracle/test_trend.py", "test_all"] = Outcome(skipped=4)

    assert {one.id: is_shown(one, found) for one in REQUIREMENTS if one.id in {"R2", "R9"}} == {
        "R2": True,
        "R9": True,
    }
    assert "skipped (4): the files are absent" in print_pack(found, [], "en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_holds_every_rule_with_source_and_result_and_asks_nothing_of_a_network(language):
    page = print_pack(all_passed(), [(Text("版本", "Version"), "<1>")], language)

    n_rules = sum(len(rules_of(chapter)) for chapter in CHAPTERS)
    assert len(re.findall(r"<tr><td>R\d+</td><td>\d+\.\d+</td>", page)) == n_rules
    assert "<code>&lt;1&gt;</code>" in page
    assert FAILED[language] not in page
    assert NOT_RUN[language] not in page
    assert not re.search(r"<script|https?://|src=", page)


def test_what_was_not_run_is_said():
    page = print_pack({}, [], "zh")

    assert "未运行" in page
    assert "有要求未得到证明" in page


@pytest.mark.slow
def test_outcomes_are_those_of_the_tests_that_ran(tmp_path: Path, monkeypatch):
    file = tmp_path / "test_some.py"
    file.write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('n', [1, 2])\ndef test_two(n, record_property):\n    record_property('numbers_of_r', 5)\n    assert n == 1\n"
        "@pytest.mark.skip(reason='no file')\ndef test_left(): pass\n"
        "@pytest.fixture\ndef broken(): raise OSError\ndef test_broken(broken): pass\n",
        encoding="utf-8",
    )

    found = {test: outcome for (_, test), outcome in run_tests([str(file)]).items()}

    assert (found["test_two"].passed, found["test_two"].failed, found["test_two"].numbers) == (1, 1, 10)
    assert (found["test_left"].skipped, found["test_left"].reasons) == (1, ("Skipped: no file",))
    assert found["test_broken"].failed == 1
