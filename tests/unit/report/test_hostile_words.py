"""One list of hostile words through every writer: the files can be read, the words are there, nothing is alive."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

import docx
import openpyxl
import polars as pl
import pytest
from matplotlib.figure import Figure as Drawing

from alive import Page, in_page, in_picture
from oligoscope.bilingual import Text
from oligoscope.csv_files import as_written
from oligoscope.drawing.figure import Figure, to_csv, to_svg
from oligoscope.drawing.lettering import write_line
from oligoscope.drawing.print_files import to_pdf
from oligoscope.drawing.sheet import Sheet
from oligoscope.drawing.theme import undrawn
from oligoscope.plain_text import forbidden_in, plain, without_forbidden
from oligoscope.printing.blocks import Document, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.left_out import LeftOut
from oligoscope.printing.table import Header, Row, Table, same, words
from oligoscope.questions.registry import with_patients
from oligoscope.report.docx.docx import write_docx
from oligoscope.report.figure_files import drawn, write_figure_files
from oligoscope.report.html.html import write_html
from oligoscope.report.numbers.numbers_html import write_numbers_html
from oligoscope.report.numbers.numbers_page import build_numbers_page
from oligoscope.report.numbers.patients_found import PatientFiles
from oligoscope.report.xlsx.xlsx import write_xlsx
from oligoscope.results.analyses import BASELINE
from oligoscope.results.results import Results
from unit.eight_patients import CHOSEN
from unit.hostile import FORBIDDEN, WORDS
from unit.stored_results import row

ALL = (*WORDS, *FORBIDDEN)


def _paint(_language: str) -> Drawing:
    """Every word as the figures write theirs: on a sheet, in axes, as a tick."""
    sheet = Sheet(90, 5.0 * len(ALL))
    axes = sheet.axes(10, 10, 20, 20)
    axes.set_xlabel(ALL[0])
    axes.set_xticks(range(len(ALL)), [without_forbidden(word) for word in ALL])
    for i, word in enumerate(ALL):
        write_line(sheet, 2, 5.0 * i, without_forbidden(word))
        axes.annotate(without_forbidden(word), (0.5, 0.5))
    return sheet.drawing


def figure_of(name: str) -> Figure:
    data = pl.DataFrame({"word": [without_forbidden(word) for word in ALL]})
    return Figure(name, same(name), same(name), same(name), data, _paint)


@pytest.fixture(scope="module")
def document() -> Document:
    table = Table(
        WORDS[11], same(WORDS[12]), (Header(same(WORDS[0])), Header(same(WORDS[13]), same(WORDS[11]))),
        tuple(Row((words(same(word)), words(same(word)))) for word in ALL), (same(WORDS[11]),),
    )  # fmt: skip
    blocks = (
        Heading(same(WORDS[12]), "first"), *(Paragraph(same(word)) for word in ALL),
        Notice("caution", same(" ".join(ALL))), TableBlock(table, 1), FigureBlock(figure_of('a\\1"><script>'), 1),
    )  # fmt: skip
    return Document(Text("".join(ALL), "".join(ALL)), blocks)


def test_the_page_shows_every_word_and_runs_none(document):
    page = write_html(document, "en")
    page.encode("utf-8")

    assert list(in_page(page)) == []
    shown = set(Page(page).paragraphs)
    assert [w for w in ALL if plain(without_forbidden(w)) not in shown] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_picture_is_xml_without_script_and_its_ids_are_its_own(document, language):
    figure = next(document.figures())
    svg = to_svg(figure, language)
    ids = {e.get("id") for e in ElementTree.fromstring(svg).iter() if e.get("id")}

    assert list(in_picture(svg.encode())) == []
    assert set(re.findall(r'href="#([^"]+)"', svg)) <= ids


def test_pictures_for_print_and_their_data(document):
    figure = next(document.figures())

    assert to_pdf(figure, "en").startswith(b"%PDF")
    read = as_written(pl.read_csv(io.StringIO(to_csv(figure)), infer_schema=False))
    assert read["word"].to_list() == figure.data["word"].to_list()


def test_the_word_file_opens_and_holds_every_word(document):
    opened = docx.Document(io.BytesIO(write_docx(document, "en")))
    paragraphs = {p.text for p in opened.paragraphs}

    assert [w for w in ALL if plain(without_forbidden(w)) not in paragraphs] == []


def test_the_workbook_opens_and_every_cell_is_text(document):
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx({"en": document})))["Table 1"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert {cell.data_type for cell in cells} <= {"s", "n"}
    shown = {str(cell.value) for cell in cells}
    assert [w for w in WORDS if w.strip() and plain(w) not in shown] == []


def test_figure_files_have_names_that_every_system_allows(document, tmp_path):
    names = write_figure_files(document, "en", tmp_path)

    assert all(re.fullmatch(r"figures/[A-Za-z0-9_.+-]{1,200}", name) for name in names)


def test_signs_that_no_font_has_are_named_in_the_report_and_not_on_standard_error(document, recwarn):
    named = drawn(document, "en", LeftOut())

    notices = [b.text for b in named.blocks if isinstance(b, Notice)]
    missing = undrawn("".join(WORDS))
    assert [w for w in recwarn if "Glyph" in str(w.message)] == []
    assert not missing or any(all(sign in n.en and sign in n.zh for sign in missing) for n in notices)


@pytest.mark.parametrize("word", FORBIDDEN)
def test_what_no_document_can_hold_is_named_and_taken_out(word):
    assert forbidden_in(word)
    assert forbidden_in(without_forbidden(word)) == ""


def test_the_page_of_numbers_holds_levels_and_patients_as_they_are_written(made_protocol):
    keys: dict[str, Any] = {
        "analysis": BASELINE,
        "population": "progressed",
        "outcome": "pattern",
        "group": "all",
    }
    estimates = tuple(row(**keys, value=1.0, other={"variable": "arm", "level": word}) for word in WORDS)
    ids = list(WORDS)
    frame = pl.LazyFrame({"patient_id": ids, "population": "progressed", "arm": ids})
    files = PatientFiles({"patients.csv": frame})
    results = Results(tuple(with_patients(estimates, CHOSEN)))
    page = write_numbers_html(build_numbers_page(made_protocol, results, files), "en")

    assert list(in_page(page)) == []
    assert Page(page).tags.count("tr") > len(WORDS)
