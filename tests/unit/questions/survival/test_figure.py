"""Survival curves: what is printed, where it is, and that the picture never changes by itself."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from oligoscope.bilingual import LANGUAGES
from oligoscope.drawing.figure import to_csv, to_png, to_svg
from oligoscope.drawing.theme import look_of
from oligoscope.questions.survival.figure import curves_of, draw_survival_curve, legend_lines
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from unit.stored_results import OLIGO, SYSTEMIC, row, with_limits

OF_OS: dict[str, Any] = {"analysis": SURVIVAL, "population": "progressed", "outcome": Outcome.OS}


def of(results, outcome=Outcome.OS):
    return curves_of(results, "progressed", "pattern", outcome)


def test_the_legend_gives_medians_hazard_ratio_and_the_named_test(made_results):
    lines = [text for text, _ in legend_lines(of(made_results), "en")]

    oligo, systemic = (with_limits(statistic=Statistic.MEDIAN, group=g, **OF_OS) for g in (OLIGO, SYSTEMIC))
    ratio = with_limits(2, statistic=Statistic.HAZARD_RATIO, **OF_OS)
    assert [line.replace(" months", "").replace("95% CI ", "") for line in lines] == [
        f"Oligoprogression: median {oligo}",
        f"Systemic progression: median {systemic}",
        f"HR {ratio}, reference: systemic progression",
        f"Log-rank test *P*={row(variable='log_rank', **OF_OS).value:.3f}",
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "HR not given: a group has fewer than 5 events"), ("zh", "HR 未给出：有一组的事件数少于 5 例")],
)
def test_a_withheld_hazard_ratio_says_so(sparse_results, language, words):
    assert words in [text for text, _ in legend_lines(of(sparse_results), language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_results_draw_the_same_bytes(made_results, language):
    figure = draw_survival_curve(made_results, outcome=Outcome.PFS)

    assert to_svg(figure, language) == to_svg(figure, language)
    assert to_png(figure, language, dpi=60) == to_png(figure, language, dpi=60)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_svg_is_named_for_those_who_cannot_see_it_and_carries_no_date(made_results, language):
    figure = draw_survival_curve(made_results, outcome=Outcome.OS)
    root = ElementTree.fromstring(to_svg(figure, language))
    children = {child.tag.rsplit("}", 1)[-1]: child.text for child in root}

    assert root.get("role") == "img"
    assert children["title"] == figure.title[language]
    assert with_limits(2, statistic=Statistic.HAZARD_RATIO, **OF_OS)[:4] in (children["desc"] or "")
    assert "metadata" not in children
    assert root.findall(".//{*}text") == []  # text is drawn as paths


def test_ids_of_two_pictures_do_not_meet(made_results):
    ids = []
    for outcome in (Outcome.OS, Outcome.PFS):
        drawn = draw_survival_curve(made_results, outcome=outcome)
        root = ElementTree.fromstring(to_svg(drawn, "en", with_glyphs=False))
        ids += [element.get("id") for element in root.iter() if element.get("id")]

    assert len(ids) == len(set(ids))


def test_the_risk_table_is_under_its_times(made_results):
    figure = draw_survival_curve(made_results, outcome=Outcome.OS)
    axes = figure.draw("en").axes[0]
    ticks = list(axes.get_xticks())
    series = made_results.series["at_risk/progressed/pattern/os"]
    first = series.filter(pl.col("group") == "oligoprogression", pl.col("months").is_in(ticks))
    printed = [(t.get_position()[0], t.get_text()) for t in axes.texts][: len(ticks)]

    assert printed == [
        (m, f"{n} ({d})") for m, n, d in first.select("months", "n_at_risk", "n_events").iter_rows()
    ]


def test_a_longer_axis_goes_on_with_no_patient_at_risk(made_results):
    """Panels share their axis: where a group has no patient left, each later time says so; what is not known stays blank."""
    name = "at_risk/progressed/pattern/os"
    series = made_results.series[name]
    ended = (pl.col("group") == "systemic") & (pl.col("months") == pl.col("months").max())
    none_left = series.with_columns(n_at_risk=pl.when(ended).then(0).otherwise(pl.col("n_at_risk")))
    end, events = series["months"].max(), series.filter(ended)["n_events"].item()
    results = Results(made_results.estimates, {**made_results.series, name: none_left})

    axes = draw_survival_curve(results, outcome=Outcome.OS, until=3 * end).draw("en").axes[0]

    later = [t.get_text() for t in axes.texts if t.get_position()[0] > end]
    assert later == [f"0 ({events})"] * len([t for t in axes.get_xticks() if t > end])
    assert later


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_overlaps_another_or_leaves_the_picture(made_results, language):
    drawing = replace(draw_survival_curve(made_results, outcome=Outcome.PFS), synthetic=True).draw(language)
    canvas = FigureCanvasAgg(drawing)
    canvas.draw()
    renderer = canvas.get_renderer()
    axes = drawing.axes[0]
    width, height = canvas.get_width_height()
    texts = [*drawing.texts, *axes.texts, axes.xaxis.label, axes.yaxis.label]
    boxes = [(t.get_text(), t.get_window_extent(renderer)) for t in texts if t.get_text()]

    for i, (text, box) in enumerate(boxes):
        assert box.x0 >= 0, text
        assert box.x1 <= width, text
        assert box.y0 >= 0, text
        assert box.y1 <= height, text
        # Lines of text may touch by their empty line spacing, never by more.
        assert [
            other for other, b in boxes[i + 1 :] if b.shrunk(1, 0.7).overlaps(box.shrunk(1, 0.7))
        ] == [], text


def test_groups_differ_in_line_as_well_as_in_colour():
    looks = [look_of("oligoprogression", 0), look_of("systemic", 1)]

    assert len({str(look.line) for look in looks}) == 2
    assert len({look.colour for look in looks}) == 2


def test_the_data_of_the_picture_can_be_read_again(made_results):
    figure = draw_survival_curve(made_results, outcome=Outcome.OS)

    assert (
        pl.read_csv(StringIO(to_csv(figure))).shape == made_results.series["km/progressed/pattern/os"].shape
    )
