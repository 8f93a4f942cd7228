"""Limits and P from the variance between few clusters (centres), beside R's robust variance with t and F."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from oligoscope.errors import NotEnoughData
from oligoscope.stats.survival.clustered_score_test import clustered_score_test
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.few_clusters import cox_of_clusters, score_test_of_clusters

CASES = json.loads(Path(__file__).with_name("few_clusters.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_cox_model_of_few_clusters_has_limits_by_t(case):
    design = np.column_stack([case["male"], case["age"]]).astype(float)
    fit = cox(case["months"], case["died"], design, cluster=case["centre"])

    found = cox_of_clusters(fit, case["k"])

    for name, values in (("low", found.low), ("high", found.high), ("p", found.p_values)):
        assert values == pytest.approx(case[name], rel=1e-8)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_log_rank_test_of_few_clusters_has_p_by_f_in_any_order_of_rows(case):
    rows = np.random.default_rng(1).permutation(len(case["months"]))
    columns = [np.asarray(case[name])[rows] for name in ("months", "died", "male", "centre")]
    months, died, male, centre = columns

    test = clustered_score_test(months, died, male, np.ones(len(rows)), centre)

    assert test.statistic == pytest.approx(case["score"], rel=1e-8)
    assert score_test_of_clusters(test, case["k"]).p_value == pytest.approx(case["score_p"], rel=1e-8)


def test_no_more_clusters_than_columns_are_refused():
    case = CASES["few"]
    fit = cox(case["months"], case["died"], np.asarray(case["male"], float), cluster=case["centre"])

    with pytest.raises(NotEnoughData):
        cox_of_clusters(fit, 1)
