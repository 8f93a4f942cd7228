"""Levels of an imputed variable, observed and completed."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.questions.imputation.figure import draw_imputed_levels


def test_the_shares_of_a_bar_add_up(compared_results):
    shares = draw_imputed_levels(compared_results, "pd_l1").data
    totals = shares.group_by("imputation", "group").agg(pl.col("percent").sum())["percent"]

    assert totals.to_list() == pytest.approx([100] * len(totals))
