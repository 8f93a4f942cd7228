"""What a file of ours must not hold: anything that runs, obeys or fetches; each finding is a text."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree

import openpyxl

_RUNS = frozenset({"script", "iframe", "object", "embed", "base", "form", "link", "img", "image", "foreignObject", "animate", "set", "audio", "video"})  # fmt: skip
_FETCHED = frozenset({"href", "src", "action", "formaction", "style", "data"})
_ADDRESS = re.compile(r"(?i)javascript:|data:text|vbscript:|^\s*(https?|file):")
_SEARCH = resources.files("oligoscope.report").joinpath("numbers.js").read_text(encoding="utf-8")
_NUMBER = re.compile(r"[+-]?(inf|\d+(\.\d+)?([eE][+-]?\d+)?%?)")
_FIELDS = re.compile(rb"\s*(SEQ \S+ \\\* ARABIC|PAGE|NUMPAGES)\s*")


class Page(HTMLParser):
    """A page as a browser takes it.

    Attributes:
        tags: Its elements.
        attributes: All of theirs.
        ids: Of its elements.
        cells: The text of each cell of a table, in order.
        paragraphs: The text of each paragraph.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: list[str] = []
        self.paragraphs: list[str] = []
        self._open: list[list[str]] = []
        self.feed(page)

    @property
    def ids(self) -> list[str]:
        return [value or "" for name, value in self.attributes if name == "id"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag in {"td", "th", "p"}:
            self._open = [self.paragraphs if tag == "p" else self.cells]
            self._open[0].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "p"}:
            self._open = []

    def handle_data(self, data: str) -> None:
        for texts in self._open:
            texts[-1] += data


def in_page(page: str) -> Iterator[str]:
    """Of an HTML page."""
    # The one script of ours, which the page's policy names by its digest.
    read = Page(page.replace(f"<script>{_SEARCH}</script>", "", 1))
    yield from (f"<{tag}>" for tag in read.tags if tag in _RUNS)
    yield from _in_attributes(read.attributes)
    yield from (f"id {name} twice" for name, n in Counter(read.ids).items() if n > 1)


def in_picture(svg: bytes) -> Iterator[str]:
    """Of an SVG file; one that is no XML raises."""
    tree = ElementTree.fromstring(svg)
    named = [element.get("id", "") for element in tree.iter() if element.get("id")]
    yield from (f"id {name} twice" for name, n in Counter(named).items() if n > 1)
    for element in tree.iter():
        tag = element.tag.rsplit("}", 1)[-1]
        if tag in _RUNS:
            yield f"<{tag}>"
        given = [(name.rsplit("}", 1)[-1], value) for name, value in element.attrib.items()]
        yield from _in_attributes(given)
        yield from (f"{n}={v}" for n, v in given if n == "href" and v.removeprefix("#") not in named)


def _in_attributes(attributes: Sequence[tuple[str, str | None]]) -> Iterator[str]:
    for name, value in attributes:
        if name.startswith("on") or (name in _FETCHED and value and _ADDRESS.search(value)):
            yield f"{name}={value}"


def in_csv(raw: bytes) -> Iterator[str]:
    """Of a csv file: cells that begin a formula."""
    rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
    for cell in (cell for row in rows for cell in row):
        if cell[:1] in tuple("=+-@\t\r\n") and not _NUMBER.fullmatch(cell):
            yield f"formula {cell[:60]}"


def in_workbook(path: Path) -> Iterator[str]:
    """Of an Excel file: formulas, and links to places outside it."""
    for sheet in openpyxl.load_workbook(path):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type == "f":
                yield f"formula {cell.value}"
            if cell.hyperlink is not None and cell.hyperlink.target:
                yield f"link {cell.hyperlink.target}"
    yield from _in_parts(path)


def in_word_file(path: Path) -> Iterator[str]:
    """Of a Word file: fields other than numbers of tables, figures and pages, and what lies outside it."""
    yield from _in_parts(path)
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            fields = re.findall(rb"<w:instrText[^>]*>([^<]*)<", parts.read(name))
            yield from (f"{name}: field {field!r}" for field in fields if not _FIELDS.fullmatch(field))


def _in_parts(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))
            if name.endswith(".rels") and b'TargetMode="External"' in parts.read(name):
                yield f"{name}: external"
            if "vba" in name or "activeX" in name or "embeddings" in name:
                yield name


def in_folder(folder: Path) -> list[str]:
    """Of every file of a folder, each finding after the name of its file."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found += [f"{path.relative_to(folder).as_posix()}: {finding}" for finding in _in_file(path)]
    return found


def _in_file(path: Path) -> Iterator[str]:
    match path.suffix:
        case ".html":
            yield from in_page(path.read_text(encoding="utf-8"))
        case ".svg":
            yield from in_picture(path.read_bytes())
        case ".csv":
            yield from in_csv(path.read_bytes())
        case ".xlsx":
            yield from in_workbook(path)
        case ".docx":
            yield from in_word_file(path)
        case ".json":
            json.loads(path.read_text(encoding="utf-8"))
