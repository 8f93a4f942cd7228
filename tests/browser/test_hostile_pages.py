"""Words of a study that would be programs stay words on every page; nothing private is left where others could read it."""

from __future__ import annotations

import csv
import io
import shutil
import socket
import stat
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from browser import hostile
from browser.keyboard import WAIT, wait_for
from browser.serving import Serving, begin, listen, until_run
from oligoscope.demo.cohort import make_cohort, write_cohort

NAME = "Hostile"
BASE = f"/en/studies/{NAME}"
PAGES = (
    "files", "columns", "words", "problems", "problems/understood", "patients", "definitions", "plan", "run", "answer", "answer/who",
    "answer/where", "answer/when", "answer/survival", "answer/definitions", "answer/response", "answer/management", "answer/methods",
    "answer/numbers/25", "paper", "output/report.{language}.html", "output/numbers.{language}.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def study(server: Serving) -> Path:
    """A hostile study that has run."""
    return hostile.run_hostile(server.home / NAME)


# Programs in words.


@pytest.fixture(scope="module")
def worked_on(signed_in: Any, server: Serving, study: Path) -> Path:
    """The hostile study, checked and with three patients drawn, as the pages do it."""
    page = signed_in.new_page()
    page.goto(f"{server.url}{BASE}/problems")
    page.get_by_role("button", name="Check the data").click()
    page.wait_for_selector("body:not(:has([data-job])) .counts", timeout=WAIT)
    page.goto(f"{server.url}{BASE}/patients")
    page.get_by_role("button", name="Draw three patients").click()
    page.wait_for_selector("article.patient", timeout=WAIT)
    page.close()
    return study


def harmless(page: Any, where: str) -> None:
    """Nothing of the study's words has become a part of the page, nor run."""
    assert page.evaluate("window.hacked") is None, where
    made = page.evaluate(
        "[...document.querySelectorAll('[onerror], [onload], [onmouseover], img[src=\"x\"]')].map((e) => e.outerHTML)"
    )
    assert made == [], where
    assert page.locator("script").evaluate_all(
        "all => all.every((s) => !s.text.startsWith('window.hacked'))"
    ), where


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_that_are_programs_stay_words_on_every_page(
    page: Any, server: Serving, worked_on: Path, language: str
):
    shown = ""
    for place in PAGES:
        address = f"{server.url}{BASE.replace('/en/', f'/{language}/')}/{place.format(language=language)}"
        page.goto(address)
        page.wait_for_selector("body:not(:has([data-job]))", timeout=WAIT)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        harmless(page, place)
        shown += page.evaluate("document.body.textContent")

    assert all(
        word in shown for word in (*hostile.IDS, hostile.COLUMN, hostile.FILE, hostile.ORGAN, hostile.TITLE)
    )


def test_a_patient_with_such_a_number_has_a_page(page: Any, server: Serving, worked_on: Path):
    for patient in (hostile.SCRIPT, hostile.IMAGE, hostile.PATH, hostile.TEMPLATE):
        page.goto(f"{server.url}{BASE}/answer/patients/{quote(patient, safe='')}")
        page.wait_for_selector("body:not(:has([data-job]))", timeout=WAIT)
        harmless(page, patient)
        assert patient in page.inner_text("h1")


def test_what_an_address_says_stays_words(page: Any, server: Serving, worked_on: Path):
    word = quote(hostile.IMAGE + hostile.SCRIPT, safe="")
    for step in ("problems", "patients", "definitions", "plan", "run", "paper", "files", "columns", "words"):
        page.goto(f"{server.url}{BASE}/{step}?problem={word}&of={word}&group={word}&from={word}")
        page.wait_for_selector("body:not(:has([data-job]))", timeout=WAIT)
        harmless(page, step)
    page.goto(f"{server.url}{BASE}/answer?organ={word}&pps={word}&row={word}")
    page.wait_for_selector("#linked[data-ready]", timeout=WAIT)
    harmless(page, "answer")


def test_a_list_of_patients_holds_no_formula(page: Any, server: Serving, worked_on: Path):
    """A spreadsheet that opens it computes nothing."""
    page.goto(f"{server.url}{BASE}/answer")
    page.wait_for_selector("#linked[data-ready]", timeout=WAIT)
    page.locator("[data-picture=pattern] .mark").first.click()
    rows: list[list[str]] = []
    for mark in ("pattern=oligoprogression", "pattern=systemic"):
        page.goto(f"{server.url}{BASE}/answer?{mark}")
        page.wait_for_selector("#linked[data-ready]", timeout=WAIT)
        with page.expect_download() as saved:
            page.click("#selection-csv")
        rows += csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8-sig")))
    cells = [cell for row in rows for cell in row]

    assert f"'{hostile.SUM}" in cells
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@", "\t", "\r"}]


def test_a_workbook_with_links_and_commands_is_read_and_nothing_is_fetched(page: Any, server: Serving):
    """Its cells are words; what it links to is not opened. Entities of XML that grow are no memory."""
    page.goto(f"{server.url}/en/")
    page.fill("#name", "Linked")
    page.press("#name", "Enter")
    page.wait_for_url("**/files")
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.1)
        content = _linked(f"http://127.0.0.1:{elsewhere.getsockname()[1]}/book.xlsx")
        page.set_input_files("#choose", [{"name": "linked.xlsx", "mimeType": "", "buffer": content}])
        page.wait_for_selector("form[action$='/columns'] button, .file-head", timeout=WAIT)
        page.wait_for_selector("body:not(:has([data-job]))", timeout=WAIT)
        with pytest.raises(TimeoutError):
            elsewhere.accept()
    harmless(page, "linked.xlsx")
    grows = _linked("x", declared='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "' + "&a;" * 1000 + '"><!ENTITY c "' + "&b;" * 1000 + '">]>')  # fmt: skip
    page.set_input_files("#choose", [{"name": "grows.xlsx", "mimeType": "", "buffer": grows}])
    page.get_by_text("grows.xlsx").first.wait_for()
    page.wait_for_timeout(1000)
    page.wait_for_selector("body:not(:has([data-job]))", timeout=WAIT)
    harmless(page, "grows.xlsx")


