"""Several pictures on one sheet: where they stand, what they say, and that nothing is lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.drawing.figure import Figure, drawing_of, rendered, to_png, to_svg
from oligoscope.drawing.plate import Inset, Panel, caption_by_letter, draw_plate, letters_of
from oligoscope.drawing.print_files import to_pdf
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, MM
from oligoscope.plain_text import anchor
from oligoscope.questions.survival.figure import draw_survival_curve, draw_survival_plate
from oligoscope.results.results import Results
from unit.questions.geometry import outside, overlaps, words_of

TITLE = Text("图", "A figure")
OUTCOMES = ("pfs", "os", "pps")


@pytest.fixture(scope="module")
def curves(made_results: Results) -> list[Figure]:
    return [draw_survival_curve(made_results, outcome=o) for o in OUTCOMES]


@pytest.fixture(scope="module")
def plate(curves) -> Figure:
    panels = [Panel(f, Text(f"第{i}幅", f"Number {i}")) for i, f in enumerate(curves)]
    return replace(draw_plate("plate", TITLE, panels), synthetic=True)


def boxes(figure: Figure) -> list[tuple[float, float, float, float]]:
    """(left, bottom, right, top) of each panel in millimetres."""
    insets = [a for a in drawing_of(figure, "en").artists if isinstance(a, Inset)]
    return [tuple(x / MM for x in a.drawing.bbox_inches.extents) for a in insets]  # type: ignore[misc]


def test_narrow_pictures_stand_in_two_columns_and_none_on_another(plate):
    a, b, c = boxes(plate)
    _, height = drawing_of(plate, "en").get_size_inches() / MM

    assert plate.width_mm == DOUBLE_COLUMN_MM
    assert (a[0], b[0], c[0]) == pytest.approx((0, 100, 0), abs=0.01)
    assert a[3] == pytest.approx(b[3])  # tops in one line
    assert c[3] < min(a[1], b[1])
    assert min(a[1], b[1], c[1]) >= -0.01
    assert max(a[3], b[3]) < height


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_stay_on_the_sheet_and_off_one_another(plate, language):
    drawing = drawing_of(plate, language)

    assert outside(drawing) == []
    assert overlaps(drawing) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_panel_is_on_the_plate(plate, curves, language):
    said = {t.get_text() for t in words_of(drawing_of(plate, language))}

    for figure in curves:
        assert {t.get_text() for t in words_of(drawing_of(figure, language))} <= said
    assert {"A", "B", "C"} <= said


def test_the_mark_of_synthetic_data_stands_once(plate):
    said = [t.get_text() for t in words_of(drawing_of(plate, "en"))]

    assert said.count("Synthetic data, not real patients") == 1


def test_data_and_estimates_are_those_of_the_panels(plate, curves):
    assert plate.data["panel"].unique(maintain_order=True).to_list() == ["A", "B", "C"]
    assert plate.data.height == sum(f.data.height for f in curves)
    assert set(plate.estimates) == {e for f in curves for e in f.estimates}


def test_ids_inside_the_picture_are_its_own(plate, curves):
    """Each is there once on a page of all, which holds the letters once; those of its parts are used."""
    pictures = [to_svg(figure, "en", with_glyphs=False) for figure in (plate, *curves)]
    ids = [re.findall(r'\bid="([^"]+)"', svg) for svg in pictures]

    assert len({i for found in ids for i in found}) == sum(map(len, ids))
    for svg, found, figure in zip(pictures, ids, (plate, *curves), strict=True):
        parts = {i for i in found if not i.startswith(f"{anchor(figure.id)}-")}
        assert len({i.partition("-")[0] for i in parts}) == 1
        letters = rendered(figure, "en").glyphs
        assert parts == set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg)) - letters.keys()


@pytest.mark.slow
def test_the_same_plate_gives_the_same_bytes(curves):
    def again() -> Figure:
        return draw_plate("plate", TITLE, [Panel(f, TITLE) for f in curves])

    assert to_png(again(), "zh", 100) == to_png(again(), "zh", 100)
    assert to_svg(again(), "zh") == to_svg(again(), "zh")
    assert to_pdf(again(), "zh")[:5] == b"%PDF-"


def test_drawing_at_another_resolution_moves_nothing(curves):
    """A panel keeps its place when the sheet is drawn at 100, 300 and again 100 dots per inch."""
    figure = draw_plate("plate", TITLE, [Panel(f, TITLE) for f in curves])
    first = to_png(figure, "en", 100)
    to_png(figure, "en", 300)

    assert to_png(figure, "en", 100) == first


def test_equal_notes_are_said_once_with_their_letters():
    same, other = Text("同。", "Same."), Text("异。", "Other.")

    assert caption_by_letter({"A": same, "B": same}) == same
    assert caption_by_letter({"A": same, "B": other, "C": same}).en == "A, C: Same. B: Other."
    assert caption_by_letter({"A": same, "B": other, "C": same}).zh == "A、C：同。B：异。"
    assert caption_by_letter({"A": Text("", ""), "B": other}).en == "B: Other."
    assert caption_by_letter({}) == Text("", "")


def test_letters_end_at_z():
    assert letters_of("x" * 3) == "ABC"
    with pytest.raises(ValueError, match="at most 26 panels, not 27"):
        letters_of("x" * 27)


def test_one_curve_stands_by_itself_under_its_own_name(made_results):
    figure = draw_survival_plate(made_results, "plate", TITLE, [("progressed", "os")])

    assert figure.id == "survival_progressed_pattern_os"
    assert "panel" not in figure.data.columns


def test_a_survival_plate_says_how_to_read_it_once(made_results):
    figure = draw_survival_plate(made_results, "plate", TITLE, [("progressed", "os"), ("progressed", "pps")])

    assert figure.caption.en.count("Bands are 95% confidence intervals") == 1
    assert figure.title == TITLE
