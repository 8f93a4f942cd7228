"""The trend of a share over ordered classes against R's `prop.trend.test`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oligoscope.stats.comparison.level_tests import cochran_armitage

CASES = json.loads((Path(__file__).parent / "trend.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_trend_is_that_of_r(case, agrees):
    found = cochran_armitage(case["events"], case["totals"], case["scores"])

    assert found.name == "Cochran-Armitage trend"
    assert found.degrees_of_freedom == 1
    agrees(found.statistic, case["statistic"])
    agrees(found.p_value, case["p_value"])
