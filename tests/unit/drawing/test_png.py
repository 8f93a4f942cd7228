"""Pixels as PNG: what a reader of PNG finds is what was painted."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from oligoscope.drawing.png import png_of

SIZES = [
    (1, 1),
    (15, 7),
    (16, 40),
    (17, 3),
    (50, 211),
]  # less and more than the rows that are packed at a time


@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize("colours", [1, 2, 256])
def test_a_reader_finds_the_pixels_and_their_resolution(height: int, width: int, colours: int) -> None:
    pixels = np.random.default_rng(height).integers(256 - colours, 256, (height, width, 4), np.uint8)

    picture = Image.open(io.BytesIO(png_of(pixels, 300)))

    assert picture.mode == "RGB"
    assert [round(dots) for dots in picture.info["dpi"]] == [300, 300]
    assert np.array_equal(np.asarray(picture), pixels[:, :, :3])


def test_the_same_pixels_give_the_same_bytes_wherever_they_lie_in_memory() -> None:
    pixels = np.random.default_rng(1).integers(250, 256, (120, 333, 4), np.uint8)
    larger = np.zeros((150, 350, 4), np.uint8)
    larger[7:127, 9:342] = pixels

    assert {png_of(place, 300) for place in (pixels, pixels.copy(), larger[7:127, 9:342])} == {
        png_of(pixels, 300)
    }
