"""Differences before and after matching, drawn with the limit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from oligoscope.bilingual import LANGUAGES
from oligoscope.questions.matching.love_plot import draw_love_plot
from oligoscope.results.analyses import BALANCE
from oligoscope.results.statistics import Statistic, StatisticAt
from unit.stored_results import changed


def test_the_love_plot_has_the_limit_of_the_protocol_and_the_failed_gate(compared_results):
    figure = draw_love_plot(compared_results, 0.1)
    dashed = [
        line for line in figure.draw("en").axes[0].lines if np.array_equal(line.get_xdata(), [0.1, 0.1])
    ]

    assert len(dashed) == 1
    assert "male" in (levels := figure.data["level"].to_list())
    assert "female" not in levels  # of two levels the first
    assert {"<1%", "1-49%", ">=50%"} < set(levels)
    assert "A criterion set beforehand was not met" in figure.caption.en


def test_an_infinite_difference_is_drawn_at_the_edge_and_named(compared_results):
    """All of one group have a level and none of the other, before and after."""
    balance: dict[Statistic | StatisticAt, float] = {
        Statistic.SMD_BEFORE: -math.inf,
        Statistic.SMD_AFTER_ABSOLUTE: math.inf,
        Statistic.SMD_AFTER_MAXIMUM: math.inf,
    }
    endless = changed(
        compared_results,
        lambda e: replace(e, value=balance.get(e.statistic, e.value)) if e.level else e,
        analysis=BALANCE,
        variable="stage",
    )
    figure = draw_love_plot(endless, 0.1)

    for language in LANGUAGES:
        axes = figure.draw(language).axes[0]
        edge = axes.get_xlim()[1]
        assert math.isfinite(edge)
        assert [t.get_text() for t in axes.texts] == ["∞"]
        assert sum(np.asarray(line.get_xdata())[0] == edge for line in axes.lines) == len(balance)
    assert "the difference is infinite" in figure.caption.en
    assert "∞" in figure.alt.en
    assert "infinite" not in draw_love_plot(compared_results, 0.1).caption.en
