"""E-values of the published examples; the conversions against R are in tests/oracle."""

from __future__ import annotations

import pytest

from oligoscope.errors import DataError
from oligoscope.stats.comparison.e_value import e_value


@pytest.mark.parametrize(
    ("ratio", "printed", "limit"),
    [((3.9, 1.8, 8.7), 7.26, 3.0), ((0.80, 0.71, 0.91), 1.81, 1.43)],
    ids=["breast-feeding and respiratory death", "breast-feeding and leukaemia"],
)
def test_e_values_are_those_printed(ratio, printed, limit):
    """VanderWeele & Ding 2017, examples."""
    found = e_value(*ratio)

    assert round(found.estimate, 2) == printed
    assert found.limit is not None
    assert round(found.limit, 2) == limit


def test_a_ratio_and_its_inverse_have_one_e_value():
    for measure in ("risk_ratio", "odds_ratio", "hazard_ratio"):
        up, down = e_value(2.5, 1.6, 4.0, measure=measure), e_value(0.4, 0.25, 0.625, measure=measure)

        assert up.estimate == pytest.approx(down.estimate)
        assert up.limit == pytest.approx(down.limit)


def test_limits_that_include_1_need_no_confounder():
    assert e_value(0.68, 0.46, 1.01).limit == 1
    assert e_value(1.4, 0.9, 2.0).limit == 1
    assert e_value(1.0, 1.0, 2.0).estimate == 1


def test_the_root_of_an_odds_ratio_only_where_the_outcome_is_common():
    assert e_value(4, measure="odds_ratio").risk_ratio == 2
    assert e_value(4, measure="odds_ratio", common_outcome=False).risk_ratio == 4


def test_without_limits_there_is_no_e_value_of_one():
    assert e_value(2.0).limit is None


@pytest.mark.parametrize(
    "ratio",
    [(0, None, None), (-1, None, None), (float("nan"), None, None), (2, 2.5, 3), (2, 1, 1.5), (2, 0, 3)],
)
def test_impossible_ratios_are_refused(ratio):
    with pytest.raises(DataError):
        e_value(*ratio)
