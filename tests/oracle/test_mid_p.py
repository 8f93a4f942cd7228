"""The mid-P of 2 x 2 tables against R: every table of eight sets of margins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oligoscope.stats.comparison.level_tests import fisher_exact, fisher_mid_p

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "mid_p.json").read_text(encoding="utf-8"))[
    "cases"
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: "-".join(map(str, c["table"])))
def test_the_mid_p_is_that_of_r(case):
    table = np.array(case["table"], dtype=int).reshape(2, 2)

    assert fisher_mid_p(table).p_value == pytest.approx(case["mid_p"], rel=1e-10)
    assert fisher_exact(table).p_value == pytest.approx(case["fisher"], rel=1e-10)
    assert case["mid_p"] < case["fisher"]
