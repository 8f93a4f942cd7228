"""Tables, figures and Methods say which ratios are unadjusted, and what the others are adjusted for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oligoscope.printing.adjusted_ratios import adjusted_note, crude_clause
from oligoscope.questions.landmark.figure import draw_landmarks
from oligoscope.questions.landmark.table import tabulate_unbiased
from oligoscope.questions.subgroups.figure import draw_subgroups
from oligoscope.results.analyses import LANDMARK, SUBGROUPS
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import AnalysisSettings


@pytest.fixture
def adjusted_results(compared_results) -> Results:
    """With an adjusted ratio beside each crude one of the landmarks and subgroups."""
    crude = [
        e for e in compared_results.find(statistic=Statistic.HAZARD_RATIO) if e.analysis in {LANDMARK, SUBGROUPS} and not e.level.startswith("period")
    ]  # fmt: skip
    ratios = [replace(e, statistic=Statistic.HAZARD_RATIO_ADJUSTED) for e in crude]
    counts = [
        replace(e, statistic=Statistic.EVENTS_PER_PARAMETER, value=6.5, low=None, high=None) for e in crude
    ]
    return Results((*compared_results.estimates, *ratios, *counts), compared_results.series)


def test_without_covariates_everything_is_called_unadjusted(compared_results):
    table = tabulate_unbiased(compared_results)
    heads = [column.text.en for column in table.columns]

    assert sum(head.startswith("Unadjusted HR vs ") for head in heads) == 2
    assert any("unadjusted" in note.en for note in table.notes)
    assert any("未校正" in note.zh for note in table.notes)
    assert "unadjusted hazard ratio" in draw_landmarks(compared_results).caption.en
    figure = draw_subgroups(compared_results)
    assert "HR: hazard ratio (Cox model, unadjusted)." in figure.caption.en
    assert "（Cox 模型，未校正）" in figure.caption.zh
    assert crude_clause([], ()).en == "hazard ratios are unadjusted"


def test_adjusted_ratios_are_rows_of_the_table_with_their_patients(adjusted_results):
    table = tabulate_unbiased(adjusted_results, "treated", ("age_years", "sex"), ("age_years", "sex"))
    rows = [row for row in table.rows if row.cells[0].text.en.startswith("Adjusted: ")]

    assert rows
    assert not any(column.text.en.startswith("Unadjusted") for column in table.columns)
    assert any(
        "Hazard ratios are unadjusted but in rows that say adjusted" in note.en for note in table.notes
    )
    (note,) = (note.en for note in table.notes if note.en.startswith("Adjusted: the model also holds"))
    assert "6.5 events per parameter" in note


def test_adjusted_ratios_are_a_column_and_points_of_the_forest(adjusted_results):
    figure = draw_subgroups(adjusted_results, adjusted_for=("age_years",))
    words = " ".join(t.get_text() for t in figure.draw("en").texts)

    assert "Crude HR" in words
    assert "Adjusted HR" in words
    assert "Adjusted: the model also holds age" in figure.caption.en


def test_what_was_adjusted_for_is_said_with_the_fewest_events():
    asked = AnalysisSettings(kind="landmark", adjust_for=("age_years", "sex"))

    said = crude_clause([asked], asked.adjust_for)
    assert "also adjusted for age and sex" in said.en.replace(" in years", "")
    assert "5 events or more per parameter" in said.en
    assert adjusted_note((), []) == ()
