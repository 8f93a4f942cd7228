"""Pictures of matching, predictors and the comparisons without immortal time."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from oligoscope.bilingual import LANGUAGES
from oligoscope.drawing.figure import Figure, to_csv, to_svg
from oligoscope.drawing.theme import missing_glyphs
from oligoscope.questions.competing_risks.figure import draw_incidence, look
from oligoscope.questions.imputation.figure import draw_imputed_levels
from oligoscope.questions.imputation.trace import draw_imputation_trace, has_trace
from oligoscope.questions.landmark.figure import draw_landmarks
from oligoscope.questions.matching.love_plot import draw_love_plot
from oligoscope.questions.matching.score_overlap import draw_score_overlap
from oligoscope.questions.predictors.figure import draw_predictors
from oligoscope.questions.subgroups.figure import draw_subgroups
from oligoscope.questions.survival.figure import draw_survival_curve
from oligoscope.results.analyses import BALANCE
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from unit.stored_results import changed

CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
MAKERS = {
    "predictors": draw_predictors,
    "subgroups": draw_subgroups,
    "love": lambda results: draw_love_plot(results, 0.1),
    "overlap": draw_score_overlap,
    "incidence": draw_incidence,
    "landmarks": draw_landmarks,
    "imputed": lambda results: draw_imputed_levels(results, "pd_l1"),
    "trace": draw_imputation_trace,
}


@pytest.fixture(params=MAKERS, scope="module")
def figure(request, compared_results) -> Figure:
    return replace(MAKERS[request.param](compared_results), synthetic=True)


def texts_of(drawing):
    """Every text that is seen: labels of ticks beyond the axis are not drawn."""
    texts = list(drawing.texts)
    for axes in drawing.axes:
        labels = []
        for axis, place in ((axes.xaxis, 0), (axes.yaxis, 1)):
            low, high = sorted(axis.get_view_interval())
            labels += [t for t in axis.get_ticklabels() if low <= t.get_position()[place] <= high]
        texts += [*axes.texts, axes.xaxis.label, axes.yaxis.label, *labels]
    return texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_overlaps_another_or_leaves_the_picture(figure, language):
    drawing = figure.draw(language)
    canvas = FigureCanvasAgg(drawing)
    canvas.draw()
    renderer = canvas.get_renderer()
    width, height = canvas.get_width_height()
    boxes = [(t.get_text(), t.get_window_extent(renderer)) for t in texts_of(drawing) if t.get_text()]

    for i, (text, box) in enumerate(boxes):
        assert box.x0 >= 0, text
        assert box.x1 <= width, text
        assert box.y0 >= 0, text
        assert box.y1 <= height, text
        if text.startswith("$"):  # a letter in italics is inside its line
            continue
        # Lines of text may touch by their empty line spacing, never by more.
        close = [t for t, b in boxes[i + 1 :] if b.shrunk(0.98, 0.7).overlaps(box.shrunk(0.98, 0.7))]
        assert [other for other in close if not other.startswith("$")] == [], text


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_is_six_points_or_more_and_no_wider_than_a_journal_page(figure, language):
    drawing = figure.draw(language)

    assert min(t.get_fontsize() for t in texts_of(drawing) if t.get_text()) >= 6
    assert drawing.get_figwidth() * 25.4 == pytest.approx(figure.width_mm)
    assert figure.width_mm in {90, 190}


def test_words_are_the_same_numbers_in_both_languages_and_every_glyph_exists(figure):
    for text in (figure.title, figure.caption, figure.alt):
        zh, en = (Counter(re.findall(r"\d+(?:\.\d+)*", t)) for t in (text.zh, text.en))
        assert zh == en, text
        assert CJK.findall(text.en) == []
        assert missing_glyphs(text.zh + text.en) == ""


def test_the_same_results_draw_the_same_bytes_and_keep_their_data(figure):
    assert to_svg(figure, "en") == to_svg(figure, "en")
    assert figure.data.height > 0
    assert to_csv(figure).count("\n") == figure.data.height + 1


def test_every_printed_estimate_is_reported(figure, compared_results):
    known = {e.key for e in compared_results.estimates}

    assert {e.key for e in figure.estimates} <= known


def test_a_forest_has_a_row_for_every_odds_ratio_of_both_models(compared_results):
    figure = draw_predictors(compared_results)
    ratios = figure.data.filter(pl.col("statistic").str.starts_with("odds_ratio"))
    lines = [line for line in figure.draw("en").axes[0].lines if np.size(line.get_xdata()) == 2]

    assert ratios.height == 18
    assert len(lines) == 18 + 1  # the limits, and the line of no association
    assert "event: systemic progression, reference: oligoprogression" in figure.title.en


def test_a_withheld_subgroup_keeps_its_row_and_says_why(compared_results):
    figure = draw_subgroups(compared_results)
    words = [t.get_text() for t in figure.draw("en").texts]

    assert "IIIC" in words
    assert "–" in words
    assert "–: not given, a group has fewer than 5 events." in figure.caption.en


def test_the_love_plot_has_the_limit_of_the_protocol_and_the_failed_gate(compared_results):
    figure = draw_love_plot(compared_results, 0.1)
    dashed = [
        line for line in figure.draw("en").axes[0].lines if np.array_equal(line.get_xdata(), [0.1, 0.1])
    ]

    assert len(dashed) == 1
    assert "male" in (levels := figure.data["level"].to_list())
    assert "female" not in levels  # of two levels the first
    assert {"<1%", "1-49%", ">=50%"} < set(levels)
    assert "A pre-set gate failed" in figure.caption.en


def test_an_infinite_difference_is_drawn_at_the_edge_and_named(compared_results):
    """All of one group have a level and none of the other, before and after."""
    balance = {
        Statistic.SMD_BEFORE: -math.inf,
        Statistic.SMD_AFTER_ABSOLUTE: math.inf,
        Statistic.SMD_AFTER_MAXIMUM: math.inf,
    }
    endless = changed(
        compared_results,
        lambda e: replace(e, value=balance.get(e.statistic, e.value)) if e.level else e,
        analysis=BALANCE,
        variable="stage",
    )
    figure = draw_love_plot(endless, 0.1)

    for language in LANGUAGES:
        axes = figure.draw(language).axes[0]
        edge = axes.get_xlim()[1]
        assert math.isfinite(edge)
        assert [t.get_text() for t in axes.texts] == ["∞"]
        assert sum(np.asarray(line.get_xdata())[0] == edge for line in axes.lines) == len(balance)
    assert "the difference is infinite" in figure.caption.en
    assert "∞" in figure.alt.en
    assert "infinite" not in draw_love_plot(compared_results, 0.1).caption.en


def test_the_histograms_count_weights_where_there_are_any(compared_results):
    after = compared_results.series["propensity/after"]
    weighted = Results(
        compared_results.estimates,
        {**compared_results.series, "propensity/after": after.with_columns(weight=pl.lit(0.5))},
    )

    counts = dict(draw_score_overlap(weighted).data.group_by("time").agg(pl.col("n").sum()).iter_rows())

    assert counts["after"] == after.height / 2
    assert "counted by the weights" in draw_score_overlap(weighted).caption.en


def test_the_histograms_count_every_patient(compared_results):
    counts = draw_score_overlap(compared_results).data.group_by("time").agg(pl.col("n").sum())

    assert dict(counts.iter_rows()) == {"before": 64, "after": 62}


def test_three_landmarks_are_three_panels_on_one_scale(compared_results):
    axes = draw_landmarks(compared_results).draw("en").axes

    assert len(axes) == 3
    assert len({a.get_xlim() for a in axes}) == 1


def test_groups_and_events_differ_in_line_as_well_as_in_colour():
    looks = [look(c, i) for i, c in enumerate(("oligoprogression", "systemic", "death_without_progression"))]

    assert len({str(one.line) for one in looks}) == 3
    assert len({one.colour for one in looks}) == 3


def test_the_shares_of_a_bar_add_up(compared_results):
    shares = draw_imputed_levels(compared_results, "pd_l1").data
    totals = shares.group_by("imputation", "group").agg(pl.col("percent").sum())["percent"]

    assert totals.to_list() == pytest.approx([100] * len(totals))


def test_one_iteration_is_no_trace(compared_results):
    one = compared_results.series["imputation/trace"].filter(pl.col("iteration") == 1)

    assert has_trace(compared_results)
    assert not has_trace(compared_results.plus(series={"imputation/trace": one}))


def test_a_pooled_curve_says_so_and_names_the_failed_gate(compared_results):
    caption = draw_survival_curve(compared_results, "matched", "pattern", Outcome.PPS).caption

    assert "pooled over the imputations" in caption.en
    assert "balance was missed" in caption.en


@pytest.mark.parametrize("make", [m for m in MAKERS if m != "love"])
def test_what_was_not_analysed_is_not_drawn(made_results, make):
    with pytest.raises(KeyError):
        MAKERS[make](made_results)
