"""A paper's numbers beside ours: what is said before the tables."""

from __future__ import annotations

from oligoscope.printing.blocks import Paragraph
from oligoscope.published.paper import read_published
from oligoscope.report.published.published_table import DRAWN_AFTER_IT, published_section
from oligoscope.results.results import Results


def test_that_the_cohort_was_drawn_after_the_numbers_stands_before_the_share(made_protocol):
    ours = Results((read_published("huang2025").printed[0].estimate,))

    said = [b.text for b in published_section(made_protocol, ours) if isinstance(b, Paragraph)]

    assert said[0] == DRAWN_AFTER_IT
    assert "are within tolerance" in said[1].en
    assert "在容差内" in said[1].zh
