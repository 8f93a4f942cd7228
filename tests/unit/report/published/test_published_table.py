"""A paper's numbers beside ours: how P, tolerances and numbers that were turned round are printed."""

from __future__ import annotations

from typing import Any

import pytest

from oligoscope.published.comparison import compare_published
from oligoscope.published.paper import Tolerance, read_published
from oligoscope.report.published.published_table import tabulate_published, tolerance_words
from oligoscope.results import analyses
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from unit.stored_results import row

SURVIVAL: dict[str, Any] = {
    "analysis": analyses.SURVIVAL, "population": "progressed:oligoprogression", "outcome": Outcome.PFS,
}  # fmt: skip
PRINTED = "primary vs acquired"  # as the paper has it; ours is the other way round
OURS = "acquired vs primary"


@pytest.fixture
def rows():
    results = Results((
        row(**SURVIVAL, group=OURS, variable="log_rank", statistic=Statistic.P_VALUE, value=1e-9),
        row(**SURVIVAL, group=OURS, statistic=Statistic.HAZARD_RATIO, value=0.15, low=0.1, high=0.23),
    ))  # fmt: skip
    published = read_published("huang2025")
    compared = compare_published(results, published)
    return published, [r for r in compared if r.printed.estimate.group == PRINTED and r.ours is not None]


def test_p_of_a_comparison_turned_round_is_printed_as_any_p_and_leads_to_its_row(rows):
    published, compared = rows
    ratios = [r for r in compared if r.printed.estimate.statistic == Statistic.HAZARD_RATIO]
    p_values = [r for r in compared if r.printed.estimate.statistic == Statistic.P_VALUE]

    (p,) = tabulate_published(p_values, published).rows
    (ratio,) = tabulate_published(ratios, published).rows

    assert p.cells[3].text.en == "<0.001"
    assert p.cells[3].key == ("survival", SURVIVAL["population"], "pfs", OURS, "log_rank", "", "p_value")
    # A ratio turned round is no longer the stored number.
    assert (ratio.cells[3].text.en, ratio.cells[3].key) == ("6.67 (4.35 to 10.00)", None)


def test_every_number_stands_with_its_tolerance(rows):
    published, compared = rows
    table = tabulate_published(compared, published)
    place = next(i for i, h in enumerate(table.columns) if h.text.en == "Tolerance")

    assert {row.cells[place].text.en for row in table.rows} == {"factor 1.1", "same side of 0.05"}
    assert {row.cells[place].text.zh for row in table.rows} == {"倍数 1.1", "同侧 0.05"}
    assert tolerance_words(Tolerance("absolute", 2.0)).en == "absolute 2"
