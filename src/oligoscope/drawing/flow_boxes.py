"""The drawing of a flow chart: boxes down the left, exclusions at the right, the last box divided and joined again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import Rectangle

from oligoscope.drawing.lettering import break_lines, width_mm
from oligoscope.drawing.plot import Plot
from oligoscope.drawing.sheet import ITALIC_MM, drawn_as
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, INK, LINE_PT, MM, PT_PER_MM, TEXT_PT
from oligoscope.plain_text import spans

# Everything in millimetres, from the top down.
_LEFT, _MAIN_W = 4.0, 92.0
_SIDE_X, _SIDE_W = 106.0, 82.0
_GAP, _PAD, _LINE, _BULLET, _FORK = 7.0, 2.2, 3.5, 2.6, 4.0


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A box: its words, its count, and the lines of an exclusion list."""

    text: str
    n: int
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """The box to which the groups come together again, and the list at its right of those who do not reach it."""

    lines: tuple[str, ...]
    left_out: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box with its lines broken: (indent, text) each."""

    x: float
    width: float
    lines: tuple[tuple[float, str], ...]
    is_centred: bool

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + 2 * _PAD

    @property
    def centre(self) -> float:
        return self.x + self.width / 2


def paint_flow(
    steps: list[tuple[FlowBox, FlowBox | None]], ends: list[FlowBox], end: FlowEnd | None = None
) -> Drawing:
    """Draw populations with the exclusions that follow each, then the groups of the last one, and what they are joined to."""
    placed = [(_main(box, _LEFT, _MAIN_W), side and _side(side)) for box, side in steps]
    last = _place_ends(ends)
    joined = None if end is None else (_end_box(end), _list(end.left_out, end.items))
    height = _total_height(placed, last) + (0.0 if joined is None else _end_height(*joined))
    drawing = Drawing(figsize=(DOUBLE_COLUMN_MM * MM, height * MM))
    axes = Plot(drawing, (0, 0, 1, 1))
    drawing.add_axes(axes)
    axes.set_axis_off()
    axes.set_xlim(0, DOUBLE_COLUMN_MM)
    axes.set_ylim(height, 0)
    top = 2.0
    for i, (box, side) in enumerate(placed):
        top = _paint_step(axes, box, side, top, leads_to_box=i < len(placed) - 1, leads_on=bool(last))
    _paint_ends(axes, last, top)
    if joined is not None:
        _paint_end(axes, last, *joined, top + (_FORK if last else 0.0))
    return drawing


def _main(box: FlowBox, x: float, width: float) -> _Placed:
    lines = [*break_lines(box.text, (width - 2 * _PAD) * PT_PER_MM), f"(*n*={box.n})"]
    return _Placed(x, width, tuple((0.0, line) for line in lines), is_centred=True)


def _side(box: FlowBox) -> _Placed:
    return _list(f"{box.text} (*n*={box.n})", box.items)


def _list(head: str, items: Sequence[str]) -> _Placed:
    """A box at the right with a line, or several, for each of the items."""
    lines = [(0.0, head)]
    room = (_SIDE_W - 2 * _PAD - _BULLET) * PT_PER_MM
    for text in items:
        first, *others = break_lines(text, room)
        lines += [(_BULLET, first), *((_BULLET * 2, line) for line in others)]
    return _Placed(_SIDE_X, _SIDE_W, tuple(lines), is_centred=False)


def _end_box(end: FlowEnd) -> _Placed:
    lines = [line for text in end.lines for line in break_lines(text, (_MAIN_W - 2 * _PAD) * PT_PER_MM)]
    return _Placed(_LEFT, _MAIN_W, tuple((0.0, line) for line in lines), is_centred=True)


def _end_height(box: _Placed, left_out: _Placed) -> float:
    return _FORK + max(_GAP, left_out.height + 2.0) + box.height


def _paint_end(axes: Axes, groups: list[_Placed], box: _Placed, left_out: _Placed, top: float) -> None:
    """Lines of the groups meet below them; those left out leave on the way down to the box."""
    starts = groups or [box]
    bottom = top + max((g.height for g in groups), default=0.0)
    meet = bottom + _FORK
    below = meet + max(_GAP, left_out.height + 2.0)
    for group in starts:
        own = top + group.height if groups else bottom
        _line(axes, (group.centre, own), (group.centre, meet))
    if len(starts) > 1:
        _line(axes, (starts[0].centre, meet), (starts[-1].centre, meet))
    middle = (meet + below) / 2
    _paint_box(axes, left_out, middle - left_out.height / 2)
    _arrow(axes, (box.centre, middle), (left_out.x, middle))
    _arrow(axes, (box.centre, meet), (box.centre, below))
    _paint_box(axes, box, below)


def _place_ends(ends: list[FlowBox]) -> list[_Placed]:
    width = (_MAIN_W - _FORK * (len(ends) - 1)) / max(len(ends), 1)
    return [_main(box, _LEFT + i * (width + _FORK), width) for i, box in enumerate(ends)]


def _step_height(box: _Placed, side: _Placed | None) -> float:
    """A box and the way down to the next one; the exclusion box is beside that way."""
    return box.height + (_GAP if side is None else max(_GAP, side.height + 6.0))


def _total_height(placed: list[tuple[_Placed, _Placed | None]], ends: list[_Placed]) -> float:
    below = max((b.height for b in ends), default=0.0) + (_FORK if ends else 0.0)
    return 2.0 + sum(_step_height(*pair) for pair in placed) + below + 4.0


def _paint_step(
    axes: Axes, box: _Placed, side: _Placed | None, top: float, *, leads_to_box: bool, leads_on: bool
) -> float:
    """Draw a box, its exclusions and the line down; gives the height at which the next begins."""
    _paint_box(axes, box, top)
    bottom, below = top + box.height, top + _step_height(box, side)
    middle = (bottom + below) / 2
    if side is not None:
        _paint_box(axes, side, middle - side.height / 2)
        _arrow(axes, (box.centre, middle), (side.x, middle))
    if leads_to_box:
        _arrow(axes, (box.centre, bottom), (box.centre, below))
    elif leads_on:
        _line(axes, (box.centre, bottom), (box.centre, below))
    elif side is not None:
        _line(axes, (box.centre, bottom), (box.centre, middle))
    return below


def _paint_ends(axes: Axes, ends: list[_Placed], top: float) -> None:
    if not ends:
        return
    _line(axes, (ends[0].centre, top), (ends[-1].centre, top))
    for box in ends:
        _arrow(axes, (box.centre, top), (box.centre, top + _FORK))
        _paint_box(axes, box, top + _FORK)


def _paint_box(axes: Axes, box: _Placed, top: float) -> None:
    frame = Rectangle(
        (box.x, top), box.width, box.height, facecolor="white", edgecolor=INK, linewidth=LINE_PT
    )
    axes.add_patch(frame)
    for i, (indent, line) in enumerate(box.lines):
        y = top + _PAD + (i + 0.5) * _LINE
        x = box.centre - width_mm(line) / 2 if box.is_centred else box.x + _PAD + indent
        for piece, italic in spans(line):
            axes.text(
                x, y, drawn_as(piece, italic=italic), ha="left", va="center_baseline", size=TEXT_PT, parse_math=italic
            )  # fmt: skip
            x += width_mm(piece) + (ITALIC_MM if italic else 0.0)


def _line(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.plot([start[0], end[0]], [start[1], end[1]], color=INK, lw=LINE_PT, solid_capstyle="projecting")


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    ends = {"shrinkA": 0, "shrinkB": 0}  # points that are left free
    style = {"arrowstyle": "-|>", "lw": LINE_PT, "color": INK, "mutation_scale": 6, **ends}
    axes.annotate("", xy=end, xytext=start, arrowprops=style)
