"""The letters that a style sets in italics are so in every writer and in every figure, and the others are upright."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.flow_boxes import FlowBox, paint_flow
from oligoscope.drawing.group_bars import group_keys
from oligoscope.drawing.lettering import write_line
from oligoscope.drawing.sheet import Sheet
from oligoscope.number_format import language_of, number_style
from oligoscope.plain_text import spans
from oligoscope.printing.blocks import Document, Heading, TableBlock
from oligoscope.printing.cells import group_header
from oligoscope.printing.table import Table
from oligoscope.report.docx.docx import write_docx
from oligoscope.report.html.html import write_html
from oligoscope.report.xlsx.xlsx import write_xlsx
from oligoscope.results.results import Results
from unit.report.conftest import ESTIMATES, small_table

WORDS = "*P*、*n*、*t*、*χ*²"
# Of each style the letters of WORDS that are set in italics.
STYLES = [
    (None, "Pntχ"),
    ("zh-cma", "Pntχ"),
    ("zh-ath", "Pntχ"),
    ("en-jama", "Pnt"),
    ("en-lancet", ""),
    ("en-nejm", ""),
]
_MATHS = "$\\mathit{"
_IN_HTML = re.compile(r'<i class="stat">([^<]*)</i>')
_IN_WORD = re.compile(r"<w:rPr>(?:(?!</w:rPr>).)*<w:i/>(?:(?!</w:rPr>).)*</w:rPr><w:t[^>]*>([^<]*)</w:t>")
_IN_EXCEL = re.compile(r"<rPr>(?:(?!</rPr>).)*<i ?/>(?:(?!</rPr>).)*</rPr><t[^>]*>([^<]*)</t>")


@pytest.fixture
def lettered() -> Document:
    """A table with the letters in its title, its head, a cell and a note."""
    words = Text(WORDS, WORDS)
    table = small_table()
    first, *others = table.rows
    row = replace(first, cells=(replace(first.cells[0], text=words), *first.cells[1:]))
    header = replace(table.columns[1], text=words)
    columns = (table.columns[0], header, *table.columns[2:])
    shown = Table("small", words, columns, (row, *others), (words,))
    return Document(words, (Heading(words, "results"), TableBlock(shown, 1)))


@pytest.mark.parametrize(("profile", "letters"), STYLES)
def test_html_and_word_set_the_letters_of_the_style_in_italics(lettered, profile, letters):
    language: Language = "zh" if profile is None or language_of(profile) == "zh" else "en"
    with number_style(profile):
        html = write_html(lettered, language)
        word = zipfile.ZipFile(io.BytesIO(write_docx(lettered, language))).read("word/document.xml").decode()

    assert set(_IN_HTML.findall(html)) == set(letters)
    assert {"".join(found) for found in _IN_WORD.findall(word)} == set(letters)
    assert "*" not in re.sub(r"<style.*?</style>", "", html, flags=re.S)


@pytest.mark.parametrize(("profile", "letters"), STYLES)
def test_the_workbook_sets_them_in_titles_heads_cells_and_notes(lettered, profile, letters):
    language: Language = "zh" if profile is None or language_of(profile) == "zh" else "en"
    styles: dict[Language, str] = {} if profile is None else {language: profile}
    book = zipfile.ZipFile(io.BytesIO(write_xlsx({language: lettered}, Results(ESTIMATES), styles)))
    strings = re.findall(r"<si>(.*?)</si>", book.read("xl/sharedStrings.xml").decode(), flags=re.S)
    found = [_IN_EXCEL.findall(s) for s in strings if "²" in s and "<r>" in s]

    assert [set(letters_of) for letters_of in found if letters_of] == [set(letters)] * (4 if letters else 0)
    assert "*P*" not in "".join(strings)


def _slanted(drawing: Drawing) -> str:
    texts = [*drawing.texts, *(t for axes in drawing.axes for t in axes.texts)]
    slanted = [t.get_text() for t in texts if t.get_text().startswith(_MATHS)]
    return "".join(text[len(_MATHS)] for text in slanted)


def _figures(words: str) -> list[Drawing]:
    lines, plain = Sheet(90, 20), Sheet(90, 20)
    write_line(lines, 40, 5, words, "center")
    plain.write(80, 10, words, ha="right")
    keys = Sheet(90, 20)
    keys.paint_keys(group_keys({"systemic": 290}, "zh", 60.0), 2.0, 2.0)
    return [lines.drawing, plain.drawing, keys.drawing, paint_flow([(FlowBox("筛选", 1497), None)], [])]


@pytest.mark.parametrize(("profile", "letters"), STYLES)
def test_figures_set_them_too(profile, letters):
    with number_style(profile):
        first, second, keys, flow = map(_slanted, _figures(WORDS))

    assert (first, second) == (letters, letters)
    assert (keys, flow) == (("n", "n") if "n" in letters else ("", ""))


def test_a_piece_is_placed_where_the_one_before_it_ends():
    sheet = Sheet(90, 20)
    sheet.write(10, 5, "值 *P*=0.012")

    places = [text.get_position()[0] for text in sheet.drawing.texts]
    assert [t.get_text() for t in sheet.drawing.texts] == ["值 ", "$\\mathit{P}$", "=0.012"]
    assert places == sorted(places)


def test_the_head_of_a_group_has_its_n_marked():
    (size, *_) = ESTIMATES

    assert group_header(size).lines("en")[1] == "(*n*=1163)"
    assert spans("(*n*=1163)")[1] == ("n", True)
