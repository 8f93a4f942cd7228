"""The forest of the predictors."""

from __future__ import annotations

import numpy as np
import polars as pl

from oligoscope.questions.predictors.figure import draw_predictors
from oligoscope.results.statistics import Statistic
from unit.stored_results import changed


def test_a_forest_has_a_row_for_every_odds_ratio_of_both_models(compared_results):
    figure = draw_predictors(compared_results)
    ratios = figure.data.filter(pl.col("statistic").str.starts_with("odds_ratio"))
    lines = [line for line in figure.draw("en").axes[0].lines if np.size(line.get_xdata()) == 2]

    assert ratios.height == 18
    assert len(lines) == 18 + 1  # the limits, and the line of no association
    assert "event: systemic progression, reference: oligoprogression" in figure.title.en


def test_a_model_without_an_odds_ratio_has_no_key(compared_results):
    withheld = changed(
        compared_results,
        {"value": None, "low": None, "high": None},
        statistic=Statistic.ODDS_RATIO_MULTIVARIABLE,
    )

    def words(results) -> set[str]:
        return {text.get_text() for text in draw_predictors(results).draw("en").texts}

    assert {"Univariable", "Multivariable"} <= words(compared_results)
    assert "Multivariable" not in words(withheld)
    assert "Univariable" in words(withheld)
