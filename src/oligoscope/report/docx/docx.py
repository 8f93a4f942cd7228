"""A document as a Word file: three-line tables, numbered captions, pictures in their place."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure, to_png
from oligoscope.plain_text import plain
from oligoscope.printing.blocks import (
    Block,
    Document,
    FigureBlock,
    Heading,
    Notice,
    Paragraph,
    TableBlock,
)
from oligoscope.printing.cautions import SYNTHETIC
from oligoscope.report.docx.column_widths import LANDSCAPE_MM, PORTRAIT_MM, lay_out
from oligoscope.report.docx.docx_file import after, ended, first_section, picture_links, word_file
from oligoscope.report.docx.docx_styles import TEXT_HEIGHT_MM, is_short
from oligoscope.report.docx.docx_table import MOST_ROWS, printed_rows, word_table
from oligoscope.report.docx.docx_xml import (
    attribute,
    bookmarked,
    field,
    paragraph,
    run,
    runs,
    with_section_end,
)
from oligoscope.report.docx.page_plan import plan_pages
from oligoscope.report.docx.pages import Placed, style_of
from oligoscope.report.docx.unbroken import unbroken
from oligoscope.report.labels import (
    AFTER_NUMBER,
    COLON,
    FIGURE,
    SECOND_FIGURE,
    SECOND_TABLE,
    TABLE,
    joined_notes,
    languages_of,
    notice_name,
    shortened,
)

_EMU_OF_INCH, _EMU_OF_MM = 914400, 36000  # the unit of Word
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_BELOW_FIGURE_MM = 35.0  # left for the caption on the page of a tall figure


def write_docx(document: Document, language: Language, dpi: int = 300) -> bytes:
    """The document as a Word file; the same document gives the same bytes.

    Args:
        document: What to write.
        language: zh or en.
        dpi: Resolution of the pictures.
    """
    writer = _Writer(language, dpi)
    above = [("Title", document.title[language])]
    if document.synthetic:
        above.append(("NoticeGate", SYNTHETIC[language]))
    for style, text in above:
        writer.add(style, runs(text, bold=style != "Title"))
    turned = turned_blocks(document.blocks, language)
    for placed in plan_pages(
        document.blocks, turned, writer.figure_mm, language, above, is_short=is_short(document)
    ):
        writer.turn(is_turned=placed.is_turned)
        writer.write(placed)
    links = {link: picture for picture, link in writer.links.items()}
    return word_file(document, language, "".join(writer.body), writer.section, links)


def turned_blocks(blocks: Sequence[Block], language: Language) -> list[bool]:
    """Whether each block is on a landscape page: too wide tables, and the words around them.

    Headings and sentences just before a turned table, and sentences just after it, go with it, so
    that no page holds a heading alone.
    """
    turned = [isinstance(b, TableBlock) and lay_out(b.table, language).is_turned for b in blocks]
    for i in [i for i, is_turned in enumerate(turned) if is_turned]:
        for j in range(i - 1, -1, -1):
            if isinstance(blocks[j], TableBlock | FigureBlock):
                break
            turned[j] = True
            if isinstance(blocks[j], Heading):
                break
        for j in range(i + 1, len(blocks)):
            if not isinstance(blocks[j], Paragraph | Notice):
                break
            turned[j] = True
    return turned


@dataclass(frozen=True, slots=True)
class _Kind:
    """Tables or figures: their label, Word's counter of them, the English label in a Chinese file, the letter of numbers."""

    bookmark: str
    label: Text
    counter: Text
    second: str
    letter: str = ""


_TABLES = _Kind("table", TABLE, Text("表", "Table"), SECOND_TABLE)
_FIGURES = _Kind("figure", FIGURE, Text("图", "Figure"), SECOND_FIGURE)


