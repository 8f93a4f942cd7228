"""Decimals are declared once, by the statistic, and printed by the tables."""

from __future__ import annotations

import pytest

from oligoscope.printing.cells import decimal
from oligoscope.results.statistics import Statistic, at_months
from unit.stored_results import row


@pytest.mark.parametrize(
    ("statistic", "decimals"),
    [(Statistic.KAPPA, 2), (Statistic.E_VALUE, 2), (Statistic.PERCENT, 1), (Statistic.N, 0), (Statistic.HAZARD_RATIO, 2)],
)  # fmt: skip
def test_a_table_prints_the_decimals_that_the_statistic_declares(statistic, decimals):
    shown = decimal(row(statistic=statistic, value=1.23456)).text.en

    assert len(shown.partition(".")[2]) == decimals


def test_ratios_without_rows_of_their_own_here_declare_theirs():
    assert at_months(Statistic.RESTRICTED_MEAN_RATIO, 12).decimals == 2
    assert Statistic.VARIANCE_RATIO_AFTER.decimals == Statistic.SMD_AFTER.decimals == 3
