"""Parts of a Word file as text: a reader of XML finds the words that were put in."""

from __future__ import annotations

import pytest
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from oligoscope.report.docx.docx_xml import paragraph, run, runs, w, with_section_end

HOSTILE = 'a<b>&"c"\'\td\ne\rf ]]> &amp; \x0b\ufffe'
KEPT = HOSTILE.replace("\x0b", "").replace("\ufffe", "")


def parsed(markup: str):
    return parse_xml(f"<w:body {nsdecls('w')}>{markup}</w:body>")[0]


def test_words_of_a_run_are_read_as_they_were_written():
    (text,) = parsed(run(HOSTILE)).iter("{*}t")

    assert text.text == KEPT


def test_a_value_of_an_attribute_is_read_as_it_was_written():
    (value,) = parsed(w("tblCaption", val=HOSTILE)).attrib.values()

    assert value == KEPT


@pytest.mark.parametrize("text", ["*P* < 0.05", "中文“引号”"])
def test_a_run_looks_as_its_letters_ask(text):
    tags = [e.tag.rpartition("}")[2] for e in parsed(f"<w:p>{runs(text)}</w:p>").iter("{*}i", "{*}rFonts")]

    assert tags == (["i"] if "*" in text else ["rFonts"])


def test_a_section_ends_in_the_last_paragraph_and_after_a_table_in_one_of_its_own():
    last, table = paragraph("BodyText", run("words")), w("tbl", w("tr"))

    assert with_section_end(last, "<w:sectPr/>").count("<w:p>") == 1
    assert with_section_end(table, "<w:sectPr/>") == f"{table}<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"
