"""Estimates as printed cells."""

from __future__ import annotations

from oligoscope.printing.cells import bracketed, interval


def test_limits_that_were_not_reached_print_nr():
    assert bracketed("18.0", interval(12.5, None, 1, "en"), "en") == "18.0 (12.5 to NR)"
    assert bracketed("18.0", interval(12.5, float("nan"), 1, "zh"), "zh") == "18.0(12.5~NR)"
