"""What the pages of the browser draw from: each mark has the patients whom its row of results.csv counts."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.report.document import build_document
from oligoscope.report.html.html import row_numbers
from oligoscope.report.main_comparisons import tabulate_main_comparisons
from oligoscope.report.screen.block_values import section_values, table_value
from oligoscope.report.screen.linked_values import Patients, find_patients, linked_values
from oligoscope.report.screen.number_values import number_values
from oligoscope.report.screen.values import bits, marked
from oligoscope.run_documents import SavedRun, numbers_of, patient_files_of, read_run

RUN = Path(__file__).parents[3] / "golden" / "small_run"


@pytest.fixture(scope="module")
def run() -> SavedRun:
    return read_run(RUN)


@pytest.fixture(scope="module")
def patients(run: SavedRun) -> Patients:
    files = patient_files_of(RUN, run.numbers)
    assert files is not None
    return find_patients(run.results, files)


@pytest.fixture(scope="module")
def linked(run: SavedRun, patients: Patients) -> dict[str, Any]:
    return linked_values(run.protocol, run.results, patients)


def held(text: str, n: int) -> list[bool]:
    packed = np.frombuffer(base64.b64decode(text), np.uint8)
    return np.unpackbits(packed, bitorder="little")[:n].astype(bool).tolist()


def test_bits_are_one_a_patient_the_first_the_lowest():
    assert base64.b64decode(bits(np.array([True, False, True, *[False] * 5, True]))) == bytes([5, 1])


def test_only_letters_in_italics_are_cut_out_of_a_text():
    assert marked("plain") == "plain"
    assert marked("*P* below") == [["P", True], [" below", False]]


def test_each_mark_has_as_many_patients_as_its_row_counts(linked: dict[str, Any]):
    n = len(linked["ids"])
    marks = [mark for picture in linked["sets"] for mark in picture["marks"]] + linked["flow"]

    assert len(marks) > 20
    for mark in marks:
        assert ("bits" in mark) != ("why" in mark) or mark in linked["flow"]
        if "bits" in mark:
            assert sum(held(mark["bits"], n)) == mark["n"]


def test_a_mark_is_the_row_of_results_that_it_names(linked: dict[str, Any]):
    rows = pl.read_csv(RUN / "results.csv", infer_schema=False).rows(named=True)
    organ = next(picture for picture in linked["sets"] if picture["name"] == "organ")

    for mark in organ["marks"]:
        row = rows[mark["row"] - 2]
        assert (row["analysis"], row["level"], float(row["value"])) == ("sites", mark["value"], mark["n"])


def test_bands_hold_the_patients_with_both_organs(linked: dict[str, Any]):
    n = len(linked["ids"])

    assert linked["bands"]
    assert all(sum(held(band["bits"], n)) == band["n"] for band in linked["bands"])


def test_patients_are_called_by_study_numbers(linked: dict[str, Any]):
    own = set(pl.read_csv(RUN / "patients.csv", infer_schema=False)["patient_id"])
    key = pl.read_csv(RUN / "study_numbers.csv", infer_schema=False)

    assert set(linked["ids"]) <= set(key["study_number"])
    assert not set(linked["ids"]) & own
    assert numbers_of(RUN) is not None


def test_a_curve_is_the_series_of_the_run_or_says_why_there_is_none(linked: dict[str, Any]):
    for curve in linked["curves"]:
        assert ("groups" in curve) != ("why" in curve)
    drawn = [group for curve in linked["curves"] for group in curve.get("groups", ())]
    assert drawn
    assert all(len(group["months"]) == len(group["survival"]) == len(group["censored"]) for group in drawn)


def test_every_number_has_its_row_and_known_sets(run: SavedRun, patients: Patients):
    found = number_values(run.protocol, run.results, patients)

    assert len(found["rows"]) == len(run.results.estimates)
    places = {row[kind] for row in found["rows"] for kind in ("of", "counted", "at_risk") if kind in row}
    assert places == set(range(len(found["sets"])))
    assert json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_given_whole_with_the_row_of_each_number(run: SavedRun, language: Any):
    document = build_document(run.protocol, run.results, (), run.record)
    rows = row_numbers(run.results)
    sections = section_values(document, rows, language)

    assert [s["id"] for s in sections] == [heading.id for heading, _ in document.sections()]
    blocks = [block for section in sections for block in section["blocks"]]
    cells = [c for b in blocks if b["kind"] == "table" for r in b["body"] for c in r["cells"]]
    named = {cell[1] for cell in cells if len(cell) > 1 and cell[1]}
    assert named <= set(rows.values())
    assert len(named) > 50
    assert json.dumps(sections, allow_nan=False)


def test_the_main_comparisons_are_a_table_of_the_same_rows(run: SavedRun):
    table = tabulate_main_comparisons(run.results)

    assert table is not None
    assert all(len(row.cells) == len(table.columns) for row in table.rows)
    assert table_value(table, row_numbers(run.results), "en")["body"]
