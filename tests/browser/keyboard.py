"""A page used without a mouse: forward by Tab, Enter to follow or to send, Space to choose."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

WAIT = 90_000  # milliseconds
_MOST_KEYS = 600


def wait_for(page: Any, selector: str) -> None:
    """Wait for an element; what the page says instead is in the message of the test."""
    with suppress(Exception):  # Playwright's TimeoutError, which is no TimeoutError of Python
        page.wait_for_selector(selector, timeout=WAIT)
        page.wait_for_load_state()
        return
    raise AssertionError(f"{selector} is not on {page.url}:\n{page.inner_text('main')[:3000]}")


def choose(page: Any, selector: str, value: str) -> None:
    """Move down in a list until a value is chosen."""
    onto(page, selector)
    for _ in range(page.locator(f"{selector} option").count()):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{selector} has no {value}")


def onto(page: Any, selector: str) -> None:
    """Wait for an element that can be used, then move the focus forward, key by key, until it is there."""
    wait_for(page, selector)
    for _ in range(_MOST_KEYS):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no way to {selector} by keyboard")


def follow(page: Any, selector: str, then: str) -> None:
    """Press Enter on an element, and wait for what comes then."""
    onto(page, selector)
    page.keyboard.press("Enter")
    wait_for(page, then)


def write(page: Any, selector: str, text: str) -> None:
    """Type into a field in place of what is in it."""
    onto(page, selector)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
