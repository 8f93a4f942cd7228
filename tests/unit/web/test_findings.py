"""The findings of a check as the page shows them."""

from __future__ import annotations

from typing import Any

import pytest

from oligoscope.bilingual import Language
from oligoscope.intake.rules import RULES
from oligoscope.web.findings import Labels, groups, resolved
from oligoscope.web.problems import copies, typed
from oligoscope.web.remedies import remedy
from oligoscope.web.steps import STEPS


def finding(rule: str, row: int | None, column: str, value: str | None, **more: Any) -> dict[str, Any]:
    usual = {
        "source": "a.csv",
        "table": "measurements",
        "patient_id": "P1",
        "cell": None,
        "is_new": None,
        "ours": "diameter_mm",
    }
    return {
        "rule": rule, "grade": RULES[rule].grade, "row": row, "column": column, "value": value,
        "expected_zh": "应为数字", "expected_en": "must be a number", **usual, **more,
    }  # fmt: skip


FOUND = {
    "issues": [
        finding("small_target_node", 9, "Size", "12"),
        finding("value_unreadable", 2, "Size", "x"),
        finding("value_unreadable", 4, "Size", "ca. 5"),
        finding("value_unreadable", 5, "Size", "x"),
        finding("patient_left_out", 7, "patient_id", "P7", ours=None),
        finding("no_baseline", 8, "Lesion", "3", ours="lesion_id"),
    ]
}


def test_the_gravest_come_first_and_within_a_group_the_most_frequent_word():
    found = groups(FOUND, "en")

    assert [g.rule for g in found] == [
        "value_unreadable",
        "patient_left_out",
        "small_target_node",
        "no_baseline",
    ]
    assert [(w.value, w.n) for w in found[0].words] == [("x", 2), ("ca. 5", 1)]
    assert found[0].sentence == "a.csv has 3 essential cells that cannot be read."


def test_a_value_can_be_typed_only_where_a_cell_is_wrong():
    editable = {g.rule: g.is_editable for g in groups(FOUND, "en")}

    assert editable == {
        "value_unreadable": True,
        "patient_left_out": False,
        "small_target_node": True,
        "no_baseline": False,
    }


@pytest.mark.parametrize(("source", "cell", "fixed"), [
    ("a.sav", None, True), ("a.parquet", None, True), ("a.xlsx [S]", None, True), ("a.xlsx [S]", "D4", False), ("a.csv", None, False),
])  # fmt: skip
def test_files_of_other_formats_say_that_they_cannot_be_changed_here(
    source: str, cell: str | None, fixed: bool
):
    answer = {"issues": [finding("value_unreadable", 4, "Size", "x", source=source, cell=cell)]}

    (group,) = groups(answer, "en")

    assert (bool(group.fixed), group.is_editable) == (fixed, not fixed)


def test_typed_values_are_for_a_word_or_for_one_cell_and_the_cell_is_first():
    form = {
        "w-1": ["12"],
        "v-3": ["13"],
        "v-2": [" - "],
        "v-0": [""],
        "v-4": ["P9"],
        "v-999": ["1"],
        "x": ["1"],
    }

    found = {f["row"]: f["after"] for f in typed(form, FOUND, "en")}

    assert found == {2: "12", 4: "", 5: "13"}


def test_what_was_resolved_is_said_with_its_place():
    answer = {"since": {"new": 0, "open": 1, "resolved": [FOUND["issues"][1]]}}

    assert resolved(answer, "zh")[0]["row"] == 2
    assert resolved({"since": None}, "en") == []


def test_each_copy_is_of_the_file_whose_findings_it_has():
    answer = {
        "issues": [finding("value_unreadable", 4, "S", "x", source=s) for s in ("b.xlsx [1]", "a.csv", "a.xlsx [2]")],
        "files": ["a-2.marked.xlsx", "a.marked.xlsx", "b.marked.xlsx", "understood.en.html"],
    }  # fmt: skip

    assert copies(answer) == [
        (2, "b.marked.xlsx", "b.xlsx"),
        (1, "a.marked.xlsx", "a.csv"),
        (0, "a-2.marked.xlsx", "a.xlsx"),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_remedy_on_the_page_speaks_of_the_settings_file_or_of_options(language: Language):
    steps = {step.name for step in STEPS} | {""}
    for rule in RULES:
        step, text = remedy(rule)
        assert step in steps
        assert "study.yaml" not in text[language], rule
        assert "--" not in text[language], rule


def test_how_a_file_was_read_is_apart_from_what_is_to_be_corrected():
    found = groups(
        {
            "issues": [
                finding("row_is_example", 3, "patient_id", "EXAMPLE-1"),
                finding("value_out_of_range", 4, "PS", "9"),
            ]
        },
        "en",
    )

    assert {g.rule: g.is_reading for g in found} == {"row_is_example": True, "value_out_of_range": False}


def test_a_header_that_is_our_code_is_called_by_its_name():
    row = finding("value_out_of_range", 4, "ecog", "9") | {"table": "patients"}
    labels: Labels = {"patients": {"ecog": {"zh": "ECOG 评分", "en": "ECOG score"}}}

    assert [w.column for g in groups({"issues": [row]}, "zh", labels) for w in g.words] == ["ECOG 评分"]
    assert [w.column for g in groups({"issues": [row]}, "en") for w in g.words] == ["ecog"]
