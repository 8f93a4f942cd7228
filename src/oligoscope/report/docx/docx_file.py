"""A Word file around its body: the parts of an empty one, with our styles, header, footer, properties and pictures."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from oligoscope.bilingual import Language
from oligoscope.drawing.figure import SYNTHETIC as SYNTHETIC_MARK
from oligoscope.plain_text import plain
from oligoscope.printing.blocks import Document
from oligoscope.report.docx.docx_styles import (
    PAGE_MM,
    SIDE_MM,
    TOP_MM,
    WARN,
    defaults,
    fonts,
    is_short,
    styles,
)
from oligoscope.report.docx.docx_xml import field, run, words
from oligoscope.report.fixed_zip import zipped
from oligoscope.report.labels import PAGE

_BODY, _STYLES, _FONTS = "word/document.xml", "word/styles.xml", "word/fontTable.xml"
_HEADER, _FOOTER, _CORE = "word/header1.xml", "word/footer1.xml", "docProps/core.xml"
_LINKS, _TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
_LONGEST_TITLE = 255  # signs; Word holds no more
_UNUSED = {"stylesWithEffects", "customXml", "numbering", "thumbnail"}
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_PNG = '<Default Extension="png" ContentType="image/png"/>'
_SECTION = re.compile(r"<w:sectPr.*</w:sectPr>")
_PAGE_SIZE = re.compile(r'<w:pgSz w:w="(\d+)" w:h="(\d+)"[^>]*>')


# ---- the empty file -------------------------------------------------------------------------------


@cache  # to read it, and to write it again, takes 15 ms
def _empty() -> Mapping[str, str]:
    """The parts of python-docx's empty file as text, by name, with our page; each is filled below."""
    word = docx.Document()
    _drop_template_parts(word)
    _set_page(word)
    _drop_contents(word)
    buffer = io.BytesIO()
    word.save(buffer)
    with zipfile.ZipFile(buffer) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def _drop_template_parts(word: WordFile) -> None:
    """The template's preview picture, second set of styles, lists and empty custom data."""
    package: Any = word.part.package
    for relations in (word.part.rels, package.rels):
        named = {id_: r.reltype.rpartition("/")[2] for id_, r in relations.items()}
        for id_ in [id_ for id_, name in named.items() if name in _UNUSED]:
            del relations[id_]


def _set_page(word: WordFile) -> None:
    settings = word.settings.element
    for element in settings.iter(qn("w:themeFontLang")):
        element.set(qn("w:eastAsia"), "zh-CN")
    for element in settings.iter(qn("w:compatSetting")):
        if element.get(qn("w:name")) == "compatibilityMode":
            element.set(qn("w:val"), "15")  # else Word opens it as a file of 2010
    section = word.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.left_margin = section.right_margin = Mm(SIDE_MM)
    section.top_margin = section.bottom_margin = Mm(TOP_MM)
    section.header_distance = section.footer_distance = Mm(10)
    for part in (section.header, section.footer):  # each is made where it is asked for
        part.is_linked_to_previous = False


def _drop_contents(word: WordFile) -> None:
    """The template's styles, and what it says of itself: its time, too, so that the same report is the same file."""
    properties: Any = word.core_properties
    properties.title = ""  # else the part would be made anew, with a time
    for element, kept in ((word.styles.element, qn("w:latentStyles")), (properties._element, None)):
        for child in list(element):
            if child.tag != kept:
                element.remove(child)


# ---- a whole file ---------------------------------------------------------------------------------


def first_section() -> str:
    """The page of the first section, which is upright and names header and footer."""
    found = _SECTION.search(_empty()[_BODY])
    return "" if found is None else found[0]


def ended(section: str) -> str:
    """A section that is not the last one, at whose end this is."""
    return re.sub(r"^<w:sectPr[^>]*>", "<w:sectPr>", section)


def after(section: str, *, is_turned: bool) -> str:
    """The section after one: landscape or upright, with the header and footer of the one before."""
    section = re.sub(r"<w:(?:header|footer)Reference[^>]*>", "", section)
    orient = ' w:orient="landscape"' if is_turned else ""
    return _PAGE_SIZE.sub(rf'<w:pgSz w:w="\2" w:h="\1"{orient}/>', section)


def word_file(
    document: Document, language: Language, body: str, section: str, pictures: Mapping[str, bytes]
) -> bytes:
    """The whole file.

    Args:
        document: Whose title and kind it has.
        language: zh or en.
        body: All blocks.
        section: The last of its sections.
        pictures: By the link that the body names (`picture_links`), in the order in which they come.
    """
    parts = dict(_empty())
    parts[_BODY] = _SECTION.sub(lambda _: body + section, parts[_BODY])
    parts[_STYLES] = _filled_styles(parts[_STYLES], language, is_short=is_short(document))
    parts[_FONTS] = _fonts()
    for name, content in ((_HEADER, _header(document, language)), (_FOOTER, _footer(language))):
        parts[name] = parts[name].replace("</w:p>", f"{content}</w:p>")
    parts[_CORE] = _with_properties(parts[_CORE], document, language)
    names = {link: f"media/image{n}.png" for n, link in enumerate(pictures, start=1)}
    links = (f'<Relationship Id="{link}" Type="{_IMAGE}" Target="{name}"/>' for link, name in names.items())
    parts[_LINKS] = parts[_LINKS].replace("</Relationships>", f"{''.join(links)}</Relationships>")
    if pictures:
        parts[_TYPES] = parts[_TYPES].replace("<Default", f"{_PNG}<Default", 1)
    members = {name: text.encode() for name, text in parts.items()}
    return zipped(members | {f"word/{names[link]}": picture for link, picture in pictures.items()})


def picture_links() -> Iterator[str]:
    """Names of links to pictures, of those that the empty file has not taken."""
    taken = set(re.findall(r'Id="(\w+)"', _empty()[_LINKS]))
    return (link for link in map("rId{}".format, count(1)) if link not in taken)


def _filled_styles(empty: str, language: Language, *, is_short: bool) -> str:
    before, latent, rest = empty.partition("<w:latentStyles")
    head = f"{before}{defaults(language)}{latent}{rest}"
    return head.replace("</w:styles>", f"{styles(language, is_short=is_short)}</w:styles>")


def _fonts() -> str:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts()}</w:fonts>"


def _header(document: Document, language: Language) -> str:
    """The mark of synthetic data, or else the title, above every page."""
    if document.synthetic:
        return run(plain(SYNTHETIC_MARK[language]), bold=True, colour=WARN)
    return run(plain(document.title[language]))


def _footer(language: Language) -> str:
    """The number of every page below it."""
    before, between, end = (text[language] for text in PAGE)
    last = run(end) if end else ""
    return f"{run(before)}{field('PAGE', '1')}{run(between)}{field('NUMPAGES', '1')}{last}"


def _with_properties(empty: str, document: Document, language: Language) -> str:
    """What the file says of itself; no time, so that the same report is the same file."""
    title = words(plain(document.title[language]), most=_LONGEST_TITLE)
    code = "zh-CN" if language == "zh" else "en"
    said = f"<dc:title>{title}</dc:title><dc:creator>Oligoscope</dc:creator><dc:language>{code}</dc:language>"
    return re.sub(r"/>$", lambda _: f">{said}</cp:coreProperties>", empty.rstrip())
