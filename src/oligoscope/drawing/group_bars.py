"""What pictures of shares have in common: the keys of the groups, a share in words, a plain axis of percent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from matplotlib.axes import Axes

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.lettering import fitted
from oligoscope.drawing.lettering import width_mm as line_width_mm
from oligoscope.drawing.sheet import SIGN_MM, Key, PlacedKey, arrange_keys
from oligoscope.drawing.theme import INK, SMALL_PT, TEXT_PT, look_of
from oligoscope.number_format import STYLES, format_number, join_limits
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate
from oligoscope.study.vocabulary import name_of

# The tests whose names have no room in a picture.
TESTS: dict[MethodPart, Text] = {MethodPart.CHI_SQUARE: Text("*χ*² 检验", "Chi-square test")}
LEAST_NAMED = 5.0  # per cent; a smaller part is too narrow for its number
_DARK = 0.18  # relative luminance at which black and white stand out alike (WCAG 2)


def group_colour(group: str, groups: Sequence[str]) -> str:
    """The fill of a group: the colour of its survival curve."""
    return look_of(group, list(groups).index(group)).colour


def ink_on(colour: str) -> str:
    """Black or white, whichever stands out more from a fill."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return INK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _DARK else "white"


def group_keys(sizes: dict[str, int], language: Language, width_mm: float) -> list[list[PlacedKey]]:
    """A key a group, with how many patients it has; a name too long for a row is cut before that number."""
    space = STYLES[language].percent_space
    keys = []
    for group, n in sizes.items():
        count = f"{space}(*n*={n})"
        name = fitted(name_of(group)[language], width_mm - SIGN_MM - 1.0 - line_width_mm(count))
        keys.append(Key(f"{name}{count}", "patch", group_colour(group, tuple(sizes))))
    return arrange_keys(keys, width_mm)


def share_text(percent: Estimate | None, count: Estimate | None, language: Language) -> str:
    """`66.4% (192)`; blank where there is no share."""
    if percent is None or percent.value is None:
        return ""
    shown = f"{format_number(percent.value, 1)}%"
    if count is None or count.value is None:
        return shown
    return f"{shown}{STYLES[language].percent_space}({format_number(count.value, 0)})"


def limits_text(percent: Estimate, language: Language) -> str:
    """`43.0% (95% CI 37.8% to 48.3%)`."""
    value = f"{format_number(percent.value, 1)}%"
    low, high = (f"{format_number(x, 1)}%" for x in (percent.low, percent.high))
    limits = join_limits(low, high, STYLES[language])
    return {"zh": f"{value}（95%CI：{limits}）", "en": f"{value} (95% CI {limits})"}[language]


def widest_mm(texts: Sequence[str], size_pt: float = TEXT_PT) -> float:
    """Room that the widest of these lines needs."""
    return max((line_width_mm(t, size_pt) for t in texts), default=0.0)


def percent_axis(axes: Axes, largest: float, label: Text, language: Language, *, along: str = "x") -> None:
    """0 to the next ten above the largest share, in tens or twenties."""
    top = min(100, 10 * ceil(max(largest, 1) / 10))
    ticks = range(0, top + 1, 20 if top > 50 else 10)
    if along == "x":
        axes.set_xlim(0, top)
        axes.set_xticks(list(ticks))
        axes.set_xlabel(label[language], size=TEXT_PT, labelpad=2)
    else:
        axes.set_ylim(0, top)
        axes.set_yticks(list(ticks))
        axes.set_ylabel(label[language], size=TEXT_PT, labelpad=3)
    axes.tick_params(labelsize=TEXT_PT)


def paint_shares(axes: Axes, row: int, height: float, parts: Iterable[tuple[float, str]]) -> None:
    """One lying bar of (per cent, colour) after one another; a share is written in its part where there is room."""
    start = 0.0
    for value, colour in parts:
        axes.barh(row + 0.5, value, left=start, height=height, color=colour, edgecolor="white", linewidth=0.5)
        if value >= LEAST_NAMED:
            axes.text(
                start + value / 2, row + 0.5, format_number(value, 1), ha="center", va="center_baseline",
                size=SMALL_PT, color=ink_on(colour),
            )  # fmt: skip
        start += value
