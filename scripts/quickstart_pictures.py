"""Make the pictures of docs/quickstart.md and its Chinese page from the pages themselves.

python scripts/quickstart_pictures.py [--lang en|zh] [--only NAME …]

Starts `oligoscope serve` on a folder that is deleted afterwards and walks from the sample and a made workbook
(scripts/messy_workbook.py) to the paper, once in each language. No patient is real. Times of the day and the folder are
written over, so that the same pages give the same pictures. Needs Chromium and Playwright.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from messy_workbook import ODD_SITE, write_workbook  # noqa: E402

from browser.serving import Serving, begin, until_run  # noqa: E402

PICTURES = ROOT / "docs" / "images" / "quickstart"
FONTS = ROOT / "src" / "oligoscope" / "drawing" / "fonts"
WIDTH, HEIGHT = 1280, 860
SHRUNK = 1000  # pixels across in the file
COLOURS = 48
WAIT = 180_000  # milliseconds
LOCALE = {"en": "en-GB", "zh": "zh-CN"}
STUDY = {"en": "Registry", "zh": "登记研究"}
SHOWN_FOLDER = "~/Oligoscope"
CUTOFF = "2025-04-08"
SIGNED = {"en": "L. W.", "zh": "李"}
# Written over: a time of the day, with or without its date, and checksums.
MASK = """([folder, shown]) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const text = node.nodeValue
      .replaceAll(folder, shown)
      .replace(/\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d)?/g, '2026-01-05 09:00')
      .replace(/\\b(UTC|[+-]\\d\\d:\\d\\d)\\b/g, 'UTC')
      .replace(/\\b[0-9a-f]{12}\\b/g, '0123456789ab');
    if (text !== node.nodeValue) node.nodeValue = text;
  }
}"""


@dataclass
class Walk:
    """One language's way through the pages.

    Attributes:
        page: Of the browser that has the key.
        server: Runs on a folder of its own.
        language: Of the pages.
        scratch: For the workbook.
        only: Names of the pictures to write; all where it is empty.
    """

    page: Page
    server: Serving
    language: str
    scratch: Path
    only: frozenset[str]

    def address(self, step: str = "", study: str | None = None) -> str:
        """Of a page."""
        start = f"{self.server.url}/{self.language}/"
        return start if not step else f"{start}studies/{quote(study or STUDY[self.language])}/{step}"

    def say(self, zh: str, en: str) -> str:
        """The sentence of the language."""
        return zh if self.language == "zh" else en

    def click(self, zh: str, en: str) -> None:
        """A button or link by its words."""
        words = self.say(zh, en)
        self.page.locator("main").locator("button, a.button", has_text=words).first.click(timeout=WAIT)

    def settled(self, selector: str) -> None:
        """Wait for a part of the page, and for the end of what the page follows."""
        self.page.locator(f"body:not(:has([data-job])) {selector}").first.wait_for(timeout=WAIT)
        self.page.wait_for_load_state("networkidle")

    def show(self, name: str, top: str | None = None, height: int = HEIGHT) -> None:
        """A picture of what a window of that height shows, from the top of the page or from a part of it on."""
        if self.only and name not in self.only:
            return
        page = self.page
        page.set_viewport_size({"width": WIDTH, "height": height})
        page.evaluate(MASK, [str(self.server.home.resolve()), SHOWN_FOLDER])
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        page.evaluate(
            "(top) => scrollTo(0, top ? document.querySelector(top).getBoundingClientRect().y + scrollY - 16 : 0)",
            top,
        )
        page.wait_for_timeout(200)
        content = page.screenshot(animations="disabled", caret="hide")
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        picture = Image.open(io.BytesIO(content)).convert("RGB")
        size = (SHRUNK, round(picture.height * SHRUNK / picture.width))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
        PICTURES.mkdir(parents=True, exist_ok=True)
        target = PICTURES / f"{name}.{self.language}.png"
        small = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        small.save(target, optimize=True)
        print(target.relative_to(ROOT), target.stat().st_size)


def sample(walk: Walk) -> None:
    """The first page, the sample's answer, and patients who were selected in it."""
    page = walk.page
    page.goto(walk.address())
    walk.show("start", height=560)
    walk.click("运行示例", "Run the sample")
    until_run(page)
    page.wait_for_url("**/answer", timeout=WAIT)
    walk.settled("[data-picture=pps] svg")
    walk.show("answer", height=1000)
    page.locator("[data-picture=organ] svg").scroll_into_view_if_needed()
    page.locator("[data-picture=organ] svg [role=option], [data-picture=organ] svg [tabindex]").first.click()
    page.locator("#selection:not([hidden])").wait_for()
    walk.show("selected", "#explore", height=900)


def files(walk: Walk) -> None:
    """A workbook as it is read, and one with macros, which is refused."""
    page, name = walk.page, STUDY[walk.language]
    page.goto(walk.address())
    page.fill("#name", name)
    page.press("#name", "Enter")
    page.wait_for_url("**/files")
    page.set_input_files("#choose", write_workbook(walk.scratch, walk.language))
    walk.settled("form[action$='/columns'] button")
    walk.show("files", height=900)
    macros = io.BytesIO()
    with zipfile.ZipFile(macros, "w") as made:
        made.writestr("xl/workbook.xml", "<x/>")
        made.writestr("xl/vbaProject.bin", "x")
    refused = walk.say("带宏的工作簿.xlsx", "with macros.xlsx")
    page.set_input_files("#choose", [{"name": refused, "mimeType": "", "buffer": macros.getvalue()}])
    page.locator("#sending .bad, #sending [role=alert], #sending li").first.wait_for()
    page.wait_for_timeout(800)
    walk.show("refused", height=520)


