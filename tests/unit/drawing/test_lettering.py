"""Lines of text: broken to a width, cut where one word alone is too wide."""

from __future__ import annotations

import pytest

from oligoscope.drawing.lettering import break_lines, fitted, width_mm
from oligoscope.drawing.theme import text_width_pt
from unit.hostile import WORDS


@pytest.mark.parametrize("width", [40.0, 120.0])
def test_no_line_is_wider_than_its_place_and_no_letter_is_lost(width):
    for word in WORDS:
        lines = break_lines(f"{word}: median 3.1 months (95% CI 1.0 to 9.9)", width)

        assert all(text_width_pt(line) <= width or len(line) == 1 for line in lines)
        kept = "".join("".join(lines).split())
        assert kept == "".join(f"{word}: median 3.1 months (95% CI 1.0 to 9.9)".split())


def test_words_that_fit_are_not_cut():
    assert break_lines("Overall survival (n=163)", 60) == ["Overall survival", "(n=163)"]


def test_a_marked_letter_stays_whole():
    assert all(line.count("*") in {0, 2} for line in break_lines("a b c d *P*=0.03 " * 9, 30))


def test_a_cut_text_ends_in_a_sign_and_has_room():
    shown = fitted("器官" * 30, 40.0)

    assert shown.endswith("…")
    assert width_mm(shown) <= 40.0
    assert fitted("short", 40.0) == "short"


def test_no_line_begins_with_a_closing_bracket_where_a_long_one_is_cut():
    lines = break_lines(
        "（上海交通大学医学院附属胸科医院）", text_width_pt("（上海交通大学医学院附属胸科医院")
    )

    assert lines == ["（上海交通大学医学院附属胸科医", "院）"]
