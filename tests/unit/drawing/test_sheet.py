"""Keys that explain the signs of a picture."""

from __future__ import annotations

from oligoscope.drawing.sheet import Key, arrange_keys


def test_keys_wrap_at_the_width():
    rows = arrange_keys([Key("word " * 6, "patch")] * 5, 90)

    assert len(rows) > 1
    assert sum(len(row) for row in rows) == 5
    assert all(row[0][0] == 0 for row in rows)
