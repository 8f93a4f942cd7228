"""The figure of the illness-death model: nothing overlaps or leaves the picture, and all it prints is a number of results."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.lines import Line2D

from oligoscope.bilingual import LANGUAGES
from oligoscope.questions.illness_death.figure import draw_states
from oligoscope.questions.illness_death.numbers import describe_states
from oligoscope.questions.illness_death.table import tabulate_occupation, tabulate_transitions
from oligoscope.questions.illness_death.words import states_paragraph
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
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


def test_each_band_that_is_left_has_one_line_to_its_name_and_none_crosses_another():
    """No patient is alive at the end: of the living states the picture has the names, but no line to nothing."""
    rows = [(OLIGO, 2 + i, 2 + i, 1, 20 + i, 1) for i in range(6)]
    rows += [(SYSTEMIC, 3 + i, 3 + i, 1, 10 + i, 1) for i in range(6)]
    rows += [(None, None, 4 + i, 1, 4 + i, 1) for i in range(6)]
    asked = AnalysisSettings(kind="illness_death", population="treated", minimum_events=1)
    found = Results(*map_of(describe_states(patients(*rows), asked)))

    drawing = draw_states(found).draw("en")

    leaders = [one for one in drawing.findobj(Line2D) if isinstance(one, Line2D) and one.axes is None]
    heights = [list(np.asarray(line.get_ydata())) for line in leaders]
    ends = [tuple(ys) for ys in heights if len(ys) == 4]
    axes = drawing.axes[0].get_position()
    last = found.series["occupation/treated"].group_by("state", maintain_order=True).last()
    left = [share for share in last["share"] if share > 0]
    assert len(ends) == len(left) == 3
    assert sorted(ends) == sorted(ends, key=lambda e: e[-1])  # in one order at both ends
    starts, below = sorted(start for start, *_ in ends), axes.y0
    for start, share in zip(starts, _from_below(last), strict=True):
        assert below < start < below + share * axes.height
        below += share * axes.height


def _from_below(last) -> list[float]:
    shares = dict(zip(last["state"], last["share"], strict=True))
    order = ("death_after_systemic", "death_after_oligoprogression", "death_without_progression")
    return [shares[state] for state in order]


def test_a_rejected_test_of_proportional_hazards_is_said_of_the_model_and_not_of_each_variable(results):
    """It is the test of all variables of a model together."""
    doubt = WarningCode.NON_PROPORTIONAL()
    rows = [e for e in results.estimates if e.statistic == Statistic.HAZARD_RATIO and e.level]
    assert rows
    changing = rows[0].outcome, rows[0].group
    changed = Results(
        tuple(
            replace(e, warning=doubt) if e in rows and (e.outcome, e.group) == changing else e
            for e in results.estimates
        ),
        results.series,
    )
    before, after = (tabulate_transitions(r) for r in (results, changed))
    marked = [
        (was.is_heading, now.cells[0].text.en.removeprefix(was.cells[0].text.en))
        for was, now in zip(before.rows, after.rows, strict=True)
        if was != now
    ]

    assert len(marked) == 1
    assert marked[0][0]
    assert sum("of the whole model" in note.en for note in after.notes) == 1
    assert not any("proportional hazards" in note.en for note in before.notes)
