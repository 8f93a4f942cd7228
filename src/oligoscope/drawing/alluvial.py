"""The drawing of a flow between two sides: nodes as bars, links as bands, names that never overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.lettering import fitted, spread, width_mm
from oligoscope.drawing.organs import colour_of_organ, organ_name
from oligoscope.drawing.sheet import Sheet
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, TEXT_PT

HEADS = (Text("基线受累器官", "Organs at baseline"), Text("首次进展的器官", "Organs of first progression"))

# Millimetres.
_TOP, _PLOT, _FOOT, _EDGE, _WIDEST = 8.0, 90.0, 10.0, 2.0, 58.0
_BAR, _GAP, _LABEL_STEP, _LABEL_GAP = 4.0, 1.6, 4.2, 3.5


@dataclass(frozen=True, slots=True)
class Node:
    """One organ on one side.

    Attributes:
        organ: Its word.
        n: Patients with disease there, the height of its bar; of organs drawn together their sum.
        n_part: Of them on the left those who progressed there, on the right those without disease there at baseline; None for
            no organ.
    """

    organ: str
    n: int
    n_part: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A node's bar, in millimetres from the top of the plot."""

    node: Node
    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def paint_alluvial(
    links: pl.DataFrame,
    left: Sequence[Node],
    right: Sequence[Node],
    totals: tuple[Text, Text],
    language: Language,
) -> Drawing:
    """Draw both sides on one scale (millimetres per patient), so that heights can be compared across."""
    sheet = Sheet(DOUBLE_COLUMN_MM, _TOP + _PLOT + _FOOT)
    labels = tuple([_label(n, language, is_left=side is left) for n in side] for side in (left, right))
    room = max(width_mm(text) for text in (*labels[0], *labels[1], totals[0][language], totals[1][language]))
    edge = _EDGE + room + _LABEL_GAP
    width = DOUBLE_COLUMN_MM - 2 * edge
    axes = sheet.axes(edge, _TOP, width, _PLOT)
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(_PLOT, 0)
    scale = min(_scale(left), _scale(right))
    sides = (place_nodes(left, scale), place_nodes(right, scale))
    _paint_links(axes, links, sides, scale, width)
    for x, side in zip((0.0, width - _BAR), sides, strict=True):
        for placed in side:
            _paint_bar(axes, x, placed)
    for i, (side, head, total) in enumerate(zip(sides, HEADS, totals, strict=True)):
        x, ha = (edge, "right") if i == 0 else (DOUBLE_COLUMN_MM - edge, "left")
        _paint_labels(sheet, side, labels[i], x, ha)
        x += _BAR if i == 0 else -_BAR
        sheet.write(x, 3.5, head[language], ha=ha, size=TEXT_PT + 0.5)
        sheet.write(x, _TOP + _PLOT + 4.0, total[language], ha=ha)
    return sheet.drawing


def _scale(nodes: Sequence[Node]) -> float:
    return (_PLOT - _GAP * (len(nodes) - 1)) / sum(node.n for node in nodes)


def place_nodes(nodes: Sequence[Node], scale: float) -> list[Placed]:
    """Bars below one another, centred in the plot."""
    used = sum(node.n for node in nodes) * scale + _GAP * (len(nodes) - 1)
    placed, y = [], (_PLOT - used) / 2
    for node in nodes:
        placed.append(Placed(node, y, node.n * scale))
        y += node.n * scale + _GAP
    return placed


