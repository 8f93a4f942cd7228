"""Lines of text as glyphs: each distinct line is shaped once, however often and in however many formats it is drawn.

Shaping and the loading of glyphs are most of what a picture costs; many pictures have the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, cast
from unicodedata import combining

import numpy as np
from matplotlib import _path  # what matplotlib's own SVG is written with
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

from oligoscope.drawing.theme import FONT_FILE, is_shipped, shipped_face

UNITS = TextToPath.FONT_SCALE  # of an em: places within a line are in these
_DPI = TextToPath.DPI
_MOST_LINES = 1 << 15
_KINDS = [b"M", b"L", b"Q", b"C", b"z"]
_WRITE = cast("Any", _path).convert_to_string
_NAMES = {"OligoscopeSansSC-Regular": "o", "DejaVuSans": "d"}
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True)
class Glyph:
    """One glyph of a face.

    Attributes:
        id: The same in every picture, and no other glyph's.
        outline: In `UNITS`, y upwards.
        advance: From its place to the next one's, in 64ths of a unit.
    """

    id: str
    outline: Path
    advance: float

    @cached_property
    def ink(self) -> tuple[float, float] | None:
        """Its lowest and highest place, as FreeType measures them; None where nothing is seen."""
        corners = np.asarray(self.outline.vertices)[np.asarray(self.outline.codes) != Path.CLOSEPOLY, 1]
        return (corners.min(), corners.max()) if len(corners) else None

    @cached_property
    def places(self) -> str:
        """The outline as the `d` of an SVG path."""
        return places_of(self.outline, None, digits=1)


@dataclass(frozen=True)
class Line:
    """One line of text.

    Attributes:
        glyphs: Each with its place, and its size as a part of that of the line.
        bars: Of mathematics: (left, bottom, width, height).
        width: From the pen's first place to the last, or to the last ink.
        height: Of the ink.
        descent: Of the ink below the line.
    """

    glyphs: tuple[tuple[Glyph, float, float, float], ...]
    bars: tuple[tuple[float, float, float, float], ...]
    width: float
    height: float
    descent: float

    @cached_property
    def signs(self) -> str:
        """The line as elements of an SVG, in which glyphs are used by their ids."""
        signs = []
        for glyph, x, y, size in self.glyphs:
            if glyph.places:
                place = f' x="{_short(x / size)}"' + (f' y="{_short(y / size)}"' if y else "")
                more = "" if size == 1.0 else f' transform="scale({size:.6g})"'
                signs.append(f'<use xlink:href="#{glyph.id}"{place}{more}/>')
        for x, y, w, h in self.bars:
            signs.append(f'<path d="M{_short(x)} {_short(y)}h{_short(w)}v{_short(h)}h{_short(-w)}z"/>')
        return "".join(signs)

    @cached_property
    def outlines(self) -> dict[str, str]:
        """The glyphs that are seen, by their ids."""
        return {glyph.id: glyph.places for glyph, *_ in self.glyphs if glyph.places}

    @cached_property
    def outline(self) -> Path | None:
        """All of it as one path; None where nothing is seen."""
        parts: list[tuple[Any, Any]] = [
            (np.asarray(glyph.outline.vertices) * size + (x, y), glyph.outline.codes)
            for glyph, x, y, size in self.glyphs
            if glyph.places
        ]
        bar = Path.unit_rectangle()
        parts += [(np.asarray(bar.vertices) * (w, h) + (x, y), bar.codes) for x, y, w, h in self.bars]
        if not parts:
            return None
        corners, codes = zip(*parts, strict=True)
        return Path(np.concatenate(corners), np.concatenate(codes))


def _short(units: float) -> str:
    """A tenth of a hundredth of an em is finer than print."""
    shown = f"{units:.1f}"
    return shown[:-2] if shown.endswith(".0") else shown


def line_of(text: str, face: FontProperties, *, is_math: bool) -> Line:
    """The line in a face; its size is the reader's to apply."""
    return _line(text, _key(face), is_math=is_math)


def heights_of(face: FontProperties, dpi: float) -> tuple[float, float, float]:
    """Ascent, descent and gap between lines of a face in its size, as matplotlib's `Text` works them out each time."""
    ascent, descent, gap, em = _heights(_key(face))
    scale = 1 / em * face.get_size_in_points() * dpi / 72
    return ascent * scale, -descent * scale, gap * scale


def _key(face: FontProperties) -> tuple[Any, ...]:
    family = tuple(face.get_family())
    return family, face.get_style(), face.get_variant(), face.get_weight(), face.get_stretch()


