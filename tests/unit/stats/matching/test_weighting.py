"""Weights and effective sizes by hand; agreement with R is in tests/oracle."""

from __future__ import annotations

import pytest

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.matching.weighting import effective_size, weigh

TREATED, SCORES = [1, 1, 0, 0], [0.8, 0.5, 0.5, 0.2]


@pytest.mark.parametrize(
    ("asked", "weights"),
    [
        ({"target": "ate", "stabilised": False}, [1.25, 2, 2, 1.25]),
        ({"target": "ate"}, [0.625, 1, 1, 0.625]),
        ({"target": "att"}, [1, 1, 1, 0.25]),
        ({"target": "overlap"}, [0.2, 0.5, 0.5, 0.2]),
    ],
)
def test_weights_by_hand(asked, weights):
    found = weigh(TREATED, SCORES, **asked)

    assert found.weights == pytest.approx(weights)
    assert found.n_truncated == 0


def test_the_effective_size_is_kish_s():
    """(1 + 0.25)^2 / (1 + 0.0625)."""
    found = weigh(TREATED, SCORES, "att")

    assert found.effective_n_treated == pytest.approx(2)
    assert found.effective_n_controls == pytest.approx(1.25**2 / 1.0625)
    assert effective_size([0, 0]) == 0


def test_weights_are_cut_at_quantiles_and_counted():
    found = weigh([1, 1, 1, 0, 0, 0], [0.01, 0.5, 0.5, 0.5, 0.5, 0.5], stabilised=False, truncate=(0.0, 0.8))

    assert found.limits == pytest.approx((2, 2))
    assert found.weights.max() == pytest.approx(2)
    assert found.n_truncated == 1


def test_only_the_average_of_all_has_stabilised_weights():
    assert weigh(TREATED, SCORES).stabilised
    assert not weigh(TREATED, SCORES, "att").stabilised


def test_a_score_that_is_sure_has_no_inverse_but_an_overlap_weight():
    with pytest.raises(DataError, match=r"1 of 4 values of propensity score.*infinite weight"):
        weigh(TREATED, [0.0, 0.5, 0.5, 0.5])
    with pytest.raises(DataError, match="infinite weight"):
        weigh(TREATED, [0.5, 0.5, 0.5, 1.0], "att")
    assert weigh(TREATED, [1.0, 0.5, 0.5, 0.0], "overlap").weights.tolist() == [0, 0.5, 0.5, 0]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"probability": [1.2, 0.5, 0.5, 0.5]}, DataError, "not 0 to 1"),
        ({"treated": [1, 1, 1, 1]}, NotEnoughData, "one group"),
        ({"truncate": (0.99, 0.01)}, UsageError, "quantiles"),
        ({"truncate": (1, 99)}, UsageError, "quantiles"),
    ],
)
def test_what_cannot_be_weighed_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        weigh(**{"treated": TREATED, "probability": SCORES, **arguments})
