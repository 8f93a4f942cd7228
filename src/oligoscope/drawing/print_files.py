"""A figure as files for print: PDF with its fonts inside, and TIFF without loss.

The shipped face has cubic (CFF) outlines. matplotlib embeds their subset as if it were TrueType, which some
readers draw and others, Acrobat among them, may refuse. Here each such subset is turned into TrueType
(quadratic) outlines within half a thousandth of an em; glyph numbers, widths and the text layer stay as they are.
"""

from __future__ import annotations

import io
import re
import zlib

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf

from oligoscope.bilingual import Language
from oligoscope.drawing.figure import Figure, saved

PRINT_DPI = 600  # combined line and tone; journals ask for 300 to 1000


def to_pdf(figure: Figure, language: Language) -> bytes:
    """The picture as PDF: text stays text; no date, so that the same input gives the same bytes."""
    facts = {"CreationDate": None, "Creator": None, "Producer": None, "Title": figure.title[language]}
    return with_truetype_fonts(saved(figure, language, FigureCanvasPdf, format="pdf", metadata=facts))


def to_tiff(figure: Figure, language: Language, dpi: int = PRINT_DPI) -> bytes:
    """The picture as TIFF (LZW), its resolution inside, so that it prints at its own size."""
    how = {"dpi": dpi, "facecolor": "white", "pil_kwargs": {"compression": "tiff_lzw"}}
    return saved(figure, language, FigureCanvasAgg, format="tiff", **how)


CFF_FLAVOUR, TRUETYPE_FLAVOUR = b"OTTO", b"\x00\x01\x00\x00"
_MOST_ERROR = 0.0005  # of an em
_STREAM = re.compile(rb"<< /Length1 \d+ /Length (\d+) /Filter /FlateDecode >>\nstream\n")
_OFFSET = re.compile(rb"(\d{10}) \d{5} n")


def with_truetype_fonts(pdf: bytes) -> bytes:
    """The same PDF with every CFF subset that is embedded as TrueType turned into TrueType.

    Args:
        pdf: A PDF as matplotlib writes it, with one classic cross-reference table.

    Raises:
        ValueError: The file is built in another way.
    """
    start = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    table, found, trailer = pdf[start:].partition(b"trailer")
    if not table.startswith(b"xref") or not found:
        raise ValueError("the PDF has no classic cross-reference table")
    offsets = [int(offset) for offset in _OFFSET.findall(table)]
    order = sorted(range(len(offsets)), key=lambda i: offsets[i])
    ends = [*(offsets[i] for i in order[1:]), start]
    out = io.BytesIO()
    out.write(pdf[: offsets[order[0]]])
    moved = dict[int, int]()
    for i, end in zip(order, ends, strict=True):
        moved[i] = out.tell()
        out.write(_corrected(pdf[offsets[i] : end]))
    begun = out.tell()
    lines = (b"%010d 00000 n \n" % moved[i] for i in range(len(offsets)))
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1) + b"".join(lines))
    out.write(b"trailer" + trailer.rsplit(b"startxref", 1)[0] + b"startxref\n%d\n%%%%EOF\n" % begun)
    return out.getvalue()


def _corrected(item: bytes) -> bytes:
    """An object of the file; a font program with CFF outlines in another form, everything else as it is."""
    head = _STREAM.search(item)
    if head is None:
        return item
    packed = item[head.end() : head.end() + int(head.group(1))]
    font = zlib.decompress(packed)
    if not font.startswith(CFF_FLAVOUR):
        return item
    quadratic = to_truetype(font)
    again = zlib.compress(quadratic)
    start = b"<< /Length1 %d /Length %d /Filter /FlateDecode >>\nstream\n" % (len(quadratic), len(again))
    return item[: head.start()] + start + again + item[head.end() + len(packed) :]


def to_truetype(font: bytes) -> bytes:
    """A font with CFF outlines as the same font with TrueType outlines, its glyphs in the same order."""
    source = TTFont(io.BytesIO(font), recalcTimestamp=False)
    glyphs, order = source.getGlyphSet(), source.getGlyphOrder()
    most = source["head"].unitsPerEm * _MOST_ERROR  # type: ignore[attr-defined]
    drawn = {}
    for name in order:
        pen = TTGlyphPen(None)
        # TrueType fills to the right of a contour, CFF to its left.
        glyphs[name].draw(Cu2QuPen(pen, most, reverse_direction=True))
        drawn[name] = pen.glyph()
    source["loca"] = newTable("loca")
    source["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, drawn  # type: ignore[attr-defined]
    del source["CFF "]
    _complete(source, len(order))
    out = io.BytesIO()
    source.save(out)
    return out.getvalue()


def _complete(font: TTFont, n_glyphs: int) -> None:
    """Add the tables that a TrueType font needs beside its outlines."""
    font.sfntVersion = TRUETYPE_FLAVOUR.decode("ascii")
    font["maxp"] = maxp = newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs = 0x00010000, n_glyphs  # type: ignore[attr-defined]
    for name in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
        "maxSizeOfInstructions", "maxComponentElements", "maxComponentDepth", "maxPoints", "maxContours",
        "maxCompositePoints", "maxCompositeContours",
    ):  # fmt: skip
        setattr(maxp, name, 0)
    maxp.maxZones = 1  # type: ignore[attr-defined]
    if "VORG" in font:
        del font["VORG"]
