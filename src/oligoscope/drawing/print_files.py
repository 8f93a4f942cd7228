"""A figure as files for print: PDF with its fonts inside, and TIFF without loss."""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf

from oligoscope.bilingual import Language
from oligoscope.drawing.figure import Figure, drawing_of, saving
from oligoscope.drawing.pdf_fonts import with_truetype_fonts

PRINT_DPI = 600  # combined line and tone; journals ask for 300 to 1000


def to_pdf(figure: Figure, language: Language) -> bytes:
    """The picture as PDF: text stays text; no date, so that the same input gives the same bytes."""
    drawing, buffer = drawing_of(figure, language), io.BytesIO()
    facts = {"CreationDate": None, "Creator": None, "Producer": None, "Title": figure.title[language]}
    with saving(figure):
        FigureCanvasPdf(drawing)
        drawing.savefig(buffer, format="pdf", metadata=facts)
    return with_truetype_fonts(buffer.getvalue())


def to_tiff(figure: Figure, language: Language, dpi: int = PRINT_DPI) -> bytes:
    """The picture as TIFF (LZW), its resolution inside, so that it prints at its own size."""
    drawing, buffer = drawing_of(figure, language), io.BytesIO()
    with saving(figure):
        FigureCanvasAgg(drawing)
        packed = {"compression": "tiff_lzw"}
        drawing.savefig(buffer, format="tiff", dpi=dpi, facecolor="white", pil_kwargs=packed)
    return buffer.getvalue()
