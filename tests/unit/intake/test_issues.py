"""Findings as people and programs read them."""

from __future__ import annotations

import ast
import re

from oligoscope.bilingual import Text
from oligoscope.intake.checks.rule_book import PARTS, page_with_parts
from oligoscope.intake.issues import Issue, Issues
from oligoscope.intake.rules import RULES
from source_trees import nodes_of, tree_of


def test_the_message_groups_by_rule_and_file_and_says_what_to_do(check):
    checked = check(
        measurements="patient_id | lesion_id | assessed_on | diameter_mm\n"
        + "P1 | L1 | 2020-01-01 | -8\n" * 2
        + "P2 | L1 | 2020-02-01 | 4000\n"
    )

    assert checked.issues.message("en") == (
        "[must be left out] measurements.csv has 3 essential cells outside the possible range.\n"
        "  from row 2              diameter_mm = -8    2 times  (must be a number from 0 to 400)\n"
        "  row 4       patient P2  diameter_mm = 4000           (must be a number from 0 to 400)\n"
        "Check the source document and correct the cells; check the unit, too (diameters are in mm)."
    )
    assert "第 2 行起         diameter_mm = -8    2 处  （应为 0 到 400 的数字）" in checked.issues.message(
        "zh"
    )


def test_a_long_list_is_cut_and_counted():
    issues = Issues.of(
        Issue(rule="row_shifted", table="patients", source="p.csv", row=i, value=f"w{i}")
        for i in range(2, 25)
    )

    message = issues.message("en")

    assert len(re.findall("row [0-9]", message)) == 10
    assert "… and 13 more in issues.csv" in message


def test_a_word_is_one_line_with_its_count_and_the_most_frequent_is_first():
    cells = [("SqCC?", 3), ("腺鳞癌", 40), ("other?", 1)]
    rows = iter(range(2, 100))
    issues = Issues.of(
        Issue(
            rule="value_ignored",
            table="patients",
            source="p.csv",
            row=next(rows),
            column="histology",
            value=word,
        )
        for word, n in cells
        for _ in range(n)
    )

    lines = [line.split() for line in issues.message("en").splitlines() if " = " in line]

    assert [" ".join(line) for line in lines] == [
        "from row 5 histology = 腺鳞癌 40 times",
        "from row 2 histology = SqCC? 3 times",
        "row 45 histology = other?",
    ]
    assert "腺鳞癌" in issues.message("zh")
    assert "40 处" in issues.message("zh")
    assert issues.frame().height == 44


def test_issues_csv_holds_every_finding_errors_first():
    expected = Text("应为甲", "must be A")
    warning = Issue(
        rule="value_ignored",
        table="patients",
        source="p.csv",
        row=3,
        column="sex",
        value="M",
        expected=expected,
        patient_id="P1",
    )
    error = Issue(rule="column_missing", table="patients", source="p.csv", row=1, column="patient_id")

    frame = Issues.of([warning, error]).frame()

    assert frame.columns == [
        "grade",
        "table",
        "source",
        "row",
        "patient_id",
        "column",
        "value",
        "rule",
        "expected_zh",
        "expected_en",
    ]
    assert frame["grade"].to_list() == ["error", "warning"]
    assert frame.row(1) == (
        "warning",
        "patients",
        "p.csv",
        3,
        "P1",
        "sex",
        "M",
        "value_ignored",
        "应为甲",
        "must be A",
    )
    assert Issues().frame().schema == frame.schema


def test_every_finding_of_a_faulty_study_is_given_in_both_languages(check):
    checked = check(
        patients="patient_id | treatment_started_on | ecog\nP1 | 2020-01-10 | 9\nP2 | x | 1\nP3 | | \n",
        measurements="patient_id | lesion_id | assessed_on | diameter_mm\nP1 | L1 | 2020-01-01 | \nP3 | L9 | 2020-01-01 | 5\nP8 | L1 | 2020-01-01 | 5\n",
    )

    for language in ("zh", "en"):
        message = checked.issues.message(language)
        assert "{" not in message
        assert "None" not in message
    assert not re.search("[a-z]{3,} [a-z]{3,} [a-z]{3,}", checked.issues.message("zh"))


def test_the_dictionary_and_the_rules_are_documented_as_they_are(repository):
    """If this fails, a column, level or rule changed: run scripts/print_dictionary.py."""
    page = (repository / "docs" / "data.md").read_text("utf-8")

    assert page_with_parts(page) == page
    assert all(printed() in page for printed in PARTS.values())


def test_every_rule_that_a_check_names_is_declared_and_every_declared_rule_is_named(repository):
    """A misspelt rule would be a finding without a heading, and only where a study has such a finding."""
    rules, named = {rule.id for rule in RULES.values()}, set()
    declared_in = repository / "src" / "oligoscope" / "intake" / "rules.py"
    for path in sorted((repository / "src" / "oligoscope").rglob("*.py")):
        if path == declared_in:
            continue
        for node in nodes_of(tree_of(path)):
            if isinstance(node, ast.Constant) and node.value in rules:
                named.add(node.value)
            if isinstance(node, ast.keyword) and node.arg == "rule" and isinstance(node.value, ast.Constant):
                assert node.value.value in rules, f"{path.name}:{node.value.lineno}: {node.value.value}"

    assert rules - named == set()
