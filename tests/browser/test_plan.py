"""Definitions, plan and run: the counts follow the clicks, the plan is locked first, and a run ends in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browser.serving import Serving, begin, until_run
from oligoscope.demo.cohort import make_cohort, write_cohort

WAIT = 180_000  # ms


def _study(home: Path, name: str, n: int = 60) -> Path:
    folder = home / name
    write_cohort(make_cohort(5, n), folder)
    return folder


@pytest.fixture(scope="module")
def cohort(server: Serving) -> Path:
    return _study(server.home, "Cohort")


def _counts(page: Any) -> tuple[int, ...]:
    names = ("oligo", "systemic", "unclassifiable")
    return tuple(int(page.locator(f"[data-n={name}]").inner_text()) for name in names)


def _open(page: Any, server: Serving, step: str, wait: str, language: str = "en") -> None:
    page.goto(f"{server.url}/{language}/studies/Cohort/{step}")
    page.locator(wait).first.wait_for(timeout=WAIT)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("step", "wait"), [("definitions", "#choices"), ("plan", ".facts"), ("run", "h1")])
def test_the_pages_have_no_barrier(page: Any, server: Serving, cohort: Path, language: str, scheme: str, step: str, wait: str):  # fmt: skip
    from browser.accessible import violations

    page.emulate_media(color_scheme=scheme)
    _open(page, server, step, wait, language)

    assert violations(page) == []


@pytest.mark.parametrize("step", ["definitions", "plan", "run"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_on_a_phone(page: Any, server: Serving, cohort: Path, step: str, language: str):
    page.set_viewport_size({"width": 320, "height": 640})
    _open(page, server, step, "#choices, .facts, h1", language)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_counts_follow_each_click_without_loading_anything(page: Any, server: Serving, cohort: Path):
    _open(page, server, "definitions", "#choices")
    page.wait_for_load_state("networkidle")
    before = _counts(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("radio", name="3 lesions", exact=True).check()
    strict = _counts(page)
    page.get_by_label("≤2 sites (Chai 2021)").check()
    sites = _counts(page)

    assert strict[0] <= before[0]
    assert sum(strict) == sum(sites) == sum(before)
    assert sites != strict
    assert page.locator("input[name=max_lesions]:checked").get_attribute("value") == "definition"
    assert asked == []


def test_a_click_answers_at_once(page: Any, server: Serving, cohort: Path):
    _open(page, server, "definitions", "#choices")
    page.wait_for_load_state("networkidle")

    spent = page.evaluate(
        """() => {
          const box = document.querySelector('input[name=controlled][value=off]');
          const begun = performance.now();
          box.click();
          document.body.offsetHeight;
          return performance.now() - begun;
        }"""
    )

    assert spent < 100


def test_what_is_saved_is_named_and_the_counts_stay(page: Any, server: Serving, cohort: Path):
    _open(page, server, "definitions", "#choices")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Another number").check()
    page.get_by_label("Number of lesions").fill("2")
    shown = _counts(page)
    page.get_by_role("button", name="Save and continue").click()
    saved = page.locator("#saved")
    saved.wait_for(timeout=WAIT)

    assert "max_lesions: 2" in saved.inner_text()
    assert "max_lesions: 2" in (cohort / "study.yaml").read_text(encoding="utf-8")
    assert _counts(page) == shown


def test_a_choice_that_is_refused_is_named_at_its_card(page: Any, server: Serving, cohort: Path):
    before = (cohort / "study.yaml").read_bytes()
    _open(page, server, "definitions", "#choices")
    page.locator("details.card summary").click()
    page.locator("input[name=mediastinal_nodes_are_organ][value=no]").check()
    page.get_by_role("button", name="Save and continue").click()

    refused = page.locator("fieldset:has(input[name=mediastinal_nodes_are_organ]) .refused")
    refused.wait_for(timeout=WAIT)
    assert "does not limit the number of organs" in refused.inner_text()
    assert page.locator("input[name=mediastinal_nodes_are_organ]:checked").get_attribute("value") == "no"
    assert (cohort / "study.yaml").read_bytes() == before


@pytest.fixture(scope="module")
def own(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, Any, Path]]:
    """A server that may be stopped, with the browser that has its key."""
    folder = tmp_path_factory.mktemp("own")
    study = _study(folder / "home", "Cohort")
    serving = begin(folder / "home", folder / "log.txt")
    context = chromium.new_context(locale="en")
    context.new_page().goto(serving.entry)
    yield serving, context, study
    context.close()
    serving.stop()


def test_a_run_needs_a_locked_plan_and_can_be_cancelled_and_interrupted(
    own: tuple[Serving, Any, Path], chromium: Any
):
    serving, context, study = own
    page = context.new_page()
    page.goto(f"{serving.url}/en/studies/Cohort/run")
    assert page.get_by_role("button", name="Start the run").count() == 0
    page.get_by_role("link", name="Go to the plan").click()
    page.get_by_role("button", name="Lock the plan").click(timeout=WAIT)
    locked = json.loads((study / "plan.locked.json").read_text(encoding="utf-8"))
    assert [lock["after_results"] for lock in locked["locks"]] == [False]

    page.get_by_role("button", name="Start the run").click()
    page.locator("[data-stages]").wait_for()
    page.reload()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled.").wait_for(timeout=WAIT)
    assert not (study / "output").exists()

    page.get_by_role("button", name="Start the run").click()
    page.locator("[data-stages] .now").wait_for()
    serving.stop()
    again = begin(serving.home, serving.log.with_name("again.txt"))
    try:
        other = chromium.new_context(locale="en").new_page()
        other.goto(again.entry)
        other.goto(f"{again.url}/en/studies/Cohort/run")
        other.get_by_text("The run was interrupted").wait_for()
        other.get_by_role("button", name="Start the run").click()
        until_run(other)
        other.goto(f"{again.url}/en/studies/Cohort/plan")
        assert other.get_by_text("before any result was seen").count() == 1
        record = json.loads((study / "output" / "run.json").read_text(encoding="utf-8"))
        assert record["plan"]["settings_as_locked"]
    finally:
        again.stop()
