"""Events per parameter of one or several models, in words."""

from __future__ import annotations

import pytest

from oligoscope.printing.events_per_variable import events_per_variable
from oligoscope.results.statistics import Statistic
from unit.stored_results import row


@pytest.mark.parametrize(
    ("values", "zh", "en"),
    [
        (
            (31.6,),
            "该多因素模型的每参数事件数为 32。",
            "The multivariable model had 32 events per parameter.",
        ),
        (
            (85.0, None, 61.8),
            "各多因素模型的每参数事件数为 62 至 85。",
            "The multivariable models had 62 to 85 events per parameter.",
        ),
        (
            (9.5, 9.5),
            "各多因素模型的每参数事件数为 9.5。",
            "The multivariable models had 9.5 events per parameter.",
        ),
    ],
)
def test_several_models_have_the_fewest_and_the_most(values, zh, en):
    rows = [None if v is None else row(statistic=Statistic.EVENTS_PER_PARAMETER, value=v) for v in values]

    (said,) = events_per_variable(*rows)

    assert (said.zh, said.en) == (zh, en)


def test_nothing_is_said_where_there_is_no_model():
    assert events_per_variable() == events_per_variable(None) == ()
