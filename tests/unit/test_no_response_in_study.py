"""A whole study whose team gave no response, or no lesions: what cannot be known is neither given nor described."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.checked_study import check_study
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.printing.blocks import Document, FigureBlock, Paragraph, TableBlock
from oligoscope.report.document import build_document
from oligoscope.report.method_sentences import method_sentences
from oligoscope.report.r_script.calls import settings_of
from oligoscope.results.analyses import RECLASSIFICATION, RESPONSE_RATE, RESPONSE_SERIES, SURVIVAL
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode

STUDY = """study: {title: t, preset: null}
data: {cohort: c.csv}
analyses:
  - {kind: survival, outcomes: [pps]}
  - {kind: survival, by: resistance, where: {pattern: oligoprogression}, outcomes: [pps]}
  - {kind: survival, where: {resistance: primary}, outcomes: [os]}
  - {kind: response_rate}
  - {kind: reclassification}
"""
# What a text of responses or of resistance would say; a reason why there is none says neither a rate nor a type.
OF_RESPONSES = {
    "en": re.compile(
        r"response rate|disease control|primary resistance|acquired|unclassifiable|without CR", re.I
    ),
    "zh": re.compile(r"缓解率|疾病控制|原发性耐药|继发性耐药|无法分类|未获 CR"),
}


def write(folder: Path, *, response: str | None, more: str = "") -> None:
    """Forty patients who progressed; every response is this word, of None there is no column."""
    names = ["patient_id", "pattern", "pfs_days", "pfs_event", "os_days", "os_event"]
    names += ([] if response is None else ["best_response"]) + ([more] if more else [])
    rows = [",".join(names)]
    for i in range(40):
        pattern = "oligo" if i % 2 else "systemic"
        cells = [f"P{i:02}", pattern, 100 + 10 * i, 1, 300 + 17 * i, int(i % 5 > 0)]
        cells += ([] if response is None else [response]) + ([1 + i % 9] if more else [])
        rows.append(",".join(map(str, cells)))
    (folder / "c.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")


def run(folder: Path) -> StudyRun:
    checked = check_study(folder)
    return run_study(checked.protocol, checked.tables)


@pytest.fixture(scope="module", params=[None, ""], ids=["no column", "blank for all"])
def without(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> StudyRun:
    folder = tmp_path_factory.mktemp("without")
    write(folder, response=request.param)
    return run(folder)


@pytest.fixture(scope="module")
def document(without: StudyRun) -> Document:
    return build_document(without.protocol, without.results)


def texts(document: Document) -> Iterator[Text]:
    """All but the list of numbers that are not given, which names the analyses that were asked for."""
    for block in document.blocks:
        match block:
            case Paragraph(text=text):
                yield text
            case FigureBlock(figure=figure):
                yield from (figure.title, figure.caption, figure.alt)
            case TableBlock(table=table) if table.id != "withheld":
                yield from (
                    table.title,
                    *table.notes,
                    *(cell.text for row in table.rows for cell in row.cells),
                )


def test_no_rate_and_no_type_of_resistance_has_a_number(without: StudyRun):
    rates = without.results.find(analysis=RESPONSE_RATE)
    types = without.results.find(analysis=RECLASSIFICATION, outcome="resistance")

    assert [(e.value, str(e.warning)) for e in rates] == [(None, "response_not_recorded")]
    assert [str(e.warning) for e in types if e.warning] == ["resistance_not_known"]
    assert not [e for e in types if e.value]


@pytest.mark.parametrize("population", ["progressed:oligoprogression", "progressed:primary"])
def test_survival_by_or_of_a_type_of_resistance_says_why_it_is_not_given(without: StudyRun, population: str):
    found = without.results.find(analysis=SURVIVAL, population=population)

    assert [(e.value, str(e.warning)) for e in found] == [(None, "resistance_not_known")]


def test_the_course_of_the_patients_says_that_no_response_is_known(without: StudyRun):
    found = without.results.find(analysis=RESPONSE_SERIES, outcome="best_response")

    assert [e.population for e in found] == ["treated", "progressed"]
    assert all(e.warning.has_only(WarningCode.RESPONSE_NOT_RECORDED) for e in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_table_or_figure_is_of_responses_or_resistance(document: Document, language: Language):
    assert [t[language] for t in texts(document) if OF_RESPONSES[language].search(t[language])] == []


def test_the_swimmer_plot_has_no_colours_of_responses(document: Document):
    figure = next(f for f in document.figures() if f.id == "swimmer_treated")

    assert "response" not in (figure.title.en + figure.caption.en).lower()
    assert "疗效" not in figure.title.zh + figure.caption.zh
    assert figure.painter("en") is not None


def test_the_methods_say_only_what_was_given(without: StudyRun):
    found = " ".join(t.en for t in method_sentences(without.protocol, without.results))

    assert "First progressions were read by the study team and used as given" in found
    assert "best overall response" not in found
    assert "Resistance" not in found


def test_without_lesions_no_other_definition_has_a_table_or_a_sentence(without: StudyRun, document: Document):
    found = without.results.find(analysis=RECLASSIFICATION, outcome="pattern")
    tables = [block.table.id for block in document.blocks if isinstance(block, TableBlock)]

    assert [str(e.warning) for e in found if e.warning] == ["lesions_not_recorded"]
    assert not [name for name in tables if name.startswith(("reclassification", "response_rate"))]
    assert not [t for t in texts(document) if "the program applied the definitions" in t.en]
    assert not [t for t in texts(document) if "pattern depends on the definition" in t.en]


def test_the_r_script_does_not_compute_again_what_was_not_given(without: StudyRun):
    written = settings_of(without)

    assert 'kind = "response_rate"' not in written
    assert '"resistance"' not in written
    assert 'kind = "survival"' in written


def test_ne_for_all_is_a_response_that_a_team_gave(tmp_path: Path):
    write(tmp_path, response="NE")
    found = run(tmp_path).results

    rates = found.find(analysis=RESPONSE_RATE, variable="orr", group="all", statistic=Statistic.PERCENT)
    assert [e.value for e in rates] == [0.0]
    assert found.find(analysis=SURVIVAL, population="progressed:oligoprogression", outcome="pps")
    assert not [e for e in found.estimates if e.warning.has(WarningCode.RESISTANCE_NOT_KNOWN)]


def test_with_a_count_of_lesions_the_other_definitions_are_applied_without_responses(tmp_path: Path):
    write(tmp_path, response=None, more="n_progressing_lesions")
    study = run(tmp_path)
    tables = [
        b.table.id for b in build_document(study.protocol, study.results).blocks if isinstance(b, TableBlock)
    ]

    assert [name for name in tables if name.startswith("reclassification")] == ["reclassification_pattern"]
    assert study.results.find(analysis=RECLASSIFICATION, outcome="pps", statistic=Statistic.HAZARD_RATIO)
    assert (
        study.results.find(analysis=RECLASSIFICATION, outcome="resistance", statistic=Statistic.KAPPA) == []
    )


def test_responses_without_a_pattern_are_estimated(tmp_path: Path):
    write(tmp_path, response="PR")
    text = (tmp_path / "c.csv").read_text(encoding="utf-8")
    (tmp_path / "c.csv").write_text(text.replace("pattern,", "ward,"), encoding="utf-8")
    (tmp_path / "study.yaml").write_text(
        STUDY.replace("{kind: response_rate}", "{kind: response_rate, by: ward}"), "utf-8"
    )
    study = run(tmp_path)
    said = " ".join(t.en for t in method_sentences(study.protocol, study.results))

    rates = study.results.find(
        analysis=RESPONSE_RATE, variable="orr", group="all", statistic=Statistic.PERCENT
    )
    assert [e.value for e in rates] == [100.0]
    assert "Responses and first progressions were read by the study team" in said
