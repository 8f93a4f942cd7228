"""The main comparisons are printed in their own size, in letters of 7 points; the curve of the answer as large as its page allows."""

from __future__ import annotations

import pytest
from matplotlib.text import Text as Written

from oligoscope.bilingual import LANGUAGES
from oligoscope.drawing.theme import MM, TEXT_PT, TEXT_WIDTH_MM, theme
from oligoscope.printing.blocks import Depth, FigureBlock
from oligoscope.report.docx.page_plan import plan_pages
from oligoscope.report.main_comparisons import draw_main_comparisons
from unit.report.conftest import small_figure


@pytest.mark.parametrize(("width", "depth", "scale"), [
    (TEXT_WIDTH_MM, Depth.ANSWER, 1.0), (90.0, Depth.ANSWER, 1.0), (90.0, Depth.PAPER, 1.0),
])  # fmt: skip
def test_a_picture_as_wide_as_the_text_is_not_made_smaller(width, depth, scale):
    block = FigureBlock(small_figure(width), 1, depth)

    (placed,) = plan_pages([block], [False], lambda _block, _turned: 80.0, "en")

    assert placed.scale == scale


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letters_of_the_main_comparisons_are_7_points(compared_results, language):
    figure = draw_main_comparisons(compared_results)
    with theme():
        drawing = figure.painter(language)

    assert figure.width_mm == TEXT_WIDTH_MM
    assert drawing.get_figwidth() == pytest.approx(TEXT_WIDTH_MM * MM)
    assert min(float(word.get_fontsize()) for word in drawing.findobj(Written) if word.get_text()) >= TEXT_PT
