"""The mapping as the pages change it: what a person set, answers, and a mapping.yaml of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oligoscope.study.edit_mapping import read_settings, write_mapping
from oligoscope.web.columns_page import chosen
from oligoscope.web.drafting import (
    answers_given,
    begin_map,
    forget_file,
    is_ours,
    mark_of_files,
    set_by_hand,
    was_set,
)
from oligoscope.web.jobs import Job
from oligoscope.web.studies import Home, Study
from oligoscope.web.words_page import answers_of


class Started:
    """Takes the command instead of running it."""

    def __init__(self) -> None:
        self.arguments: list[str] = []

    def running(self, _study: Study) -> None:
        return None

    def start(self, study: Study, kind: str, arguments: list[str], language: Any, **_more: Any) -> Job:
        self.arguments = arguments
        return Job(kind, study.name, language, tuple(arguments))


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = Home(tmp_path).create("One")
    (made.data / "a.csv").write_text("patient_id\n1\n", encoding="utf-8")
    return made


def test_a_draft_is_made_again_from_what_was_set_and_answered(study: Study):
    set_by_hand(
        study, {("patients", "files"): ["a.csv"], ("patients", "header_row"): [2]}, {"table.lesions": "-"}
    )
    jobs: Any = Started()
    begin_map(jobs, study, "en")

    assert read_settings(study.mapping) == {
        "data": {"patients": {"files": ["a.csv"], "header_row": [2]}},
        "questions": {"table.lesions": "-"},
    }
    assert jobs.arguments[-2:] == ["--data", str(study.data)]


def test_an_answer_is_taken_back(study: Study):
    write_mapping(study.mapping, {}, {"places=x": "lung"})
    assert answers_given(study) == {"places=x": "lung"}
    set_by_hand(study, {}, {"places=x": None})

    assert answers_given(study) == {}


def test_a_mapping_that_was_changed_by_hand_is_only_added_to(study: Study):
    study.mapping.write_text("# mine\ndata:\n  patients:\n    files: [a.csv]\n", encoding="utf-8")
    assert not is_ours(study)
    set_by_hand(study, {("patients", "header_row"): [3]}, {})
    jobs: Any = Started()
    begin_map(jobs, study, "en")

    assert "# mine" in study.mapping.read_text("utf-8")
    assert read_settings(study.mapping)["data"]["patients"] == {"files": ["a.csv"], "header_row": [3]}


def test_what_study_yaml_states_itself_is_changed_there(study: Study):
    study.file.write_text("study: {}\ndata:\n  patients: a.csv # ours\n", encoding="utf-8")
    set_by_hand(study, {("patients", "header_row"): [3]}, {})

    assert read_settings(study.file)["data"]["patients"] == {"files": ["a.csv"], "header_row": [3]}


def test_a_file_that_is_deleted_takes_its_settings_with_it(study: Study):
    set_by_hand(study, {("patients", "files"): ["a.csv"], ("lesions", "files"): ["b.csv"]}, {})
    before = mark_of_files(study)
    forget_file(study, "a.csv")

    assert list(was_set(study)["data"]) == ["lesions"]
    assert mark_of_files(study) != before


TABLE = {
    "table": "patients", "extra": True,
    "columns": [{"header": "Gender", "ours": "sex"}, {"header": "X", "ours": None}],
    "ours": [{"name": "sex"}, {"name": "smoking"}],
}  # fmt: skip
DATA = {"patients": {"files": ["a.csv"], "levels": {}}}


def test_only_columns_that_changed_are_written_with_the_place_of_their_table():
    assert chosen({"c:patients:0": ["sex"], "c:patients:1": [""]}, [TABLE], {}, DATA) == {}
    assert chosen({"c:patients:1": ["smoking"]}, [TABLE], {}, DATA) == {
        ("patients", "files"): ["a.csv"],
        ("patients", "columns", "smoking"): "X",
    }
    assert chosen({"c:patients:1": ["no_such_column"]}, [TABLE], {}, DATA) == {}


def test_a_column_that_is_none_of_ours_keeps_its_own_name():
    lines = chosen({"c:patients:0": [""]}, [TABLE], {}, DATA)

    assert lines["patients", "columns", "Gender"] == "Gender"
    called = TABLE | {"columns": [{"header": "Sex", "ours": "sex"}]}
    assert chosen({"c:patients:0": [""]}, [called], {}, DATA)["patients", "columns", "Sex (own)"] == "Sex"


def test_what_was_typed_counts_before_what_was_chosen_and_codes_are_one_answer():
    word = {"id": "a", "shown": {"codes": []}}
    codes = {"id": "b", "shown": {"codes": ["1", "2"]}}
    form = {"a:a": ["<1%"], "f:a": ["5"], "k:b:1": ["male"], "k:b:2": ["female"]}

    assert answers_of(form, [word, codes]) == {"a": "5", "b": "1=male, 2=female"}
    assert answers_of({"k:b:1": ["male"], "a:a": [""]}, [word, codes]) == {}
