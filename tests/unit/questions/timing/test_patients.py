"""Patients of the months of progression."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from oligoscope.questions.timing.classes import class_name
from oligoscope.questions.timing.numbers import WINDOWS, month_edges
from unit.eight_patients import OLIGO, made_from

OF: dict[str, Any] = {"outcome": "pattern"}


def test_a_class_has_those_who_progressed_in_its_months():
    """Month 1 is day 30.4: P2 progressed on day 31, P4 on day 40, P1 on day 59."""
    found, names = made_from("timing", **OF, group=OLIGO, variable="month", level="1-2")

    assert names(found.counted) == "P1 P2"
    assert names(found.patients) == "P1 P2 P4"


def test_without_a_class_it_is_the_group():
    found, names = made_from("timing", **OF, group=OLIGO)

    assert names(found.patients) == "P1 P2 P3"


@pytest.mark.parametrize("n", [1, 10_000])
def test_every_class_has_its_months(n):
    for edges in (WINDOWS, month_edges(n)):
        for low, high in pairwise(edges):
            found, _ = made_from("timing", **OF, group="all", level=class_name(low or 0, high))
            text = found.patients.text() if found.patients else ""
            assert (" > " in text, " <= " in text) == (bool(low), high is not None)
