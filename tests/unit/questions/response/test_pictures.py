"""Waterfall, spider and swimmer: what is drawn and written, inside the frame, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from oligoscope.bilingual import LANGUAGES
from oligoscope.drawing.figure import Figure, to_svg
from oligoscope.drawing.theme import missing_glyphs
from oligoscope.questions.response.samples import (
    COURSES,
    FEWEST_IN_BAND,
    LINES_OF_MANY,
    MOST_LINES,
    quartiles_over_time,
    sample_lanes,
    sample_lines,
)
from oligoscope.questions.response.spider_plot import draw_spider_plot
from oligoscope.questions.response.swimmer import draw_swimmer
from oligoscope.questions.response.waterfall import draw_waterfall
from oligoscope.results.analyses import RESPONSE_SERIES
from oligoscope.results.methods import read_method
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from unit.stored_results import row

DRAWINGS: tuple[Callable[..., Figure], ...] = (draw_waterfall, draw_spider_plot, draw_swimmer)
CODES = ["CR", "PR", "SD", "PD", "NE", None]


def made(n: int, method: str = "best response, unconfirmed") -> Results:
    """Series of `n` patients, drawn from a seed."""
    rng = np.random.default_rng(7)
    ids = [f"P{i:04d}" for i in range(n)]
    change = np.sort(rng.uniform(-100, 130, n))[::-1]
    codes = [CODES[i % len(CODES)] for i in range(n)]
    courses = [COURSES[i % len(COURSES)] for i in range(n)]
    waterfall = pl.DataFrame({
        "patient_id": ids, "best_change_percent": change, "best_day": 42, "baseline_mm": 80.0, "best_sum_mm": 40.0,
        "reported_response": codes, "pd_by_new_lesion": rng.random(n) < 0.5, "pd_by_non_target": rng.random(n) < 0.3,
        "course": courses,
    })  # fmt: skip
    spider = pl.concat([
        pl.DataFrame({"patient_id": ids, "day": d, "months": d / 30.4375, "change_percent": change * d / 126, "segment": s,
                      "end": ["progression" if d == 126 else None] * n, "reported_response": codes, "course": courses}, schema_overrides={"end": pl.String})
        for d, s in ((0, 0), (42, 0), (126, 1))
    ])  # fmt: skip
    months = np.sort(rng.uniform(3, 40, n))[::-1]
    swimmer = pl.DataFrame({
        "patient_id": ids, "follow_up_months": months, "response_start_months": [2.0 if c in {"CR", "PR"} else None for c in codes],
        "response_end_months": [2.5 if c in {"CR", "PR"} else None for c in codes], "progression_months": [2.5] * n,
        "new_therapy_months": [None] * n, "cutoff_months": months + 1, "died": rng.random(n) < 0.5, "alive_at_cutoff": [False] * n,
        "response_ongoing": [c == "CR" for c in codes], "reported_response": codes, "pattern": ["systemic"] * n,
        "course": courses,
    }, schema_overrides={"new_therapy_months": pl.Float64})  # fmt: skip
    keys: dict[str, Any] = {"analysis": RESPONSE_SERIES, "population": "treated", "outcome": "best_change"}
    estimates = (
        row(**keys, statistic=Statistic.N, value=n + 5, method=read_method(method)),
        row(**keys, statistic=Statistic.N_EVALUABLE, value=n, n=n + 5),
        row(**keys, statistic=Statistic.MEDIAN, value=-12.34),
        row(**{**keys, "outcome": "swimmer"}, statistic=Statistic.N, value=n),
    )
    spider, swimmer = sample_lines(spider, 7), sample_lanes(swimmer, 7)
    series = {"waterfall/treated": waterfall, "spider/treated": spider, "swimmer/treated": swimmer}
    if n > MOST_LINES:
        series["spider_quartiles/treated"] = quartiles_over_time(spider)
    return Results(estimates).plus(series=series)


@pytest.fixture(scope="module", params=[40, 200])
def results(request: pytest.FixtureRequest) -> Results:
    return made(request.param)


@pytest.fixture(scope="module")
def many() -> Results:
    return made(200)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("draw", DRAWINGS)
def test_every_word_lies_inside_the_picture(results, draw, language):
    drawing = draw(results, "treated").draw(language)
    canvas = FigureCanvasAgg(drawing)
    renderer = canvas.get_renderer()
    width, height = canvas.get_width_height()
    drawn = [
        *drawing.texts,
        *(
            t
            for axes in drawing.axes
            if axes.axison
            for t in (*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels())
        ),
    ]
    for text in drawn:
        box = text.get_window_extent(renderer)
        assert -1 <= box.x0 <= box.x1 <= width + 1, text.get_text()
        assert -1 <= box.y0 <= box.y1 <= height + 1, text.get_text()


@pytest.mark.parametrize("draw", DRAWINGS)
def test_the_same_results_draw_the_same_bytes(results, draw):
    figure = draw(results, "treated")

    assert to_svg(figure, "zh") == to_svg(figure, "zh")


@pytest.mark.parametrize("draw", DRAWINGS)
def test_the_picture_is_named_and_its_words_can_be_drawn(results, draw):
    figure = draw(results, "treated")
    root = ElementTree.fromstring(to_svg(figure, "en"))

    assert root.get("role") == "img"
    assert missing_glyphs("".join(t.zh + t.en for t in (figure.title, figure.caption, figure.alt))) == ""
    assert figure.caption.zh.count("{") == figure.caption.en.count("{") == 0


def test_the_waterfall_says_who_is_missing_which_scans_count_and_that_twenty_is_not_pd(results):
    caption = draw_waterfall(results).caption

    assert "5 patients have none and are not drawn" in caption.en
    assert "up to the first progression (that scan included)" in caption.en
    assert "the +20% line is not PD" in caption.en
    assert "+20% 线不等于 PD" in caption.zh
    assert "Colours: best overall response, unconfirmed" in caption.en


def test_confirmed_responses_are_called_so():
    assert (
        "best overall response, confirmed" in draw_waterfall(made(12, "best response, confirmed")).caption.en
    )


def test_a_bar_beyond_the_frame_is_noted(results):
    beyond = int((results.series["waterfall/treated"]["best_change_percent"] > 100).sum())

    assert f"{beyond} bars beyond +100%" in draw_waterfall(results).caption.en


def test_a_swimmer_of_many_is_a_sample_of_all_and_says_how_it_was_drawn(many):
    figure = draw_swimmer(many)

    assert figure.data.height == 60
    assert figure.data["course"].value_counts().sort("course")["count"].to_list() == [15, 15, 15, 15]
    assert "The picture has 60 of 200 patients" in figure.caption.en
    assert "taken at even steps from a random start" in figure.caption.en
    assert "图为 200 例中的 60 例" in figure.caption.zh
    assert "自随机起点" in figure.caption.zh


def test_a_spider_of_many_has_the_quartiles_of_all_over_lines_of_some(many):
    figure = draw_spider_plot(many)
    titles = [text.get_text() for text in figure.draw("en").texts]

    assert "Oligoprogression (20 of 50)" in titles
    assert "Thin lines are a sample: at most 20 patients a panel" in figure.caption.en
    assert f"at least {FEWEST_IN_BAND};" in figure.caption.en
    assert f"每图至多 {LINES_OF_MANY} 例" in figure.caption.zh
    assert figure.data["median"].count() > 0


@pytest.mark.parametrize("n", [12, 150, 800, 1700])
def test_the_first_bar_is_beside_the_line_of_the_scale_and_marks_are_below_their_bars(n):
    drawing = draw_waterfall(made(n)).draw("en")
    axes, rug = drawing.axes[:2]
    first = (axes.transData.transform((-0.5, 0))[0] - axes.bbox.x0) / drawing.dpi * 72

    assert first > axes.spines["left"].get_linewidth() / 2
    assert axes.get_xlim() == rug.get_xlim()


def test_a_waterfall_of_many_has_a_panel_for_each_pattern_and_shares_in_place_of_marks(many):
    figure = draw_waterfall(many)
    titles = [text.get_text() for text in figure.draw("zh").texts]

    assert {"寡进展(", "广泛进展(", "未进展(", "进展模式未定("} <= set(titles)
    assert titles.count("=50)") == 4
    assert "the share in each twentieth of the patients" in figure.caption.en
    assert "The lower row" in figure.caption.en


def test_of_one_pattern_there_is_no_second_row_of_bars():
    found = made(200)
    one = {name: frame.with_columns(course=pl.lit("systemic")) for name, frame in found.series.items()}
    figure = draw_waterfall(Results(found.estimates).plus(series=one))

    assert "The lower row" not in figure.caption.en
    assert len(figure.draw("en").axes) == 2


def test_a_swimmer_of_few_has_all_patients_and_no_rule():
    figure = draw_swimmer(made(12))

    assert figure.data.height == 12
    assert "sample" not in figure.caption.en + draw_spider_plot(made(12)).caption.en


def test_a_spider_does_not_join_two_segments(results):
    """Three points in two segments: one line of two points and one point alone."""
    drawing = draw_spider_plot(results).draw("en")
    lines = [
        line for axes in drawing.axes for line in axes.lines if len(np.atleast_1d(line.get_xdata())) in {1, 2}
    ]
    lengths = {len(np.atleast_1d(line.get_xdata())) for line in lines if line.get_marker() in {"None", "."}}

    assert lengths == {1, 2}


def test_a_series_that_was_not_made_is_a_key_error():
    for draw in DRAWINGS:
        with pytest.raises(KeyError):
            draw(Results(), "treated")
