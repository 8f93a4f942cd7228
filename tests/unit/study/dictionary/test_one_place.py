"""A name that is changed in the dictionary is changed wherever it is printed; a definition that is added is there everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# In an interpreter of its own: one declaration is changed before anything has read the dictionary.
CHANGED = """
from dataclasses import replace
from oligoscope.bilingual import Text
from oligoscope.study.dictionary import given_patients

def renamed(column):
    if column.name != "smoking":
        return column
    never, ever = Text("不抽", "Abstainer"), Text("抽烟", "Smoker")
    levels = tuple(replace(level, name=ever if level.word == "ever" else never) for level in column.levels)
    return replace(column, label=Text("抽烟与否", "Tobacco"), levels=levels)

given_patients.PATIENT_COLUMNS = tuple(map(renamed, given_patients.PATIENT_COLUMNS))

from oligoscope.intake.checks.rule_book import tables_in_markdown
from oligoscope.intake.checks.values import parser
from oligoscope.pipeline import run_study
from oligoscope.questions.baseline.table import tabulate_baseline
from oligoscope.questions.predictors.figure import draw_predictors
from oligoscope.report.estimate_words import row_words
from oligoscope.report.patient.patient_files import write_patient_html
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
    # Headers and words that are read stay: `有吸烟史` is still one.
    old = ("| 吸烟史", "| Smoking history") if place == "docs" else ("吸烟史", "Smoking history")
    assert not [word for word in old if word in text], place
assert parser(PATIENTS.column("smoking"))("Abstainer") == "never"
"""


@pytest.mark.slow
def test_a_name_changed_in_the_dictionary_is_changed_wherever_it_is_printed(repository):
    assert _run(CHANGED, repository) == ""


# ---- definitions ----------------------------------------------------------------------------------

ADDED = """
from dataclasses import replace
import polars as pl
from oligoscope.bilingual import Text
from oligoscope.study.dictionary.definitions import (
    PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS, ResistanceDefinition, ResistanceRule,
)
from oligoscope.study.dictionary.terms import Resistance

TWO_AT_MOST = PROGRESSION_DEFINITIONS["two_at_most"] = replace(
    PROGRESSION_DEFINITIONS["strict3"],
    name="two_at_most",
    printed=Text("≤2 个病灶（试验）", "≤2 lesions (made up)"),
    methods=Text("寡进展定义为进展病灶不超过 2 个（试验）", "Oligoprogression meant at most 2 lesions (made up)"),
    source=Text("本测试", "this test"),
    max_lesions=2,
)
ALWAYS_PRIMARY = RESISTANCE_DEFINITIONS["always_primary"] = ResistanceDefinition(
    "always_primary",
    Text("一律原发（试验）", "Always primary (made up)"),
    Text("进展者一律为原发性耐药（试验）。", "Every progression was primary resistance (made up)."),
    Text("本测试", "this test"),
    (ResistanceRule(Resistance.PRIMARY, Text("任何进展", "any progression"), pl.lit(True)),),
)

import sys
from pathlib import Path

import pytest
from oligoscope.errors import StudyFileError
from oligoscope.pipeline import run_study
from oligoscope.questions.definitions.table import tabulate_reclassification
from oligoscope.report.method_sentences import method_sentences
from oligoscope.report.patient.reason_words import rule_text
from oligoscope.study.new_study import write_new_protocol
from oligoscope.questions.registry import KIND_NAMES, KINDS, read_protocol
from spec.patient_tables import protocol, study_tables
from spec.rule_book import progression_definitions, resistance_definitions

read = [
    {"patient_id": f"P{n}", "progressed_day": 300, "n_progressing_lesions": n, "best_response": "PR"} for n in range(1, 7)
]
settings = protocol(
    progression={"preset": "two_at_most"},
    resistance={"preset": "always_primary"},
    analyses=[{"kind": "reclassification"}],
    imputation={"variables": []},
)
run = run_study(settings, study_tables(patients=[{"patient_id": r["patient_id"]} for r in read], progressions=read))
patients, methods = run.derived.patients.sort("patient_id"), method_sentences(settings, run.results)

