"""Log-rank against R's `survdiff`: two and more groups, plain and stratified."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from oligoscope.stats.survival.log_rank import log_rank

HERE = Path(__file__).parent
CASES = json.loads((HERE / "log_rank.json").read_text(encoding="utf-8"))["cases"]
DATA = json.loads((HERE / "data.json").read_text(encoding="utf-8"))["cases"]

# Each case: the column of groups, the column of strata.
COLUMNS = {
    "lung_sex": ("sex", None),
    "lung_sex_by_ecog": ("sex", "ph.ecog"),
    "veteran_trt": ("trt", None),
    "veteran_celltype": ("celltype", None),
    "veteran_trt_by_celltype": ("trt", "celltype"),
    "colon_rx": ("rx", None),
    "colon_rx_by_sex": ("rx", "sex"),
    "colon_differ": ("differ", None),
    "colon_nodes_over_4": ("nodes", None),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_the_statistic_and_the_expected_events_are_those_of_r(name, agrees):
    source = name.partition("_")[0]
    group, strata = COLUMNS[name]
    data = {column: np.array(values, dtype=object) for column, values in DATA[source].items()}
    kept = np.array([v is not None for v in data[group]])
    if strata:
        kept &= np.array([v is not None for v in data[strata]])
    if source == "colon":
        kept &= data["etype"] == 2
    if name == "colon_nodes_over_4":
        data["nodes"] = np.array([v is not None and v > 4 for v in data["nodes"]])
    died = data["status"] == (2 if source == "lung" else 1)

    test = log_rank(data["time"][kept], died[kept], data[group][kept], data[strata][kept] if strata else None)

    if name in {
        "veteran_celltype",
        "colon_rx",
        "colon_rx_by_sex",
    }:  # R's order of a factor is not the alphabet's
        _compare_as_sets(test, CASES[name], agrees)
    else:
        agrees(test.observed, CASES[name]["observed"])
        agrees(test.expected, CASES[name]["expected"])
    agrees(test.chi_squared, CASES[name]["chi_squared"])
    agrees(test.p_value, CASES[name]["p_value"])
    assert test.degrees_of_freedom == CASES[name]["degrees_of_freedom"]


def _compare_as_sets(test, expected, agrees):
    pairs = sorted(zip(test.observed, test.expected, strict=True))
    agrees(pairs, sorted(zip(expected["observed"], expected["expected"], strict=True)))
