"""What Methods say is given beside hazard ratios that change with time."""

from __future__ import annotations

import pytest

from oligoscope.printing.changing_methods import beside_changing_ratios
from oligoscope.results.analyses import SURVIVAL, TIME_DEPENDENT
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from unit.stored_results import bare_ratio

MEANS = bare_ratio(analysis=SURVIVAL, statistic=Statistic.RESTRICTED_MEAN_DIFFERENCE, value=2.0)
OF_STATES = bare_ratio(analysis=TIME_DEPENDENT, statistic=Statistic.HAZARD_RATIO_PERIOD, value=0.6)
ALONE = "; for the time-dependent Cox model hazard ratios of periods alone are given."


@pytest.mark.parametrize(
    ("rows", "says"), [((MEANS, OF_STATES), True), ((MEANS,), False), ((OF_STATES,), False)]
)
def test_of_states_that_change_periods_alone_are_given(made_protocol, rows, says):
    (said,) = beside_changing_ratios(made_protocol, Results(rows))

    assert said.en.endswith(ALONE) == says
    assert said.zh.endswith("；时依 Cox 模型只给出各时段风险比。") == says
    assert ("restricted mean survival time" in said.en) == (MEANS in rows)


def test_nothing_is_said_where_no_ratio_changes(made_protocol):
    assert list(beside_changing_ratios(made_protocol, Results(()))) == []