assert patients["pattern"].to_list() == ["oligoprogression"] * 2 + ["systemic"] * 4
assert set(patients["resistance"]) == {"primary"}
for outcome, definition in (("pattern", TWO_AT_MOST), ("resistance", ALWAYS_PRIMARY)):
    table = repr(tabulate_reclassification(run.results, "progressed", outcome, definition.name))
    assert definition.printed.zh in table and definition.printed.en in table
    assert any(definition.methods.zh in m.zh and definition.methods.en in m.en for m in methods)
assert rule_text("always_primary: any progression").zh == "一律原发（试验）：任何进展"
assert "`two_at_most` | 2 | 不限" in progression_definitions("zh")
assert "`always_primary` | primary | any progression | this test" in resistance_definitions("en")

file = write_new_protocol(Path(sys.argv[1]), KINDS, KIND_NAMES, "en", "huang2025")
written = file.read_text(encoding="utf-8")
for table in (PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS):
    assert f"one of {', '.join(table)}" in written
assert read_protocol(file).progression.preset == "huang2025"
file.write_text(written.replace("preset: huang2025  # one of astro", "preset: two_at_mst  # one of astro"), "utf-8")
try:
    read_protocol(file)
except StudyFileError as error:
    assert "progression.preset = two_at_mst" in str(error) and "did you mean two_at_most?" in str(error)
else:
    raise AssertionError("a definition that there is not was read")
"""


def test_a_definition_that_is_added_is_computed_printed_documented_and_offered(repository, tmp_path):
    """One row in one table; a word that names no row is refused with the nearest that does."""
    assert _run(ADDED, repository, str(tmp_path)) == ""


CRITERIA_ADDED = """
from oligoscope.bilingual import Text
from oligoscope.study.dictionary.criteria import CRITERIA, Criteria

MINE = CRITERIA["mine"] = Criteria(
    "mine",
    Text("自定标准", "our criteria"),
    Text("疗效按自定标准推导（试验）。", "Responses were derived by our criteria (made up)."),
    growth_percent=25,
)

from oligoscope.pipeline import run_study
from oligoscope.report.method_sentences import method_sentences
from oligoscope.report.patient.patient_files import write_patient_html
from oligoscope.report.patient.patient_page import patient_page
from spec.lesion_drawings import lesion_tables
from spec.patient_tables import protocol, study_tables
from spec.sheet import read_drawing

tables = study_tables(**lesion_tables(read_drawing("scan | T1\\nbase | 50\\n42 | 60.5\\n84 | 62.5")))
source = {table: {"files": ["x.csv"]} for table in ("patients", "lesions", "measurements")}
responses = {}
for criteria in ("recist_1_1", "mine"):
    settings = protocol(data=source, response={"criteria": criteria}, imputation={"variables": []}, analyses=[])
    run = run_study(settings, tables)
    responses[criteria] = run.derived.responses["overall_response"].to_list()
assert responses == {"recist_1_1": ["PD", "PD"], "mine": ["SD", "PD"]}, responses
assert any(MINE.methods.en in m.en and MINE.methods.zh in m.zh for m in method_sentences(settings, run.results))
page = patient_page(run, tables, run.derived.patients["patient_id"][0])
assert "按 自定标准 定日期" in write_patient_html(page, "zh") and "（自定标准 与 iRECIST）" in write_patient_html(page, "zh")
assert "dated by our criteria" in write_patient_html(page, "en").lower()
"""


@pytest.mark.slow
def test_criteria_that_are_added_are_offered_computed_and_printed(repository):
    """One row; 60.5 mm over 50 mm is progression at 20 % and not at 25 %."""
    assert _run(CRITERIA_ADDED, repository) == ""


def _run(script: str, repository: Path, *arguments: str) -> str:
    paths = "import sys; sys.path[:0] = ['src', 'tests']\n"
    done = subprocess.run(
        [sys.executable, "-c", paths + script, *arguments],
        cwd=repository,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    return done.stderr if done.returncode else ""
