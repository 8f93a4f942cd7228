"""A page used without a mouse: forward by Tab, Enter to follow or to send, Space to choose."""

from __future__ import annotations

from typing import Any

WAIT = 90_000  # milliseconds
_MOST_KEYS = 600


def onto(page: Any, selector: str) -> None:
    """Wait for an element that can be used, then move the focus forward, key by key, until it is there."""
    page.wait_for_selector(selector, timeout=WAIT)
    for _ in range(_MOST_KEYS):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no way to {selector} by keyboard")


def follow(page: Any, selector: str, then: str) -> None:
    """Press Enter on an element, and wait for what comes then."""
    onto(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_selector(then, timeout=WAIT)


def write(page: Any, selector: str, text: str) -> None:
    """Type into a field in place of what is in it."""
    onto(page, selector)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
