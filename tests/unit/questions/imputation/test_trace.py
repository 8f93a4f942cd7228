"""Traces of the chains of the imputation."""

from __future__ import annotations

import polars as pl

from oligoscope.questions.imputation.trace import has_trace


def test_one_iteration_is_no_trace(compared_results):
    one = compared_results.series["imputation/trace"].filter(pl.col("iteration") == 1)

    assert has_trace(compared_results)
    assert not has_trace(compared_results.plus(series={"imputation/trace": one}))
