"""The figure of the illness-death model: nothing overlaps or leaves the picture, and all it prints is a number of results."""

from __future__ import annotations

import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.questions.illness_death.figure import draw_states
from oligoscope.questions.illness_death.numbers import describe_states
from oligoscope.questions.illness_death.table import tabulate_occupation, tabulate_transitions
from oligoscope.questions.illness_death.words import states_paragraph
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import AnalysisSettings
from unit.questions.geometry import outside, overlaps
from unit.questions.illness_death.test_numbers import many, patients
from unit.stored_results import OLIGO, SYSTEMIC


@pytest.fixture(scope="module")
def results() -> Results:
    asked = AnalysisSettings(kind="illness_death", population="treated", variables=("sex",), minimum_events=1)
    return Results(*map_of(describe_states(many(), asked)))


def map_of(answer: tuple) -> tuple:
    return tuple(answer[0]), answer[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_overlaps_or_leaves_the_picture(results, language):
    drawing = draw_states(results).draw(language)

    assert overlaps(drawing) == []
    assert outside(drawing) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_thin_bands_keep_their_names_apart(language):
    """Nearly all die without progression, so that five of the eight bands have hardly a height."""
    rows = [(None, None, 30 + i, 1, 30 + i, 1) for i in range(60)]
    rows += [
        (OLIGO, 50, 50, 1, 400, 1),
        (SYSTEMIC, 50, 50, 1, 300, 1),
        (None, 50, 50, 1, 300, 1),
        (None, None, 900, 0, 900, 0),
    ]
    asked = AnalysisSettings(kind="illness_death", population="treated", minimum_events=1)
    drawing = draw_states(Results(*map_of(describe_states(patients(*rows), asked)))).draw(language)

    assert overlaps(drawing) == []
    assert outside(drawing) == []


def test_what_is_printed_are_rows_of_results(results):
    printed = {
        key
        for table in (tabulate_transitions(results), tabulate_occupation(results))
        for key in table.printed_keys()
    }
    printed |= {e.key for e in draw_states(results).estimates}

    assert printed <= {e.key for e in results.estimates}
    assert {e.key for e in results.estimates if e.statistic == Statistic.RATE} <= printed


def test_a_ratio_that_is_not_significant_is_not_called_the_same(results):
    paragraph = states_paragraph(results, "treated")
    assert paragraph is not None
    text = paragraph.text

    assert "did not differ significantly" in text.en
    assert "差异无统计学意义" in text.zh