def columns_and_words(walk: Walk) -> None:
    """What the columns are, and the words that are asked; the proposals are taken, but for one place."""
    page = walk.page
    page.goto(walk.address("files"))
    walk.settled("form[action$='/columns'] button")
    page.locator("form[action$='/columns'] button").click()
    walk.settled("h1")
    page.locator("select").first.wait_for(timeout=WAIT)
    walk.show("columns", height=860)
    while page.locator("form[action*='/answers'] button.main").count():
        page.locator("form[action*='/answers'] button.main").click()
        walk.settled("h1")
    page.goto(walk.address("words"))
    page.locator("#cutoff").wait_for(timeout=WAIT)
    page.fill("#cutoff", CUTOFF)
    place = page.locator(f"select[name='a:places={ODD_SITE[walk.language]}']")
    if place.count():
        place.select_option("pleura")
    several = page.locator("tr:has(th:text-is('多发')) select")
    if several.count():  # without a proposal
        several.select_option("innumerable")
    walk.show("words", height=800)
    page.locator("form.asked > .actions button").click()
    walk.settled("form[action$='/problems'] button.main")


def problems(walk: Walk) -> None:
    """What is wrong; corrected in the coloured copy, which is brought back."""
    page = walk.page
    page.locator("form[action$='/problems'] button.main").click()
    page.wait_for_load_state()
    if page.locator(".counts").count() == 0 and page.locator("[data-job]").count() == 0:
        walk.click("开始检查", "Check the data")
    walk.settled(".counts")
    walk.show("problems", height=1000)
    with page.expect_download() as download:
        page.locator("a[href*='/problems/marked/']").first.click()
    copy = walk.scratch / "copy.xlsx"
    download.value.save_as(copy)
    correct(copy, walk)
    with page.expect_navigation(timeout=WAIT):
        page.locator("input[data-returned]").first.set_input_files(copy)
    walk.settled(".counts")
    walk.show("corrected", height=700)


def correct(copy: Path, walk: Walk) -> None:
    """Write the cells into the coloured copy in which the corrected workbook differs."""
    wrong = load_workbook(write_workbook(walk.scratch / "wrong", walk.language))
    right = load_workbook(write_workbook(walk.scratch / "right", walk.language, corrected=True))
    book = load_workbook(copy)
    for sheet in right.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value != wrong[sheet.title][cell.coordinate].value:
                    book[sheet.title][cell.coordinate] = cell.value
    book.save(copy)


def three_patients(walk: Walk) -> None:
    """Three patients, all signed."""
    page = walk.page
    page.goto(walk.address("patients"))
    page.wait_for_load_state()
    if page.locator("article.patient").count() == 0 and page.locator("[data-job]").count() == 0:
        walk.click("抽取三名患者", "Draw three patients")
    walk.settled("article.patient")
    walk.show("patients", height=1100)
    for number in range(3):
        patient = page.locator("article.patient").nth(number)
        patient.locator("input[type=radio][value=right]").check()
        patient.locator("input[type=text], input:not([type])").first.fill(SIGNED[walk.language])
        patient.locator("form button").last.click()
        page.locator(".three .tag.good").nth(number).wait_for(timeout=WAIT)


def definitions_and_plan(walk: Walk) -> None:
    """The definition with its counts, and the plan before it is locked."""
    page = walk.page
    page.goto(walk.address("definitions"))
    walk.settled("#choices")
    walk.show("definitions", height=1000)
    page.goto(walk.address("plan"))
    walk.settled(".facts")
    walk.show("plan", height=900)
    walk.click("锁定计划", "Lock the plan")
    page.wait_for_url("**/run", timeout=WAIT)


def run_and_paper(walk: Walk) -> None:
    """The run, and what can be downloaded."""
    page = walk.page
    page.goto(walk.address("run"))
    walk.click("开始运行", "Start the run")
    until_run(page)
    page.goto(walk.address("paper"))
    walk.settled(".downloads")
    walk.show("paper", height=1100)


STAGES: tuple[Callable[[Walk], None], ...] = (
    sample, files, columns_and_words, problems, three_patients, definitions_and_plan, run_and_paper,
)  # fmt: skip


def main() -> None:
    """Walk once in each language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lang", choices=("en", "zh"))
    parser.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    for language in ("en", "zh"):
        if arguments.lang not in (None, language):
            continue
        scratch = Path(tempfile.mkdtemp())
        settings = scratch / "fonts.conf"
        settings.write_text(
            f'<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include><dir>{FONTS}</dir></fontconfig>'
        )
        server = begin(scratch / "home", scratch / "log.txt")
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(
                    executable_path=chromium,
                    args=["--no-sandbox"],
                    env={**os.environ, "FONTCONFIG_FILE": str(settings)},
                )
                context = browser.new_context(
                    viewport={"width": WIDTH, "height": HEIGHT},
                    reduced_motion="reduce",
                    locale=LOCALE[language],
                )
                page = context.new_page()
                page.goto(server.entry)
                walk = Walk(page, server, language, scratch, frozenset(arguments.only))
                for stage in STAGES:
                    stage(walk)
                browser.close()
        finally:
            server.stop()
            shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
