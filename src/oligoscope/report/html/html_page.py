"""The frame of every HTML page: one file, styles inside, no request; synthetic data marked.

A page has no script but one of its own, which its policy names by its digest: nothing that is in the page besides can run.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from importlib import resources

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import SYNTHETIC as SYNTHETIC_MARK
from oligoscope.plain_text import plain, spans, without_forbidden
from oligoscope.printing.cautions import SYNTHETIC

CODES: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
_OTHER = Text("English", "中文")
CONTENTS = Text("目录", "Contents")
_SYNTHETIC_TAG = Text("合成数据", "Synthetic data")


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What is around the sections of a page.

    Attributes:
        title: Of the page.
        skip: The link past the contents.
        contents: Id and title of each section.
        contents_name: What the list of them is called.
        other_file: The same page in the other language.
        synthetic: Whether every section is marked.
        styles: Files of styles, in order.
        below_title: Markup under the title.
        below_contents: Markup under the contents.
        script: The file of the page's own script; none: it has none.
    """

    title: Text
    skip: Text
    contents: tuple[tuple[str, Text], ...]
    other_file: str
    synthetic: bool
    styles: tuple[str, ...] = ("style.css",)
    below_title: str = ""
    below_contents: str = ""
    script: str = ""
    contents_name: Text = CONTENTS


def html_page(frame: PageFrame, body: str, language: Language) -> str:
    """The whole page around its sections."""
    other: Language = "en" if language == "zh" else "zh"
    folder = resources.files("oligoscope.report")
    style = "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in frame.styles)
    title = escape(plain(frame.title[language]))
    kind = "is-synthetic" if frame.synthetic else "is-real"
    script = folder.joinpath(frame.script).read_text(encoding="utf-8") if frame.script else ""
    return without_forbidden(f"""<!DOCTYPE html>
<html lang="{CODES[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">
<meta name="generator" content="Oligoscope">
<title>{title}</title>
<style>
{style}{_page_mark(frame, language)}</style>
</head>
<body class="{kind}">
<a class="skip" href="#report">{frame.skip[language]}</a>
{_banner(frame, language)}<header>
<p class="other"><a href="{escape(frame.other_file)}" lang="{CODES[other]}" hreflang="{CODES[other]}">{_OTHER[language]}</a></p>
<h1>{title}</h1>
{frame.below_title}</header>
{contents(frame.contents, language, frame.contents_name)}
{frame.below_contents}
<main id="report" tabindex="-1">
{body}
</main>
{_script(script)}</body>
</html>
""")


def _policy(script: str) -> str:
    """What the page may load: its own styles and pictures, and only this script."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    if not script:
        return policy
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    return f"{policy}; script-src 'sha256-{digest}'"


def _script(script: str) -> str:
    return f"<script>{script}</script>\n" if script else ""


def section(
    id_: str, title: Text, parts: Iterable[str], language: Language, *, synthetic: bool, named_also: str = ""
) -> str:
    """A section of level 2, marked where the data are synthetic.

    Args:
        id_: Of the section.
        title: Its heading.
        parts: Markup below it.
        language: zh or en.
        synthetic: Whether it is marked.
        named_also: The id of what else names it, where another section has the same heading.
    """
    tag = f' <span class="synthetic-tag">{_SYNTHETIC_TAG[language]}</span>' if synthetic else ""
    heading = f'<h2 id="{escape(id_)}-title">{inline(title[language])}{tag}</h2>'
    names = " ".join(filter(None, (f"{id_}-title", named_also)))
    opening = f'<section id="{escape(id_)}" aria-labelledby="{escape(names)}">'
    return "\n".join([opening, heading, *parts, "</section>"])


def inline(text: str) -> str:
    """Escaped text, statistical letters in italics."""
    pieces = (f'<i class="stat">{escape(p)}</i>' if italic else escape(p) for p, italic in spans(text))
    return "".join(pieces)


def _banner(frame: PageFrame, language: Language) -> str:
    if not frame.synthetic:
        return ""
    name, words = _SYNTHETIC_TAG[language], escape(SYNTHETIC[language])
    return f'<aside class="synthetic-banner" aria-label="{name}"><p role="note">{words}</p></aside>\n'


def _page_mark(frame: PageFrame, language: Language) -> str:
    """Marks every printed page, in its margin, where nothing can be covered."""
    if not frame.synthetic:
        return ""
    mark = SYNTHETIC_MARK[language]
    return f'@page {{ @top-center {{ content: "{mark}"; color: #8a1c1c; font: bold 9pt sans-serif; }} }}\n'


def contents(of: Iterable[tuple[str, Text]], language: Language, name: Text = CONTENTS) -> str:
    """Links to sections, by id and title; nothing where there are none."""
    items = "".join(f'<li><a href="#{escape(id_)}">{inline(title[language])}</a></li>' for id_, title in of)
    return "" if not items else f'<nav aria-label="{name[language]}"><ol>{items}</ol></nav>'


_SIDEWAYS = Text("左右滑动可看全部", "Swipe or scroll sideways for the rest")


def scrolled(markup: str, name: str, language: Language) -> str:
    """What may be wider than the screen; where it is, a line above it says that it can be moved sideways.

    Args:
        markup: A table or picture.
        name: What it shows, escaped.
        language: zh or en.
    """
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{name}">'
        f'<p class="sideways" aria-hidden="true">{_SIDEWAYS[language]}</p>\n{markup}</div>'
    )
