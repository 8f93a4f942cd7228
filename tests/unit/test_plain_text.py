"""Text that every writer can carry, and its mark for italics."""

from __future__ import annotations

import pytest

from oligoscope.plain_text import spans


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("*P*<0.05", [("P", True), ("<0.05", False)]),
        ("Mann-Whitney *U* test", [("Mann-Whitney ", False), ("U", True), (" test", False)]),
        ("5 * 3 * 2", [("5 * 3 * 2", False)]),
    ],
)
def test_italic_letters_are_marked_by_asterisks(text, pieces):
    assert spans(text) == pieces
