"""Kappa against a worked example of the literature and against its own definition."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.comparison.agreement import cohen_kappa
from oligoscope.stats.doubts import Doubt, Remark


def test_the_worked_example_of_fleiss_cohen_and_everitt():
    """Fleiss, Cohen & Everitt 1969 (and Fleiss 1981, 13.1): 100 subjects, kappa 0.676, standard error 0.088 (rounded there)."""
    found = cohen_kappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]])

    assert found.agreement == pytest.approx(0.89)
    assert found.kappa == pytest.approx(0.676, abs=5e-4)
    assert found.standard_error == pytest.approx(0.088, abs=5e-4)


def test_complete_agreement_is_1_and_independence_is_0():
    assert cohen_kappa([[10, 0], [0, 20]]).kappa == 1
    assert cohen_kappa(np.outer([10, 20], [5, 10])).kappa == pytest.approx(0, abs=1e-12)


def test_a_limit_beyond_1_is_cut_there():
    """99 of 100 alike: kappa 0.980, standard error 0.020, so that the Wald limit would be 1.019."""
    found = cohen_kappa([[49, 1], [0, 50]])

    assert found.kappa == pytest.approx(0.98)
    assert found.high == 1
    assert found.low == pytest.approx(0.98 - 1.96 * (found.standard_error or 0), abs=1e-4)


@pytest.mark.parametrize("table", [[[10, 0], [0, 20]], [[3, 0, 0], [0, 7, 0], [0, 0, 11]]])
def test_complete_agreement_has_no_limits(table):
    """The standard error is 0 by construction, for 3 patients as for 3000."""
    found = cohen_kappa(table)

    assert (found.kappa, found.standard_error, found.low, found.high) == (1, None, None, None)


@pytest.mark.parametrize(
    "table", [[[7, 0], [12, 0]], [[7, 12], [0, 0]], [[1, 0, 0], [3, 0, 0], [5, 0, 0]], [[300, 0], [700, 0]]]
)
def test_one_label_for_all_patients_is_a_kappa_of_0_without_limits(table):
    """Kappa is 0 whatever the other classification says, and its standard error 0 whatever the number classified."""
    found = cohen_kappa(table)

    assert (found.kappa, found.standard_error, found.low, found.high) == (0, None, None, None)
    assert found.warning == Remark(Doubt.ONE_LABEL_FOR_ALL)


def test_a_kappa_with_limits_needs_no_reason():
    assert not cohen_kappa([[49, 1], [0, 50]]).warning
    assert not cohen_kappa([[10, 0], [0, 20]]).warning  # complete agreement: docs/methods.md


def test_one_label_only_has_no_kappa():
    found = cohen_kappa([[12, 0], [0, 0]])
    assert (found.agreement, found.kappa) == (1, None)


def test_what_is_no_table_is_refused():
    with pytest.raises(DataError):
        cohen_kappa([[1, 2, 3], [4, 5, 6]])
    with pytest.raises(NotEnoughData):
        cohen_kappa([[0, 0], [0, 0]])
