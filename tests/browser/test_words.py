"""From dropped files to no open question, with the keyboard; the template and back; the command line gives the same."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from browser.registry import workbook
from browser.serving import SOURCE, Serving
from browser.test_files import LANGUAGES, begin_study, drop

_WAIT = 60_000  # milliseconds


def onto(page: Any, selector: str) -> None:
    """Move the focus forward, key by key, until it is on an element."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no way to {selector} by keyboard")


def folder_of(server: Serving, where: str) -> Path:
    return server.home / unquote(where.rsplit("/", 1)[1])


def test_a_registry_by_keyboard_to_no_open_question(page: Any, server: Serving):
    """The places that are not known are asked, the proposals are taken by Enter."""
    where = begin_study(page, server)
    drop(page, ("registry.xlsx", workbook()))
    onto(page, "form[action$='/columns'] button.main")
    page.keyboard.press("Enter")
    page.wait_for_selector("a.main[href$='/words']", timeout=_WAIT)
    onto(page, "a.main[href$='/words']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#cutoff", timeout=_WAIT)
    onto(page, "#cutoff")
    page.keyboard.type("04082025")
    onto(page, "select[name='a:places=left chest thing']")
    page.keyboard.type("Pleura")
    onto(page, ".asked button")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=No open questions.", timeout=_WAIT)

    study, mapping = (
        (folder_of(server, where) / name).read_text("utf-8") for name in ("study.yaml", "mapping.yaml")
    )
    assert "data_cutoff: 2025-04-08" in study
    assert "left chest thing: pleura" in mapping
    onto(page, "form[action$='/problems'] button.main")


def test_an_answer_can_be_given_again(page: Any, server: Serving):
    where = begin_study(page, server)
    drop(page, ("registry.xlsx", workbook()))
    page.click("form[action$='/columns'] button")
    page.click("a.main[href$='/words']", timeout=_WAIT)
    page.check("input[name=no_cutoff]")
    for place in ("pleura", "kidney"):
        page.select_option("select[name='a:places=left chest thing']", place)
        page.click(".asked button")
        page.wait_for_selector("text=No open questions.", timeout=_WAIT)
        mapping = (folder_of(server, where) / "mapping.yaml").read_text("utf-8")
        assert f"left chest thing: {place}" in mapping
        page.click("details:has(.answered) summary")
        page.click(".answered button")
        page.wait_for_selector("select[name='a:places=left chest thing']", timeout=_WAIT)


def test_a_column_is_changed_and_changed_back(page: Any, server: Serving):
    where = begin_study(page, server)
    drop(page, ("registry.xlsx", workbook()))
    page.click("form[action$='/columns'] button")
    page.wait_for_selector("text=Your column", timeout=_WAIT)
    row = page.locator("tr:has(th:text-is('Smoker')) select")
    assert row.input_value() == "smoking"
    for wanted in ("", "smoking"):
        page.locator("tr:has(th:text-is('Smoker')) select").select_option(wanted)
        page.click("text=Save changes")
        page.wait_for_selector("section.job", state="detached", timeout=_WAIT)
        page.wait_for_selector("text=Your column", timeout=_WAIT)
        assert page.locator("tr:has(th:text-is('Smoker')) select").input_value() == wanted
    assert (folder_of(server, where) / "mapping.yaml").is_file()


def filled_template(content: bytes, n: int = 20) -> bytes:
    """The template with patients, a lesion each, three scans each and a first line."""
    book = load_workbook(io.BytesIO(content))

    def rows(table: str, *filled: dict[str, Any]) -> None:
        sheet = next(s for s in book.worksheets if s.title.endswith(table))
        columns = {cell.value: at for at, cell in enumerate(sheet[2], 1)}
        for at, row in enumerate(filled, sheet.max_row + 1):
            for name, value in row.items():
                sheet.cell(at, columns[name], value)

    start = date(2021, 1, 10)
    ids = [f"P{i:03}" for i in range(1, n + 1)]
    rows("patients", *({
        "patient_id": p, "sex": "男" if i % 2 else "女", "age_years": 50 + i, "smoking": "有" if i % 3 else "无", "histology": "鳞癌" if i % 2 else "腺癌",
        "stage": "IV", "treatment_started_on": start + timedelta(7 * i), "last_known_alive_on": date(2024, 1, 1),
    } for i, p in enumerate(ids)))  # fmt: skip
    rows("lesions", *({"patient_id": p, "lesion_id": "1", "role": "靶病灶", "organ": "肺"} for p in ids))
    rows("measurements", *({
        "patient_id": p, "lesion_id": "1", "assessed_on": start + timedelta(7 * i + days), "diameter_mm": mm,
    } for i, p in enumerate(ids) for days, mm in ((-5, 40), (42, 25), (200, 45))))  # fmt: skip
    rows("treatments", *({
        "patient_id": p, "line": 1, "regimen": "化疗+免疫", "started_on": start + timedelta(7 * i),
    } for i, p in enumerate(ids)))  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_filled_in_is_understood_without_a_question(page: Any, server: Serving, language: str):
    """Examples, the read-me and the dictionary are no data; only the cut-off is asked; the command line reads the same."""
    answer = page.request.get(f"{server.url}/{language}/template.xlsx")
    assert answer.status == 200
    where = begin_study(page, server, language)
    drop(page, ("template.xlsx", filled_template(answer.body())))
    page.click("form[action$='/columns'] button")
    page.click("a.main[href$='/words']", timeout=_WAIT)
    page.wait_for_selector("#cutoff")
    assert page.locator(".asked select").count() == 0
    page.fill("#cutoff", "2024-06-01")
    page.click(".asked button")
    page.wait_for_selector("form[action$='/problems']", timeout=_WAIT)

    study = folder_of(server, where)
    checked = subprocess.run(
        [sys.executable, "-m", "oligoscope", "check", str(study), "--out", str(server.home.parent / f"check-{language}")],
        capture_output=True, text=True, env={"PYTHONPATH": str(SOURCE)}, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "20" in checked.stdout


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_columns_and_words_have_no_barrier(page: Any, server: Serving, language: str, scheme: str):
    from browser.accessible import violations

    page.emulate_media(color_scheme=scheme)
    begin_study(page, server, language)
    drop(page, ("registry.xlsx", workbook()))
    page.click("form[action$='/columns'] button")
    page.wait_for_selector("a.main[href$='/words']", timeout=_WAIT)
    _opened(page)
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.click("a.main[href$='/words']")
    page.wait_for_selector("#cutoff")
    _opened(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def _opened(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
