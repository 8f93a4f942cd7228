"""Which completed data set has the median P."""

from __future__ import annotations

from oligoscope.stats.imputation.pooled_tests import where_median


def test_it_is_the_middle_one_of_an_odd_number():
    assert where_median([0.4, 0.01, 0.2]) == 2
    assert where_median([0.03]) == 0


def test_of_an_even_number_it_is_none_unless_the_two_middle_ones_are_equal():
    assert where_median([0.1, 0.4]) is None
    assert where_median([0.1, 0.4, 0.2, 0.3]) is None
    assert where_median([0.1, 0.2, 0.2, 0.9]) == 1
