"""A drawing as SVG and as pixels, from one walk through its artists.

matplotlib walks through a drawing once for each format, and shapes every text twice in each walk: to place and to draw it.
Here one walk writes the SVG and paints the pixels from the same outlines, and a text is shaped once (`shaping`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure as Drawing
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, TransformedPath
from numpy.typing import NDArray

from oligoscope.drawing.png import png_of
from oligoscope.drawing.shaping import UNITS, heights_of, line_of, places_of

Floats = NDArray[np.float64]
_POINTS = 72  # a unit of the SVG, and of the walk, is a point
_HATCH = 72
_WHITE = (1.0, 1.0, 1.0, 1.0)
_FLIP = np.diag([1.0, -1.0, 1.0])
_GLYPHS = '<defs class="glyphs">{}</defs>'


@dataclass(frozen=True)
class Rendered:
    """A drawing in both formats.

    Attributes:
        size: Width and height in points.
        marks: The SVG's elements, in order; glyphs are used by their ids.
        glyphs: The outline of each glyph used, by its id.
        texts: Every text that is drawn.
        png: At the resolution that was asked for; empty where none was.
    """

    size: tuple[str, str]
    marks: str
    glyphs: Mapping[str, str]
    texts: tuple[str, ...]
    png: bytes


def glyph_defs(glyphs: Mapping[str, str]) -> str:
    """The outlines of glyphs, as an element of an SVG."""
    return _GLYPHS.format("".join(f'<path id="{name}" d="{d}"/>' for name, d in glyphs.items() if d))


def render(drawing: Drawing, ids: str, dpi: int | None) -> Rendered:
    """Walk through a drawing.

    Args:
        drawing: Inside the theme that it was painted in.
        ids: What the ids of this picture begin with.
        dpi: Resolution of the PNG; None for none.
    """
    drawing.dpi = _POINTS
    width, height = drawing.get_size_inches() * _POINTS
    pixels = None if dpi is None else _Pixels(width, height, dpi)
    walk = _Walk(width, height, ids, pixels)
    drawing.draw(walk)
    size = (_number(width), _number(height))
    png = b"" if pixels is None else pixels.png()
    return Rendered(size, walk.whole(), walk.glyphs, tuple(walk.texts), png)


def _number(value: float) -> str:
    """To a hundredth of a point, which is finer than print."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown in {"-0", ""} else shown


@lru_cache(maxsize=1024)
def _hex(colour: Any) -> str:
    return to_hex(colour)


def _matrix(transform: Any) -> Floats:
    """A transform that matplotlib hands to a renderer, shape (3, 3); to multiply matrices takes less than to join transforms."""
    return transform.get_matrix()


def _like(gc: GraphicsContextBase) -> GraphicsContextBase:
    """The same settings, to be changed."""
    own = GraphicsContextBase.__new__(GraphicsContextBase)
    own.__dict__ |= gc.__dict__
    return own


def _is_white(gc: GraphicsContextBase, face: Any) -> bool:
    """Whether a mark is an area of white without a line around it."""
    return face is not None and tuple(face) == _WHITE and not gc.get_linewidth() and gc.get_hatch() is None


# Grids that are free to be painted on, by height: to make one white again takes a tenth of the time of a new one. The height
# of a grid is part of how places are rounded to dots, so that it follows from the picture alone.
_GRIDS: dict[int, RendererAgg] = {}
_HEIGHTS = 1024  # of grids, in dots, and multiples of it


