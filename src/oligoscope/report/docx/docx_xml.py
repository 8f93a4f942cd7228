"""Elements of a Word file that python-docx has no words for: runs in two scripts, fields, bookmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser

from oligoscope.plain_text import spans, without_forbidden

_SPACE = {"w": nsmap["w"]}
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def w(tag: str, *children: Any, **attributes: str | float) -> Any:
    """An element of WordprocessingML: `w("sz", val=18)` is `<w:sz w:val="18"/>`."""
    element = oxml_parser.makeelement(_name(tag), nsmap=_SPACE)
    for name, value in attributes.items():
        element.set(_name(name), without_forbidden(str(value)))
    element.extend(children)
    return element


@cache
def _name(tag: str) -> str:
    return qn(f"w:{tag}")


def runs(text: str, *, bold: bool = False) -> Iterator[Any]:
    """A text as runs, statistical letters in italics."""
    for piece, italic in spans(text):
        yield run(piece, bold=bold, italic=italic)


def run(text: str, *, bold: bool = False, italic: bool = False, raised: bool = False) -> Any:
    """One run; signs that both scripts have (quotes, ±) are Chinese beside Chinese characters."""
    look = []
    if _CHINESE.search(text):
        look.append(w("rFonts", hint="eastAsia"))
    look += [w("b")] if bold else []
    look += [w("i")] if italic else []
    look += [w("vertAlign", val="superscript")] if raised else []
    return w("r", *([w("rPr", *look)] if look else []), _text(text))


def _text(text: str) -> Any:
    element = w("t")
    element.text = without_forbidden(text)
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


def line_break() -> Any:
    """A new line in the same paragraph."""
    return w("r", w("br"))


def field(code: str, shown: str) -> Iterator[Any]:
    """A field with the text it shows until Word works it out again."""
    instruction = w("instrText")
    instruction.text = f" {code} "
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    for part in (w("fldChar", fldCharType="begin"), instruction, w("fldChar", fldCharType="separate")):
        yield w("r", part)
    yield run(shown)
    yield w("r", w("fldChar", fldCharType="end"))


def bookmarked(number: int, name: str, *content: Any) -> Iterator[Any]:
    """Content that a cross-reference can point at."""
    yield w("bookmarkStart", id=number, name=name)
    yield from content
    yield w("bookmarkEnd", id=number)


def paragraph(style: str, *content: Any, keeps_next: bool = False, **layout: Any) -> Any:
    """A paragraph in a named style; `layout` are further elements of its properties, by their tag."""
    properties = deepcopy(_paragraph_properties(style, keeps_next=keeps_next))
    properties.extend(layout[tag] for tag in ("ind", "jc") if layout.get(tag) is not None)
    return w("p", properties, *content)


@cache  # of few kinds
def _paragraph_properties(style: str, *, keeps_next: bool) -> Any:
    return w("pPr", w("pStyle", val=style), *([w("keepNext")] if keeps_next else []))
