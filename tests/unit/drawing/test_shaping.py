"""Lines of text are measured from the outlines that are kept, as FreeType measures the whole line."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import _path
from matplotlib.figure import Figure as Drawing
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from oligoscope.drawing.rendering import _Walk
from oligoscope.drawing.shaping import UNITS, heights_of, line_of, places_of
from oligoscope.drawing.theme import families, theme


@pytest.mark.parametrize(
    "text", ["Months since start of treatment", "进展后生存率/%", "AV 12.5 (n=3)", "χ² 检验", " ", "x̄"]
)
def test_a_line_has_the_extent_that_freetype_finds(text: str) -> None:
    with theme():
        face = FontProperties(family=list(families()), size=UNITS)
        font = get_font(fontManager._find_fonts_by_props(face))  # pyright: ignore[reportAttributeAccessIssue]
        font.set_size(UNITS, 72)
        font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
        extent = (*font.get_width_height(), font.get_descent())  # the face is shared
        line = line_of(text, face, is_math=False)
    assert (line.width * 64, line.height * 64, line.descent * 64) == extent


def test_the_heights_of_a_face_are_those_that_matplotlib_works_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def box() -> tuple[float, ...]:
        drawing = Drawing()
        drawing.dpi = 72
        text = drawing.text(0.5, 0.5, "Overall survival", size=7, va="center_baseline")
        return tuple(text.get_window_extent(_Walk(400, 300, "i", None)).extents)

    with theme():
        ours = box()
        assert heights_of(FontProperties(family=list(families()), size=7), 72)[0] > 0
        monkeypatch.delattr(_Walk, "_get_font_height_metrics")
        assert ours == box()


@pytest.mark.parametrize("text", ["195 (89)", "Post-progression survival, AVTo fi", "进展后生存率/%（n=12）"])
def test_a_line_is_shaped_from_memory_as_from_the_file(text: str) -> None:
    with theme():
        face = FontProperties(size=7)
        from_file = get_font(fontManager._find_fonts_by_props(face))  # pyright: ignore[reportAttributeAccessIssue]
        from_file.set_size(UNITS, 72)
        placed = [(i.glyph_index, i.x, i.y) for i in from_file._layout(text, flags=LoadFlags.NO_HINTING)]

        line = line_of(text, face, is_math=False)

    assert [(int(glyph.id.split(".")[1], 16), x, y) for glyph, x, y, _ in line.glyphs] == placed


PLACES = st.tuples(*2 * [st.sampled_from([-12.5, -0.004, 0.0, 0.004, 1.0, 7.25, 100.0])])
PARTS = st.sampled_from(
    [[Path.LINETO], [Path.LINETO], [Path.CURVE3] * 2, [Path.CURVE4] * 3, [Path.CLOSEPOLY], [Path.MOVETO]]
)


@st.composite
def paths(draw: st.DrawFn) -> Path:
    codes = [Path.MOVETO, *chain.from_iterable(draw(st.lists(PARTS, max_size=12)))]
    return Path(draw(st.lists(PLACES, min_size=len(codes), max_size=len(codes))), codes)


def _corners(d: str) -> list[tuple[str, float, float]]:
    """Each corner of a path by its letter; one that is level or upright is a line."""
    found: list[tuple[str, float, float]] = []
    for kind, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        given = [float(number) for number in re.findall(r"-?[0-9.]+", numbers)]
        if kind == "H":
            found.append(("L", given[0], found[-1][2]))
        elif kind == "V":
            found.append(("L", found[-1][1], given[0]))
        else:
            found += [(kind, *place) for place in zip(given[::2], given[1::2], strict=True)] or [("z", 0, 0)]
    return found


@given(paths())
def test_a_path_of_steps_has_the_places_that_matplotlib_writes(path: Path) -> None:
    kinds, as_it_is = [b"M", b"L", b"Q", b"C", b"z"], IdentityTransform()
    whole = cast("Any", _path).convert_to_string(path, as_it_is, None, False, None, 2, kinds, False)
    assert _corners(places_of(path, as_it_is, digits=2)) == _corners(whole.decode())


def test_what_does_not_change_along_a_step_is_not_written() -> None:
    steps = Path([(0.0, 9.5), (2.0, 9.5), (2.0, -4.0), (3.5, -4.0), (3.5, -6.25)])
    assert places_of(steps, IdentityTransform(), digits=2) == "M0 9.5H2V-4H3.5V-6.25"
