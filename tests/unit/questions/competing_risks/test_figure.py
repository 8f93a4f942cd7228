"""Curves of cumulative incidence."""

from __future__ import annotations

from oligoscope.questions.competing_risks.figure import look


def test_groups_and_events_differ_in_line_as_well_as_in_colour():
    looks = [look(c, i) for i, c in enumerate(("oligoprogression", "systemic", "death_without_progression"))]

    assert len({str(one.line) for one in looks}) == 3
    assert len({one.colour for one in looks}) == 3
