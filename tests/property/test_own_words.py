"""Words of the user's stay the user's: columns and levels of any name, through a whole study and its report.

A small synthetic cohort is given columns whose levels are our own words (every one of the vocabulary), hold the
separators of keys, or are shared by several columns. Nothing may be missing, and nothing may be translated.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import polars as pl
import pytest

from oligoscope.bilingual import LANGUAGES, Language
from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.pipeline import run_study
from oligoscope.printing.blocks import Document, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.table import Table
from oligoscope.questions.baseline.table import tabulate_baseline
from oligoscope.questions.predictors.table import tabulate_predictors
from oligoscope.questions.response.table import tabulate_response_rate
from oligoscope.questions.sites.table import tabulate_sites
from oligoscope.questions.sites.upset import sets_of
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.questions.timing.table import tabulate_timing
from oligoscope.report.document import build_document
from oligoscope.report.estimate_words import row_words, rule_words
from oligoscope.results.analyses import BASELINE, SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results_files import read_results, write_results
from oligoscope.study.keys import Level, parts_of
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import NAMES

HOSTILE = (
    "A vs B", "A", "B", "A vs B vs C", "EGFR: L858R", "a, b", "HER2/neu", "x -> y", "x=y", "a; b", "5%", "50 % a", "not_done",
    "Upper Case", "per unit", "core", "huang2025", "month", "screened", "None", "NULL", "nan", "-", "PR", "CR", "a:b:c", "progressed:male",
)  # fmt: skip
OWN = {
    # column: levels in turn
    "word": tuple(dict.fromkeys((*NAMES, *HOSTILE))),
    "arm": ("ICI", "ICI vs chemo"),
    "steroids": ("yes", "no"),
    "HER2/neu": ("yes", "no"),
    "lung": ("systemic", "oligoprogression"),  # both the name of an organ and our patterns
    "grp, of: x=y": ("all", "primary", "treated"),
    "month": ("0-1", "window", "tier"),
    "log_rank": ("a", "b"),
}


@dataclass(frozen=True)
class Made:
    protocol: Protocol
    results: Results
    patients: pl.DataFrame  # of the progressed population


def analyses() -> str:
    names = ", ".join(f'"{name}"' for name in (*OWN, "dose of x"))
    lines = [
        f"{{kind: baseline, variables: [{names}]}}",
        'kind: baseline, by: "grp, of: x=y", variables: [sex, word]',
        "kind: baseline, by: word, variables: [sex]",
        'kind: response_rate, by: "grp, of: x=y"',
        'kind: sites, by: "grp, of: x=y"',
        'kind: timing, by: "grp, of: x=y"',
        *(f'kind: survival, by: "{by}", outcomes: [os]' for by in OWN if by != "word"),
        "kind: survival, by: pattern, outcomes: [os]",
        "kind: survival, by: resistance, outcomes: [os]",
        "kind: survival, outcomes: [os], where: {arm: ICI vs chemo}",
        "kind: survival, outcomes: [os], where: {steroids: yes}",
        'kind: survival, outcomes: [os], where: {"HER2/neu": yes}',
        "kind: survival, outcomes: [os], where: {sex: male}",
        'kind: survival, outcomes: [os], where: {"grp, of: x=y": all}',
        'kind: subgroups, by: arm, outcomes: [os], variables: [steroids, "HER2/neu", lung, month], minimum_events: 1',
        'kind: predictors, variables: [arm, lung, "HER2/neu"]',
        "kind: competing_risks, population: treated, variables: [arm, lung], minimum_events: 1",
    ]
    return "\n".join(
        f"  - {{{line.strip('{}')}}}" if line.startswith("{") else f"  - {{{line}}}" for line in lines
    )


def give_columns(path: Path) -> None:
    """Add the columns to patients.csv, each with its levels in turn."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    turns = {column: cycle(levels) for column, levels in OWN.items()}
    for row in rows:
        row |= {column: next(turn) for column, turn in turns.items()}
    # One column is made of halves, so that its levels do not go with those of another.
    for i, row in enumerate(rows):
        row["HER2/neu"] = OWN["HER2/neu"][(i // 2) % 2]
        row["arm"] = OWN["arm"][(i // 4) % 2]
        row["lung"] = OWN["lung"][(i // 3) % 2]
        row["dose of x"] = f"{(i * 7) % 50}.5"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def make(folder: Path, labels: str = "") -> Made:
    write_cohort(make_cohort(20250408, 130), folder)
    give_columns(folder / "patients.csv")
    text = f"""study: {{title: own words, preset: huang2025, synthetic: true}}
data: {{patients: patients.csv, lesions: lesions.csv, measurements: measurements.csv, treatments: treatments.csv}}
imputation: {{m: 1}}
analyses:
{analyses()}
{labels}
"""
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    checked = check_study(folder)
    run = run_study(checked.protocol, checked.tables)
    return Made(checked.protocol, run.results, run.cohort.population("progressed"))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    return make(tmp_path_factory.mktemp("own"))


def first_cells(table: Table, language: Language) -> list[str]:
    return [row.cells[0].text[language] for row in table.rows]


def levels_in(made: Made, column: str) -> set[str]:
    return set(made.patients[column].drop_nulls().cast(pl.String))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_has_a_row_of_the_table_under_its_own_word(made, language):
    table = tabulate_baseline(made.results, "progressed", "pattern")

    names = first_cells(table, language)
    for column in OWN:
        heads = [
            i for i, row in enumerate(table.rows) if row.is_heading and names[i] == column.replace("_", " ")
        ]
        (start,) = heads
        own = levels_in(made, column)
        assert set(names[start + 1 : start + 1 + len(own)]) == own


@pytest.mark.parametrize("column", list(OWN))
def test_every_level_is_counted(made, column):
    counts = {
        str(e.level): e.value
        for e in made.results.find(
            analysis=BASELINE,
            population="progressed",
            outcome="pattern",
            group="all",
            variable=column,
            statistic=Statistic.N,
        )
    }

    expected = dict(made.patients.filter(pl.col("pattern").is_not_null())[column].value_counts().iter_rows())
    assert counts == {str(level): n for level, n in expected.items() if level is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_are_named_by_their_own_words(made, language):
    by = "grp, of: x=y"
    tables = [
        tabulate_baseline(made.results, "progressed", by),
        tabulate_response_rate(made.results, "progressed", by),
        tabulate_sites(made.results, "progressed", by),
        tabulate_timing(made.results, "progressed", by),
    ]

    for table in tables:
        heads = [column.text[language] for column in table.columns]
        assert {"all", "primary", "treated"} <= set(heads), table.id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", [by for by in OWN if by != "word"])
def test_curves_of_columns_that_share_words_keep_their_own_numbers(made, by, language):
    table = tabulate_survival(made.results, "progressed", by)

    rows = {row.cells[0].text[language]: row.cells[1].text["en"] for row in table.rows if not row.is_heading}
    expected = dict(made.patients.drop_nulls("os_days")[by].value_counts().iter_rows())
    assert rows == {level: str(n) for level, n in expected.items()}
    n_given = sum(
        e.statistic == Statistic.P_VALUE and e.variable == "log_rank"
        for e in made.results.find(analysis=SURVIVAL)
    )
    assert n_given >= len(OWN) - 1  # none was lost to another with the same words


def test_parts_of_a_population_that_share_a_word_are_distinct(made):
    populations = {str(e.population) for e in made.results.find(analysis=SURVIVAL)}

    assert populations == {
        "progressed", "progressed:arm=ICI vs chemo", "progressed:steroids=yes", "progressed:HER2/neu=yes", "progressed:male",
        "progressed:grp, of: x=y=all",
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_comparisons_name_both_levels(made, language):
    names = first_cells(tabulate_predictors(made.results, "progressed", "pattern"), language)

    # One row a level, and one for the reference of them.
    assert {"ICI", "ICI vs chemo", "oligoprogression", "systemic"} <= set(names)


def test_results_read_back_are_the_results_written(made, tmp_path):
    write_results(made.results, tmp_path)

    read = read_results(tmp_path)

    rules = rule_words(made.protocol)
    assert [e.key for e in read.estimates] == [e.key for e in made.results.estimates]
    assert [row_words(e, rules) for e in read.estimates] == [
        row_words(e, rules) for e in made.results.estimates
    ]
    again, first = (build_document(made.protocol, results) for results in (read, made.results))
    for language in LANGUAGES:
        assert texts(again, language) == texts(first, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_found_under_the_words_of_the_data(made, language):
    """Links, the workbook and the pages of numbers name each row of results.csv by its keys."""
    rules = rule_words(made.protocol)
    checked = 0
    for estimate in made.results.estimates:
        for part in (*parts_of(estimate.group), *parts_of(estimate.level)):
            if isinstance(part, Level) and part.variable in OWN:
                assert part.word in row_words(estimate, rules)[language]
                checked += 1
    assert checked > 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_of_any_words_are_drawn_and_name_them(made, language):
    pictures = [
        b.figure for b in build_document(made.protocol, made.results).blocks if isinstance(b, FigureBlock)
    ]
    curves = next(p for p in pictures if "steroids" in p.id)
    words = next(p for p in pictures if "grp, of: x=y" in p.title[language] and "Kaplan" in p.title[language])

    curves.painter(language)
    words.painter(language)
    assert [f"{level}" in words.alt[language] for level in ("all", "primary", "treated")] == [True] * 3


def test_sets_of_organs_count_the_patients_of_every_group(made):
    shown = sets_of(made.results, "progressed", "grp, of: x=y")

    assert len(shown.sizes) == 3
    assert all(set(counts) <= set(shown.sizes) for _, counts in shown.sets)
    assert sum(n for _, counts in shown.sets for n in counts.values()) + shown.n_left_out[0] == shown.n


LABELS = """labels:
  arm: {zh: 治疗组, en: Treatment arm, levels: {ICI: {zh: 单药, en: ICI alone}, ICI vs chemo: Either}}
  steroids: {zh: 激素, levels: {yes: {zh: 用, en: Used}, no: {zh: 未用, en: Not used}}}
  dose of x: {en: Dose, zh: 剂量, unit: mg/d}
"""


@pytest.fixture(scope="module")
def labelled(tmp_path_factory) -> Made:
    return make(tmp_path_factory.mktemp("labelled"), LABELS)


def test_labels_name_columns_and_levels_in_both_languages(labelled):
    baseline = tabulate_baseline(labelled.results, "progressed", "pattern")
    survival = tabulate_survival(labelled.results, "progressed", by_of(labelled, "arm"))
    predictors = tabulate_predictors(labelled.results, "progressed", "pattern")

    assert {"治疗组", "单药", "Either", "激素", "用", "未用"} <= set(first_cells(baseline, "zh"))
    assert {"Treatment arm", "ICI alone", "Either", "steroids", "Used", "Not used"} <= set(
        first_cells(baseline, "en")
    )
    assert first_cells(survival, "zh")[1:] == ["单药", "Either"]
    assert "按治疗组分组" in survival.title.zh
    assert "by Treatment arm" in survival.title.en
    assert {"ICI alone", "Either"} <= set(first_cells(predictors, "en"))
    text = "\n".join(texts(build_document(labelled.protocol, labelled.results), "zh"))
    assert "单药 vs Either" in text
    assert "激素：用" in text
    assert "ICI vs chemo" not in text


def test_a_declared_unit_is_the_unit_of_the_numbers(labelled):
    (row,) = labelled.results.find(
        analysis=BASELINE,
        outcome="pattern",
        population="progressed",
        group="all",
        variable="dose of x",
        statistic=Statistic.MEDIAN,
    )

    assert row.unit == "mg/d"
    names = tabulate_baseline(labelled.results, "progressed", "pattern")
    assert any(n.startswith("Dose, mg/d, ") for n in first_cells(names, "en"))
    assert any(n.startswith("剂量/mg/d，") for n in first_cells(names, "zh"))


def test_labels_change_no_number_and_no_key(made, labelled):
    assert made.results.frame().equals(
        labelled.results.frame().with_columns(unit=pl.col("unit").replace("mg/d", ""))
    )


def test_labels_are_read_back_with_the_results(labelled, tmp_path):
    write_results(labelled.results, tmp_path)
    protocol = Protocol.model_validate(labelled.protocol.model_dump(mode="json"))

    again, first = (build_document(protocol, r) for r in (read_results(tmp_path), labelled.results))
    for language in LANGUAGES:
        assert texts(again, language) == texts(first, language)


def by_of(made: Made, column: str) -> str:
    """The column as the protocol holds it, with its labels."""
    return next(by for _, by in made.protocol.asked("survival") if by == column)


def texts(document: Document, language: Language) -> list[str]:
    """Every text of the document but those drawn inside figures."""
    found: list[str] = []
    for block in document.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text) | Notice(text=text):
                found.append(text[language])
            case TableBlock(table=table):
                found += [table.title[language], *(note[language] for note in table.notes)]
                found += [cell.text[language] for row in table.rows for cell in row.cells]
                found += [column.text[language] for column in table.columns]
            case FigureBlock(figure=figure):
                found += [t[language] for t in (figure.title, figure.caption, figure.alt)]
            case _:
                pass
    return found
