"""Lines of text are measured from the outlines that are kept, as FreeType measures the whole line."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure as Drawing
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags

from oligoscope.drawing.rendering import _Walk
from oligoscope.drawing.shaping import UNITS, heights_of, line_of
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
