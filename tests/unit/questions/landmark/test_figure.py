"""The curves from each landmark."""

from __future__ import annotations

from oligoscope.questions.landmark.figure import draw_landmarks


def test_three_landmarks_are_three_panels_on_one_scale(compared_results):
    axes = draw_landmarks(compared_results).draw("en").axes

    assert len(axes) == 3
    assert len({a.get_xlim() for a in axes}) == 1
