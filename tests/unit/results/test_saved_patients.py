"""The patients of numbers, saved with the run and read back."""

from __future__ import annotations

import json

import pytest

from oligoscope.errors import UsageError
from oligoscope.results.results import Results
from oligoscope.results_files import read_results, write_results
from unit.eight_patients import ESTIMATES, results


def saved(folder):
    return folder / "series" / "patients.json"


@pytest.fixture
def folder(tmp_path):
    write_results(results(), tmp_path)
    return tmp_path


def test_what_is_read_equals_what_was_written(folder):
    assert [e.patients for e in read_results(folder).estimates] == [e.patients for e in results().estimates]


def test_each_selection_is_saved_once(folder):
    found = json.loads(saved(folder).read_text("utf-8"))

    for name in ("terms", "selections", "made_from"):
        assert len({json.dumps(one) for one in found[name]}) == len(found[name])
    assert len(found["rows"]) == len(ESTIMATES)


def test_a_run_without_them_is_read_without_them(folder):
    saved(folder).unlink()

    assert {e.patients for e in read_results(folder).estimates} == {None}


def test_patients_of_other_rows_are_not_taken(folder):
    """As where somebody sorted results.csv."""
    table = folder / "results.csv"
    head, first, *others = table.read_text("utf-8").splitlines()
    table.write_text("\n".join((head, *others, first)) + "\n", "utf-8")

    assert {e.patients for e in read_results(folder).estimates} == {None}


def test_a_file_that_cannot_be_read_is_refused_in_words(folder):
    found = json.loads(saved(folder).read_text("utf-8"))
    saved(folder).write_text(json.dumps({**found, "terms": []}), "utf-8")

    with pytest.raises(UsageError, match="cannot be read"):
        read_results(folder)


def test_numbers_without_patients_make_no_file(tmp_path):
    write_results(Results(ESTIMATES), tmp_path)

    assert not saved(tmp_path).exists()
