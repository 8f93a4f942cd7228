"""Every document of a study into one folder: a page and a Word file a language, and one workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from oligoscope.errors import UsageError
from oligoscope.number_format import PROFILES, language_of, number_style
from oligoscope.report.appendix import IssueRows
from oligoscope.report.blocks import Document
from oligoscope.report.document import build_document
from oligoscope.report.docx import write_docx
from oligoscope.report.figure_files import FigureChoice, write_figure_files
from oligoscope.report.html import write_html
from oligoscope.report.number_links import NO_LINKS, number_links, numbers_file
from oligoscope.report.numbers_html import write_numbers_html
from oligoscope.report.numbers_page import build_numbers_page
from oligoscope.report.patients_found import PatientFiles
from oligoscope.report.xlsx import write_xlsx
from oligoscope.results import Results
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import LANGUAGES, Language

Styles = Mapping[Language, str]  # a named profile for some languages; the others keep the default
DEFAULT_STYLES: Styles = {}


def styles_of(names: Iterable[str], languages: Iterable[Language]) -> Styles:
    """The profile of each language, from names such as en-lancet.

    Raises:
        UsageError: A name is unknown, is for a language that is not written, or two are for the same.
    """
    chosen: dict[Language, str] = {}
    wanted = tuple(languages)
    for name in names:
        if name not in PROFILES:
            raise UsageError(f"There is no style {name}. Choose from: {', '.join(PROFILES)}.")
        language: Language | None = next((one for one in wanted if one == language_of(name)), None)
        if language is None:
            raise UsageError(f"{name} is a style for {language_of(name)}, which --lang leaves out.")
        if language in chosen:
            raise UsageError(f"{chosen[language]} and {name} are both for {language}; give one of them.")
        chosen[language] = name
    return chosen


def count_parts(languages: tuple[Language, ...]) -> int:
    """How often `write_reports` will say that a part begins: page, Word file and pictures, then the workbook."""
    return 3 * len(languages) + 1


def write_reports(  # noqa: PLR0913, PLR0917  what to write and how, each with its usual value
    folder: Path,
    protocol: Protocol,
    results: Results,
    issues: IssueRows,
    run_info: Mapping[str, Any],
    languages: tuple[Language, ...] = LANGUAGES,
    styles: Styles = DEFAULT_STYLES,
    also_in_workbook: tuple[Language, ...] = (),
    figures: FigureChoice = "usual",
    begins: Callable[[], None] = lambda: None,
    patients: PatientFiles | None = None,
) -> None:
    """Write report.LANGUAGE.html, report.LANGUAGE.docx, the files of the figures and tables.xlsx.

    Args:
        folder: Where to.
        protocol: The settings that ran.
        results: The only source of numbers.
        issues: As `build_document` takes them.
        run_info: As `build_document` takes it.
        languages: Those to write.
        styles: Number styles by language.
        also_in_workbook: Further languages for the workbook, which holds all of them.
        figures: Which files of each figure.
        begins: Called before each of the `count_parts` parts of the work.
        patients: The patients of the run; with them numbers.LANGUAGE.html is written and the report leads there.
    """
    numbers = None if patients is None else build_numbers_page(protocol, results, patients)
    documents: dict[Language, Document] = {}
    for language in LANGUAGES:
        if language not in {*languages, *also_in_workbook}:
            continue
        # Pictures take their numbers when they are drawn, so they are drawn inside the style too.
        with number_style(styles.get(language)):
            documents[language] = build_document(protocol, results, issues, run_info)
            if language in languages:
                begins()
                links = NO_LINKS if numbers is None else number_links(protocol, results, language)
                page = write_html(documents[language], language, links=links)
                (folder / f"report.{language}.html").write_text(page, encoding="utf-8", newline="\n")
                begins()
                write_docx(documents[language], language, folder / f"report.{language}.docx")
                begins()
                write_figure_files(documents[language], language, folder, figures)
    begins()
    if numbers is not None:
        for language in languages:
            page = write_numbers_html(numbers, language)
            (folder / numbers_file(language)).write_text(page, encoding="utf-8", newline="\n")
    write_xlsx(documents, folder / "tables.xlsx", results)
