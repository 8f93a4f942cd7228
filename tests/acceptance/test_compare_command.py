"""`oligoscope compare`: a study's numbers beside those a paper prints, and everything it refuses."""

from __future__ import annotations

import json

import polars as pl
import pytest

from acceptance.commands import as_process, oligoscope
from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.pipeline import run_study
from oligoscope.published.paper import read_published
from oligoscope.results_files import write_results


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """What `compare` reads of an output folder: results.csv."""
    folder = tmp_path_factory.mktemp("compare")
    checked = check_study(write_cohort(make_cohort(20250408, 60), folder / "study"))
    write_results(run_study(checked.protocol, checked.tables).results, folder)
    return folder


def test_every_printed_number_is_a_line_and_the_last_says_how_many_agree(out):
    done = oligoscope("compare", out, "huang2025")

    lines = done.stdout.splitlines()
    assert len(lines) > len(read_published("huang2025").results.estimates)
    assert "baseline|progressed" in done.stdout
    assert "are within tolerance" in lines[-1]


def test_the_file_gives_the_same_answer_as_its_folder(out):
    of_folder = oligoscope("compare", out, "huang2025")

    assert as_process("compare", out / "results.csv", "huang2025").stdout == of_folder.stdout


def test_the_language_is_that_asked_for(out):
    english = oligoscope("compare", out, "huang2025").stdout
    chinese = oligoscope("compare", out, "huang2025", "--lang", "zh").stdout

    assert len(english.splitlines()) == len(chinese.splitlines())
    assert not any("\u4e00" <= c <= "\u9fff" for c in english)
    assert any("\u4e00" <= c <= "\u9fff" for c in chinese.splitlines()[-1])


def test_json_holds_every_number_and_the_counts(out):
    answer = json.loads(oligoscope("compare", out, "huang2025", "--json").stdout)

    assert (answer["published"], answer["out"]) == ("huang2025", None)
    assert sum(part["n"] for part in answer["agreement"].values()) <= len(answer["numbers"])
    for part in answer["agreement"].values():
        assert 0 <= part["within"] <= part["n"]


def test_the_table_is_written_for_spreadsheets(out, tmp_path):
    file = tmp_path / "new" / "compared.csv"

    answer = json.loads(oligoscope("compare", out, "huang2025", "--json", "--out", file).stdout)

    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert pl.read_csv(file, infer_schema=False).height == len(answer["numbers"])


def test_an_unknown_paper_is_wrong_usage_and_the_known_ones_are_named(out):
    done = oligoscope("compare", out, "huang2026", check=2)

    assert "huang2026" in done.stderr
    assert "huang2025" in done.stderr
    assert done.stdout == ""


def test_a_yaml_file_that_is_no_paper_is_wrong_usage(out, tmp_path):
    (tmp_path / "mine.yaml").write_text("study: {title: A}\n", encoding="utf-8")

    assert (
        "mine.yaml does not have the layout"
        in oligoscope("compare", out, tmp_path / "mine.yaml", check=2).stderr
    )


def test_a_folder_without_results_is_wrong_usage(tmp_path):
    done = oligoscope("compare", tmp_path, "huang2025", check=2)

    assert "results.csv does not exist" in done.stderr


def test_a_table_of_somebody_else_is_wrong_usage(tmp_path):
    (tmp_path / "results.csv").write_text("patient,score\nP1,3\n", encoding="utf-8")

    done = oligoscope("compare", tmp_path, "huang2025", check=2)

    assert "is not a results.csv of Oligoscope" in done.stderr


def test_another_kind_of_file_is_not_written(out, tmp_path):
    done = oligoscope("compare", out, "huang2025", "--out", tmp_path / "compared.xlsx", check=2)

    assert ".csv" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_in_json_a_refusal_is_json_too(tmp_path):
    done = as_process("compare", tmp_path, "huang2025", "--json", check=2)

    answer = json.loads(done.stdout)
    assert answer["error"] == "UsageError"
    assert "results.csv" in answer["message"]
