"""Cohorts drawn wrongly on purpose, and the counts that the demo's comparison prints."""

from __future__ import annotations

import pytest

from oligoscope.demo.cohort import PAPER, make_cohort
from oligoscope.demo.negative_controls import AS_THE_DEMO, CONTROLS, SEEDS, NegativeControl, counted
from script_modules import script

ALL = (AS_THE_DEMO, *CONTROLS)


def test_every_control_is_counted_at_every_seed():
    counts = counted(PAPER)

    assert counts is not None
    assert {name: tuple(by) for name, by in counts.within.items()} == {c.name: SEEDS for c in ALL}
    assert counted("another") is None


def test_the_demo_agrees_at_more_numbers_than_any_control():
    counts = counted(PAPER)

    assert counts is not None
    assert counts.span(AS_THE_DEMO.name)[0] > max(counts.span(control.name)[1] for control in CONTROLS)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.name)
def test_a_control_changes_the_course_and_keeps_who_was_studied(control: NegativeControl):
    demo, wrong = make_cohort(1, 60), make_cohort(1, 60, calibration=control.calibration)
    who = ["excluded", "pattern", "pd_l1"]

    assert demo.truth.select(who).sort(who).equals(wrong.truth.select(who).sort(who))
    assert not demo.tables["patients"].equals(wrong.tables["patients"])


@pytest.mark.slow
@pytest.mark.parametrize("control", ALL, ids=lambda c: c.name)
def test_the_counts_in_the_package_are_those_of_the_program(control: NegativeControl):
    """The script that writes them, at the demo's seed; after a change of it: scripts/negative_controls.py."""
    counts = counted(PAPER)

    assert counts is not None
    assert (
        script("negative_controls").agreement_of(control, SEEDS[0]).n_within
        == counts.within[control.name][SEEDS[0]]
    )
