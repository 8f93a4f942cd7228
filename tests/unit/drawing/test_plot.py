"""Axes whose ticks are no objects of their own are drawn as matplotlib draws its axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import NullLocator

from oligoscope.drawing.plot import Plot
from oligoscope.drawing.theme import theme

_PLACE = (0.25, 0.25, 0.65, 0.65)


def plain(axes: Axes) -> None:
    axes.plot([0, 3, 7], [1, 40, 95], color="#0072B2")
    axes.set_xlabel("Months")
    axes.set_ylabel("Survival, %")


def upside_down(axes: Axes) -> None:
    axes.barh([0, 1, 2], [30, 12, 5], color="#7f7f7f")
    axes.set_xlim(40, 0)
    axes.set_ylim(3, -1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["right"].set_visible(True)
    axes.set_xlabel("Patients")


def ratios(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_xlim(0.2, 5)
    axes.set_xticks([0.25, 0.5, 1, 2, 4], ["0.25", "0.5", "1", "2", "4"])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.axvline(1, linewidth=0.6)
    axes.set_xlabel("Hazard ratio")


def named(axes: Axes) -> None:
    axes.set_ylim(0, 100)
    axes.set_xticks(range(3), ["a", "b (n=3)", "$c$"])
    axes.tick_params(axis="x", length=0, labelsize=5)
    axes.set_xlabel("Groups")


def hidden(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1])
    axes.set_axis_off()


def dots(kind: type[Axes], paint: Callable[[Axes], None]) -> Any:
    with theme():
        drawing = Drawing(figsize=(2.5, 2.0), dpi=150)
        axes = kind(drawing, _PLACE)
        drawing.add_axes(axes)
        paint(axes)
        canvas = FigureCanvasAgg(drawing)
        canvas.draw()
        return np.array(canvas.buffer_rgba())


@pytest.mark.parametrize("paint", [plain, upside_down, ratios, named, hidden])
def test_every_dot_is_as_matplotlib_draws_it(paint: Callable[[Axes], None]):
    assert np.array_equal(dots(Plot, paint), dots(Axes, paint))


def test_what_is_found_in_axes_is_what_is_drawn():
    with theme():
        drawing = Drawing()
        axes = Plot(drawing, _PLACE)
        drawing.add_axes(axes)
        axes.set_xlim(0, 10)
        axes.xaxis.set_ticks([0, 5, 10])
        axes.set_xlim(0, 8)

    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "5"]

    axes.set_axis_off()

    assert axes.xaxis.get_children() == [axes.xaxis.label]


def test_the_look_of_labels_is_not_lost_without_a_word():
    drawing = Drawing()

    with pytest.raises(TypeError, match="tick_params"):
        Plot(drawing, _PLACE).set_yticks([0, 1], ["a", "b"], size=5)
