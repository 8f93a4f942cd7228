"""Histograms of the propensity scores."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.questions.matching.score_overlap import draw_score_overlap
from oligoscope.results.results import Results


def test_the_histograms_count_weights_where_there_are_any(compared_results):
    after = compared_results.series["propensity/after"]
    weighted = Results(
        compared_results.estimates,
        {**compared_results.series, "propensity/after": after.with_columns(weight=pl.lit(0.5))},
    )

    counts = dict(draw_score_overlap(weighted).data.group_by("time").agg(pl.col("n").sum()).iter_rows())

    assert counts["after"] == after.height / 2
    assert "counted by the weights" in draw_score_overlap(weighted).caption.en


def test_the_histograms_count_every_patient(compared_results):
    counts = draw_score_overlap(compared_results).data.group_by("time").agg(pl.col("n").sum())

    assert dict(counts.iter_rows()) == {"before": 64, "after": 62}


def of_scores(scores: list[float]) -> Results:
    """Two groups with these scores, before matching."""
    frame = pl.DataFrame(
        {"group": ["a", "b"] * len(scores), "probability": [s for s in scores for _ in "ab"]}
    )
    return Results((), {"propensity/before": frame})


@pytest.mark.parametrize("n", [1, 2, 3, 7, 10, 40, 900])
@pytest.mark.parametrize("width", [0.004, 0.06, 0.3, 0.9])
def test_every_tick_is_printed_as_what_it_is(n, width):
    scores = [0.05] * n + [0.05 + width]
    axes = draw_score_overlap(of_scores(scores)).draw("en").axes[0]

    for axis, size in ((axes.xaxis, float), (axes.yaxis, abs)):
        ticks = axis.get_majorticklocs().tolist()
        words = axis.get_major_formatter().format_ticks(ticks)
        assert [float(word.replace("−", "-")) for word in words] == pytest.approx([size(t) for t in ticks])
