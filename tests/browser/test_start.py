"""The first page: what a new user meets."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from browser.serving import Serving, begin, until_run

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_page_has_no_barrier(page: Any, server: Serving, language: str, scheme: str):
    from browser.accessible import violations

    page.emulate_media(color_scheme=scheme)
    page.goto(f"{server.url}/{language}/")

    assert violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_on_a_phone(page: Any, server: Serving, language: str):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{server.url}/{language}/")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_page_is_small_and_fetches_nothing_from_elsewhere(page: Any, server: Serving):
    """At most 60 KB in 10 requests."""
    sizes: list[int] = []
    hosts: set[str] = set()

    def count(request: Any) -> None:
        sizes.append(sum(request.sizes()[name] for name in ("responseBodySize", "responseHeadersSize")))
        hosts.add(request.url.split("/")[2])

    page.on("requestfinished", count)
    page.goto(f"{server.url}/en/", wait_until="networkidle")

    assert len(sizes) <= 10
    assert sum(sizes) <= 60_000
    assert {f"http://{host}" for host in hosts} == {server.url}


def test_the_door_opens_once(chromium: Any, tmp_path: Path):
    """The address that was printed is of no use to another who reads it later."""
    serving = begin(tmp_path / "home", tmp_path / "log.txt")
    try:
        first, second = chromium.new_context(), chromium.new_context()
        entered = first.new_page().goto(serving.entry)
        refused = second.new_page().goto(serving.entry)
        assert (entered.status, refused.status) == (200, 403)
        cookie = next(c for c in first.cookies() if c["name"].startswith("oligoscope-"))
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
    finally:
        serving.stop()


def test_the_sample_runs_to_its_answer_and_its_folder_can_be_deleted(page: Any, server: Serving):
    page.goto(f"{server.url}/en/")
    page.get_by_role("button", name="Run the sample").click()
    page.wait_for_url("**/run")
    page.reload()
    until_run(page)
    folder = server.home / "Sample study"
    assert (
        json.loads((folder / "output" / "run.json").read_text("utf-8"))["status"]
        in {"done", "results", "complete"}
        or (folder / "output" / "results.csv").is_file()
    )
    page.goto(f"{server.url}/en/studies/Sample study/answer")
    assert page.get_by_text("have changed since this run").count() == 0

    page.goto(f"{server.url}/en/")
    page.get_by_text("Delete", exact=False).first.click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete the study").click()

    page.wait_for_url(f"{server.url}/en/")
    assert not folder.exists()
    assert [path.name for path in (server.home / ".oligoscope").iterdir()] == ["running.json"]


def test_a_run_is_cancelled_and_leaves_nothing_half_written(page: Any, server: Serving):
    page.goto(f"{server.url}/en/")
    page.get_by_role("button", name="Run the sample").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled").wait_for(timeout=30_000)

    output = server.home / "Sample study" / "output"
    assert not output.exists()
    page.goto(f"{server.url}/en/")


def test_commands_end_with_the_server(chromium: Any, tmp_path: Path):
    """Killed, not only stopped: the command that ran notices that nobody is there."""
    import subprocess

    serving = begin(tmp_path / "home", tmp_path / "log.txt")
    page = chromium.new_context(locale="en").new_page()
    page.goto(serving.entry)
    page.get_by_role("button", name="Run the sample").click()
    time.sleep(1)
    serving.process.kill()
    serving.process.wait()

    left = [""]
    until = time.monotonic() + 20
    while time.monotonic() < until:
        left = subprocess.run(
            ["pgrep", "-f", str(tmp_path)], capture_output=True, text=True, check=False
        ).stdout.split()
        if not left:
            break
        time.sleep(0.2)
    assert left == []


def test_a_second_start_opens_the_server_that_runs(chromium: Any, tmp_path: Path):
    serving = begin(tmp_path / "home", tmp_path / "log.txt")
    again = begin(tmp_path / "home", tmp_path / "again.txt")
    try:
        assert again.process.wait(10) == 0
        assert again.url == serving.url
        assert again.entry != serving.entry
        assert chromium.new_context().new_page().goto(again.entry).status == 200
    finally:
        serving.stop()
    assert not (tmp_path / "home" / ".oligoscope" / "running.json").exists()
