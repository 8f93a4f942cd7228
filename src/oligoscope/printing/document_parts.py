"""What a question gives to the document: sections of chapters, sentences of the Methods, limitations, a panel for a plate.

The document is assembled from these parts in the order of the registry of questions; see `report/document.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.plate import Panel
from oligoscope.printing.blocks import Block, Depth, Numbering
from oligoscope.printing.sentences import joined
from oligoscope.printing.table import Table
from oligoscope.printing.team_notes import team_note
from oligoscope.results.analyses import Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.study.protocol import Protocol

P = ParamSpec("P")


class Place(IntEnum):
    """Where in the report a chapter is, in this order."""

    ANSWER = 1  # on the first page
    METHODS = 2
    RESULTS = 3
    LIMITS = 4
    DETAILS = 5  # of the supplement
    RECORD = 6  # what is missing, and what was run

    @property
    def depth(self) -> Depth:
        """The part of the report that its words are in."""
        if self is Place.ANSWER:
            return Depth.ANSWER
        return Depth.PAPER if self <= Place.LIMITS else Depth.SUPPLEMENT


class Threat(IntEnum):
    """What a limitation is about, in the order in which limitations are printed."""

    DESIGN = 1
    TIME = 2
    CONFOUNDING = 3
    MISSING_VALUES = 4
    ESTIMATES = 5
    MEASUREMENT = 6
    DEFINITION = 7
    CHANCE = 8


@dataclass(frozen=True)
class Chapter:
    """One heading and what is below it, from one question or several.

    Attributes:
        id: What links lead to.
        title: The heading; printed only where a section gives blocks.
        strobe: Items of STROBE that it answers.
        strobe_also: Items that other chapters answer first and this one adds to.
        introduction: Below the heading.
        place: Where in the report.
        keeps_words: Whether its words stay there where all of its tables and figures are in the supplement.
        further: The heading of its half in the supplement where the other half is in the paper; None: the same.
    """

    id: str
    title: Text
    strobe: tuple[int, ...] = ()
    strobe_also: tuple[int, ...] = ()
    introduction: Text | None = None
    place: Place = Place.RESULTS
    keeps_words: bool = False
    further: Text | None = None


@dataclass(frozen=True)
class Draft:
    """What a section is made from.

    Attributes:
        protocol: The settings that ran.
        results: The only source of numbers.
        numbers: Gives tables and figures their numbers.
        panels: Pictures of questions for the plates of other questions, by kind.
    """

    protocol: Protocol
    results: Results
    numbers: Numbering
    panels: Mapping[str, PanelMaker] = field(default_factory=dict)

    def table(
        self, make: Callable[Concatenate[Results, P], Table], *args: P.args, **kwargs: P.kwargs
    ) -> Block:
        """The table that `make` gives of the results, with the next number."""
        return self.numbers.table(self._noted(make), self.results, *args, **kwargs)

    def figure(
        self, make: Callable[Concatenate[Results, P], Figure], *args: P.args, **kwargs: P.kwargs
    ) -> Block:
        """The figure that `make` gives of the results, with the next number; marked where the data are synthetic."""
        return self.numbers.figure(self._marked(make), self.results, *args, **kwargs)

    def _noted(
        self, make: Callable[Concatenate[Results, P], Table]
    ) -> Callable[Concatenate[Results, P], Table]:
        @wraps(make)
        def noted(results: Results, *args: P.args, **kwargs: P.kwargs) -> Table:
            table = make(results, *args, **kwargs)
            note = team_note(table.printed_keys(), self.results)
            return table if note is None else replace(table, notes=(*table.notes, note))

        return noted

    def _marked(
        self, make: Callable[Concatenate[Results, P], Figure]
    ) -> Callable[Concatenate[Results, P], Figure]:
        @wraps(make)
        def marked(results: Results, *args: P.args, **kwargs: P.kwargs) -> Figure:
            figure = replace(make(results, *args, **kwargs), synthetic=self.protocol.study.synthetic)
            note = team_note((e.key for e in figure.estimates), self.results)
            return figure if note is None else replace(figure, caption=joined([figure.caption, note]))

        return marked

    def asked(self, kind: Analysis) -> list[tuple[str, str]]:
        """(population, by) of the analyses of one kind that have a row in the results, be it why there is no number."""
        return [pair for pair in self.protocol.asked(kind) if self._rows(kind, *pair)]

    def answered(self, kind: Analysis) -> list[tuple[str, str]]:
        """(population, by) of the analyses of one kind that counted any patient."""
        return [pair for pair in self.asked(kind) if any(e.value for e in self._rows(kind, *pair))]

    def _rows(self, kind: Analysis, population: str, by: str) -> list[Estimate]:
        return self.results.find(analysis=kind, population=population, outcome=by)

    def panel(self, kind: Analysis, population: str, by: str) -> Panel | None:
        """The picture of another question for a plate; None where it has none of these patients and groups."""
        make = self.panels.get(kind)
        return None if make is None else make(self.results, population, by)


PanelMaker = Callable[[Results, str, str], Panel | None]  # of a population by a grouping
Sentence = tuple[Text, tuple[Estimate, ...]]  # with the estimates it states


@dataclass(frozen=True)
class Section:
    """Blocks of a chapter; a None among them, such as a sentence that has nothing to say, is dropped.

    `after` is the kind of the question whose parts it follows, where that is not the one before it in the registry.
    """

    build: Callable[[Draft], Iterator[Block | None]]
    chapter: Chapter
    after: str = ""


@dataclass(frozen=True)
class Methods:
    """Sentences of the Methods, one a paragraph; those that say how groups are compared share one paragraph.

    `about` is whose results the method makes (analyses, statistics); the kind of the question where nothing is named.
    """

    build: Callable[[Protocol, Results], Iterator[Text]]
    after: str = ""
    compares_groups: bool = False
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limitation:
    """Sentences on what weakens the results, where the diagnostics found it."""

    threat: Threat
    find: Callable[[Protocol, Results], Iterator[Sentence]]


@dataclass(frozen=True)
class Parts:
    """Everything that the questions of one folder give to the document; the picture for plates is of the first kind."""

    sections: tuple[Section, ...] = ()
    methods: tuple[Methods, ...] = ()
    limitations: tuple[Limitation, ...] = ()
    panel: PanelMaker | None = None


Placed = TypeVar("Placed", Section, Methods)


def in_order(found: Iterable[tuple[str, Placed]]) -> list[Placed]:
    """Parts of (kind, part) in their order; one that follows a kind comes after its last part, and those that follow it too."""
    pairs = list(found)
    placed = [pair for pair in pairs if not pair[1].after]
    for kind, part in (pair for pair in pairs if pair[1].after):
        before = [i for i, (of, other) in enumerate(placed, 1) if part.after in {of, other.after}]
        placed.insert(before[-1] if before else len(placed), (kind, part))
    return [part for _, part in placed]


def chapters_of(sections: Iterable[Section]) -> list[tuple[Chapter, list[Section]]]:
    """Chapters by place, each where its first section comes, with its sections."""
    found: dict[str, tuple[Chapter, list[Section]]] = {}
    for section in sections:
        found.setdefault(section.chapter.id, (section.chapter, []))[1].append(section)
    return sorted(found.values(), key=lambda chapter: chapter[0].place)
