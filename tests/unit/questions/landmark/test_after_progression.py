"""Survival from a landmark after progression in table, figure, sentences and Methods."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from oligoscope.questions.landmark.after_progression import compare_after_progression
from oligoscope.questions.landmark.after_progression_figure import draw_after_progression, has_curves
from oligoscope.questions.landmark.after_progression_section import (
    after_progression_methods,
    after_progression_paragraph,
)
from oligoscope.questions.landmark.after_progression_table import tabulate_after_progression
from oligoscope.questions.landmark.counted import both_days, from_landmark
from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.questions.survival.words import survival_paragraph
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, Protocol

ORACLE = Path(__file__).parents[3] / "oracle" / "landmark_after_progression.json"
GROUPS = ("oligoprogression", "systemic")
NAMES = ("months_to_progression", "age_years")
LANDMARK = AnalysisSettings(kind="landmark_after_progression", adjust_for=NAMES)


@pytest.fixture(scope="module")
def results() -> Results:
    cases = json.loads(ORACLE.read_text(encoding="utf-8"))["cases"]
    patients = pl.DataFrame(cases["patients"]).drop("pps_entry_days").with_columns(pfs_days=pl.lit(100))
    from_day, series = compare_after_progression(patients, LANDMARK, 28)
    start, more = compare_survival(patients, AnalysisSettings(kind="survival", outcomes=(Outcome.PPS,)))
    return Results((*start, *from_day), {**more, **series})


def test_the_table_has_both_days_with_those_left_out_before_the_landmark(results):
    table = tabulate_after_progression(results, adjusted_for=NAMES)
    rows = [[cell.text.en for cell in row.cells] for row in table.rows]
    headings = [row[0] for row in rows if not any(row[1:])]
    of_oligo = [row for row in rows if row[0] == "Oligoprogression"]

    assert headings == ["From the first progression", "From 28 days after the first progression"]
    assert [row[1] for row in of_oligo] == ["", "15"]
    assert [row[3] for row in of_oligo] == ["45", "29"]
    assert len({len(row) for row in rows}) == 1 == len({len(table.columns), len(rows[0])})


def test_without_the_comparison_from_progression_there_is_the_landmark_alone(results):
    alone = Results(tuple(e for e in results.estimates if e.analysis == LANDMARK.kind), results.series)

    assert [day.days for day in both_days(alone, "progressed", "pattern")] == [28]
    assert [day.days for day in both_days(results, "progressed", "pattern")] == [0, 28]
    assert tabulate_after_progression(alone).rows[0].cells[0].text.en.startswith("From 28 days")


def test_the_figure_has_the_curves_from_the_landmark(results):
    figure = draw_after_progression(results)
    words = [text.get_text() for text in figure.draw("en").texts]

    assert figure.data["landmark_days"].unique().to_list() == [28]
    assert any("28 days" in word for word in words)
    assert has_curves(results, "progressed", "pattern")
    assert not has_curves(Results(results.estimates, {}), "progressed", "pattern")


def test_the_main_comparison_is_followed_by_the_ratio_from_the_landmark(results):
    paragraph = survival_paragraph(results, "progressed", "pps", GROUPS)
    ratio = results.get(
        analysis=LANDMARK.kind,
        population="progressed",
        outcome="pps",
        group=" vs ".join(GROUPS),
        variable="landmark_28_days",
        statistic=Statistic.HAZARD_RATIO,
    )

    said = paragraph.text.en.split(". ")[-1]
    assert said.startswith(
        f"Counted from 28 days after progression, in patients alive and followed then (*n*={ratio.n}): HR "
    )
    assert "; adjusted HR " in said
    assert f"自进展后 28 天起计，含当时仍存活并在随访的患者（*n*={ratio.n}）：HR=" in paragraph.text.zh
    assert ratio.key in paragraph.keys


def test_words_say_who_is_left_out_and_the_methods_why(results):
    counted = from_landmark(results, "progressed", "pattern")
    assert counted is not None
    paragraph = after_progression_paragraph(counted)
    protocol = Protocol.model_validate(
        {"study": {}, "data": {"patients": {"files": ["p.csv"]}}, "analyses": [LANDMARK.model_dump()]}
    )
    (methods,) = after_progression_methods(protocol, results)

    assert paragraph.text.en.startswith(
        "Deaths by 28 days after the first progression: 15 with oligoprogression (1 censored)"
    )
    assert "the end of the window of scans that show the pattern" in methods.en
    assert "also adjusted for time to first progression and age" in methods.en
    assert "(Anderson et al. 1983; Dafni 2011)" in methods.en


@pytest.mark.parametrize("statistic", [None, Statistic.HAZARD_RATIO])
def test_the_ratio_from_the_landmark_says_beside_the_main_one_that_it_changes_with_time(results, statistic):
    warned = Results(
        tuple(
            replace(e, warning=WarningCode.NON_PROPORTIONAL() if e.statistic == statistic else NO_WARNING)
            if e.analysis == LANDMARK.kind and e.value is not None
            else e
            for e in results.estimates
        ),
        results.series,
    )
    said = survival_paragraph(warned, "progressed", "pps", GROUPS).text
    changes = " (an average: this HR changes with time); adjusted HR"

    assert (changes in said.en.split(". ")[-1]) == (statistic is not None)
    assert ("（该 HR 随时间改变，为平均值）；校正后" in said.zh) == (statistic is not None)
