"""Texts of workbooks are read as Excel shows them (ISO/IEC 29500-1, 22.9.2.19), whoever wrote them and in however many formats."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oligoscope.intake.files.xlsx_reader import XlsxWorkbook
from oligoscope.plain_text import plain
from oligoscope.printing.blocks import Document, TableBlock
from oligoscope.printing.table import Header, Row, Table, same, words
from oligoscope.report.xlsx.xlsx import write_xlsx

# What a workbook holds, and what Excel shows.
STORED = (
    ("_x0041_", "A"), ("_x005F_x0041_", "_x0041_"), ("_x005f_x0041_", "_x0041_"), ("_x5668__x5B98_", "器官"), ("_xD83D__xDE00_", "😀"),
    ("x005F_", "x005F_"), ("ax005F_b", "ax005F_b"), ("_x005F_x0041_x0042_", "_x0041B"), ("_x005F_x0041_x005F_x0042_", "_x0041_x0042_"),
    ("_x41_", "_x41_"), ("_X0041_", "_X0041_"), ("_x004G_", "_x004G_"), ("a_x000A_b", "a\nb"), ("_", "_"), ("_x", "_x"),
)  # fmt: skip
ITEMS = {
    "plain": lambda text: f"<t>{escape(text)}</t>",
    "rich": lambda text: f"<r><rPr><i/></rPr><t>k</t></r><r><t>{escape(text)}</t></r>",
    "with a reading aid": lambda text: f"<t>{escape(text)}</t><rPh sb='0' eb='1'><t>aid</t></rPh>",
}


def workbook(cell: str, strings: str) -> bytes:
    """A workbook whose cell A2 is this, and its shared strings (0 is the header)."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("patients").write_string(0, 0, "header")
    changed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                content = content.replace("</sheetData>", f'<row r="2">{cell}</row></sheetData>')
            new.writestr(name, content.replace("</sst>", f"{strings}</sst>"))
    return changed.getvalue()


def read(raw: bytes, name: str = "patients") -> list[list[str | None]]:
    sheet = XlsxWorkbook.opened(raw).sheet(name, ())[1]
    return [list(row) for row in sheet.frame.select(sheet.headers).rows()]


@pytest.mark.parametrize("kind", ITEMS)
@pytest.mark.parametrize(("stored", "shown"), STORED)
def test_a_text_is_what_excel_shows_of_it(stored, shown, kind):
    item = ITEMS[kind](stored)
    before = "k" if kind == "rich" else ""

    assert read(workbook('<c r="A2" t="s"><v>1</v></c>', f"<si>{item}</si>")) == [[before + shown]]
    assert read(workbook(f'<c r="A2" t="inlineStr"><is>{item}</is></c>', "")) == [[before + shown]]


@pytest.mark.parametrize(("stored", "shown"), STORED)
def test_a_text_that_a_formula_gave_is_what_excel_shows_of_it(stored, shown):
    cell = f'<c r="A2" t="str"><f>B1</f><v>{stored}</v></c>'

    assert read(workbook(cell, "")) == [[shown]]


def test_runs_of_different_formats_are_read_one_by_one():
    runs = "<r><t>_x00</t></r><r><rPr><b/></rPr><t>41_</t></r>"

    assert read(workbook('<c r="A2" t="s"><v>1</v></c>', f"<si>{runs}</si>")) == [["_x0041_"]]


SIGNS = st.lists(
    st.sampled_from(["_", "x", "x0041", "x005F", "_x0041_", "_x005F_", "4", "A", "*P*", " ", "<r>", "</r>", "&"]),
    min_size=1, max_size=8,
).map("".join).map(str.strip).filter(bool)  # fmt: skip


@example(text="<r><t>x</t></r>", mark="")
@example(text="<r>a & b</r>", mark="")
@given(text=SIGNS, mark=st.sampled_from(["", "a"]))
@settings(max_examples=150)
def test_our_workbooks_show_every_text_as_it_is_in_one_format_or_several(text, mark):
    rows = tuple(Row((words(same(word), mark),)) for word in (f"q {text} *P*", text))
    table = Table("t", same(text), (Header(same("name")),), rows)
    raw = write_xlsx({"en": Document(same("x"), (TableBlock(table, 1),))})

    cells = [cell for row in read(raw, "Table 1") for cell in row]

    assert plain(f"q {text} *P*") + mark in cells
    assert plain(text) + mark in cells
