"""The formats of the documents and figures that are written, and what their files are called."""

from __future__ import annotations

from typing import Literal

from oligoscope.bilingual import Language

FigureChoice = Literal["usual", "all"]  # as shown on a screen; or for print as well
FigureFormat = Literal["svg", "png", "csv", "pdf", "tiff"]
FIGURE_FORMATS: dict[FigureChoice, tuple[FigureFormat, ...]] = {
    "usual": ("svg", "png", "csv"),
    "all": ("svg", "png", "csv", "pdf", "tiff"),
}
WORKBOOK = "tables.xlsx"


ANSWER, REPORT, SUPPLEMENT, PUBLISHED = "answer", "report", "supplement", "published"


def report_file(language: Language, ending: str = "html", name: str = REPORT) -> str:
    """The report, or one part of it, in one language and format."""
    return f"{name}.{language}.{ending}"


def numbers_file(language: Language) -> str:
    """The page of numbers, beside the report."""
    return f"numbers.{language}.html"
