"""Several pictures on one sheet, each under its letter, as journals print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

import polars as pl
from matplotlib.artist import Artist
from matplotlib.figure import Figure as Drawing
from matplotlib.transforms import Bbox

from oligoscope.bilingual import Language, Text, join_texts
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.lettering import break_lines
from oligoscope.drawing.sheet import LINE_MM, Sheet
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, MM, PT_PER_MM, SECOND_FAMILY, SINGLE_COLUMN_MM

LETTER_PT = 9.0
_LETTER_MM, _ABOVE, _BELOW, _BETWEEN = 5.0, 1.0, 1.0, 3.0


@dataclass(frozen=True)
class Panel:
    """One picture of a plate, what is printed over it after its letter, and what it shows, for the title of the plate."""

    figure: Figure
    name: Text
    subject: Text | None = None


def draw_plate(name: str, title: Text, panels: Sequence[Panel], caption: Text | None = None) -> Figure:
    """Put pictures side by side where two are narrow enough, else below one another; 190 mm wide.

    Args:
        name: Of its files.
        title: Printed below it after its number.
        panels: At most 26, in the order of their letters.
        caption: Notes of the whole; by default those of the panels, each after its letters.
    """
    lettered = dict(zip(letters_of(panels), panels, strict=True))
    return Figure(
        id=name,
        title=title,
        caption=caption or caption_by_letter({k: p.figure.caption for k, p in lettered.items()}),
        alt=_joined({k: Text(f"{p.name.zh}。{p.figure.alt.zh}", f"{p.name.en}. {p.figure.alt.en}") for k, p in lettered.items()}),
        data=pl.concat(
            [p.figure.data.select(pl.lit(k).alias("panel"), pl.all()) for k, p in lettered.items()],
            how="diagonal_relaxed",
        ),
        painter=lambda language: _paint(lettered, language),
        estimates=tuple(dict.fromkeys(e for p in panels for e in p.figure.estimates)),
        width_mm=DOUBLE_COLUMN_MM,
    )  # fmt: skip


def letters_of(panels: Sequence[object]) -> str:
    """The letters of so many panels.

    Raises:
        ValueError: There are more than 26.
    """
    if len(panels) > len(ascii_uppercase):
        raise ValueError(f"A plate has at most {len(ascii_uppercase)} panels, not {len(panels)}.")
    return ascii_uppercase[: len(panels)]


def caption_by_letter(notes: dict[str, Text]) -> Text:
    """The notes of the panels, equal ones given once: `A, B: …`; without letters where all are."""
    letters: dict[Text, list[str]] = {}
    for letter, note in notes.items():
        if note.en:
            letters.setdefault(note, []).append(letter)
    if [len(of) for of in letters.values()] == [len(notes)]:
        return next(iter(letters))
    return _joined({", ".join(of): note for note, of in letters.items()})


def sentences_by_letter(notes: Mapping[str, Sequence[Text]]) -> Text:
    """The sentences of the panels' notes, each given once: those of all panels first, then `A, B: …` with what those share."""
    letters: dict[Text, list[str]] = {}
    for letter, sentences in notes.items():
        for sentence in dict.fromkeys(sentences):
            letters.setdefault(sentence, []).append(letter)
    together: dict[str, list[Text]] = {}
    for sentence, of in letters.items():
        together.setdefault("" if len(of) == len(notes) else ", ".join(of), []).append(sentence)
    of_all = join_texts(together.pop("", []), "", " ")
    others = _joined({of: join_texts(those, "", " ") for of, those in together.items()})
    return join_texts([text for text in (of_all, others) if text.en], "", " ")


def _joined(texts: dict[str, Text]) -> Text:
    zh = "".join(f"{letters.replace(', ', '、')}：{text.zh}" for letters, text in texts.items())
    return Text(zh, " ".join(f"{letters}: {text.en}" for letters, text in texts.items()))


class Inset(Artist):
    """A whole drawing as one artist of another: its page is moved to a place on the other's page."""

    def __init__(self, drawing: Drawing, left: float, bottom: float) -> None:
        """`left` and `bottom` in inches."""
        super().__init__()
        width, height = drawing.get_size_inches()
        # A figure draws into the box `bbox_inches`; nothing else in it knows where the page begins.
        drawing.bbox_inches.set(Bbox.from_bounds(left, bottom, width, height))
        self.drawing = drawing

    def draw(self, renderer: Any) -> None:
        self.drawing.dpi = self.get_figure(root=True).dpi  # type: ignore[union-attr]
        self.drawing.draw(renderer)


@dataclass
class _Placed:
    letter: str
    name: list[str]
    drawing: Drawing
    is_right: bool

    @property
    def heading_mm(self) -> float:
        return _ABOVE + LINE_MM * len(self.name) + _BELOW


def _paint(panels: dict[str, Panel], language: Language) -> Drawing:
    rows = _rows(panels, language)
    heights = [max(p.heading_mm + p.drawing.get_size_inches()[1] / MM for p in row) for row in rows]
    # Every picture ends with room for the mark of synthetic data; the last row keeps it for the plate's own.
    sheet = Sheet(DOUBLE_COLUMN_MM, sum(heights) + _BETWEEN * (len(rows) - 1))
    top = 0.0
    for row, height in zip(rows, heights, strict=True):
        heading = max(p.heading_mm for p in row)
        for placed in row:
            _place(sheet, placed, top, heading)
        top += height + _BETWEEN
    return sheet.drawing


def _rows(panels: dict[str, Panel], language: Language) -> list[list[_Placed]]:
    rows: list[list[_Placed]] = []
    for letter, panel in panels.items():
        is_narrow = panel.figure.width_mm <= SINGLE_COLUMN_MM
        is_right = is_narrow and bool(rows) and len(rows[-1]) == 1 and not rows[-1][0].is_right
        is_right = is_right and rows[-1][0].drawing.get_size_inches()[0] / MM <= SINGLE_COLUMN_MM + 0.1
        room = (panel.figure.width_mm - _LETTER_MM - 2.0) * PT_PER_MM
        lines = break_lines(panel.name[language], room)
        placed = _Placed(letter, lines, panel.figure.painter(language), is_right)
        if is_right:
            rows[-1].append(placed)
        else:
            rows.append([placed])
    return rows


def _place(sheet: Sheet, placed: _Placed, top: float, heading: float) -> None:
    left = DOUBLE_COLUMN_MM - SINGLE_COLUMN_MM if placed.is_right else 0.0
    sheet.write(
        left, top + _ABOVE + LINE_MM / 2, placed.letter, size=LETTER_PT, weight="bold", family=SECOND_FAMILY
    )
    for i, line in enumerate(placed.name):
        sheet.write(left + _LETTER_MM, top + _ABOVE + (i + 0.5) * LINE_MM, line)
    height = placed.drawing.get_size_inches()[1] / MM
    bottom = sheet.height - top - heading - height
    sheet.drawing.add_artist(Inset(placed.drawing, left * MM, bottom * MM))