def _paint_links(
    axes: Axes, links: pl.DataFrame, sides: tuple[list[Placed], list[Placed]], scale: float, width: float
) -> None:
    """Bands leave and reach a node in the order of the nodes across, so that they cross as little as can be."""
    left, right = ({p.node.organ: (i, p) for i, p in enumerate(side)} for side in sides)
    columns = links.select("from_organ", "to_organ", "weight_from", "weight_to")
    weights = {(a, b): (start * scale, end * scale) for a, b, start, end in columns.iter_rows()}
    leaving = {organ: placed.top for organ, (_, placed) in left.items()}
    reaching = {organ: placed.top for organ, (_, placed) in right.items()}
    starts, ends = {}, {}
    for a, b in sorted(weights, key=lambda ab: (left[ab[0]][0], right[ab[1]][0])):
        starts[a, b] = leaving[a]
        leaving[a] += weights[a, b][0]
    for a, b in sorted(weights, key=lambda ab: (right[ab[1]][0], left[ab[0]][0])):
        ends[a, b] = reaching[b]
        reaching[b] += weights[a, b][1]
    # The widest first, so that a thin band is never hidden.
    for pair, heights in sorted(weights.items(), key=lambda item: (-sum(item[1]), item[0])):
        band = _band((_BAR, width - _BAR), (starts[pair], ends[pair]), heights)
        axes.add_patch(PathPatch(band, facecolor=colour_of_organ(pair[0]), alpha=0.45, linewidth=0))


def _band(x: tuple[float, float], y: tuple[float, float], heights: tuple[float, float]) -> Path:
    """A band from x[0] to x[1] with its upper edge at y and these heights, its edges cubic curves that start and end level."""
    (x0, x1), (y0, y1), (left, right) = x, y, heights
    middle = (x0 + x1) / 2
    points = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1),
        (x1, y1 + right), (middle, y1 + right), (middle, y0 + left), (x0, y0 + left), (x0, y0),
    ]  # fmt: skip
    curve = Path.CURVE4
    return Path(points, [Path.MOVETO, curve, curve, curve, Path.LINETO, curve, curve, curve, Path.CLOSEPOLY])


def _paint_bar(axes: Axes, x: float, placed: Placed) -> None:
    axes.add_patch(
        Rectangle(
            (x, placed.top), _BAR, placed.height, facecolor=colour_of_organ(placed.node.organ), edgecolor=INK, linewidth=0.3,
            clip_on=False,
        )
    )  # fmt: skip


def _paint_labels(
    sheet: Sheet, side: list[Placed], labels: list[str], edge: float, ha: Literal["left", "right"]
) -> None:
    """Names beside the bars; one that had to move is joined to its bar by a thin line."""
    places = spread([p.middle for p in side], _LABEL_STEP, _LABEL_STEP / 2, _PLOT - _LABEL_STEP / 2)
    away = -1.0 if ha == "right" else 1.0
    for placed, text, y in zip(side, labels, places, strict=True):
        _join(sheet, (edge + away * 0.4, placed.middle), (edge + away * (_LABEL_GAP - 0.4), y))
        sheet.write(edge + away * _LABEL_GAP, _TOP + y, text, ha=ha)


def _join(sheet: Sheet, start: tuple[float, float], end: tuple[float, float]) -> None:
    from_x, to_x = start[0] / sheet.width, end[0] / sheet.width
    from_y, to_y = (1 - (_TOP + y) / sheet.height for y in (start[1], end[1]))
    path = Path([(from_x, from_y), (to_x, to_y)])
    sheet.drawing.add_artist(PathPatch(path, edgecolor=FAINT, facecolor="none", linewidth=0.4))


def _label(node: Node, language: Language, *, is_left: bool) -> str:
    return fitted(label_of(node, language, is_left=is_left), _WIDEST)


def label_of(node: Node, language: Language, *, is_left: bool) -> str:
    """`Liver, 68 (36 new)`: patients; in brackets on the left those who progressed there, on the right the new ones."""
    name, part = organ_name(node.organ)[language], Text("", "")
    if node.n_part is not None and is_left:
        part = Text(f"（该处进展 {node.n_part}）", f" ({node.n_part} progressed)")
    elif node.n_part is not None:
        part = Text(f"（新发 {node.n_part}）", f" ({node.n_part} new)")
    return Text(f"{name} {node.n} 例{part.zh}", f"{name}, {node.n}{part.en}")[language]
