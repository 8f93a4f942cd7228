"""A drawing measured in millimetres from its top left corner, and the keys that explain its signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle

from oligoscope.bilingual import Text
from oligoscope.drawing.plot import Plot
from oligoscope.drawing.theme import INK, LINE_PT, MM, MM_PER_PT, TEXT_PT, Look, cut_to_pt, text_width_pt
from oligoscope.drawing.words import Looks
from oligoscope.plain_text import plain, spans

LINE_MM = 3.9
SINCE_TREATMENT = Text("自治疗开始的时间/月", "Months since start of treatment")  # an axis of time
SIGN_MM, _GAP_MM = 5.0, 4.0  # before the text of a key, and after it


ITALIC_MM = 0.2  # what a slanted letter needs beyond its width
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}


def drawn_as(piece: str, *, italic: bool) -> str:
    """A letter in italics as the mathematics that sets it so; nothing else is ever read as mathematics (`theme`)."""
    return f"$\\mathit{{{piece}}}$" if italic else piece


@dataclass(frozen=True, slots=True)
class Key:
    """One sign and what it means.

    Attributes:
        text: What it means.
        kind: A filled patch, a line, or a marker alone.
        colour: Its fill, or the line's colour.
        edge: Colour of its outline.
        line: Dash pattern of a line.
        marker: Marker of a marker, or at the end of a line; blank for none.
        filled: Whether the marker is filled.
    """

    text: str
    kind: Literal["patch", "line", "marker"]
    colour: str = INK
    edge: str = INK
    line: Any = "-"
    marker: str = ""
    filled: bool = True


PlacedKey = tuple[float, Key]


@dataclass(frozen=True)
class Sheet:
    """A drawing of a given size; every place is in millimetres from the top left."""

    width: float
    height: float
    drawing: Drawing = field(init=False)
    _looks: Looks = field(init=False, repr=False, compare=False, default_factory=Looks)

    def __post_init__(self) -> None:
        drawing = Drawing(figsize=(self.width * MM, self.height * MM))
        object.__setattr__(self, "drawing", drawing)

    def axes(self, left: float, top: float, width: float, height: float) -> Plot:
        """Axes whose frame fills this rectangle."""
        w, h = self.width, self.height
        place = (left / w, 1 - (top + height) / h, width / w, height / h)
        axes = Plot(self.drawing, place)
        self.drawing.add_axes(axes)
        return axes

    def write(self, x: float, y: float, text: str, **more: Any) -> None:
        """One line of text, its middle at `y`; `*P*` is set in italics."""
        more = {"ha": "left", "va": "center_baseline", "size": TEXT_PT} | more
        pieces = spans(text)
        if not any(italic for _, italic in pieces):
            self._put(x, y, plain(text), more)
            return
        x -= _BEFORE[more["ha"]] * text_width_pt(plain(text), more["size"]) * MM_PER_PT
        more["ha"] = "left"
        for piece, italic in pieces:
            self._put(x, y, drawn_as(piece, italic=italic), more | {"parse_math": italic})
            x += text_width_pt(piece, more["size"]) * MM_PER_PT + (ITALIC_MM if italic else 0.0)

    def _put(self, x: float, y: float, text: str, look: dict[str, Any]) -> None:
        """What `Figure.text` does, with words that look alike made once."""
        at, place = self.drawing.transSubfigure, (x / self.width, 1 - y / self.height)
        words, is_first = self._looks.words(*place, text, **({"transform": at} | look))
        if is_first:
            words.set_figure(self.drawing)
        self.drawing.texts.append(words)

    def paint_sample(self, x: float, y: float, width: float, look: Look) -> None:
        """A piece of the line of a curve, before its name."""
        xs, at = [x / self.width, (x + width) / self.width], 1 - y / self.height
        line = Line2D(xs, [at, at], color=look.colour, linestyle=look.line, linewidth=1.1)
        self.drawing.add_artist(line)

    def paint_leader(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A thin line from a band to its name: level at both ends, so that it shows what it joins however steep it is."""
        (x0, y0), (x1, y1) = start, end
        level = (x1 - x0) / 5
        across = [x / self.width for x in (x0, x0 + level, x1 - level, x1)]
        up = [1 - y / self.height for y in (y0, y0, y1, y1)]
        self.drawing.add_artist(Line2D(across, up, color=INK, linewidth=LINE_PT / 2))

    def paint_arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A line with a head at its end."""
        (x0, y0), (x1, y1) = start, end
        places = ((x0 / self.width, 1 - y0 / self.height), (x1 / self.width, 1 - y1 / self.height))
        arrow = FancyArrowPatch(
            *places, arrowstyle="-|>", mutation_scale=7, linewidth=LINE_PT, color=INK, shrinkA=0, shrinkB=0
        )
        self.drawing.add_artist(arrow)

    def paint_patch(self, x: float, y: float, colour: str) -> None:
        """A filled square, its middle at `y`, before a name."""
        self._paint_sign(Key("", "patch", colour), x, y)

    def paint_keys(self, rows: Sequence[Sequence[PlacedKey]], left: float, top: float) -> None:
        """Draw the keys that `arrange_keys` placed."""
        for i, row in enumerate(rows):
            y = top + (i + 0.5) * LINE_MM
            for x, key in row:
                self._paint_sign(key, left + x, y)
                self.write(left + x + SIGN_MM, y, key.text)

    def _paint_sign(self, key: Key, x: float, y: float) -> None:
        if key.kind == "patch":
            corner = (x / self.width, 1 - (y + 1.2) / self.height)
            size = (3.6 / self.width, 2.4 / self.height)
            self.drawing.add_artist(
                Rectangle(*(corner, *size), facecolor=key.colour, edgecolor=key.edge, linewidth=0.4)
            )
            return
        at = [1 - y / self.height]
        mm = (x, x + 2.0, x + 4.0) if key.kind == "line" else (x + 2.0,)
        xs = [at_mm / self.width for at_mm in mm]
        self.drawing.add_artist(
            Line2D(
                xs, at * len(xs), color=key.colour, linestyle=key.line if key.kind == "line" else "none", linewidth=1.0,
                marker=key.marker or "none", markersize=4, markevery=[len(xs) // 2], markeredgecolor=key.edge,
                markerfacecolor=key.colour if key.filled else "white", markeredgewidth=0.7,
            )
        )  # fmt: skip


def arrange_keys(keys: Sequence[Key], width_mm: float) -> list[list[PlacedKey]]:
    """Put keys side by side into as many rows as they need; one that is wider than a row is cut."""
    rows: list[list[PlacedKey]] = [[]]
    x, most = 0.0, (width_mm - SIGN_MM) / MM_PER_PT
    for given in keys:
        is_wide = text_width_pt(plain(given.text)) > most
        key = replace(given, text=cut_to_pt(plain(given.text), most)) if is_wide else given
        needed = SIGN_MM + text_width_pt(plain(key.text)) * MM_PER_PT
        if rows[-1] and x + needed > width_mm:
            rows.append([])
            x = 0.0
        rows[-1].append((x, key))
        x += needed + _GAP_MM
    return rows
