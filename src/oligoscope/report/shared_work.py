"""What a second process makes of the documents while this one makes the rest: the same bytes, whoever makes them.

Of two languages it makes the last one whole, pictures and documents; of one language it draws every second picture. Where
any part of it fails, this process makes all of it again, and says what could not be made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from oligoscope.bilingual import Language
from oligoscope.drawing.figure import PNG_DPI, keep, rendered
from oligoscope.drawing.rendering import Rendered
from oligoscope.number_format import number_style
from oligoscope.printing.blocks import Document, TableBlock
from oligoscope.printing.left_out import LeftOut, Part
from oligoscope.questions.registry import QUESTIONS
from oligoscope.report.document import Rows, build_document, build_published
from oligoscope.report.drawn_from import program
from oligoscope.report.figure_files import drawn, figure_contents
from oligoscope.report.html.html import NO_LINKS, number_links
from oligoscope.report.kept_pictures import Pictures
from oligoscope.report.report_formats import REPORT_FORMATS, report_contents
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol
from oligoscope.system.second_process import at_hand

_SHARE = 2  # of one language, the second process draws each picture of this number


@dataclass(frozen=True)
class Task:
    """What the documents of one language are made from.

    Attributes:
        protocol: The settings that ran.
        results: The only source of numbers.
        issues: As `build_document` takes them.
        run_info: As `build_document` takes it.
        language: Of the words.
        style: A named number style; None for the default one.
        pictures: Those that the output folder holds already.
        has_numbers: Whether there will be a page of numbers.
    """

    protocol: Protocol
    results: Results
    issues: Rows | None
    run_info: Mapping[str, Any]
    language: Language
    style: str | None
    pictures: Pictures
    has_numbers: bool


@dataclass(frozen=True)
class Made:
    """The documents of one language.

    Attributes:
        files: The contents by the names of the files.
        tables: The report as far as the workbook holds it.
        pictures: As `Pictures.made`.
    """

    files: dict[str, bytes]
    tables: Document
    pictures: dict[str, dict[str, Any]]


def hand_over(task: Task, languages: Sequence[Language]) -> Language | None:
    """Let the second process, where there is one, begin; gives the language that it makes whole."""
    second = at_hand()
    if second is None:
        return None
    # Only the page of numbers names patients, and it is made here: to send them takes longer than to send all else (0.1 s of a demo).
    task = replace(task, results=task.results.without_patients())
    if len(languages) > 1:
        second.ask(make_language, task)
        return task.language
    second.ask(draw_share, task)
    return None


def take_language() -> Made | None:
    """The documents that the second process has made; None where they must be made here."""
    second = at_hand()
    found = None if second is None else second.answer()
    return found if isinstance(found, Made) else None


def take_drawn(document: Document, language: Language, pictures: Pictures) -> None:
    """Take over the pictures that the second process has drawn; what it has not is drawn here."""
    second = at_hand()
    found = None if second is None else second.answer()
    shares: Mapping[int, tuple[str, Rendered, dict[str, dict[str, Any]]]] = (
        found if isinstance(found, dict) else {}
    )
    for place, figure in enumerate(document.figures()):
        name, picture, described = shares.get(place, ("", None, {}))
        if picture is not None and name == figure.id:
            keep(figure, language, PNG_DPI, picture)
            pictures.made.update(described)


def make_language(task: Task) -> Made | None:
    """Pictures and documents of one language, but for the page of numbers; None where any part fails."""
    language, left_out, pictures = task.language, LeftOut(), task.pictures
    with number_style(task.style):
        document = build_document(task.protocol, task.results, task.issues, task.run_info, left_out)
        document = drawn(document, language, left_out, pictures=pictures)
        files = figure_contents(document, language, "usual", left_out, pictures)
        beside = build_published(task.protocol, task.results, left_out)
        links = number_links(task.protocol, task.results, language) if task.has_numbers else NO_LINKS
        for ending in REPORT_FORMATS:
            files |= report_contents(ending, document, beside, language, links, left_out)
    tables = tuple(block for block in document.blocks if isinstance(block, TableBlock))
    return None if left_out.parts else Made(files, replace(document, blocks=tables), pictures.made)


def draw_share(task: Task) -> dict[int, tuple[str, Rendered, dict[str, dict[str, Any]]]]:
    """Every second picture by its place in the report, each with its name and what it was drawn from."""
    found: dict[int, tuple[str, Rendered, dict[str, dict[str, Any]]]] = {}
    with number_style(task.style):
        document = build_document(task.protocol, task.results, task.issues, task.run_info, LeftOut())
        for place, figure in enumerate(document.figures()):
            if place % _SHARE != 1:
                continue
            own = task.pictures.alike()
            made = LeftOut().made(figure.title, own.draw, figure, task.language)
            if not isinstance(made, Part):
                found[place] = figure.id, rendered(figure, task.language, PNG_DPI), own.made
    return found


def get_ready() -> None:
    """Load what draws before there is anything to draw, and read what both processes would; no query is made (`second_process`)."""
    program()
    for question in QUESTIONS:
        if question.document:
            question.parts()


def begin() -> None:
    """In the second process: the first query, for which the library of frames begins its threads."""
    pl.DataFrame({"n": [1, 2]}).filter(pl.col("n") > 1)
