"""The part of a drawing that has scales: matplotlib's axes, whose ticks are no objects of their own.

matplotlib makes five artists for each tick, of which two are seen, and makes some for every axis before a tick is asked for.
Here an axis draws all its marks as one line of markers, and makes only the labels that are seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN, TICKLEFT
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform, Transform, TransformedBbox

from oligoscope.drawing.words import Looks, Words

_AS_IT_IS = IdentityTransform()
_ROUNDING = 1e-10  # of the length of an axis: a tick at its very end is shown


class _Ground(Rectangle):
    """The background of axes, by which all in them is clipped: its corners are those of the axes as they are."""

    def get_patch_transform(self) -> Transform:
        return _AS_IT_IS


class Plot(Axes):
    """Axes with ticks below and at the left; all else is as matplotlib has it."""

    _looks: Looks | None = None
    _box: TransformedBbox | None = None

    def _gen_axes_patch(self) -> Rectangle:
        """Another such hook; a rectangle anywhere works out its place for each artist that it clips."""
        return _Ground((0.0, 0.0), 1.0, 1.0)

    def _init_axis(self) -> None:
        """A hook of matplotlib, by which a projection brings axes of its own."""
        self.xaxis, self.yaxis = _Across(self, clear=False), _Upwards(self, clear=False)
        axes = {"bottom": self.xaxis, "top": self.xaxis, "left": self.yaxis, "right": self.yaxis}
        for side, axis in axes.items():
            self.spines[side].register_axis(axis)
            self.spines[side].set_position(("outward", 0.0))  # else it is put there by the ticks of its side

    def _update_line_limits(self, line: Line2D) -> None:
        """Another hook: the extremes of lines are of use only to an axis whose ends are not set."""
        if self.get_autoscalex_on() or self.get_autoscaley_on():
            super()._update_line_limits(line)  # type: ignore[misc]

    def _update_patch_limits(self, patch: Any) -> None:
        """The same of patches; those of a rectangle are its corners: matplotlib looks for those of curves along each side."""
        if not (self.get_autoscalex_on() or self.get_autoscaley_on()):
            return
        is_plain = type(patch) is Rectangle and not patch.get_angle()
        if not is_plain or patch.get_data_transform() is not self.transData:
            super()._update_patch_limits(patch)  # type: ignore[misc]
            return
        (x, y), width, height = patch.get_xy(), patch.get_width(), patch.get_height()
        if width or height:
            self.update_datalim([(x, y), (x + width, y + height)])

    def _update_collection_limits(self, collection: Any) -> None:
        """The same of areas."""
        if self.get_autoscalex_on() or self.get_autoscaley_on():
            super()._update_collection_limits(collection)  # type: ignore[misc]

    def plot(self, *places: Any, **how: Any) -> list[Line2D]:
        """What matplotlib does; a line of numbers in a given colour is made at once."""
        if len(places) != 2 or "color" not in how:
            return super().plot(*places, **how)
        line = Line2D(*map(np.atleast_1d, places), **how)
        self.add_line(line)
        self._request_autoscale_view()  # type: ignore[attr-defined]
        return [line]

    def step(self, x: Any, y: Any, *, where: str, **how: Any) -> list[Line2D]:
        """What matplotlib does."""
        return self.plot(x, y, drawstyle=f"steps-{where}", **how)

    def add_line(self, line: Line2D) -> Line2D:
        """What matplotlib does, with one box by which all is clipped; it makes one for each line."""
        self._add(line)
        self._update_line_limits(line)
        return line

    def add_patch(self, p: Patch) -> Patch:
        """The same for patches."""
        self._add(p)
        self._update_patch_limits(p)
        return p

    def _add(self, artist: Artist) -> None:
        own: Any = self
        if self._box is None:
            self._box = TransformedBbox(Bbox.unit(), self.patch.get_transform())
        own._set_artist_props(artist)
        artist.set_clip_box(self._box)
        own._children.append(artist)

    def text(self, x: float, y: float, s: str, fontdict: Any = None, **how: Any) -> Text:
        """What matplotlib does, with words that look alike made once."""
        if self._looks is None:
            self._looks = Looks()
        usual: dict[str, Any] = {"transform": self.transData, "clip_on": False}
        words, is_first = self._looks.words(x, y, s, **(usual | (fontdict or {}) | how))
        if is_first:
            self._add(words)
        else:
            cast("Any", self)._children.append(words)
        return words


@dataclass(frozen=True, slots=True)
class _Look:
    """How the ticks of an axis are drawn: sizes in points.

    Attributes:
        length: Of the marks; 0 for none.
        width: Of the marks.
        colour: Of the marks.
        pad: Between a mark and its label.
        text: Size of the labels; 0 for none.
        ink: Colour of the labels.
    """

    length: float
    width: float
    colour: Any
    pad: float
    text: Any
    ink: Any


class _Scale(Axis):
    """An axis whose major ticks are drawn from its locator, its formatter and what `tick_params` said."""

    majorTicks: Any = ()  # noqa: N815  matplotlib's names: there are none to be changed
    minorTicks: Any = ()  # noqa: N815
    axis_name: str
    _side: str = "bottom"
    _sign: Any = TICKDOWN

    def clear(self) -> None:
        """As new: in the theme of now, whatever it is when the axis is drawn."""
        super().clear()
        theme, tick = cast("dict[str, Any]", rcParams), f"{self.axis_name}tick"
        self._theme = {what: theme[f"{tick}.{what}"] for what in ("color", "labelsize")}
        self._theme |= {what: theme[f"{tick}.major.{what}"] for what in ("width", "pad")}
        self._theme |= {"length": theme[f"{tick}.major.size"], "labelcolor": theme[f"{tick}.color"]}
        self._family, self._is_math = list(theme["font.family"]), bool(theme["text.parse_math"])

    def get_major_ticks(self, numticks: int | None = None) -> list[Any]:
        del numticks
        return []

    def get_minor_ticks(self, numticks: int | None = None) -> list[Any]:
        del numticks
        return []

    def set_ticks(self, ticks: Any, labels: Any = None, *, minor: bool = False, **look: Any) -> list[Any]:
        if look:
            raise TypeError(f"How labels are drawn is for `tick_params` to say: {', '.join(look)}.")
        return super().set_ticks(ticks, labels, minor=minor)

    def get_children(self) -> list[Artist]:
        """What is drawn."""
        if not (self.get_visible() and self.axes.axison):
            return [self.label]
        shown, look = self._shown(), self._look()
        return [*self._marks(shown, look), *self._labels(shown, look), self.label]

    def draw(self, renderer: Any) -> None:
        if not self.get_visible():
            return
        shown, look = self._shown(), self._look()
        marks, labels = self._marks(shown, look), self._labels(shown, look)
        for part in (*marks, *labels):
            part.draw(renderer)
        if self.label.get_text():
            boxes = [label.get_window_extent(renderer) for label in labels]
            points = self.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
            length = max((line.get_markersize() for line in marks), default=0.0)
            self._place_name(boxes, length * points, self.labelpad * points)
            self.label.draw(renderer)

    def _shown(self) -> list[tuple[float, str]]:
        """The ticks between the ends, each with its words."""
        places = np.asarray(self.get_majorticklocs(), float)
        words = self.get_major_formatter().format_ticks(places.tolist())
        low, high = np.sort(self.get_transform().transform(np.asarray(self.get_view_interval(), float)))
        at, room = self.get_transform().transform(places), _ROUNDING * (high - low)
        is_shown = (low - room <= at) & (at <= high + room)
        return [(place, text) for place, text, shown in zip(places, words, is_shown, strict=True) if shown]

    def _look(self) -> _Look:
        said: Any = self.get_tick_params()
        given = self._theme | said
        return _Look(
            length=given["length"] if said[self._side] else 0.0,
            width=given["width"],
            colour=given["color"],
            pad=given["pad"] + given["length"],
            text=given["labelsize"] if said[f"label{self._side}"] else 0,
            ink=given["labelcolor"],
        )

    def _marks(self, shown: list[tuple[float, str]], look: _Look) -> list[Line2D]:
        """All marks as one line of markers; none where they have no length."""
        if not shown or not look.length:
            return []
        marks = Line2D(
            *self._points([place for place, _ in shown]), linestyle="none", marker=self._sign, markersize=look.length,
            markeredgewidth=look.width, color=look.colour, transform=self._across(),
        )  # fmt: skip
        marks.set_figure(self.axes.figure)
        return [marks]

    def get_majorticklabels(self) -> list[Text]:
        """The labels of the ticks between the ends of the axis, at their places."""
        return self._labels(self._shown(), self._look())

    def _labels(self, shown: list[tuple[float, str]], look: _Look) -> list[Text]:
        if not look.text:
            return []
        transform, va, ha = self._beyond(look.pad)
        face = FontProperties(family=self._family, size=look.text)
        how: Any = {"va": va, "ha": ha, "color": look.ink, "font": face, "parse_math": self._is_math}
        first = Words(0.0, 0.0, "", transform=transform, **how)
        first.set_figure(self.axes.figure)
        labels: list[Text] = []
        for place, words in shown:
            (x,), (y,) = self._points([place])
            labels.append(first.like(x, y, words))
        return labels

    def _points(self, places: list[float]) -> tuple[list[float], list[float]]:
        """On the axis: x and y."""
        raise NotImplementedError

    def _across(self) -> Transform:
        """From places on the axis to the page."""
        raise NotImplementedError

    def _beyond(self, pad: float) -> tuple[Transform, Any, Any]:
        """The same for labels, so many points outside; and how they are aligned."""
        raise NotImplementedError

    def _place_name(self, boxes: list[Bbox], marks: float, pad: float) -> None:
        """Put the name of the axis outside its labels and marks."""
        raise NotImplementedError


class _Across(_Scale, XAxis):
    def _points(self, places: list[float]) -> tuple[list[float], list[float]]:
        return places, [0.0] * len(places)

    def _across(self) -> Transform:
        return self.axes.get_xaxis_transform("tick1")

    def _beyond(self, pad: float) -> tuple[Transform, Any, Any]:
        return self.axes.get_xaxis_text1_transform(pad)

    def _place_name(self, boxes: list[Bbox], marks: float, pad: float) -> None:
        below = min((box.y0 for box in boxes), default=self.axes.bbox.y0)
        self.label.set_y(min(below, self.axes.bbox.y0 - marks) - pad)


class _Upwards(_Scale, YAxis):
    _side, _sign = "left", TICKLEFT

    def _points(self, places: list[float]) -> tuple[list[float], list[float]]:
        return [0.0] * len(places), places

    def _across(self) -> Transform:
        return self.axes.get_yaxis_transform("tick1")

    def _beyond(self, pad: float) -> tuple[Transform, Any, Any]:
        return self.axes.get_yaxis_text1_transform(pad)

    def _place_name(self, boxes: list[Bbox], marks: float, pad: float) -> None:
        left = min((box.x0 for box in boxes), default=self.axes.bbox.x0)
        self.label.set_x(min(left, self.axes.bbox.x0 - marks) - pad)