def _linked(target: str, declared: str = "") -> bytes:
    """A workbook with a link to another, a command for DDE, and formulas that ask for both."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.append(["patient_id", "treatment_started_on"])
    sheet.append(["=cmd|'/C calc'!A0", "=[1]Sheet1!A1"])
    sheet.append([f'=WEBSERVICE("{target}")', "2020-01-10"])
    made = io.BytesIO()
    book.save(made)
    out = io.BytesIO()
    link = (
        '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ddeLink ddeService="cmd" ddeTopic="/C calc">'
        '<ddeItems><ddeItem name="A0" advise="1"/></ddeItems></ddeLink></externalLink>'
    )
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" TargetMode="External" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" Target="{target}"/></Relationships>'
    )
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in parts.namelist():
            text = parts.read(name)
            if declared and name.startswith("xl/worksheets/sheet"):
                text = declared.encode() + text.replace(b"<sheetData>", b"<sheetData><!-- -->").replace(
                    b"patient_id", b"&c;"
                )
            package.writestr(name, text)
        package.writestr("xl/externalLinks/externalLink1.xml", link)
        package.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", relation)
    return out.getvalue()


# What is left where others could read it.


def test_no_word_of_the_patients_is_in_the_log(server: Serving, worked_on: Path):
    said = server.log.read_text("utf-8")

    assert not [word for word in (*hostile.IDS, hostile.LEVEL, hostile.ORGAN, "S0001", NAME) if word in said]
    assert len(said.splitlines()) < 20  # the address in both languages, and a refused websocket


def test_only_the_user_can_read_the_folders(page: Any, server: Serving):
    page.goto(f"{server.url}/en/")
    page.fill("#name", "Private")
    page.press("#name", "Enter")
    page.wait_for_url("**/files")
    folders = [
        server.home,
        server.home / ".oligoscope",
        server.home / "Private",
        server.home / ".oligoscope" / "Private",
    ]

    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 4


def test_deleting_deletes_the_files_and_what_the_pages_remember(page: Any, server: Serving, worked_on: Path):
    shutil.copytree(worked_on, server.home / "Copy")
    page.goto(f"{server.url}/en/studies/Copy/definitions")
    page.wait_for_selector("#choices", timeout=WAIT)
    page.goto(f"{server.url}/en/")
    card = page.locator("li.card", has=page.get_by_role("link", name="Copy", exact=True))
    card.locator("summary").click()
    card.get_by_role("button", name="Delete the study").click()
    assert (server.home / "Copy").exists()  # the box is not ticked
    card.get_by_role("checkbox").check()
    card.get_by_role("button", name="Delete the study").click()
    card.wait_for(state="detached", timeout=WAIT)  # of the page that is there after the form was sent

    assert not (server.home / "Copy").exists()
    assert not (server.home / ".oligoscope" / "Copy").exists()


# Two at once; the listener; limits.


def test_two_studies_run_at_once_in_two_tabs_and_a_page_can_be_left(signed_in: Any, server: Serving):
    names = ("One", "Two")
    for seed, name in enumerate(names):
        write_cohort(make_cohort(seed, 20), server.home / name)
    first, second = (signed_in.new_page() for _ in names)
    for tab, name in zip((first, second), names, strict=True):
        tab.goto(f"{server.url}/en/studies/{name}/plan")
        tab.locator("main form button.main").click(timeout=WAIT)
        tab.wait_for_url("**/run")
    for tab, name in zip((first, second), names, strict=True):
        tab.goto(f"{server.url}/en/studies/{name}/run")
        tab.locator("main form button.main").click()
        tab.locator("[data-stages]").wait_for(timeout=WAIT)
    first.reload()
    first.close()
    second.get_by_role("button", name="Cancel").click()
    wait_for(second, "text=Cancelled.")
    assert not (server.home / "Two" / "output").exists()

    again = signed_in.new_page()
    again.goto(f"{server.url}/en/studies/One/run")
    until_run(again)
    assert (server.home / "One" / "output" / "results.csv").is_file()
    again.close()
    second.close()


def test_the_listener_of_these_tests_hears_a_page_that_violates_its_policy(signed_in: Any, server: Serving):
    attack = (
        '<script>window.hacked=1</script><img src="x" onerror="window.hacked=1"><p style="color:red">x</p>'
    )
    page = signed_in.new_page()
    heard = listen(page)

    def spoil(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{attack}</main>"))

    page.route("**/en/", spoil)
    page.goto(f"{server.url}/en/")
    page.wait_for_load_state("networkidle")
    ran = page.evaluate("window.hacked")
    page.close()

    assert ran is None
    assert {word for one in heard for word in one.split() if word.startswith(("script-src", "style-src"))} >= {
        "script-src-elem", "script-src-attr", "style-src-attr",
    }  # fmt: skip


def test_a_step_that_needs_more_memory_than_it_may_use_says_so(chromium: Any, tmp_path: Path):
    serving = begin(tmp_path / "home", tmp_path / "log.txt", "--memory", "256")
    context = chromium.new_context(locale="en")
    try:
        page = context.new_page()
        page.goto(serving.entry)
        page.get_by_role("button", name="Run the sample").click()
        page.get_by_text("needs more memory than the 256 MB").wait_for(timeout=WAIT)
        assert not (serving.home / "Sample study" / "output").exists()
    finally:
        context.close()
        serving.stop()
