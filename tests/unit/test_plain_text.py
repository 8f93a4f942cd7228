"""Text that every writer can carry, and its mark for italics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oligoscope.plain_text import plain, shielded, spans


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


@given(st.text(st.sampled_from("*PnA 值=")))
def test_a_word_of_the_users_is_printed_as_it_is_wherever_it_stands_in_a_sentence(word):
    own = shielded(word)

    for before, after in (("", ""), ("（", "）*P*=0.01"), ("*n* ", ", "), ("", "：*P*")):
        shown = spans(f"{before}{own}{after}")
        assert "".join(piece for piece, _ in shown) == plain(before) + word + plain(after)
    assert plain(own) == word
    assert not any(italic for _, italic in spans(own))
