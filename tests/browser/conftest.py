"""A server and a browser for the tests of pages; skipped where there is no Chromium or no Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browser.serving import Serving, begin, listen

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with studies of its own, one for the tests of a file."""
    folder = tmp_path_factory.mktemp("serve")
    serving = begin(folder / "home", folder / "log.txt")
    yield serving
    serving.stop()


@pytest.fixture(scope="module")
def signed_in(chromium: Any, server: Serving) -> Iterator[Any]:
    """The one browser that has the key: a context, in which pages are opened."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", locale="en"
    )
    page = context.new_page()
    page.goto(server.entry)
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(signed_in: Any) -> Iterator[Any]:
    """A page of that browser; the test fails where a script fails, or a page violates its policy."""
    opened = signed_in.new_page()
    heard = listen(opened)
    yield opened
    opened.close()
    assert heard == []
