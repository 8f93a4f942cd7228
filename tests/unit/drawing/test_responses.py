"""Colours and order of responses."""

from __future__ import annotations

import numpy as np

from oligoscope.drawing.responses import COLOURS, in_order


def test_responses_differ_in_grey():
    """Luma of ITU-R BT.601, as a printer or photocopier shows them; Non-CR/Non-PD is not seen beside targets."""

    def grey(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    values = sorted(grey(c) for code, c in COLOURS.items() if code != "NON_CR_NON_PD")
    assert min(np.diff(values)) > 40


def test_responses_are_ordered_from_the_best_to_the_worst():
    assert in_order({"PD", None, "CR", "NE", "SD"}) == ["CR", "SD", "PD", "NE", None]
