"""Pictures of results whose levels and organs have very long or odd names: drawn, with the names cut or as written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from oligoscope.drawing.figure import Figure, to_svg
from oligoscope.drawing.lettering import fitted, width_mm
from oligoscope.questions.matching.love_plot import draw_love_plot
from oligoscope.questions.predictors.figure import draw_predictors
from oligoscope.questions.response.bars import draw_response_bars
from oligoscope.questions.sites.site_bars import draw_site_bars
from oligoscope.questions.subgroups.figure import draw_subgroups
from oligoscope.results.analyses import SITES
from oligoscope.results.results import Results
from oligoscope.study.dictionary.outcomes import Outcome
from unit.stored_results import stored

LONG = ("w" * 120, "器官" * 40, "$" + "x_{" * 40, "a\\b" * 40)
DRAWN: dict[str, Callable[[Results], Figure]] = {
    "predictors": draw_predictors,
    "subgroups": lambda results: draw_subgroups(results, "progressed", Outcome.PPS),
    "love_plot": lambda results: draw_love_plot(results, 0.1),
    "response_bars": draw_response_bars,
    "site_bars": draw_site_bars,
}


@pytest.mark.parametrize("text", LONG)
@pytest.mark.parametrize("most", [5.0, 40.0])
def test_a_long_text_is_cut_to_its_room_and_a_short_one_is_not(text, most):
    cut = fitted(text, most)

    assert width_mm(cut) <= most
    assert cut.endswith("…")
    assert text.startswith(cut[:-1])
    assert fitted("liver", 40.0) == "liver"


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("picture", DRAWN)
def test_a_picture_with_a_long_name_is_drawn(compared_results, picture, name):
    drawn = DRAWN[picture](
        renamed(compared_results.plus(stored().find(analysis=SITES, outcome="pattern")), name)
    )

    for language in ("zh", "en"):
        assert to_svg(drawn, language).endswith("</svg>\n")


def renamed(results: Results, name: str) -> Results:
    """The first level of every variable under another name."""
    first = {e.variable: e.level for e in reversed(results.estimates) if e.level}
    return Results(
        tuple(
            replace(e, level=name) if e.level and e.level == first[e.variable] else e
            for e in results.estimates
        ),
        results.series,
    )