def _face(key: tuple[Any, ...]) -> FontProperties:
    family, style, variant, weight, stretch = key
    return FontProperties(
        family=list(family), style=style, variant=variant, weight=weight, stretch=stretch, size=UNITS
    )


@cache
def _files(key: tuple[Any, ...]) -> list[Any]:
    """The files of the faces of a text, in the order in which they are tried."""
    return fontManager._find_fonts_by_props(_face(key))


@cache
def _heights(key: tuple[Any, ...]) -> tuple[int, int, int, int]:
    font = get_font(_files(key))
    em = cast("Any", font.get_sfnt_table("head"))["unitsPerEm"]
    table: Any = font.get_sfnt_table("OS/2")
    return table["sTypoAscender"], table["sTypoDescender"], table["sTypoLineGap"], em


def places_of(path: Path, transform: Any, *, digits: int, clip: Any = None, simplify: bool = False) -> str:
    """A path as the `d` of an SVG path, without spaces that are not needed; of a level or upright line only what changes."""
    drawn: bytes = _WRITE(path, transform, clip, simplify, None, digits, _KINDS, False)
    parts: list[bytes] = []
    x = y = b""
    for line in drawn.splitlines():
        kind, *places = line.split()
        if kind == b"L" and places[1] == y:
            x = places[0]
            parts.append(b"H" + x)
        elif kind == b"L" and places[0] == x:
            y = places[1]
            parts.append(b"V" + y)
        else:
            x, y = places[-2:] or (b"", b"")  # from a path's end, another line begins where the path began
            parts.append(kind + b" ".join(places))
    return b"".join(parts).replace(b" -", b"-").decode("ascii")


@lru_cache(_MOST_LINES)
def _line(text: str, key: tuple[Any, ...], *, is_math: bool) -> Line:
    return _mathematics(text, _face(key)) if is_math else _plain(text, key)


def _plain(text: str, key: tuple[Any, ...]) -> Line:
    files = _files(key)
    is_whole = str(files[0].path) == str(FONT_FILE) and is_shipped(text)
    font = shipped_face() if is_whole else get_font(files)  # with the faces tried for what the first lacks
    font.set_size(UNITS, _DPI)
    items = font._layout(text, flags=LoadFlags.NO_HINTING)
    glyphs = tuple((_glyph(item.ft_object, item.glyph_index), item.x, item.y, 1.0) for item in items)
    return Line(glyphs, (), *_extent(text, font, glyphs))


def _extent(
    text: str, font: FT2Font, glyphs: tuple[tuple[Glyph, float, float, float], ...]
) -> tuple[float, float, float]:
    """Width, height and descent as `set_text` finds them, which shapes the line a second time for it."""
    if any(map(combining, text)):  # marks are moved onto their letters
        font.set_size(UNITS, _DPI)
        font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
        width, height = font.get_width_height()
        return width / 64, height / 64, font.get_descent() / 64
    ink = [(round(64 * (y + one.ink[0])), round(64 * (y + one.ink[1]))) for one, _, y, _ in glyphs if one.ink]
    low, high = min((low for low, _ in ink), default=0), max((high for _, high in ink), default=0)
    width = glyphs[-1][1] + glyphs[-1][0].advance / 64 if glyphs else 0.0
    return width, (high - low) / 64, -low / 64


def _mathematics(text: str, face: FontProperties) -> Line:
    """Italics: letters between two signs of the dollar, as `lettering.drawn_as` sets them."""
    width, height, descent, found, bars = _parser().parse(text, _DPI, face)
    glyphs = tuple((_glyph(font, index), x, y, size / UNITS) for font, size, _, index, x, y in found)
    return Line(glyphs, tuple(bars), width, height, descent)


@cache
def _parser() -> Any:
    return TextToPath().mathtext_parser


_LOADED: dict[tuple[str, int], Glyph] = {}


def _glyph(font: FT2Font, index: int) -> Glyph:
    key = (font.postscript_name, index)
    found = _LOADED.get(key)
    if found is None:
        font.set_size(UNITS, _DPI)
        advance = font.load_glyph(cast("Any", index), flags=LoadFlags.NO_HINTING).horiAdvance
        corners, codes = font.get_path()
        name = _NAMES.get(font.postscript_name) or f"x{_NOT_IN_IDS.sub('', font.postscript_name)}"
        found = _LOADED[key] = Glyph(f"{name}.{index:x}", Path(corners, codes), advance)
    return found
