"""Words that are made once a look stand where matplotlib puts them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from oligoscope.drawing.plot import Plot
from oligoscope.drawing.rendering import Rendered, render
from oligoscope.drawing.sheet import Sheet
from oligoscope.drawing.theme import theme
from oligoscope.drawing.words import Looks, Words

ACROSS = ("left", "center", "right")
UP = ("bottom", "top", "center", "baseline", "center_baseline")
TEXTS = ("Months", "中位 12.3", "two\nlines", "gy", "")


def _rendered(kind: type[Text], text: str, **how: Any) -> Rendered:
    with theme():
        drawing = Drawing(figsize=(2, 1))
        words = kind(0.3, 0.4, text, **how, transform=drawing.transFigure)
        words.set_figure(drawing)
        drawing.texts.append(words)
        return render(drawing, "i", 150)


@pytest.mark.parametrize(("ha", "va"), [*itertools.product(ACROSS, UP)])
def test_words_are_drawn_as_matplotlib_draws_them(ha, va):
    for text, angle in itertools.product(TEXTS, (0, 90)):
        how = {"ha": ha, "va": va, "size": 7, "rotation": angle, "color": "#336699"}
        assert _rendered(Words, text, **how) == _rendered(Text, text, **how)


def test_a_letter_in_italics_is_drawn_as_matplotlib_draws_it():
    how = {"parse_math": True, "va": "center_baseline"}
    assert _rendered(Words, r"$\mathit{P}$", **how) == _rendered(Text, r"$\mathit{P}$", **how)


def test_words_of_one_look_differ_in_place_and_text_only():
    looks = Looks()
    first, is_first = looks.words(1, 2, "one", size=7, color="red")
    second, is_second = looks.words(3, 4, "two", size=7, color="red")
    other, is_other = looks.words(3, 4, "two", size=8, color="red")

    assert (is_first, is_second, is_other) == (True, False, True)
    assert (second.get_position(), second.get_text()) == ((3, 4), "two")
    assert (first.get_position(), first.get_text()) == ((1, 2), "one")
    assert second.get_fontsize() == first.get_fontsize() != other.get_fontsize()


def test_a_sheet_and_axes_draw_all_words_of_a_look():
    with theme():
        sheet = Sheet(60, 40)
        axes = sheet.axes(10, 5, 40, 25)
        for i in range(3):
            sheet.write(5, 5 * i, f"line {i}")
            axes.text(0.1 * i, 0.5, f"point {i}", ha="center")
        drawn = render(sheet.drawing, "i", None)

    assert {f"{kind} {i}" for kind in ("line", "point") for i in range(3)} <= set(drawn.texts)


@pytest.mark.parametrize("corner", [(1.0, -2.0, 3.0, 4.5), (0.5, 0.5, -1.0, 0.0), (2.0, 2.0, 0.0, 0.0)])
def test_rectangles_widen_the_limits_of_axes_as_in_matplotlib(corner):
    limits = []
    for kind in (Axes, Plot):
        axes = kind(Drawing(), (0, 0, 1, 1))
        for x, y, width, height in [(0.0, 0.0, 1.0, 1.0), corner]:
            axes.add_patch(Rectangle((x, y), width, height))
        limits.append((list(axes.dataLim.extents), list(np.atleast_1d(axes.dataLim.minpos))))

    assert limits[0] == limits[1]
