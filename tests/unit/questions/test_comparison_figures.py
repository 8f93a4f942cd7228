"""Pictures of matching, predictors and the comparisons without immortal time."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from oligoscope.bilingual import LANGUAGES
from oligoscope.drawing.figure import Figure, to_csv, to_svg
from oligoscope.drawing.theme import missing_glyphs
from oligoscope.questions.competing_risks.figure import draw_incidence
from oligoscope.questions.imputation.figure import draw_imputed_levels
from oligoscope.questions.imputation.trace import draw_imputation_trace
from oligoscope.questions.landmark.figure import draw_landmarks
from oligoscope.questions.matching.love_plot import draw_love_plot
from oligoscope.questions.matching.score_overlap import draw_score_overlap
from oligoscope.questions.predictors.figure import draw_predictors
from oligoscope.questions.subgroups.figure import draw_subgroups
from oligoscope.questions.survival.figure import draw_survival_curve
from oligoscope.study.dictionary.outcomes import Outcome

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


def test_a_pooled_curve_says_so_and_names_the_failed_gate(compared_results):
    caption = draw_survival_curve(compared_results, "matched", "pattern", Outcome.PPS).caption

    assert "pooled over the imputations" in caption.en
    assert "balance was not achieved" in caption.en


@pytest.mark.parametrize("make", [m for m in MAKERS if m != "love"])
def test_what_was_not_analysed_is_not_drawn(made_results, make):
    with pytest.raises(KeyError):
        MAKERS[make](made_results)
