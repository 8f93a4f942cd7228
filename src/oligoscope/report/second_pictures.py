"""Pictures that a second process draws while this one draws others: the same bytes, whoever draws them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from oligoscope.bilingual import Language
from oligoscope.drawing.figure import PNG_DPI, keep, rendered
from oligoscope.drawing.rendering import Rendered
from oligoscope.number_format import number_style
from oligoscope.printing.blocks import Document
from oligoscope.printing.left_out import LeftOut
from oligoscope.questions.registry import QUESTIONS
from oligoscope.report.document import Rows, build_document
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol
from oligoscope.system.second_process import at_hand, is_alone

Share = tuple[int, int]  # of the figures, each n-th beginning with the k-th
_ALL, _HALF = (0, 1), (1, 2)


def begin_drawing(
    protocol: Protocol,
    results: Results,
    issues: Rows | None,
    run_info: Mapping[str, Any],
    languages: Sequence[Language],
    styles: Mapping[Language, str],
) -> None:
    """Let the second process, where there is one, draw the figures of the last language; of one language, every second."""
    second = at_hand()
    if second is not None:
        language = languages[-1]
        share = _ALL if len(languages) > 1 else _HALF
        second.ask(
            draw_share, os.getpid(), share, language, styles.get(language), protocol, results,
            None if issues is None else list(issues), dict(run_info),
        )  # fmt: skip


def take_drawn(document: Document, language: Language) -> None:
    """Take over what the second process has drawn; what it has not is drawn here."""
    second = at_hand()
    found: Mapping[int, tuple[str, Rendered]] = (second.answer() if second is not None else None) or {}
    for place, figure in enumerate(document.figures()):
        name, drawn = found.get(place, ("", None))
        if drawn is not None and name == figure.id:
            keep(figure, language, PNG_DPI, drawn)


def draw_share(
    parent: int, share: Share, language: Language, style: str | None, protocol: Protocol, results: Results,
    issues: Rows | None, run_info: Mapping[str, Any],
) -> dict[int, tuple[str, Rendered]]:  # fmt: skip
    """In the second process: its figures by their places in the report, each with its name."""
    first, step = share
    drawn: dict[int, tuple[str, Rendered]] = {}
    with number_style(style):
        document = build_document(protocol, results, issues, run_info, LeftOut())
        for place, figure in enumerate(document.figures()):
            if place % step != first or is_alone(parent):
                continue
            found = LeftOut().made(figure.title, rendered, figure, language, PNG_DPI)
            if isinstance(found, Rendered):
                drawn[place] = figure.id, found
    return drawn


def get_ready() -> None:
    """In the second process: load what draws before there is anything to draw."""
    for question in QUESTIONS:
        if question.document:
            question.parts()
