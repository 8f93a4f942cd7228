"""The forest of the subgroups."""

from __future__ import annotations

from oligoscope.questions.subgroups.figure import draw_subgroups


def test_a_withheld_subgroup_keeps_its_row_and_says_why(compared_results):
    figure = draw_subgroups(compared_results)
    words = [t.get_text() for t in figure.draw("en").texts]

    assert "IIIC" in words
    assert "–" in words
    assert (
        "–: not given, a group has fewer than 5 patients; a group has fewer than 5 events."
        in figure.caption.en
    )
