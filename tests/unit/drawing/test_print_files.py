"""Files for print: fonts of the kind that the PDF says they are, TIFF without loss at its own size."""

from __future__ import annotations

import io
import re
import zlib

import polars as pl
import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure as Drawing
from PIL import Image

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.print_files import PRINT_DPI, to_pdf, to_tiff, to_truetype, with_truetype_fonts
from oligoscope.drawing.theme import FONT_FILE, MM

WORDS = Text("寡进展 63.7%（95%CI：57.8~69.2）", "Oligoprogression 63.7% (95% CI 57.8 to 69.2)")


def _paint(language: Language) -> Drawing:
    drawing = Drawing(figsize=(90 * MM, 30 * MM))
    drawing.text(0.05, 0.5, WORDS[language])
    drawing.text(0.05, 0.2, "$\\mathit{P}$", parse_math=True)  # as `lettering.write_line` asks for it
    return drawing


@pytest.fixture
def figure() -> Figure:
    return Figure("example", WORDS, WORDS, WORDS, pl.DataFrame({"n": [1]}), _paint)


def fonts_in(pdf: bytes) -> list[bytes]:
    """The font programs of a PDF."""
    found = re.finditer(rb"/Length1 (\d+) /Length (\d+) /Filter /FlateDecode >>\nstream\n", pdf)
    fonts = [(int(m[1]), zlib.decompress(pdf[m.end() : m.end() + int(m[2])])) for m in found]
    assert all(len(font) == length for length, font in fonts)
    return [font for _, font in fonts]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_font_is_inside_and_truetype_as_the_file_says(figure, language):
    pdf = to_pdf(figure, language)
    fonts = fonts_in(pdf)

    assert len(fonts) >= 2
    assert all(font[:4] == b"\x00\x01\x00\x00" for font in fonts)
    assert pdf.count(b"/CIDFontType2") == len(fonts)
    assert b"/Type3" not in pdf


def test_every_object_stands_where_the_table_says(figure):
    pdf = to_pdf(figure, "zh")
    start = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    offsets = re.findall(rb"(\d{10}) 00000 n", pdf[start:])

    assert len(offsets) > 5
    for number, offset in enumerate(offsets, start=1):
        assert pdf[int(offset) :].startswith(b"%d 0 obj" % number)


def test_the_pdf_is_as_wide_as_the_figure_and_has_no_date(figure):
    pdf = to_pdf(figure, "en")
    width = re.search(rb"/MediaBox \[ 0 0 ([\d.]+)", pdf)

    assert width is not None
    assert float(width[1]) == pytest.approx(90 * MM * 72, abs=0.1)
    assert b"CreationDate" not in pdf
    assert pdf == to_pdf(Figure("example", WORDS, WORDS, WORDS, figure.data, _paint), "en")


def test_a_pdf_without_such_fonts_stays_as_it_is(figure):
    pdf = to_pdf(figure, "zh")

    assert fonts_in(with_truetype_fonts(pdf)) == fonts_in(pdf)


def test_a_file_built_in_another_way_is_refused():
    with pytest.raises(ValueError, match="cross-reference"):
        with_truetype_fonts(b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n")


def test_outlines_keep_their_place_and_glyphs_their_order():
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.subset import Subsetter

    font = TTFont(FONT_FILE)
    subsetter = Subsetter()
    subsetter.populate(text="寡进展 P9%")
    subsetter.subset(font)
    before = io.BytesIO()
    font.save(before)
    after = TTFont(io.BytesIO(to_truetype(before.getvalue())))
    font = TTFont(io.BytesIO(before.getvalue()))

    assert set(after.getBestCmap() or {}) == set(font.getBestCmap() or {}) != set()
    # Names of glyphs may change, their numbers may not.
    for number, pair in enumerate(zip(font.getGlyphOrder(), after.getGlyphOrder(), strict=True)):
        bounds, widths = [], []
        for one, name in zip((font, after), pair, strict=True):
            pen = BoundsPen(one.getGlyphSet())
            one.getGlyphSet()[name].draw(pen)
            bounds.append(pen.bounds)
            widths.append(one["hmtx"][name][0])  # type: ignore[index]
        assert widths[0] == widths[1], number
        assert bounds[1] == (pytest.approx(bounds[0], abs=1.5) if bounds[0] else None), number


def test_the_tiff_is_lzw_and_prints_at_its_own_size(figure):
    picture = Image.open(io.BytesIO(to_tiff(figure, "zh")))

    assert picture.format == "TIFF"
    assert picture.info["compression"] == "tiff_lzw"
    assert picture.info["dpi"] == (PRINT_DPI, PRINT_DPI)
    assert picture.width == pytest.approx(90 / 25.4 * PRINT_DPI, abs=1)
