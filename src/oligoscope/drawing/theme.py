"""How figures look: the shipped font, journal widths, 7 pt text, colours safe for colour-blind readers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font, LoadFlags

from oligoscope.study.keys import Level

FONT_FILE = Path(__file__).parent / "fonts" / "OligoscopeSansSC-Regular.otf"
FONT_FAMILY = "Oligoscope Sans SC"  # Noto Sans SC, cut and renamed: Latin and Chinese from one face
SECOND_FAMILY = "DejaVu Sans"  # comes with matplotlib; for signs the first face lacks

# Whole Chinese faces of common systems: only for rare characters that the shipped face lacks.
SYSTEM_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "SimSun",
)  # fmt: skip

MM = 1 / 25.4  # inches
MM_PER_PT, PT_PER_MM = 25.4 / 72, 72 / 25.4
SINGLE_COLUMN_MM = 90.0
DOUBLE_COLUMN_MM = 190.0
TEXT_WIDTH_MM = 174.0  # of a page of ours: a picture so wide is printed in its own size, its letters too
TEXT_PT = 7.0
SMALL_PT = 6.0
LINE_PT = 0.75
INK = "#1a1a1a"
FAINT = "#666666"


@dataclass(frozen=True, slots=True)
class Look:
    """Colour and line of a group; the line tells groups apart where the colour cannot."""

    colour: str
    line: Any


# Okabe & Ito 2008: distinct for readers with any common colour blindness.
_NAMED = {
    "oligoprogression": Look("#0072B2", "-"),
    "systemic": Look("#D55E00", (0, (4, 1.5))),
    "acquired": Look("#0072B2", "-"),
    "primary": Look("#D55E00", (0, (4, 1.5))),
}
_OTHERS = (
    Look("#0072B2", "-"),
    Look("#D55E00", (0, (4, 1.5))),
    Look("#009E73", (0, (1, 1))),
    Look("#CC79A7", (0, (5, 1, 1, 1))),
    Look("#E69F00", (0, (7, 2))),
    Look("#56B4E9", (0, (3, 1, 1, 1, 1, 1))),
)


def look_of(group: str, position: int) -> Look:
    """The same group of ours looks the same in every figure; others take the next look in turn."""
    if isinstance(group, Level) and group.variable not in {"pattern", "resistance"}:
        return _OTHERS[position % len(_OTHERS)]
    return _NAMED.get(group, _OTHERS[position % len(_OTHERS)])


@cache
def families() -> tuple[str, ...]:
    """Register the shipped face by its path and name the faces tried for each glyph, in order."""
    font_manager.fontManager.addfont(FONT_FILE)
    known = set(font_manager.fontManager.get_font_names())
    return (FONT_FAMILY, SECOND_FAMILY, *(f for f in SYSTEM_FAMILIES if f in known))


@contextmanager
def theme(salt: str = "oligoscope") -> Iterator[None]:
    """Draw and save inside this; `salt` makes the ids inside an SVG the same in every run."""
    settings: Any = {
        "font.family": list(families()),
        "font.size": TEXT_PT,
        "mathtext.fontset": "dejavusans",
        "text.parse_math": False,  # "$" is a word of the user's; italics ask for it (`sheet.drawn_as`)
        "axes.unicode_minus": False,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": INK,
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "svg.fonttype": "path",
        "svg.hashsalt": salt,
        "pdf.fonttype": 42,
        "figure.dpi": 100,
        "savefig.dpi": 300,
    }
    with matplotlib.rc_context(settings):
        yield


@cache
def shipped_face() -> FT2Font:
    """The shipped face, read at once: from a file, FreeType reads the outline of each letter anew whenever it is used."""
    return FT2Font(BytesIO(FONT_FILE.read_bytes()))


@cache
def _shipped_signs() -> frozenset[int]:
    return frozenset(shipped_face().get_charmap())


def is_shipped(text: str) -> bool:
    """Whether the shipped face can draw the whole text."""
    return _shipped_signs().issuperset(map(ord, text))


@cache
def _covered() -> frozenset[int]:
    """Every character that the shipped face or the second face can draw."""
    return _shipped_signs() | _signs_of(SECOND_FAMILY)


@cache
def _signs_of(family: str) -> frozenset[int]:
    return frozenset(FT2Font(font_manager.findfont(family)).get_charmap())


def undrawn(text: str) -> str:
    """Characters of `text` that no face on this computer can draw: they come out as empty boxes."""
    found = missing_glyphs(text)
    for family in families()[2:] if found else ():
        found = "".join(c for c in found if ord(c) not in _signs_of(family))
    return found


def missing_glyphs(text: str) -> str:
    """Characters of `text` that neither shipped face can draw, each once, in order of first use."""
    return "".join(c for c in dict.fromkeys(text) if ord(c) not in _covered() and c not in "\n\t")


def text_width_pt(text: str, size_pt: float = TEXT_PT) -> float:
    """Width of one line in points, from the advance widths of the shipped face."""
    return sum(map(_advance, text)) * size_pt


def cut_to_pt(text: str, most_pt: float, size_pt: float = TEXT_PT) -> str:
    """The text, cut with "…" at its end where one line of it would be wider than `most_pt`."""
    if text_width_pt(text, size_pt) <= most_pt:
        return text
    room, kept = most_pt - text_width_pt("…", size_pt), 0.0
    for i, sign in enumerate(text):
        kept += text_width_pt(sign, size_pt)
        if kept > room:
            return f"{text[:i].rstrip()}…"
    return text


@cache
def _advance(character: str) -> float:
    face = shipped_face()
    face.set_size(100, 72)
    # A character the face lacks is taken as a full square: too wide is safer than overlapping.
    if not face.get_char_index(ord(character)):
        return 1.0
    return face.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100
