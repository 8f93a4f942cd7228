"""docs/worked-example.md and its Chinese page: what they print is what the commands answer."""

from __future__ import annotations

import re
import sys

import polars as pl
import pytest
from typer.testing import CliRunner

from oligoscope import cli
from oligoscope.demo.cohort import make_cohort
from script_modules import script

if sys.platform == "win32":
    pytest.skip("the questions are put at a terminal of Linux or macOS", allow_module_level=True)

printing = script("print_worked_example")
PAGES = {language: path.read_text(encoding="utf-8") for language, path in printing.PAGES.items()}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answers_are_those_of_the_commands(language, tmp_path):
    page = PAGES[language]

    assert printing.printed_page(page, tmp_path) == page


@pytest.mark.slow
def test_the_labels_are_those_that_the_patients_were_drawn_with(tmp_path):
    workbook = script("messy_workbook")
    workbook.write_workbook(tmp_path / "registry", "en", corrected=True)
    (tmp_path / "answers.txt").write_text("2025-04-08\npleura\n\n\n\n\n", encoding="utf-8")
    for words in (
        ["map", tmp_path / "registry", "--answers", tmp_path / "answers.txt"],
        ["derive", tmp_path / "registry", "--out", tmp_path / "out"],
    ):
        assert CliRunner().invoke(cli.app, [str(word) for word in words]).exit_code == 0

    labels = ("patient_id", "pattern", "resistance")
    drawn = (
        make_cohort(workbook.SEED, workbook.PROGRESSED).truth.filter(pl.col("excluded") == "").select(labels)
    )
    found = pl.read_csv(tmp_path / "out" / "patients.csv", infer_schema_length=0)
    found = found.filter(pl.col("patient_id").is_in(drawn["patient_id"].implode())).select(labels)
    assert found.fill_null("").sort("patient_id").equals(drawn.fill_null("").sort("patient_id"))
    assert drawn.height == 85


def test_both_pages_run_the_same_commands():
    commands = {
        language: [re.findall(r"oligoscope \w+|--corrected|scripts/\w+", found["command"]) for found in printing.BLOCK.finditer(page)]
        for language, page in PAGES.items()
    }  # fmt: skip

    assert commands["en"] == commands["zh"]
    assert len(commands["en"]) == 6


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pictures_are_those_of_the_page(language):
    shown = re.findall(r"images/worked-example/(\w+)\.(\w+)\.png", PAGES[language])

    assert shown == [(name, language) for name, _, _ in printing.SHOWN[language]]
