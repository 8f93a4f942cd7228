"""Words in a drawing: of those that look alike, matplotlib makes the first, and the others are copies of it.

matplotlib sets some twenty properties of each text one after the other, and works out the corners of lines at an angle;
nearly all words of a picture are one level line in one of a few looks. A drawing has about a hundred of them.
"""

from __future__ import annotations

from math import isfinite
from typing import Any, Self, cast

from matplotlib.colors import to_rgba
from matplotlib.text import Text
from matplotlib.transforms import Bbox, Transform

_LEVEL_MODES = {None, "default", "anchor"}  # all the same where nothing is turned


class Words(Text):
    """A text, which is drawn with less work where it is one level line; its place and look are those of matplotlib."""

    _is_level: bool | None = None  # not known yet; the same for all of a look
    _used: list[Any]  # what a look is drawn with: the renderer and its settings

    def __init__(self, x: float, y: float, text: str, **how: Any) -> None:
        super().__init__(x, y, text, **how)
        self._used = []

    def like(self, x: float, y: float, text: str) -> Self:
        """Other words of the same look, in the same axes or drawing; only their place and text can be their own."""
        if self._is_level is None:
            self._is_level = self._found_level()
        other = type(self).__new__(type(self))
        other.__dict__ |= self.__dict__ | {"_x": x, "_y": y, "_text": text}
        return other

    def _found_level(self) -> bool:
        is_turned = self.get_rotation() or self.get_rotation_mode() not in _LEVEL_MODES
        is_framed = self.get_bbox_patch() is not None or self.get_path_effects()
        return not (is_turned or is_framed or self.get_wrap() or self.get_usetex())

    def draw(self, renderer: Any) -> None:
        own: Any = self  # matplotlib's stubs leave out what begins with a line
        if not self._is_plain(renderer):
            super().draw(renderer)
        elif own._text and self.get_visible():
            text, is_math = own._preprocess_math(own._text)
            (x, y), (across, up), _, ascent = self._laid_out(own, renderer, text, is_math)
            if isfinite(x) and isfinite(y):
                place = x - across, renderer.height - ((-ascent - up) + y)
                renderer.draw_text(
                    self._settings(renderer), *place, text, own._fontproperties, 0.0, is_math, self
                )

    def get_window_extent(self, renderer: Any = None, dpi: float | None = None) -> Bbox:
        own: Any = self
        if dpi is not None or not (own._text and self.get_visible() and self._is_plain(renderer)):
            return super().get_window_extent(renderer, dpi)
        (x, y), (across, up), (width, foot), _ = self._laid_out(
            own, renderer, *own._preprocess_math(own._text)
        )
        return Bbox.from_bounds(x - across, y + foot - up, width, -foot)

    def _is_plain(self, renderer: Any) -> bool:
        """Whether this is one level line in our own walk: no other renderer has `heights_of`."""
        if self._is_level is None:
            self._is_level = self._found_level()
        return self._is_level and "\n" not in self.get_text() and hasattr(renderer, "heights_of")

    def _laid_out(self, own: Any, renderer: Any, text: str, is_math: Any) -> Any:
        """As `Text._get_layout` does it for one line at no angle.

        Returns:
            The place, how far left of it and up from it the corner is, the width with the foot, and the rise over the line.
        """
        most, least, _ = renderer.heights_of(own._fontproperties)
        width, height, descent = renderer.get_text_width_height_descent(text, own._fontproperties, is_math)
        ascent, descent = max(height - descent, most), max(descent, least)
        across = {"left": 0.0, "right": width, "center": width / 2}[self.get_horizontalalignment()]
        foot = -ascent - descent
        up = {
            "bottom": foot, "top": 0.0, "center": foot / 2, "baseline": foot + descent, "center_baseline": -ascent / 2,
        }[self.get_verticalalignment()]  # fmt: skip
        at = (self.convert_xunits(own._x), self.convert_yunits(own._y))
        place = cast("Any", self.get_transform()).transform(at).tolist()
        return place, (across, up), (width, foot), ascent

    def _settings(self, renderer: Any) -> Any:
        """Colour and clip, once for all words of a look."""
        if not self._used or self._used[0] is not renderer:
            gc = renderer.new_gc()
            gc.set_foreground(to_rgba(cast("Any", self.get_color())), isRGBA=True)
            gc.set_alpha(cast("Any", self.get_alpha()))
            gc.set_antialiased(self.get_antialiased())
            gc.set_snap(self.get_snap())
            cast("Any", self)._set_gc_clip(gc)
            self._used[:] = renderer, gc
        return self._used[1]


class Looks:
    """The words of one drawing or axes: one of each look is made whole."""

    def __init__(self) -> None:
        self._first: dict[tuple[tuple[str, Any], ...], Words] = {}

    def words(self, x: float, y: float, text: str, **how: Any) -> tuple[Words, bool]:
        """Words of a look, and whether they are its first, which belong nowhere yet; words in a box are made whole each."""
        if "bbox" in how:
            return Words(x, y, text, **how), True
        # Transforms are distinguished by their place in memory: the first of the look holds them.
        look = tuple(
            (name, id(how[name]) if isinstance(how[name], Transform) else how[name]) for name in sorted(how)
        )
        first = self._first.get(look)
        if first is not None:
            return first.like(x, y, text), False
        first = self._first[look] = Words(x, y, text, **how)
        return first, True