def _grid_of(width: int, height: int, dpi: int) -> RendererAgg:
    """A grid of at least this size, in dots, with what was painted on it."""
    high = -(-height // _HEIGHTS) * _HEIGHTS
    grid = _GRIDS.pop(high, None)
    if grid is None or grid.dpi != dpi or grid.width < width:
        return RendererAgg(width, high, dpi)
    return grid


class _Pixels:
    """The same marks on a grid of pixels, painted by Agg; places come in points."""

    def __init__(self, width: float, height: float, dpi: int) -> None:
        self._dpi, self._scale = dpi, dpi / _POINTS
        self._larger = np.diag([self._scale, self._scale, 1.0])
        # As matplotlib rounds them.
        across, down = int(width / _POINTS * dpi), int(height / _POINTS * dpi)
        self._agg = _grid_of(across, down, dpi)
        # The foot of a picture is the foot of its pixels.
        self._page = np.asarray(self._agg.buffer_rgba())[-down:, :across]
        self._page.fill(255)
        self._is_white = True  # as paper is: nothing else has been painted yet

    def png(self) -> bytes:
        """The picture; nothing more can be painted on it."""
        packed = png_of(self._page, self._dpi)
        _GRIDS[int(self._agg.height)] = self._agg
        return packed

    def path(self, gc: GraphicsContextBase, path: Path, transform: Any, face: Any) -> None:
        self._is_white = self._is_white and _is_white(gc, face)
        if self._is_white:  # each dot of the ground would be mixed with the white below it
            return
        self._agg.draw_path(self._context(gc), path, cast("Any", self._larger @ _matrix(transform)), face)

    def markers(
        self,
        gc: GraphicsContextBase,
        marker: Path,
        marker_transform: Any,
        path: Path,
        transform: Any,
        face: Any,
    ) -> None:
        sign, places = (self._larger @ _matrix(one) for one in (marker_transform, transform))
        self._is_white = False
        self._agg.draw_markers(self._context(gc), marker, cast("Any", sign), path, cast("Any", places), face)

    def text(self, gc: GraphicsContextBase, outline: Path, placed: Floats, colour: Any) -> None:
        own = self._context(gc)
        own.set_linewidth(0.0)
        own.set_snap(False)
        self._is_white = False
        self._agg.draw_path(own, outline, cast("Any", self._larger @ placed), colour)

    def _context(self, gc: GraphicsContextBase) -> GraphicsContextBase:
        """The same with its clips in pixels."""
        own = _like(gc)
        rectangle = gc.get_clip_rectangle()
        if rectangle is not None:  # Agg takes its corners, too
            own.set_clip_rectangle(cast("Any", np.asarray(rectangle.get_points()) * self._scale))
        path, transform = cast("tuple[Path | None, Any]", gc.get_clip_path())
        if path is not None:
            own.set_clip_path(TransformedPath(path, transform + Affine2D(self._larger)))
        return own


class _Walk(RendererBase):
    """Writes each mark as SVG, and hands it to the pixels where there are any."""

    def __init__(self, width: float, height: float, ids: str, pixels: _Pixels | None) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.glyphs: dict[str, str] = {}
        self.texts: dict[str, None] = {}
        self._pixels = pixels
        self._ids, self._defined = ids, dict[tuple[Any, ...], str]()
        self._marks: list[str] = []
        self._defs: list[str] = []
        self._to_page = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, height], [0.0, 0.0, 1.0]])
        self._usual = GraphicsContextBase()  # to make one takes longer than to copy it

    def whole(self) -> str:
        return (
            f"<defs>{''.join(self._defs)}</defs>{''.join(self._marks)}"
            if self._defs
            else "".join(self._marks)
        )

    # ---- what matplotlib asks of a renderer ----

    def new_gc(self) -> GraphicsContextBase:
        return _like(self._usual)

    def flipy(self) -> bool:
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        line, scale = line_of(s, prop, is_math=bool(ismath)), prop.get_size_in_points() / UNITS
        return line.width * scale, line.height * scale, line.descent * scale

    def heights_of(self, prop: FontProperties) -> tuple[float, float, float]:
        """How far a face rises over the line and goes below it, and the gap between lines, looked up once a face (`words`)."""
        return heights_of(prop, _POINTS)

    # Where a later matplotlib does not ask for them, it works them out itself.
    _get_font_height_metrics = heights_of

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803
        is_line = rgbFace is None and gc.get_hatch_path() is None
        clip = (0.0, 0.0, self.width, self.height) if is_line else None
        simplify = bool(is_line and path.should_simplify)
        d = places_of(path, self._to_page @ _matrix(transform), digits=2, clip=clip, simplify=simplify)
        if d:
            self._marks.append(f'<path d="{d}"{self._clip(gc)}{self._style(gc, rgbFace)}/>')
        if self._pixels is not None:
            self._pixels.path(gc, path, transform, rgbFace)

    def draw_markers(
        self,
        gc: Any,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        d = places_of(marker_path, _FLIP @ _matrix(marker_trans), digits=2)
        name = self._define("marker", d, lambda name: f'<path id="{name}" d="{d}"/>')
        inside = (0, 0, self.width * _POINTS, self.height * _POINTS)
        on_page: Any = self._to_page @ _matrix(trans)
        uses = "".join(
            f'<use xlink:href="#{name}" x="{_number(corners[-2])}" y="{_number(corners[-1])}"/>'
            for corners, _ in path.iter_segments(on_page, clip=inside, simplify=False)
            if len(corners)
        )
        if uses:
            self._marks.append(f"<g{self._clip(gc)}{self._style(gc, rgbFace)}>{uses}</g>")
        if self._pixels is not None:
            self._pixels.markers(gc, marker_path, marker_trans, path, trans, rgbFace)

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        del mtext
        self.texts[s] = None
        line, scale = line_of(s, prop, is_math=bool(ismath)), prop.get_size_in_points() / UNITS
        turned = f" rotate({_number(-angle)})" if angle else ""
        placed = f"translate({_number(x)} {_number(y)}){turned} scale({scale:.6g} {-scale:.6g})"
        colour = gc.get_rgb()
        alpha = gc.get_alpha() if gc.get_forced_alpha() else colour[3]
        style = f' fill="{_hex(colour)}"' + (f' opacity="{_number(alpha)}"' if alpha != 1 else "")
        self.glyphs |= line.outlines
        self._marks.append(f'<g{self._clip(gc)}{style} transform="{placed}">{line.signs}</g>')
        if self._pixels is not None and line.outline is not None:
            up = self.height - y
            where = np.array([[scale, 0.0, x], [0.0, scale, up], [0.0, 0.0, 1.0]])
            if angle:
                where = _matrix(Affine2D().scale(scale).rotate_deg(angle).translate(x, up))
            self._pixels.text(gc, line.outline, where, (*colour[:3], alpha))

    # ---- parts of the SVG ----

    def _style(self, gc: GraphicsContextBase, face: Any) -> str:
        found: dict[str, str] = {}
        forced = gc.get_forced_alpha()
        if gc.get_hatch() is not None:
            found["fill"] = f"url(#{self._hatched(gc, face)})"
        elif face is None:
            found["fill"] = "none"
        elif tuple(face[:3]) != (0, 0, 0):
            found["fill"] = _hex(tuple(face))
        if face is not None and len(face) == 4 and face[3] != 1.0 and not forced:
            found["fill-opacity"] = _number(face[3])
        if forced and gc.get_alpha() != 1.0:
            found["opacity"] = _number(gc.get_alpha())
        if gc.get_linewidth():
            found |= self._stroke(gc)
        return "".join(f' {name}="{value}"' for name, value in found.items())

    def _stroke(self, gc: GraphicsContextBase) -> dict[str, str]:
        colour, width = gc.get_rgb(), gc.get_linewidth()
        found = {"stroke": _hex(colour)}
        if not gc.get_forced_alpha() and colour[3] != 1.0:
            found["stroke-opacity"] = _number(colour[3])
        if width != 1.0:
            found["stroke-width"] = _number(width)
        if gc.get_joinstyle() != "round":  # which the whole picture has
            found["stroke-linejoin"] = str(gc.get_joinstyle())
        if gc.get_capstyle() != "butt":
            found["stroke-linecap"] = {"projecting": "square"}.get(
                str(gc.get_capstyle()), str(gc.get_capstyle())
            )
        offset, pattern = gc.get_dashes()
        if pattern is not None:
            found["stroke-dasharray"] = ",".join(map(_number, cast("Any", pattern)))
            if offset:
                found["stroke-dashoffset"] = _number(float(offset))
        return found

    def _clip(self, gc: GraphicsContextBase) -> str:
        path, transform = cast("tuple[Path | None, Any]", gc.get_clip_path())
        if path is not None:
            d = places_of(path, self._to_page @ _matrix(transform), digits=2)
            content = f'<path d="{d}"/>'
        else:
            rectangle = gc.get_clip_rectangle()
            if rectangle is None:
                return ""
            x, y, w, h = rectangle.bounds
            x, y, w, h = map(_number, (x, self.height - y - h, w, h))
            content = f'<rect x="{x}" y="{y}" width="{w}" height="{h}"/>'
        name = self._define("clip", content, lambda name: f'<clipPath id="{name}">{content}</clipPath>')
        return f' clip-path="url(#{name})"'

    def _hatched(self, gc: GraphicsContextBase, face: Any) -> str:
        """A pattern of lines over a colour."""
        line, width = gc.get_hatch_color(), gc.get_hatch_linewidth()
        d = places_of(gc.get_hatch_path(), Affine2D().scale(_HATCH, -_HATCH).translate(0, _HATCH), digits=2)
        fill, stroke = "none" if face is None else _hex(tuple(face)), to_hex(line)
        side = f'width="{_HATCH + 1}" height="{_HATCH + 1}"'
        content = (
            f'<rect {side} fill="{fill}"/>'
            f'<path d="{d}" fill="{stroke}" stroke="{stroke}" stroke-width="{_number(width)}" stroke-linejoin="miter"/>'
        )
        size = f'patternUnits="userSpaceOnUse" width="{_HATCH}" height="{_HATCH}"'
        return self._define("hatch", content, lambda name: f'<pattern id="{name}" {size}>{content}</pattern>')

    def _define(self, kind: str, content: str, element: Any) -> str:
        """The id of something that is used by its id, defined once."""
        name = self._defined.get((kind, content))
        if name is None:
            name = self._defined[kind, content] = f"{self._ids}-{len(self._defined)}"
            self._defs.append(element(name))
        return name
