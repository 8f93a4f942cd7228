"""A spoiled table corrected on the page of problems, then three patients signed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from browser.accessible import violations
from browser.serving import Serving
from oligoscope.doctor.examination import __file__ as doctor_file

SMALL = Path(doctor_file).parent / "study"
NAME = "Spoiled study"
HOSTILE = "<script>document.title='ran'</script>"


@pytest.fixture(scope="module")
def study(server: Serving) -> Path:
    """The small study with an impossible size, a word that is none, and a script for a sex."""
    folder = server.home / NAME
    shutil.copytree(SMALL, folder)
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    settings = (
        (folder / "study.yaml").read_text("utf-8").partition("report:")[0]
    )  # patients have study numbers
    (folder / "study.yaml").write_text(settings, "utf-8")
    spoil(folder / "measurements.csv", "diameter_mm", {2: "-8", 3: "about 12"})
    spoil(folder / "patients.csv", "sex", {4: HOSTILE})
    return folder


def spoil(path: Path, column: str, cells: dict[int, str]) -> None:
    lines = [line.split(",") for line in path.read_text("utf-8-sig").splitlines()]
    at = lines[0].index(column)
    for row, value in cells.items():
        lines[row - 1][at] = value
    path.write_text("\n".join(",".join(line) for line in lines) + "\n", "utf-8")


def address(server: Serving, step: str, language: str = "en") -> str:
    return f"{server.url}/{language}/studies/{NAME}/{step}"


def checked(page: Any) -> None:
    """Wait for the check that was begun."""
    page.locator("body:not(:has([data-job])) .counts").wait_for(timeout=120_000)


def no_barrier(page: Any, server: Serving, step: str) -> None:
    for language in ("zh", "en"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(address(server, step, language))
            assert violations(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.set_viewport_size({"width": 1280, "height": 900})


def test_a_spoiled_table_is_corrected_here_and_in_excel_and_taken_back(
    page: Any, server: Serving, study: Path, tmp_path: Path
):
    upload = (study / "measurements.csv").read_bytes()
    page.goto(address(server, "problems"))
    page.get_by_role("button", name="Check the data").click()
    checked(page)
    assert "findings have to be corrected" in page.inner_text("main")
    assert page.get_by_text("Next: three patients").count() == 0
    assert page.title() == "Problems · Oligoscope"
    assert HOSTILE in page.inner_text("main")

    page.get_by_label("New value: diameter_mm row 2").fill("80")
    page.get_by_role("button", name="Write 1 new value").click()
    page.get_by_text("1 resolved").wait_for(timeout=120_000)
    assert (study / "originals" / "measurements.csv").read_bytes() == upload
    assert b"-8,80,correction" in (study / "corrections.csv").read_bytes()

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the coloured copy measurements.marked.xlsx").click()
    copy = tmp_path / "copy.xlsx"
    download.value.save_as(copy)
    book = openpyxl.load_workbook(copy)
    sheet: Any = book.worksheets[0]
    sheet.cell(3, next(c.column for c in sheet[1] if c.value == "diameter_mm")).value = 12
    book.save(copy)
    source = page.locator("li.card", has_text="measurements.csv")
    with page.expect_navigation(timeout=120_000):
        source.locator("input[type=file]").set_input_files(copy)
    checked(page)
    assert b"about 12,12,correction" in (study / "corrections.csv").read_bytes()

    page.get_by_role("button", name="Undo").last.click()
    page.get_by_text("undone").wait_for(timeout=120_000)
    checked(page)
    assert b"-8" in (study / "measurements.csv").read_bytes()

    page.get_by_role("button", name="Leave these rows out").click()
    page.get_by_text("as you decided").wait_for(timeout=120_000)
    checked(page)
    assert "accept_issues: true" in (study / "study.yaml").read_text("utf-8")
    no_barrier(page, server, "problems")


def test_what_was_understood_opens_with_its_own_style(page: Any, server: Serving, study: Path):
    page.goto(address(server, "problems/understood", "zh"))

    assert page.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse") == "collapse"
    page.locator(".other a").click()
    assert "/en/" in page.url


def test_three_patients_are_signed_and_a_change_makes_it_void(page: Any, server: Serving, study: Path):
    page.goto(address(server, "patients"))
    page.get_by_role("button", name="Draw three patients").click()
    page.locator("article.patient").first.wait_for(timeout=120_000)
    numbers = page.locator("nav.three strong").all_inner_texts()
    assert len(set(numbers)) == 3
    assert all(number.startswith("SN") for number in numbers)
    assert page.locator("img").evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)")

    first, second = page.locator("article.patient").nth(0), page.locator("article.patient").nth(1)
    first.get_by_label("This is right").check()
    first.get_by_label("Name or initials").fill("<b>LW</b>")
    first.get_by_role("button", name="Sign").click()
    page.get_by_text("signed: right").wait_for()
    second.get_by_label("Reason or remark").fill("the scan of March is missing")
    second.get_by_role("button", name="Sign").click()
    page.get_by_text("signed: wrong").wait_for()
    assert "<b>LW</b> signed on" in page.inner_text("main")
    no_barrier(page, server, "patients")

    (study / "study.yaml").open("a", encoding="utf-8").write("\n# changed\n")
    page.goto(address(server, "patients"))
    assert page.get_by_text("signature void").count() == 2
    assert page.get_by_role("button", name="Sign").count() == 0
    page.get_by_role("button", name="Draw again").click()
    page.get_by_role("button", name="Another three").wait_for(timeout=120_000)
    page.get_by_role("button", name="Another three").click()
    page.get_by_text("draw 2").wait_for(timeout=120_000)


@pytest.mark.parametrize("path", [
    "problems/marked/99", "problems/marked/..%2f..%2fstudy.yaml", "patients/timeline/4", "patients/timeline/..%2f1",
    "problems/understood/..%2f..%2fstudy.yaml",
])  # fmt: skip
def test_no_other_file_is_given_out(page: Any, server: Serving, study: Path, path: str):
    answer = page.request.get(address(server, path))

    assert answer.status == 404


def test_a_copy_of_no_file_of_the_study_is_refused(page: Any, server: Serving, study: Path):
    there = address(server, "problems/returned") + "?source=../outside.csv"

    answer = page.request.post(there, data=b"x", headers={"origin": server.url})

    assert answer.status == 404
