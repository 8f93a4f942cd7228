"""A document as a Word file: three-line tables, numbered captions, pictures in their place."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.shape import InlineShape
from docx.shared import Length, Mm
from docx.text.run import Run

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import to_png
from oligoscope.drawing.png import head_of
from oligoscope.plain_text import plain, without_forbidden
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
from oligoscope.report.docx.docx_styles import TEXT_HEIGHT_MM, is_short, set_up
from oligoscope.report.docx.docx_table import MOST_ROWS, printed_rows, word_table
from oligoscope.report.docx.docx_xml import bookmarked, field, paragraph, run, runs
from oligoscope.report.docx.page_plan import Placed, plan_pages, style_of
from oligoscope.report.docx.unbroken import unbroken
from oligoscope.report.fixed_zip import fixed_zip
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

_BELOW_FIGURE_MM = 35.0  # left for the caption on the page of a tall figure


def write_docx(document: Document, language: Language, dpi: int = 300) -> bytes:
    """The document as a Word file; the same document gives the same bytes.

    Args:
        document: What to write.
        language: zh or en.
        dpi: Resolution of the pictures.
    """
    word = docx.Document()
    set_up(word, document, language)
    writer = _Writer(word, language, dpi)
    above = [("Title", document.title[language])]
    if document.synthetic:
        above.append(("NoticeGate", SYNTHETIC[language]))
    for style, text in above:
        writer.add(style, *runs(text, bold=style != "Title"))
    turned = turned_blocks(document.blocks, language)
    for placed in plan_pages(
        document.blocks, turned, writer.figure_mm, language, above, is_short=is_short(document)
    ):
        writer.turn(is_turned=placed.is_turned)
        writer.write(placed)
    buffer = io.BytesIO()
    word.save(buffer)
    return fixed_zip(buffer.getvalue(), writer.with_pictures)


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

    word: WordFile
    language: Language
    dpi: int

    def __post_init__(self) -> None:
        self._is_turned = False
        self._bookmarks = count(1)
        self._drawn: dict[str, bytes] = {}
        self._pictures: dict[bytes, bytes] = {}
        self._shapes = count(1)

    def with_pictures(self, _name: str, content: bytes) -> bytes:
        """What becomes of a member of the file: a picture in the place of its head."""
        return self._pictures.get(content, content)

    def turn(self, *, is_turned: bool) -> None:
        """Begin a landscape or an upright page where the last block was on the other kind."""
        if is_turned == self._is_turned:
            return
        self._is_turned = is_turned
        section = self.word.add_section()
        self._end_section_at_last_words()
        section.orientation = WD_ORIENT.LANDSCAPE if is_turned else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width

    def _end_section_at_last_words(self) -> None:
        """Without the empty line of its own, which could be alone on a page."""
        *_, empty = self.word.element.body.iterchildren(qn("w:p"))
        last = empty.getprevious()
        if last is not None and last.tag == qn("w:p"):
            last.pPr.append(empty.pPr.find(qn("w:sectPr")))
            empty.getparent().remove(empty)

    def add(self, style: str, *content: Any, keeps_next: bool = False) -> None:
        self._append(paragraph(style, *content, keeps_next=keeps_next))

    def _append(self, element: Any) -> None:
        body = self.word.element.body
        body.find(qn("w:sectPr")).addprevious(element)

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
                self.add(f"Heading{block.level - 1}", *runs(unbroken(block.text[self.language])))
            case Paragraph():
                self.add(style_of(block), *runs(unbroken(block.text[self.language])))
            case Notice():
                name = notice_name(block, self.language)
                label = [run(name + COLON[self.language], bold=True)] if name else []
                self.add(
                    f"Notice{block.kind.capitalize()}", *label, *runs(unbroken(block.text[self.language]))
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
            content: list[Any] = []
            if number is not None:
                content += self._number(kind, number, language, is_first=language == self.language)
                content.append(run(AFTER_NUMBER[language] if language == self.language else " "))
            is_last = language == languages[-1]
            self.add(style, *content, *runs(unbroken(title[language])), keeps_next=keeps_next or not is_last)

    def _number(self, kind: _Kind, number: int, language: Language, *, is_first: bool) -> Iterator[Any]:
        """The number as a field that counts the captions of its kind; its first place can be pointed at."""
        label = kind.second if language != self.language else kind.label[language]
        name = kind.counter[language] + kind.letter
        shown = (run(f"{label}{kind.letter}"), *field(rf"SEQ {name} \* ARABIC", str(number)))
        if not is_first:
            return iter(shown)
        return bookmarked(next(self._bookmarks), f"{kind.bookmark}_{kind.letter}{number}", *shown)

    def _notes(self, notes: tuple[Text, ...], block: TableBlock | FigureBlock) -> None:
        note = joined_notes(notes)
        for language in languages_of(block, self.language) if note.en else (self.language,):
            self.add("TableNote", *runs(unbroken(note[language])))

    def _table(self, block: TableBlock, *, is_whole: bool) -> None:
        table, rows, notes = block.table, printed_rows(block), block.table.notes
        if len(rows) < len(table.rows):
            notes = (shortened(MOST_ROWS, len(table.rows)), *notes)
        note = joined_notes(notes)[self.language]
        kind = replace(_TABLES, letter=block.depth.letter)
        self._caption("Caption", kind, block, table.title, keeps_next=True)
        layout = lay_out(table, self.language)
        self._append(word_table(table, rows, layout, self.language, has_note=bool(note), is_whole=is_whole))
        self._notes(notes, block)

    def _figure(self, block: FigureBlock, scale: float) -> None:
        figure = block.figure
        picture = self._picture(block)
        # Word files are packed twice, once by python-docx: pictures, which are packed already, only come with the second.
        head = head_of(picture)
        self._pictures[head] = picture
        holder = self.word.add_paragraph(style="Figure")
        shape = self._shape(holder.add_run(), head, figure.width_mm)
        scale *= _fit(shape.width.mm, shape.height.mm, is_turned=self._is_turned)
        shape.width, shape.height = Length(round(shape.width * scale)), Length(round(shape.height * scale))
        for side in ("T", "B", "L", "R"):  # where they are missing, LibreOffice keeps 3 mm free
            shape._inline.set(f"dist{side}", "0")
        about = shape._inline.docPr
        about.set("name", figure.id)
        about.set("title", without_forbidden(plain(figure.title[self.language])))
        about.set("descr", without_forbidden(plain(figure.alt[self.language])))
        kind = replace(_FIGURES, letter=block.depth.letter)
        self._caption("FigureCaption", kind, block, figure.title, keeps_next=bool(figure.caption.en))
        self._notes((figure.caption,), block)

    def _shape(self, own: Run, head: bytes, width_mm: float) -> InlineShape:
        """What `add_picture` does, which searches the whole file for the numbers of the pictures before each."""
        place, image = self.word.part.get_or_add_image(io.BytesIO(head))
        size = image.scaled_dimensions(Mm(width_mm), None)
        inline = CT_Inline.new_pic_inline(next(self._shapes), place, image.filename or "", *size)
        own._r.add_drawing(inline)
        return InlineShape(inline)


def _fit(width_mm: float, height_mm: float, *, is_turned: bool) -> float:
    """The scale at which a figure is never wider than the text, nor so tall that the caption falls on the next page."""
    room = LANDSCAPE_MM if is_turned else PORTRAIT_MM
    tallest = (PORTRAIT_MM if is_turned else TEXT_HEIGHT_MM) - _BELOW_FIGURE_MM
    return min(1.0, room / width_mm, tallest / height_mm)


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height of a picture, in pixels, as its first bytes say."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height
