"""Keys that explain the signs of a picture."""

from __future__ import annotations

from oligoscope.drawing.lettering import width_mm
from oligoscope.drawing.sheet import SIGN_MM, Key, arrange_keys


def test_keys_wrap_at_the_width():
    rows = arrange_keys([Key("word " * 6, "patch")] * 5, 90)

    assert len(rows) > 1
    assert sum(len(row) for row in rows) == 5
    assert all(row[0][0] == 0 for row in rows)


def test_a_key_wider_than_a_row_is_cut():
    ((key,),) = arrange_keys([Key("w" * 300, "patch")], 90)

    assert key[1].text.endswith("…")
    assert SIGN_MM + width_mm(key[1].text) <= 90
