"""A picture is the same whatever was painted before it on the memory that it uses."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from PIL import Image

from oligoscope.drawing import rendering
from oligoscope.drawing.rendering import render
from oligoscope.drawing.theme import theme

_DPI = 300


def png(width: float, height: float, colour: str = "#0072B2") -> bytes:
    """A picture of this size in inches: bars and a curve at places that lie between dots, and a line beyond its sides."""
    with theme():
        drawing = Drawing(figsize=(width, height))
        axes = Axes(drawing, (0.13, 0.17, 0.81, 0.77))
        drawing.add_axes(axes)
        axes.bar(np.arange(9), np.arange(9) / 7, width=0.83, color=colour)
        axes.plot([-40, 3, 50], [-9, 0.4, 9], clip_on=False, color=colour)
        axes.set_xlabel("Months")
        return render(drawing, "i", _DPI).png


@pytest.fixture(autouse=True)
def no_grids(monkeypatch):
    monkeypatch.setattr(rendering, "_GRIDS", {})


@pytest.mark.parametrize("size", [(2.0, 1.5), (3.3, 3.4), (3.3, 3.45), (2.6, 7.1)])
@pytest.mark.parametrize("before", [(1.0, 1.0), (7.4, 3.0), (7.4, 3.42), (1.0, 8.0), (4.0, 7.0)])
def test_a_picture_does_not_depend_on_the_one_before_it(size, before):
    alone = png(*size)

    larger = png(*before, colour="#D55E00")

    assert png(*size) == alone
    assert png(*before, colour="#D55E00") == larger


def test_a_picture_has_the_size_and_resolution_asked_for_after_a_larger_one():
    png(7.4, 3.0)

    picture = Image.open(io.BytesIO(png(2.0, 1.5)))

    assert picture.size == (600, 450)
    corner = np.asarray(picture)[:4, :4]
    assert (corner == 255).all()


def test_another_resolution_has_a_grid_of_its_own():
    png(7.4, 3.0)
    with theme():
        found = render(Drawing(figsize=(2.0, 1.5)), "i", 150).png

    assert Image.open(io.BytesIO(found)).size == (300, 225)