@dataclass
class _Writer:
    """Adds blocks to the end of a Word file."""

    language: Language
    dpi: int

    def __post_init__(self) -> None:
        self.body: list[str] = []
        self.section = first_section()
        self.links: dict[bytes, str] = {}  # of each picture, which may be there twice
        self._is_turned = False
        self._bookmarks = count(1)
        self._drawn: dict[str, bytes] = {}
        self._shapes = count(1)
        self._free_links = picture_links()

    def turn(self, *, is_turned: bool) -> None:
        """Begin a landscape or an upright page where the last block was on the other kind."""
        if is_turned == self._is_turned:
            return
        self._is_turned = is_turned
        # At the last words: an empty line of its own could be alone on a page.
        last = self.body.pop() if self.body else ""
        self.body.append(with_section_end(last, ended(self.section)))
        self.section = after(self.section, is_turned=is_turned)

    def add(self, style: str, content: str, *, keeps_next: bool = False) -> None:
        self.body.append(paragraph(style, content, keeps_next=keeps_next))

    def figure_mm(self, block: FigureBlock, is_turned: bool) -> float:
        """How high a figure is on a page, before it is made smaller to share it."""
        width, height = png_size(self._picture(block))
        full = block.figure.width_mm
        return full * height / width * _fit(full, full * height / width, is_turned=is_turned)

    def _picture(self, block: FigureBlock) -> bytes:
        """The figure, drawn once for its size and its place."""
        figure = block.figure
        if figure.id not in self._drawn:
            self._drawn[figure.id] = to_png(figure, self.language, self.dpi)
        return self._drawn[figure.id]

    def write(self, placed: Placed) -> None:
        block = placed.block
        match block:
            case Heading():
                self.add(f"Heading{block.level - 1}", runs(unbroken(block.text[self.language])))
            case Paragraph():
                self.add(style_of(block), runs(unbroken(block.text[self.language])))
            case Notice():
                name = notice_name(block, self.language)
                label = run(name + COLON[self.language], bold=True) if name else ""
                self.add(
                    f"Notice{block.kind.capitalize()}", label + runs(unbroken(block.text[self.language]))
                )
            case TableBlock():
                self._table(block, is_whole=placed.is_whole)
            case FigureBlock():
                self._figure(block, placed.scale)

    def _caption(
        self, style: str, kind: _Kind, block: TableBlock | FigureBlock, title: Text, *, keeps_next: bool
    ) -> None:
        """The title after its number, in each of its languages."""
        number, languages = block.number, languages_of(block, self.language)
        for language in languages:
            content = ""
            if number is not None:
                content = self._number(kind, number, language, is_first=language == self.language)
                content += run(AFTER_NUMBER[language] if language == self.language else " ")
            is_last = language == languages[-1]
            content += runs(unbroken(title[language]))
            self.add(style, content, keeps_next=keeps_next or not is_last)

    def _number(self, kind: _Kind, number: int, language: Language, *, is_first: bool) -> str:
        """The number as a field that counts the captions of its kind; its first place can be pointed at."""
        label = kind.second if language != self.language else kind.label[language]
        name = kind.counter[language] + kind.letter
        shown = run(f"{label}{kind.letter}") + field(rf"SEQ {name} \* ARABIC", str(number))
        if not is_first:
            return shown
        return bookmarked(next(self._bookmarks), f"{kind.bookmark}_{kind.letter}{number}", shown)

    def _notes(self, notes: tuple[Text, ...], block: TableBlock | FigureBlock) -> None:
        note = joined_notes(notes)
        for language in languages_of(block, self.language) if note.en else (self.language,):
            self.add("TableNote", runs(unbroken(note[language])))

    def _table(self, block: TableBlock, *, is_whole: bool) -> None:
        table, rows, notes = block.table, printed_rows(block), block.table.notes
        if len(rows) < len(table.rows):
            notes = (shortened(MOST_ROWS, len(table.rows)), *notes)
        note = joined_notes(notes)[self.language]
        kind = replace(_TABLES, letter=block.depth.letter)
        self._caption("Caption", kind, block, table.title, keeps_next=True)
        layout = lay_out(table, self.language)
        self.body.append(
            word_table(table, rows, layout, self.language, has_note=bool(note), is_whole=is_whole)
        )
        self._notes(notes, block)

    def _figure(self, block: FigureBlock, scale: float) -> None:
        figure = block.figure
        picture = self._picture(block)
        if picture not in self.links:
            self.links[picture] = next(self._free_links)
        width, height = self._size(picture, figure.width_mm, scale)
        self.add(
            "Figure", _drawing(figure, self.language, self.links[picture], next(self._shapes), width, height)
        )
        kind = replace(_FIGURES, letter=block.depth.letter)
        self._caption("FigureCaption", kind, block, figure.title, keeps_next=bool(figure.caption.en))
        self._notes((figure.caption,), block)

    def _size(self, picture: bytes, width_mm: float, scale: float) -> tuple[int, int]:
        """Width and height on the page, in the units of Word."""
        own = [int(pixels / self.dpi * _EMU_OF_INCH) for pixels in png_size(picture)]
        width = int(width_mm * _EMU_OF_MM)
        height = round(own[1] * (width / own[0]))
        scale *= _fit(width / _EMU_OF_MM, height / _EMU_OF_MM, is_turned=self._is_turned)
        return round(width * scale), round(height * scale)


def _drawing(figure: Figure, language: Language, link: str, number: int, width: int, height: int) -> str:
    """A picture in a line of its own; without distances LibreOffice would keep 3 mm free around it."""
    title, alt = (attribute(plain(text[language])) for text in (figure.title, figure.alt))
    return (
        f'<w:r><w:drawing><wp:inline xmlns:a="{_MAIN}" xmlns:pic="{_PICTURE}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="{attribute(figure.id)}" title="{title}" descr="{alt}"/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic>'
        '<pic:nvPicPr><pic:cNvPr id="0" name="image.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{link}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def _fit(width_mm: float, height_mm: float, *, is_turned: bool) -> float:
    """The scale at which a figure is never wider than the text, nor so tall that the caption falls on the next page."""
    room = LANDSCAPE_MM if is_turned else PORTRAIT_MM
    tallest = (PORTRAIT_MM if is_turned else TEXT_HEIGHT_MM) - _BELOW_FIGURE_MM
    return min(1.0, room / width_mm, tallest / height_mm)


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height of a picture, in pixels, as its first bytes say."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height
