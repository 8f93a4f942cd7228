"""Survival curves: what is printed, where it is, and that the picture never changes by itself."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.drawing.figure import to_csv, to_png, to_svg
from oligoscope.drawing.months import TimeAxis
from oligoscope.drawing.plate import Inset
from oligoscope.drawing.survival import Frame
from oligoscope.drawing.theme import TEXT_WIDTH_MM, look_of
from oligoscope.questions.survival.figure import (
    curves_of,
    draw_survival_curve,
    draw_survival_plate,
    legend_in_words,
    legend_table,
)
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.vocabulary import name_of
from unit.questions.geometry import outside, overlaps
from unit.stored_results import OLIGO, SYSTEMIC, changed, row, with_limits

OF_OS: dict[str, Any] = {"analysis": SURVIVAL, "population": "progressed", "outcome": Outcome.OS}


def of(results, outcome=Outcome.OS):
    return curves_of(results, "progressed", "pattern", outcome)


def test_the_legend_gives_medians_hazard_ratio_and_the_named_test(made_results):
    legend = legend_table(of(made_results), "en")

    ratio = with_limits(2, statistic=Statistic.HAZARD_RATIO, **OF_OS)
    for shown, group in zip(legend.rows, (OLIGO, SYSTEMIC), strict=True):
        n, events = (row(statistic=s, group=group, **OF_OS).value for s in (Statistic.N, Statistic.EVENTS))
        median = with_limits(statistic=Statistic.MEDIAN, group=group, **OF_OS)
        assert shown.cells == (f"{n:g}", f"{events:g}", median)
        assert shown.median == row(statistic=Statistic.MEDIAN, group=group, **OF_OS).value
    assert [line.replace("95% CI ", "") for line in legend.lines] == [
        f"HR {ratio}, reference: systemic progression",
        f"Log-rank test *P*={row(variable='log_rank', **OF_OS).value:.3f}",
    ]


def test_dashed_lines_lead_to_each_median_that_is_reached(made_results):
    """Of a curve that never falls to a half there is none, and where none does the caption says nothing of them."""
    medians = [row(statistic=Statistic.MEDIAN, group=g, **OF_OS).value for g in (OLIGO, SYSTEMIC)]
    never = changed(
        made_results, {"value": None, "high": None}, statistic=Statistic.MEDIAN, group=OLIGO, **OF_OS
    )
    none = changed(never, {"value": None, "high": None}, statistic=Statistic.MEDIAN, group=SYSTEMIC, **OF_OS)

    assert _feet(draw_survival_curve(made_results, outcome=Outcome.OS)) == medians
    assert _feet(draw_survival_curve(never, outcome=Outcome.OS)) == medians[1:]
    assert _feet(draw_survival_curve(none, outcome=Outcome.OS)) == []
    assert "Dashed lines" not in draw_survival_curve(none, outcome=Outcome.OS).caption.en


def _feet(figure) -> list[float]:
    """Where lines come down from 50 % to the axis."""
    lines = figure.draw("en").axes[0].lines
    return [float(x.get_xdata()[0]) for x in lines if list(x.get_ydata()) == [0, 50]]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "HR not given: a group has fewer than 5 events"), ("zh", "HR 未给出：有一组的事件数少于 5 例")],
)
def test_a_withheld_hazard_ratio_says_so(sparse_results, language, words):
    assert words in legend_table(of(sparse_results), language).lines
    assert words in legend_in_words(of(sparse_results), language)


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
    assert len(ticks) > 3
    first = series.filter(pl.col("group") == "oligoprogression", pl.col("months").is_in(ticks))
    printed = [(t.get_position()[0], t.get_text()) for t in axes.texts][: len(ticks)]

    assert printed == [
        (m, f"{n} ({d})") for m, n, d in first.select("months", "n_at_risk", "n_events").iter_rows()
    ]


def test_a_longer_axis_goes_on_with_no_patient_at_risk(made_results):
    """Panels share their axis: after the last follow-up of a group each later time says that nobody is left."""
    series = made_results.series["at_risk/progressed/pattern/os"]
    end = series["months"].max()
    events = dict(series.filter(pl.col("months") == end).select("group", "n_events").iter_rows())

    longer = TimeAxis(3 * end, 10.0)
    axes = draw_survival_curve(made_results, outcome=Outcome.OS, frame=Frame(axis=longer)).draw("en").axes[0]

    after = [t for t in axes.get_xticks() if t > end]
    later = [t.get_text() for t in axes.texts if t.get_position()[0] > end]
    assert after
    assert later == [f"0 ({events[g]})" for g in (OLIGO, SYSTEMIC) for _ in after]


def test_panels_of_one_outcome_have_the_same_axis_and_ticks(compared_results):
    """Matched curves end earlier, and their numbers are narrower: alone they would have other ticks."""
    shown = [(population, Outcome.PPS) for population in ("progressed", "matched")]
    series = dict(compared_results.series)
    for kind in ("km", "at_risk"):
        name = f"{kind}/matched/pattern/pps"
        series[name] = series[name].filter(pl.col("months") <= 12)
    results = Results(compared_results.estimates, series)

    plate = draw_survival_plate(results, "plate", Text("图", "plate"), shown).draw("en")

    insets = [artist.drawing.axes[0] for artist in plate.artists if isinstance(artist, Inset)]
    assert len(insets) == 2
    assert insets[0].get_xlim() == insets[1].get_xlim()
    assert list(insets[0].get_xticks()) == list(insets[1].get_xticks())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [1, 10, 1000])
def test_numbers_at_risk_of_any_size_do_not_touch(made_results, size, language):
    name = "at_risk/progressed/pattern/os"
    larger = made_results.series[name].with_columns(pl.col("n_at_risk", "n_events") * size)
    results = Results(made_results.estimates, {**made_results.series, name: larger})

    drawing = draw_survival_curve(results, outcome=Outcome.OS).draw(language)

    assert outside(drawing) == []
    assert overlaps(drawing) == []


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wide_picture_has_its_legend_beside_the_curves(made_results, language):
    narrow, wide = (
        draw_survival_curve(made_results, outcome=Outcome.OS, frame=Frame(is_wide=is_wide)) for is_wide in (False, True)
    )  # fmt: skip
    drawing = wide.draw(language)
    width, height = drawing.get_size_inches() * 25.4
    right_of_axes = drawing.axes[0].get_position().x1
    heads = {name_of(group)[language] for group in (OLIGO, SYSTEMIC)}
    beside = [t.get_text() for t in drawing.texts if t.get_position()[0] > right_of_axes]

    assert width == pytest.approx(wide.width_mm) == pytest.approx(TEXT_WIDTH_MM)
    assert height < narrow.draw(language).get_size_inches()[1] * 25.4 - 10
    assert heads <= set(beside)
    assert outside(drawing) == []
    assert overlaps(drawing) == []


def test_groups_differ_in_line_as_well_as_in_colour():
    looks = [look_of("oligoprogression", 0), look_of("systemic", 1)]

    assert len({str(look.line) for look in looks}) == 2
    assert len({look.colour for look in looks}) == 2


def test_the_data_of_the_picture_can_be_read_again(made_results):
    figure = draw_survival_curve(made_results, outcome=Outcome.OS)

    assert (
        pl.read_csv(StringIO(to_csv(figure))).shape == made_results.series["km/progressed/pattern/os"].shape
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_panels_in_a_row_have_curves_and_risk_tables_at_one_height(compared_results, language):
    """The first panel has two lines more above its curves, those of a ratio that changes with time."""
    shown = [(population, Outcome.PPS) for population in ("progressed", "matched")]
    withheld = changed(
        compared_results,
        {"value": None, "low": None, "high": None},
        population="matched",
        outcome=Outcome.PPS,
        variable="log_rank",
    )

    plate = draw_survival_plate(withheld, "plate", Text("图", "plate"), shown).draw(language)

    insets = [artist.drawing for artist in plate.artists if isinstance(artist, Inset)]
    tops, bottoms, tables = [], [], []
    for drawing in insets:
        low = drawing.bbox_inches.y0
        height = drawing.get_size_inches()[1]
        place = drawing.axes[0].get_position()
        tops.append(low + place.y1 * height)
        bottoms.append(low + place.y0 * height)
        tables.append([low + t.get_position()[1] * height for t in drawing.axes[0].texts])
    lines = [len(drawing.texts) for drawing in insets]
    assert lines[0] != lines[1]
    assert tops[0] == pytest.approx(tops[1])
    assert bottoms[0] == pytest.approx(bottoms[1])
    assert sorted({round(y, 6) for y in tables[0]}) == sorted({round(y, 6) for y in tables[1]})
