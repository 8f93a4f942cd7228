"""A name that is changed in the dictionary is changed wherever it is printed; a definition that is added is there everywhere."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest

from oligoscope.bilingual import Text
from oligoscope.errors import StudyFileError
from oligoscope.pipeline import run_study
from oligoscope.questions.definitions.table import tabulate_reclassification
from oligoscope.report.method_sentences import method_sentences
from oligoscope.study.dictionary.definitions import (
    PROGRESSION_DEFINITIONS,
    RESISTANCE_DEFINITIONS,
    ResistanceDefinition,
    ResistanceRule,
)
from oligoscope.study.dictionary.terms import Resistance
from oligoscope.study.new_study import write_new_protocol
from oligoscope.study.study_file import read_protocol
from spec.patient_tables import protocol, study_tables
from spec.rule_book import progression_definitions, resistance_definitions

# In an interpreter of its own: one declaration is changed before anything has read the dictionary.
CHANGED = """
from dataclasses import replace
from oligoscope.bilingual import Text
from oligoscope.study.dictionary import given

def renamed(column):
    if column.name != "smoking":
        return column
    never, ever = Text("不抽", "Abstainer"), Text("抽烟", "Smoker")
    levels = tuple(replace(level, name=ever if level.word == "ever" else never) for level in column.levels)
    return replace(column, label=Text("抽烟与否", "Tobacco"), levels=levels)

given.PATIENT_COLUMNS = tuple(renamed(column) for column in given.PATIENT_COLUMNS)

from oligoscope.intake.checks.rule_book import tables_in_markdown
from oligoscope.intake.checks.values import parser
from oligoscope.pipeline import run_study
from oligoscope.questions.baseline.table import tabulate_baseline
from oligoscope.questions.predictors.figure import draw_predictors
from oligoscope.report.estimate_words import row_words
from oligoscope.report.patient.patient_html import write_patient_html
from oligoscope.report.patient.patient_page import patient_page
from oligoscope.study.schemas import PATIENTS
from spec.patient_tables import protocol, study_tables

ids = [f"P{i}" for i in range(40)]
tables = study_tables(
    patients=[{"patient_id": p, "smoking": "ever" if i % 3 else "never"} for i, p in enumerate(ids)],
    progressions=[
        {"patient_id": p, "progressed_day": 50 + i, "n_progressing_lesions": 2 + 6 * (i % 2), "best_response": "PR",
         "progressing_organs": "lung"}
        for i, p in enumerate(ids)
    ],
)
asked = [{"kind": kind, "variables": ["smoking"]} for kind in ("baseline", "predictors")]
run = run_study(protocol(analyses=asked, imputation={"variables": []}, matching={"covariates": ["smoking"]}), tables)
figure = draw_predictors(run.results)
printed = {
    "table": repr(tabulate_baseline(run.results)),
    "figure": figure.alt.en + figure.alt.zh,
    "numbers": repr([row_words(e, {}) for e in run.results.estimates]),
    "patient": "".join(write_patient_html(patient_page(run, tables, "P1"), language) for language in ("zh", "en")),
    "docs": tables_in_markdown(),
}
for place, text in printed.items():
    for word in ("抽烟与否", "Tobacco", "抽烟", "Smoker"):
        assert word in text, (place, word)
    assert "吸烟史" not in text and "Smoking history" not in text, place
assert parser(PATIENTS.column("smoking"))("Abstainer") == "never"
"""


def test_a_name_changed_in_the_dictionary_is_changed_wherever_it_is_printed(repository):
    paths = "import sys; sys.path[:0] = ['src', 'tests']\n"
    done = subprocess.run(
        [sys.executable, "-c", paths + CHANGED], cwd=repository, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


# ---- definitions ----------------------------------------------------------------------------------

TWO_AT_MOST = replace(
    PROGRESSION_DEFINITIONS["strict3"],
    name="two_at_most",
    printed=Text("≤2 个病灶（试验）", "≤2 lesions (made up)"),
    methods=Text(
        "寡进展定义为进展病灶不超过 2 个（试验）", "Oligoprogression meant at most 2 lesions (made up)"
    ),
    source=Text("本测试", "this test"),
    max_lesions=2,
)
ALWAYS_PRIMARY = ResistanceDefinition(
    "always_primary",
    Text("一律原发（试验）", "Always primary (made up)"),
    Text("进展者一律为原发性耐药（试验）。", "Every progression was primary resistance (made up)."),
    Text("本测试", "this test"),
    (ResistanceRule(Resistance.PRIMARY, Text("任何进展", "any progression"), pl.lit(True)),),
)


@pytest.fixture
def made_up(monkeypatch):
    """One definition more of either kind: one value in one table."""
    monkeypatch.setitem(PROGRESSION_DEFINITIONS, TWO_AT_MOST.name, TWO_AT_MOST)
    monkeypatch.setitem(RESISTANCE_DEFINITIONS, ALWAYS_PRIMARY.name, ALWAYS_PRIMARY)


def test_a_definition_that_is_added_is_computed_printed_and_documented(made_up):
    patients = [{"patient_id": f"P{n}"} for n in range(1, 7)]
    read = [
        {"patient_id": f"P{n}", "progressed_day": 300, "n_progressing_lesions": n, "best_response": "PR"}
        for n in range(1, 7)
    ]
    settings = protocol(
        progression={"preset": "two_at_most"},
        resistance={"preset": "always_primary"},
        analyses=[{"kind": "reclassification"}],
        imputation={"variables": []},
    )
    run = run_study(settings, study_tables(patients=patients, progressions=read))

    assert (
        run.derived.patients.sort("patient_id")["pattern"].to_list()
        == ["oligoprogression"] * 2 + ["systemic"] * 4
    )
    assert set(run.derived.patients["resistance"]) == {"primary"}
    for outcome, definition in (("pattern", TWO_AT_MOST), ("resistance", ALWAYS_PRIMARY)):
        table = tabulate_reclassification(run.results, "progressed", outcome, definition.name)
        assert definition.printed.zh in repr(table)
        assert definition.printed.en in repr(table)
    methods = method_sentences(settings, run.results)
    for definition in (TWO_AT_MOST, ALWAYS_PRIMARY):
        assert any(definition.methods.zh in sentence.zh for sentence in methods)
        assert any(definition.methods.en in sentence.en for sentence in methods)
    for language in ("zh", "en"):
        assert f"`two_at_most` | 2 | {'不限' if language == 'zh' else 'any'}" in progression_definitions(
            language
        )
        assert "`always_primary`" in resistance_definitions(language)


def test_a_new_study_file_offers_the_definitions_and_no_others_are_read(made_up, tmp_path):
    file = write_new_protocol(tmp_path, "en")
    written = file.read_text(encoding="utf-8")

    for table in (PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS):
        assert f"one of {', '.join(table)}" in written
    file.write_text(
        written.replace("preset: huang2025  # one of astro", "preset: two_at_mst  # one of astro"), "utf-8"
    )
    with pytest.raises(
        StudyFileError, match=r"progression\.preset = two_at_mst .*did you mean two_at_most\?"
    ):
        read_protocol(file)
