"""A figure as a frozen value: what it shows, in words and as data, and how it is drawn."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import Any

import polars as pl
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.csv_files import without_formulas
from oligoscope.drawing.rendering import Rendered, glyph_defs, render
from oligoscope.drawing.theme import SMALL_PT, theme, undrawn
from oligoscope.number_format import STYLES
from oligoscope.plain_text import anchor, plain, without_forbidden
from oligoscope.results.results import Estimate

PNG_DPI = 300
SYNTHETIC = Text("合成数据，非真实患者", "Synthetic data, not real patients")


@dataclass(frozen=True)
class Figure:
    """One picture in both languages.

    Attributes:
        id: Name of its files.
        title: Printed below it after its number.
        caption: Notes: abbreviations, tests, what is not shown.
        alt: The same content in words, for readers who cannot see it.
        data: The numbers drawn.
        painter: Draws it in one language; called inside `theme`.
        estimates: The estimates printed in it.
        synthetic: The picture itself is marked as made from synthetic data.
        width_mm: Its printed width.
    """

    id: str
    title: Text
    caption: Text
    alt: Text
    data: pl.DataFrame
    painter: Callable[[Language], Drawing]
    estimates: tuple[Estimate, ...] = ()
    synthetic: bool = False
    width_mm: float = 90.0
    # Drawn and saved once for all that asks for it; a language and a number style make a drawing.
    _kept: dict[tuple[str, ...], Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    def draw(self, language: Language) -> Drawing:
        with _drawing(self.id):
            return self.painted(language)

    def painted(self, language: Language) -> Drawing:
        """The drawing in one language; called inside `theme`."""
        drawing = self.painter(language)
        if self.synthetic:
            drawing.text(
                0.995, 0.002, SYNTHETIC[language], ha="right", va="bottom", size=SMALL_PT, color="#a00000"
            )
        return drawing


@contextmanager
def _drawing(name: str) -> Iterator[None]:
    """What a figure of this name is drawn and saved inside of.

    Without matplotlib's remarks on characters that no face has: `undrawn_in` names them for the report.
    """
    with theme(name), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .*missing from", UserWarning)
        yield


def saved(figure: Figure, language: Language, canvas: Callable[[Drawing], object], **how: Any) -> bytes:
    """The picture as a file that this canvas of matplotlib writes; `how` are arguments of `savefig`."""
    drawing, buffer = drawing_of(figure, language), io.BytesIO()
    with _drawing(figure.id):
        canvas(drawing)
        drawing.savefig(buffer, **how)
    return buffer.getvalue()


def rendered(figure: Figure, language: Language, dpi: int | None = None) -> Rendered:
    """The picture in one language as SVG and, at a resolution, as PNG: drawn once for both, and kept.

    The drawing itself is kept only where `drawing_of` was asked for it: those of a whole report fill the memory.
    """
    made = _key("rendered", language)
    found = figure._kept.get(made)
    if found is None or dpi not in {None, found[0]}:
        with _drawing(figure.id):  # once for both: to set matplotlib up for it takes 2 ms
            drawing = figure._kept.get(_key("drawing", language)) or figure.painted(language)
            found = figure._kept[made] = dpi, render(drawing, _ids(figure), dpi)
    return found[1]


def keep(figure: Figure, language: Language, dpi: int, found: Rendered) -> None:
    """Keep what another process drew of the same figure."""
    figure._kept[_key("rendered", language)] = dpi, found


def _ids(figure: Figure) -> str:
    """What ids begin with that no other picture of the page has."""
    return "i" + sha256(anchor(figure.id).encode()).hexdigest()[:12]


def undrawn_in(figure: Figure, language: Language) -> str:
    """Characters of the picture that no face on this computer can draw."""
    return undrawn("".join(rendered(figure, language).texts))


def drawing_of(figure: Figure, language: Language) -> Drawing:
    """The picture in one language, from the last time where nothing about it can have changed."""
    key = _key("drawing", language)
    if key not in figure._kept:
        figure._kept[key] = figure.draw(language)
    return figure._kept[key]


def _key(kind: str, language: Language) -> tuple[str, ...]:
    return kind, language, STYLES[language].name


def to_png(figure: Figure, language: Language, dpi: int = PNG_DPI) -> bytes:
    """The picture as PNG; the same input gives the same bytes."""
    return rendered(figure, language, dpi).png


def to_csv(figure: Figure) -> str:
    """The data of the picture; no text in it begins a formula."""
    return without_formulas(figure.data).write_csv()


def to_svg(figure: Figure, language: Language, *, with_glyphs: bool = True) -> str:
    """The picture as one `<svg>` element: text as paths, with title and description in words.

    Ids carry the figure's name, so that one page can hold several pictures; those of glyphs are the same in all.

    Args:
        figure: What to draw.
        language: Of its words.
        with_glyphs: Whether it holds the outlines of its letters; a page of several pictures holds them once (`glyphs_of`).
    """
    found = rendered(figure, language)
    glyphs = glyph_defs(found.glyphs) if with_glyphs else ""
    return _described(f"{glyphs}{found.marks}", found.size, figure, language)


def glyphs_of(figures: Iterable[Figure], language: Language) -> str:
    """The outlines of all letters of the pictures of a page, each once, as an `<svg>` that shows nothing."""
    glyphs = {name: d for figure in figures for name, d in rendered(figure, language).glyphs.items()}
    return f'<svg width="0" height="0" aria-hidden="true">{glyph_defs(glyphs)}</svg>' if glyphs else ""


def _described(marks: str, size: tuple[str, str], figure: Figure, language: Language) -> str:
    """Name the picture for screen readers (WAI-ARIA graphics: role img, title, desc)."""
    title, alt = (escape(without_forbidden(plain(t[language]))) for t in (figure.title, figure.alt))
    name = anchor(figure.id)
    code = "zh-CN" if language == "zh" else "en"
    width, height = size
    return (
        f'<svg id="{name}-picture" role="img" aria-labelledby="{name}-title {name}-desc" lang="{code}" '
        f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" stroke-linejoin="round">\n '
        f'<title id="{name}-title">{title}</title><desc id="{name}-desc">{alt}</desc>{marks}</svg>\n'
    )
