"""Histograms of the propensity scores."""

from __future__ import annotations

import polars as pl

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
