"""Curves of steps and the band between their limits."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from oligoscope.drawing.months import paint_steps
from oligoscope.drawing.sheet import Sheet
from oligoscope.drawing.theme import look_of, theme

NAN = float("nan")


def band(low: list[float], high: list[float]) -> np.ndarray:
    """The corners of the band below a curve of a step a month."""
    months = [float(month) for month in range(len(low))]
    curve = pl.DataFrame(
        {"months": months, "survival": np.linspace(1, 0, len(low)), "low": low, "high": high}
    )
    with theme():
        axes = Sheet(80.0, 60.0).axes(10.0, 10.0, 60.0, 40.0)
        paint_steps(axes, curve, "survival", look_of("", 0))
        (area,) = axes.collections
        return np.asarray(area.get_paths()[0].vertices)


@pytest.mark.parametrize(
    ("low", "high", "end"),
    [
        ([1.0, 0.4, 0.2, NAN], [1.0, 0.9, 0.7, NAN], 3),  # the curve ends at 0, where limits do not exist
        ([1.0, 0.4, NAN, NAN], [1.0, 0.9, NAN, NAN], 2),
        ([1.0, 0.4, 0.2, 0.1], [1.0, 0.9, 0.7, 0.6], 3),
    ],
)
def test_the_band_reaches_to_the_end_of_the_last_step_with_limits(low, high, end):
    corners = band(low, high)
    last = corners[corners[:, 0] == end]

    assert corners[:, 0].max() == end
    known = max(i for i, limit in enumerate(low) if not np.isnan(limit))
    assert {100 * low[known], 100 * high[known]} <= set(last[:, 1])
