"""A figure as a frozen value: what it shows, in words and as data, and how it is drawn."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import Any, TypeVar

import polars as pl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Text as Lettering

from oligoscope.bilingual import Language, Text
from oligoscope.csv_files import without_formulas
from oligoscope.drawing.theme import SMALL_PT, theme, undrawn
from oligoscope.number_format import STYLES
from oligoscope.plain_text import anchor, plain, without_forbidden
from oligoscope.results.results import Estimate

T = TypeVar("T")
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


def undrawn_in(figure: Figure, language: Language) -> str:
    """Characters of the picture that no face on this computer can draw."""
    texts = drawing_of(figure, language).findobj(Lettering)
    return undrawn("".join(dict.fromkeys(text.get_text() for text in texts if isinstance(text, Lettering))))


def drawing_of(figure: Figure, language: Language) -> Drawing:
    """The picture in one language, from the last time where nothing about it can have changed."""
    return _once(figure, language, "drawing", lambda: figure.draw(language))


def _once(figure: Figure, language: Language, kind: str, make: Callable[[], T]) -> T:
    key = (kind, language, STYLES[language].name)
    if key not in figure._kept:
        figure._kept[key] = make()
    return figure._kept[key]


def to_png(figure: Figure, language: Language, dpi: int = 300) -> bytes:
    """The picture as PNG; the same input gives the same bytes."""
    how = {"format": "png", "dpi": dpi, "metadata": {"Software": None}}
    return _once(figure, language, f"png {dpi}", lambda: saved(figure, language, FigureCanvasAgg, **how))


def to_csv(figure: Figure) -> str:
    """The data of the picture; no text in it begins a formula."""
    return without_formulas(figure.data).write_csv()


def to_svg(figure: Figure, language: Language) -> str:
    """The picture as one `<svg>` element: text as paths, with title and description in words.

    Ids carry the figure's name, so that one page can hold several pictures.
    """
    return _once(figure, language, "svg", lambda: _svg(figure, language))


def _svg(figure: Figure, language: Language) -> str:
    facts = {"Date": None, "Creator": None}
    svg = saved(figure, language, FigureCanvasSVG, format="svg", metadata=facts).decode()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    # Every text that is drawn as paths is in a comment beside them: words of the user's, which need not be there.
    svg = re.sub(r"\s*<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = _PLACES.sub(lambda found: f'{found[1]}="{_short(found[2])}"', svg)
    svg = re.sub(r">\s+<", "><", svg)
    return _described(_own_ids(svg, anchor(figure.id)), figure, language)


# Places are in points or in the units of the face: a hundredth of either is finer than print. Scales keep their digits.
_PLACES = re.compile(r'(\b(?:d|x|y|cx|cy))="([^"]*)"')
_MORE_DIGITS = re.compile(r"(?<=\.\d\d)\d+|(?<=\.\d)0(?= )|\.00?(?= )")
_BETWEEN = re.compile(r"\s*\n\s*| (?=[-A-Zz])|(?<=[A-Z]) ")


def _short(places: str) -> str:
    return _BETWEEN.sub("", _MORE_DIGITS.sub("", places)) if " " in places else _MORE_DIGITS.sub("", places)


def _own_ids(svg: str, name: str) -> str:
    """Ids that no other picture of the page has, and short: a glyph is used thousands of times; those of no use are left out."""
    used = dict.fromkeys(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    start = "i" + sha256(name.encode()).hexdigest()[:5]
    short = {old: f"{start}-{i}" for i, old in enumerate(used)}
    svg = re.sub(r' id="([^"]+)"', lambda found: f' id="{short[found[1]]}"' if found[1] in short else "", svg)
    return re.sub(r'(href="#|url\(#)([^")]+)', lambda found: found[1] + short[found[2]], svg)


def _described(svg: str, figure: Figure, language: Language) -> str:
    """Name the picture for screen readers (WAI-ARIA graphics: role img, title, desc)."""
    title, alt = (escape(without_forbidden(plain(t[language]))) for t in (figure.title, figure.alt))
    name = anchor(figure.id)
    names = f"{name}-title {name}-desc"
    code = "zh-CN" if language == "zh" else "en"
    start = f'<svg id="{name}-picture" role="img" aria-labelledby="{names}" lang="{code}"'
    head, rest = svg.replace("<svg", start, 1).split(">", 1)
    words = f'<title id="{name}-title">{title}</title><desc id="{name}-desc">{alt}</desc>'
    return f"{head}>\n {words}{rest}"
