"""Where the words of a drawing are: inside the picture, and not on one another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from oligoscope.drawing.plate import Inset


def words_of(drawing: Drawing) -> Iterator[Text]:
    """Every text that is drawn and says something."""
    for axes in drawing.axes:
        yield from axes.texts
        if axes.axison:
            for axis in (axes.xaxis, axes.yaxis):
                yield from (axis.label, *axis.get_ticklabels())
    yield from drawing.texts
    for artist in drawing.artists:
        if isinstance(artist, Inset):
            yield from words_of(artist.drawing)


def boxes_of(drawing: Drawing) -> list[tuple[str, Bbox]]:
    """(words, the box they fill) in pixels of a canvas at 200 dpi, where hinting does not decide."""
    drawing.set_dpi(200)
    canvas = FigureCanvasAgg(drawing)
    canvas.draw()
    renderer = canvas.get_renderer()
    said = [t for t in words_of(drawing) if t.get_text().strip() and t.get_visible()]
    return [(t.get_text(), t.get_window_extent(renderer)) for t in said]


def lines_of(texts: Iterable[Text]) -> list[str]:
    """Each line as it is read: the pieces that are set in italics and upright follow each other at one height."""
    lines: list[tuple[float, str]] = []
    for text in texts:
        height, words = text.get_position()[1], re.sub(r"\$\\mathit\{(.*?)\}\$", r"\1", text.get_text())
        if lines and lines[-1][0] == height:
            words = lines.pop()[1] + words
        lines.append((height, words))
    return [words for _, words in lines]


def outside(drawing: Drawing) -> list[str]:
    """Words that leave the picture."""
    boxes = boxes_of(drawing)
    width, height = drawing.canvas.get_width_height()
    return [w for w, b in boxes if b.x0 < -1 or b.y0 < -1 or b.x1 > width + 1 or b.y1 > height + 1]


def overlaps(drawing: Drawing) -> list[tuple[str, str]]:
    """Pairs of words that lie on one another; lines may touch by their empty spacing, pieces of a line by 0.25 mm."""
    boxes = [(w, b.shrunk(0.98, 0.7).padded(-1, 0)) for w, b in boxes_of(drawing)]
    return [(w, v) for i, (w, b) in enumerate(boxes) for v, c in boxes[i + 1 :] if b.overlaps(c)]
