"""Long names of rows stand whole beside their marks, on several lines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.drawing.forest import Column, Entry, Forest, paint_forest
from oligoscope.drawing.lettering import width_mm
from oligoscope.drawing.love import LoveRow, Mark, paint_love
from oligoscope.drawing.named_rows import WIDEST_MM, NamedRows
from oligoscope.drawing.theme import TEXT_PT, theme
from unit.stored_results import bare_ratio

SHORT = Text("性别", "Sex")
LONG = Text(
    "基线乳酸脱氢酶高于正常上限且既往曾接受过胸部放射治疗或合并慢性阻塞性肺疾病或间质性肺病",
    "Baseline lactate dehydrogenase above the upper limit of normal, or earlier radiotherapy of the chest for limited disease",
)
ENDLESS = Text("名" * 200, "name " * 60)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_name_is_whole_on_lines_that_fit(language):
    (lines,) = NamedRows.of([LONG[language]], 4.0).names
    assert len(lines) > 1
    assert max(map(width_mm, lines)) <= WIDEST_MM
    assert "".join(lines).replace(" ", "") == LONG[language].replace(" ", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_three_lines_cannot_hold_is_cut_with_a_sign(language):
    (lines,) = NamedRows.of([ENDLESS[language]], 4.0).names
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert max(map(width_mm, lines)) <= WIDEST_MM


def test_rows_of_one_line_are_as_high_as_each_other_and_marks_lie_in_their_middle():
    rows = NamedRows.of(["Age", "Sex", ""], 4.0)
    assert rows.middles == (0.5, 1.5, 2.5)
    assert rows.total_mm == pytest.approx(12.0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row_mm", [2.8, 3.8, 4.0])
def test_no_line_of_a_name_touches_another(language, row_mm):
    entries = tuple(Entry(name, ()) for name in (SHORT, LONG, LONG, SHORT, ENDLESS, LONG))
    drawing = paint_forest(forest(entries, row_mm=row_mm), language)
    heights = sorted(line_heights(drawing, lambda x, words: x < 0.1 and "→" not in words))
    n = sum(len(NamedRows.of([e.name[language]], row_mm).names[0]) for e in entries)
    assert len(heights) == n
    assert min(b - a for a, b in pairwise(heights)) >= TEXT_PT


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_point_and_its_numbers_lie_in_the_middle_of_a_long_name(language):
    cells = (Text("0.80", "0.80"),)
    point = bare_ratio(value=0.8)
    entries = (Entry(SHORT, cells, (point,)), Entry(LONG, cells, (point,)), Entry(SHORT, cells, (point,)))
    drawing = paint_forest(forest(entries, columns=(Column(Text("比值", "Ratio")),)), language)
    names, numbers = (
        line_heights(drawing, lambda x, words, own=own: own(x) and "→" not in words and "←" not in words)
        for own in (lambda x: x < 0.1, lambda x: x > 0.8)
    )
    lines = len(NamedRows.of([LONG[language]], 4.0).names[0])
    middle = (names[1] + names[lines]) / 2  # written row by row
    assert numbers[-2] == pytest.approx(middle)
    (axes,) = drawing.axes
    ys = heights_of_marks(axes, "s")
    places = [axes.transData.transform((1, y))[1] / drawing.dpi * 72 for y in ys]
    assert places == pytest.approx(numbers[-3:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mark_of_balance_lies_in_the_middle_of_a_long_name(language):
    rows = [LoveRow(LONG, {"before": 0.2}), LoveRow(SHORT, {"before": 0.1})]
    with theme():
        drawing = paint_love(rows, {"before": Mark(SHORT, "o", "black", is_filled=True)}, 0.1, language)
    (axes,) = drawing.axes
    wanted = NamedRows.of([row.name[language] for row in rows], 3.8).middles
    assert heights_of_marks(axes, "o") == list(wanted)
    assert axes.get_ylim()[0] > wanted[-1] + 0.4


def heights_of_marks(axes, marker):
    return [np.asarray(line.get_ydata()).item(0) for line in axes.get_lines() if line.get_marker() == marker]


def forest(entries, columns=(), row_mm=4.0):
    ratio = Text("风险比", "Hazard ratio")
    return Forest(entries, columns, (), ratio, ratio, ratio, row_mm=row_mm)


def line_heights(drawing, is_asked):
    """Of the words of a drawing in the order in which they are written, in points from its foot."""
    with theme():
        height = drawing.get_figheight() * 72
        return [
            t.get_position()[1] * height for t in drawing.texts if is_asked(t.get_position()[0], t.get_text())
        ]
