"""Documents as text that people can compare: every word of a page, and every style, id and number format beside it."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import openpyxl
from matplotlib.artist import Artist
from matplotlib.colors import to_hex
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Text as Lettering

BREAKS = {"p", "tr", "li", "h1", "h2", "h3", "h4", "caption", "figcaption", "summary", "title", "section", "dt", "dd", "div"}  # fmt: skip
CELLS = {"td", "th"}
# Between the phrases of a cell: columns, levels and conditions, in either language.
BETWEEN_PHRASES = r" \| |; |；|, | and |，|、|：|: "
# Attributes whose values are many and each its own: their words are compared by digest, with their number.
NUMEROUS = ("data-key", "href", "style", "aria-label", "title", "id", "content", "d", "aria-describedby")


def digest(text: str) -> str:
    """Enough of a checksum to see a difference."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Page(HTMLParser):
    """Words of a page, a line a paragraph or table row, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.tags: Counter[str] = Counter()
        self.numerous: dict[str, list[str]] = {}
        self.hidden = ""  # the tag inside which words are not for people

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag)
        shown = [f'{k}="{v or ""}"' for k, v in attrs if k not in NUMEROUS]
        self.tags[" ".join([f"<{tag}", *shown]) + ">"] += 1
        for name, value in attrs:
            if name in NUMEROUS:
                self.numerous.setdefault(f"{tag} {name}", []).append(value or "")
        identity = dict(attrs).get("id")
        if identity and tag in {"section", "figure", "table", "h2", "h3"}:
            self.lines[-1] += f"#{identity} "
        if tag in {"style", "script", "svg"} and not self.hidden:
            self.hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self.hidden:
            self.hidden = ""
        self._begin(tag)

    def _begin(self, tag: str) -> None:
        if tag in BREAKS and self.lines[-1]:
            self.lines.append("")
        elif tag in CELLS:
            self.lines[-1] += " | "

    def handle_data(self, data: str) -> None:
        if self.hidden == "style":
            self.numerous.setdefault("style sheet", []).append(data)
        elif not self.hidden:
            self.lines[-1] += data


@lru_cache(maxsize=1)
def _read(html: str) -> Page:
    page = Page()
    page.feed(re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL))
    return page


def page_words(html: str) -> list[str]:
    """The words of a page, a line a paragraph or table row."""
    page = _read(html)
    lines = (re.sub(r"(\| )+", "| ", " ".join(line.split())).strip(" |") for line in page.lines)
    return [line for line in lines if line]


def page_looks(html: str) -> list[str]:
    """Each tag with its attributes, and how often it is there."""
    page = _read(html)
    tags = [f"{n:6} {tag}" for tag, n in sorted(page.tags.items())]
    return tags + [f"{len(v):6} {name}: {digest(' '.join(v))}" for name, v in sorted(page.numerous.items())]


def parts(lines: Iterable[str]) -> dict[str, list[str]]:
    """The lines of each part of a page, which opens with an id."""
    found: dict[str, list[str]] = {}
    name = "#top"
    for line in lines:
        if line.startswith("#"):
            name = line.split()[0]
        found.setdefault(name, []).append(line)
    return found


def sections(lines: Iterable[str]) -> list[str]:
    """Of a long page each part: how many lines, and their digest."""
    return [f"{name} {len(part)} lines {digest(chr(10).join(part))}" for name, part in parts(lines).items()]


def words_of_cells(lines: Iterable[str]) -> list[str]:
    """Each word or phrase of the cells or lines, once, without its numbers."""
    cells = (
        re.sub(r"[\d.,−–%]+", "0", cell.strip()) for line in lines for cell in re.split(BETWEEN_PHRASES, line)
    )
    return list(
        dict.fromkeys(
            cell for cell in cells if re.search(r"[^\W\d_]{2}", cell) and not re.match(r"S0\b", cell)
        )
    )


def with_short_tables(lines: Iterable[str], most: int) -> list[str]:
    """The lines, but of a table of more than so many rows a digest; words of its cells follow once, at the end."""
    kept, shortened = [], []
    for part in parts(lines).values():
        rows = [line for line in part if " | " in line]
        if len(rows) > most:
            kept += [line for line in part if line not in rows]
            kept.append(f"{len(rows)} rows {digest(chr(10).join(rows))}")
            shortened += rows
        else:
            kept += part
    return [*kept, *words_of_cells(shortened)]


def without(pattern: str, lines: Iterable[str]) -> list[str]:
    """The lines without those that begin with a pattern, of which a digest is left."""
    kept, others = [], []
    for line in lines:
        (others if re.match(pattern, line) else kept).append(line)
    return [*kept, f"{len(others)} lines {pattern}: {digest(chr(10).join(others))}"]


def word_file(path: Path) -> list[str]:
    """Every part of a Word file: its elements with their attributes, counted, and a digest of its words."""
    with zipfile.ZipFile(path) as parts:
        names = sorted(n for n in parts.namelist() if n.endswith((".xml", ".rels")))
        return [line for name in names for line in _xml_part(name, parts.read(name))]


def _xml_part(name: str, content: bytes) -> Iterator[str]:
    root = ElementTree.parse(io.BytesIO(content)).getroot()
    yield f"{name}: words {digest(''.join(root.itertext()))}"
    looks = Counter(
        " ".join([_short(e.tag), *(f"{_short(k)}={v}" for k, v in sorted(e.attrib.items()) if not _is_long(k, v))])
        for e in root.iter()
    )  # fmt: skip
    if name.endswith("document.xml"):
        yield from (f"  {n:6} {look}" for look, n in sorted(looks.items()))
    else:
        yield f"  {digest(str(sorted(looks.items())))}"


def _is_long(name: str, value: str) -> bool:
    return _short(name) in {"w", "cx", "cy", "id", "descr", "name", "embed"} or value.isdecimal()


def _short(name: str) -> str:
    return name.rpartition("}")[2]


def workbook(path: Path) -> list[str]:
    """Each sheet: its name, size, number formats and a digest of its cells; of the first sheet every cell."""
    book = openpyxl.load_workbook(path)
    lines: list[str] = []
    for i, sheet in enumerate(book.worksheets):
        rows = [[str(c.value if c.value is not None else "") for c in row] for row in sheet.iter_rows()]
        cells = [c for row in sheet.iter_rows() for c in row if c.value is not None]
        formats = Counter(
            f"{c.number_format} {c.font.name} {c.font.b} {c.font.i} {c.alignment.horizontal}" for c in cells
        )
        lines.append(f"{sheet.title} {sheet.dimensions} frozen {sheet.freeze_panes} {digest(str(rows))}")
        lines += [f"  {n} {name}" for name, n in sorted(formats.items())]
        lines += [" | ".join(row) for row in rows] if i == 0 else []
    return lines


class Painted(NamedTuple):
    """A picture: its name, and what is on it."""

    name: str
    looks: tuple[str, ...]


def looks_of(drawing: Drawing) -> tuple[str, ...]:
    """The lettering of a picture in order, and its artists counted by colour, line and hatching."""
    written = [a.get_text() for a in drawing.findobj(Lettering) if isinstance(a, Lettering) and a.get_text()]
    looks = Counter(" ".join((type(a).__name__, *_traits(a))) for a in drawing.findobj() if a.get_visible())
    return (
        " ¦ ".join(" / ".join(w.split("\n")) for w in written),
        *(f"{n:4} {k}" for k, n in sorted(looks.items())),
    )


def _traits(artist: Artist) -> Iterator[str]:
    for name in (
        "color",
        "facecolor",
        "edgecolor",
        "linestyle",
        "marker",
        "hatch",
        "ha",
        "va",
        "weight",
        "style",
        "label",
    ):
        get: Any = getattr(artist, f"get_{name}", None)
        value = get() if get is not None else None
        if "color" in name and value is not None:
            yield f"{name}={_colour(value)}"
        elif isinstance(value, str) and value not in {"", "normal"} and not value.startswith("_"):
            yield f"{name}={value}"


def _colour(value: Any) -> str:
    try:
        return to_hex(value, keep_alpha=True)
    except (ValueError, TypeError):
        return "+".join(dict.fromkeys(to_hex(one, keep_alpha=True) for one in value))
