"""The workbook: numbers as numbers, text as text, each number with its key, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.number_format import number_style
from oligoscope.printing.table import Cell, same
from oligoscope.report.document import build_document
from oligoscope.report.xlsx.xlsx import named_tables, one_number, write_xlsx
from oligoscope.results.results import Results
from unit.report.conftest import ESTIMATES

KEY = ("made", "", "", "", "", "", "kappa")


def written(document, results=None, languages=LANGUAGES) -> bytes:
    return write_xlsx({language: document for language in languages}, results)  # noqa: C420


@pytest.fixture
def book(small_document, small_results):
    return openpyxl.load_workbook(io.BytesIO(written(small_document, small_results)))


def test_there_is_a_sheet_a_table_and_language_and_contents_that_lead_there(book):
    contents = book.worksheets[0]

    assert book.sheetnames == ["目录 Contents", "表1", "表2", "附表1", "Table 1", "Table 2", "Appendix 1"]
    links = [cell.hyperlink.location for row in contents for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]


def test_sheet_names_are_allowed_and_differ(made_results, made_protocol):
    document = build_document(made_protocol, made_results)
    names = [name for language in LANGUAGES for name, _, _ in named_tables(document, language)]

    assert len({name.casefold() for name in names}) == len(names)
    assert not [name for name in names if len(name) > 31 or set(name) & set("[]:*?/\\'")]


def test_a_cell_of_one_number_is_a_number_with_the_printed_decimals(book):
    sheet = book["Table 1"]

    assert (sheet["D5"].value, sheet["D5"].number_format) == (-0.22675, '0.000"ᵇ"')
    assert (sheet["B6"].value, sheet["B6"].number_format) == (12, "0")
    assert (sheet["D6"].value, sheet["D6"].number_format) == (
        pytest.approx(45.67),
        "0.0",
    )  # stored as a share


def test_everything_else_is_text_as_printed(book):
    sheet = book["Table 1"]

    assert sheet["B5"].value == "1163 (58.2)"
    assert sheet["C5"].value == "<0.001a"
    assert sheet["C6"].value == "007"  # a code, not seven
    assert sheet["A6"].value == "=1+1"
    assert sheet["A6"].data_type == "s"
    assert sheet["A7"].hyperlink is None
    assert book["表1"]["B5"].value == "1163(58.2)"


def test_beside_the_table_stand_the_stored_values_with_their_keys(book):
    sheet = book["Table 1"]
    stored = {
        cell.value: sheet.cell(5, cell.column).value for cell in sheet[3] if cell.column > 5 and cell.value
    }

    assert stored["Oligoprogression\nvalue"] == 1163
    assert stored["Oligoprogression\nvalue_2"] == 58.15
    assert stored["Oligoprogression\nkey_2"] == "made|progressed||oligo|sex|male|percent"
    assert stored["P\nvalue"] == 0.0004321
    heads = [cell.value for cell in sheet[3]]
    limits = [sheet.cell(7, heads.index(f"Oligoprogression\n{name}") + 1).value for name in ("low", "high")]
    assert limits == [0.4, 0.5]


def test_every_stored_value_is_that_of_the_results(made_results, made_protocol):
    document = build_document(made_protocol, made_results)
    found = openpyxl.load_workbook(io.BytesIO(written(document, made_results, ("en",))))
    known = {"|".join(e.key): e for e in made_results.estimates}
    checked = 0
    for sheet in found.worksheets[1:]:
        heads = [str(cell.value or "") for cell in sheet[3]]
        places = [i for i, head in enumerate(heads) if head.partition("\n")[2].startswith("key")]
        for row in sheet.iter_rows(min_row=4, values_only=True):
            for i in places:
                first = max(j for j in range(i) if heads[j].partition("\n")[2].startswith("value"))
                if row[i] and known[str(row[i])].value is not None:
                    assert row[first] == pytest.approx(known[str(row[i])].value, rel=1e-15)
                    checked += 1

    assert checked > 100


def test_the_head_stays_in_sight_and_notes_stand_below(book):
    sheet = book["Table 1"]

    assert sheet.freeze_panes == "B4"
    assert sheet["A8"].value == "Note: a: chi-square test."
    assert sheet["A9"].value == "SMD: standardised mean difference."
    assert sheet["A2"].value == "Synthetic data, not real patients"


def test_a_long_list_is_whole(book):
    assert book["Appendix 1"].cell(3 + 100, 1).value == "row 99"


def test_without_results_the_printed_form_is_all_there_is(small_document):
    sheet = openpyxl.load_workbook(io.BytesIO(written(small_document)))["Table 1"]

    assert sheet["D5"].value == -0.227
    assert sheet.max_column == 4


def test_the_same_document_gives_the_same_bytes(small_document, small_results):
    first, second = (written(small_document, small_results) for _ in range(2))

    assert first == second
    members = zipfile.ZipFile(io.BytesIO(first)).infolist()
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("0.227", 0.22675, (0.22675, "0.000")),
        ("−0.227", -0.22675, (-0.22675, "0.000")),
        ("0·227", 0.22675, (0.22675, "0.000")),  # The Lancet's point
        ("12\u202f345", 12345, (12345, "#,##0")),
        ("12,345", 12345, (12345, "#,##0")),
        ("45.7", 0.4567, (45.67, "0.0")),
        ("9.9", 1.0, (9.9, "0.0")),  # not the stored value: what is printed stands
        ("<0.001", 0.0001, None),
        ("–", None, None),
        ("NR", None, None),
        ("2025-04-08", None, None),
        ("007", None, None),
        (".03", 0.03, None),
    ],
)
def test_what_counts_as_one_number(text, value, expected):
    results = Results((replace(ESTIMATES[-1], population="", value=value),))

    assert one_number(Cell(same(text), KEY), text, results) == (
        None if expected is None else (pytest.approx(expected[0]), expected[1])
    )


def test_a_number_of_several_estimates_is_a_number_and_none_of_them():
    results = Results((replace(ESTIMATES[-1], population="", value=3.2),))
    several = Cell(same("3"), KEY, (KEY,))

    assert one_number(several, "3", results) == (3, "0")


def test_a_style_changes_what_is_printed_and_not_what_is_stored(made_results, made_protocol):
    with number_style("en-lancet"):
        document = build_document(made_protocol, made_results)
    plain = build_document(made_protocol, made_results)
    books = [
        openpyxl.load_workbook(io.BytesIO(written(one, made_results, ("en",)))) for one in (document, plain)
    ]
    numbers = [
        [
            cell.value
            for sheet in book.worksheets[1:]
            for row in sheet
            for cell in row
            if isinstance(cell.value, float)
        ]
        for book in books
    ]
    texts = [cell.value for row in books[0]["Table 1"] for cell in row if cell.data_type == "s"]

    assert set(numbers[0]) >= set(numbers[1])
    assert any("·" in str(text) for text in texts)
