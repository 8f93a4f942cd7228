"""Parts of a Word file as text: runs in two scripts, fields, bookmarks, paragraphs.

As text and not as elements of a tree: a report has 30,000 of them, and to make each takes longer than all else of the file.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from oligoscope.plain_text import spans, without_forbidden

_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def w(tag: str, *children: str, **attributes: str | float) -> str:
    """An element of WordprocessingML: `w("sz", val=18)` is `<w:sz w:val="18"/>`."""
    named = "".join([f' w:{name}="{attribute(str(value))}"' for name, value in attributes.items()])
    content = "".join(children)
    return f"<w:{tag}{named}>{content}</w:{tag}>" if content else f"<w:{tag}{named}/>"


def words(text: str, most: int | None = None) -> str:
    """Words between two tags, escaped, without what no file can hold; at most so many signs."""
    # A reader of XML takes a CR for the end of a line.
    return escape(without_forbidden(text)[:most], quote=False).replace("\r", "&#13;")


def attribute(value: str) -> str:
    """The value of an attribute, escaped; a reader of XML would take tabs and ends of lines for spaces."""
    text = words(value).replace('"', "&quot;")
    return text.replace("\t", "&#9;").replace("\n", "&#10;")


def runs(text: str, *, bold: bool = False) -> str:
    """A text as runs, statistical letters in italics."""
    return "".join([run(piece, bold=bold, italic=italic) for piece, italic in spans(text)])


def run(
    text: str, *, bold: bool = False, italic: bool = False, raised: bool = False, colour: str = ""
) -> str:
    """One run; signs that both scripts have (quotes, ±) are Chinese beside Chinese characters."""
    is_chinese = not text.isascii() and _CHINESE.search(text) is not None
    look = _look(is_chinese, bold, italic, raised, colour)
    return f'<w:r>{look}<w:t xml:space="preserve">{words(text)}</w:t></w:r>'


@cache  # of few kinds
def _look(is_chinese: bool, bold: bool, italic: bool, raised: bool, colour: str) -> str:
    parts = (
        w("rFonts", hint="eastAsia") if is_chinese else "",
        w("b") if bold else "",
        w("i") if italic else "",
        w("color", val=colour) if colour else "",
        w("vertAlign", val="superscript") if raised else "",
    )
    return w("rPr", *parts) if any(parts) else ""


LINE_BREAK = "<w:r><w:br/></w:r>"  # a new line in the same paragraph


def field(code: str, shown: str) -> str:
    """A field with the text it shows until Word works it out again."""
    begin, separate, end = (w("r", w("fldChar", fldCharType=kind)) for kind in ("begin", "separate", "end"))
    instruction = f'<w:r><w:instrText xml:space="preserve"> {words(code)} </w:instrText></w:r>'
    return f"{begin}{instruction}{separate}{run(shown)}{end}"


def bookmarked(number: int, name: str, content: str) -> str:
    """Content that a cross-reference can point at."""
    return f"{w('bookmarkStart', id=number, name=name)}{content}{w('bookmarkEnd', id=number)}"


def paragraph(style: str, content: str, *, keeps_next: bool = False, layout: str = "") -> str:
    """A paragraph in a named style; `layout` are further elements of its properties."""
    next_too = "<w:keepNext/>" if keeps_next else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{next_too}{layout}</w:pPr>{content}</w:p>'


def with_section_end(block: str, section: str) -> str:
    """A paragraph at whose end a section ends; after a table, or nothing, in an empty one."""
    if not block.startswith("<w:p>"):
        return f"{block}<w:p><w:pPr>{section}</w:pPr></w:p>"
    return block.replace("</w:pPr>", f"{section}</w:pPr>", 1)
