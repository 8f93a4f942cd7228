"""The page of numbers: every row once, as stored, with links that lead somewhere, in both languages."""

from __future__ import annotations

import re

import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.report.document import build_document
from oligoscope.report.file_names import numbers_file
from oligoscope.report.html.html import number_links, row_anchor, row_numbers, write_html
from oligoscope.report.numbers.numbers_html import write_numbers_html
from oligoscope.report.numbers.numbers_page import build_numbers_page
from oligoscope.results.results import Results
from oligoscope.results_files import write_results
from unit.eight_patients import ESTIMATES, files, protocol, results
from unit.report.test_report import CJK, Page, numbers

ROW = re.compile(r'<tr id="row-(\d+)">(.*?)</tr>', re.DOTALL)


@pytest.fixture(scope="module")
def html() -> dict[str, str]:
    page = build_numbers_page(protocol(), results(), files())
    return {language: write_numbers_html(page, language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_asks_for_nothing_from_outside(html, language):
    page, other = Page(html[language]), "en" if language == "zh" else "zh"

    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {link for link in page.links if not link.startswith("#")} == {
        f"report.{language}.html",
        f"numbers.{other}.html",
    }
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert "src=" not in html[language]
    assert "Content-Security-Policy" in html[language]


def test_both_languages_hold_the_same_numbers(html):
    zh, en = (Page(html[language]) for language in ("zh", "en"))

    assert numbers(zh.text) == numbers(en.text)
    assert CJK.findall(en.text) == []
    assert len(CJK.findall(zh.text)) > 100


def test_synthetic_data_are_marked_on_every_section(html):
    assert html["en"].count("synthetic-tag") - 1 == html["en"].count("<section")
    real = write_numbers_html(build_numbers_page(protocol(synthetic=False), results(), files()), "en")
    assert "Synthetic" not in real


def test_every_row_stands_at_its_number_as_it_is_stored(html, tmp_path):
    write_results(results(), tmp_path)
    lines = (tmp_path / "results.csv").read_text(encoding="utf-8").splitlines()

    rows = dict(ROW.findall(html["en"]))

    assert sorted(map(int, rows)) == list(range(2, len(lines) + 1))
    survival = rows["13"]
    for stored in ("0.6666666666666667", "0.05", "0.95"):
        assert stored in lines[12]
        assert f">{stored}<" in survival


def test_a_number_leads_to_the_list_of_its_patients(html):
    row = dict(ROW.findall(html["en"]))["6"]
    counted, out_of = re.findall(r'href="#(patients-\d+)">(\d+)<', row)

    assert (counted[1], out_of[1]) == ("2", "3")
    here = html["en"].split(f'id="{counted[0]}"')[1].split("</div>")[0]
    assert "population == progressed and pattern == oligoprogression and sex == male" in here
    assert "P1, P3" in here


def test_the_same_patients_are_listed_once(html):
    """Survival known in the three of the group: list of the group, named."""
    assert html["en"].count("P1, P2, P3<") == 1
    assert "The same patients as in" in html["en"]


def test_reasons_stand_once_and_are_linked(html):
    assert html["en"].count('<dt id="reason-at-risk">') == 1
    assert 'href="#reason-at-risk">at risk</a> <a href="#patients-' in html["en"]


def test_the_page_of_a_run_without_saved_patients_says_so_and_lists_nobody():
    page = write_numbers_html(build_numbers_page(protocol(), Results(ESTIMATES), files()), "en")

    assert page.count('href="#reason-not-saved"') == len(ESTIMATES)
    assert "P1" not in page
    assert Page(page).open == []


def test_cells_of_the_report_lead_to_their_rows(small_document, small_results):
    links = number_links(protocol(), small_results, "en")
    page = write_html(small_document, "en", links=links)
    row = row_numbers(small_results)[small_results.estimates[0].key]

    assert f'<a class="number" href="{numbers_file("en")}#{row_anchor(row)}">1163 (58.2)</a>' in page
    assert f'<a class="number" href="numbers.en.html#{row_anchor(row + 2)}">&lt;0.001</a><sup>a</sup>' in page
    assert page.count('class="to-numbers"') == 1
    assert 'data-key="made|progressed||oligo|sex|male|n;' in page
    assert Page(page).open == []


def test_without_a_page_of_numbers_nothing_is_a_link(small_document):
    page = write_html(small_document, "en")

    assert "numbers.en.html" not in page
    assert '<a class="number"' not in page


def test_the_rows_of_a_paragraph_are_folded_below_it(made_results, made_protocol):
    page = write_html(
        build_document(made_protocol, made_results),
        "zh",
        links=number_links(made_protocol, made_results, "zh"),
    )

    assert re.search(
        r'</p>\n<details class="rows"><summary>本处各数字在 results.csv 中的行（5）</summary>', page
    )
    assert re.search(r'</figure>\n<details class="rows">', page)
    assert Page(page).open == []
