"""The whole way by keyboard: from a hospital's workbook to a Word document, in both languages, without a barrier on any page."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from browser.accessible import violations, violations_of_document
from browser.keyboard import WAIT, choose, follow, onto, write
from browser.messy import Messy, write_messy
from browser.serving import Serving, until_run

_SOURCE = {"en": "registry", "zh": "登记"}
_DOCUMENTS = ("report", "numbers")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_workbook_becomes_a_paper_by_keyboard_alone(
    page: Any, server: Serving, tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
):
    begun = time.monotonic()
    found: list[str] = []
    messy = write_messy(tmp_path, language)

    def look(where: str) -> None:
        seen = violations_of_document if where in _DOCUMENTS else violations
        found.extend(f"{where}: {one}" for one in seen(page))

    page.goto(f"{server.url}/{language}/")
    look("start")
    write(page, "#name", _SOURCE[language])
    follow(page, "form[action$='/studies'] button", "#choose")
    study = server.home / _SOURCE[language]
    _read(page, look, messy)
    _correct(page, look, messy)
    _sign(page, look)
    _decide(page, look)
    assert (study / "output" / "results.csv").is_file()
    _answer(page, look)
    word = _paper(page, look, tmp_path)

    assert found == []
    with zipfile.ZipFile(word) as document:
        assert "word/document.xml" in document.namelist()
    with capsys.disabled():
        print(f"\n{language}: {time.monotonic() - begun:.0f} s from the first page to the Word document")  # noqa: T201


def _read(page: Any, look: Any, messy: Messy) -> None:
    """Files, columns, words."""
    look("no files")
    onto(page, "#choose")
    page.set_input_files("#choose", messy.path)
    page.wait_for_selector("form[action$='/columns'] button", timeout=WAIT)
    look("files")
    follow(page, "form[action$='/columns'] button.main", ".asked button.main")
    look("columns")
    follow(page, ".asked button.main", "a.main[href$='/words']")  # the proposals are taken
    look("columns answered")
    follow(page, "a.main[href$='/words']", "#cutoff")
    look("words")
    onto(page, "#cutoff")
    page.keyboard.type("04082025")
    choose(page, f"select[name='a:places={messy.place}']", "pleura")
    without = "all => all.filter((one) => !one.value).map((one) => one.name)"
    for name in page.locator(".asked select").evaluate_all(without):  # of a word without a proposal
        choose(page, f"select[name='{name}']", "innumerable")
    follow(page, ".asked button.main", "form[action$='/problems'] button.main")
    look("words answered")
    follow(page, "form[action$='/problems'] button.main", "body:not(:has([data-job])) .counts")


def _correct(page: Any, look: Any, messy: Messy) -> None:
    """Problems: a day is typed anew, as it was meant; the patient whose death comes first is left out."""
    look("problems")
    write(page, "input[data-new]", messy.began)
    follow(page, "#corrections [data-save]", "body:not(:has([data-job])) #made")
    look("problems corrected")
    follow(
        page,
        "button[name=accept][value=yes]",
        "body:not(:has([data-job])) form[action$='/patients'] button.main",
    )
    look("problems left out")
    follow(page, "form[action$='/patients'] button.main", "article.patient")


def _sign(page: Any, look: Any) -> None:
    """Three patients, the first of them signed."""
    look("patients")
    onto(page, "input[name=verdict]")
    page.keyboard.press("Space")
    write(page, "#by-1", "LW")
    follow(
        page, "form[action$='/patients/sign'] button", ".signed, .notice.good, a.main[href$='/definitions']"
    )
    follow(page, "a.main[href$='/definitions']", "#choices")


def _decide(page: Any, look: Any) -> None:
    """Definitions, plan, run."""
    look("definitions")
    onto(page, "input[name=max_lesions]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    follow(page, "#choices button", "#saved a.main[href$='/plan'], a.main[href$='/plan']")
    look("definitions saved")
    follow(page, "a.main[href$='/plan']", "form button.main")
    look("plan")
    onto(page, "main form button.main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/run")
    look("run")
    onto(page, "main form button.main")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-stages]", timeout=WAIT)
    look("running")
    until_run(page)


def _answer(page: Any, look: Any) -> None:
    """The answer, a mark chosen, and one patient."""
    assert page.url.endswith("/answer")  # the run leads on to it
    page.wait_for_selector("#linked[data-ready]", timeout=WAIT)
    look("answer")
    onto(page, "[data-picture] .mark")
    page.keyboard.press("Enter")
    page.wait_for_selector("#patients-table tbody a", timeout=WAIT)
    look("answer selected")
    follow(page, "#patients-table tbody a", "#lesions-title")
    look("patient")
    follow(page, "a[href$='/answer']", "#linked[data-ready]")


def _paper(page: Any, look: Any, folder: Path) -> Path:
    """The paper written in a style, and taken as Word; the report and the page of numbers."""
    language = page.url.split("/")[3]
    follow(page, "a.main[href$='/paper']", "form.paper-form button:not([disabled])")
    look("paper")
    follow(page, "form.paper-form button", ".notice.good")
    look("paper written")
    onto(page, f"a[href$='report.{language}.docx']")
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    word = folder / "paper.docx"
    saved.value.save_as(word)
    paper = page.url
    for name in _DOCUMENTS:
        page.goto(paper.rsplit("/", 1)[0] + f"/output/{name}.{language}.html")
        look(name)
    return word
