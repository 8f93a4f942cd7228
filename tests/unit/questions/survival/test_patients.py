"""Patients of the survival."""

from __future__ import annotations

from typing import Any

from oligoscope.results.made_from import Reason
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import Comparison, Level
from unit.eight_patients import OLIGO, made_from

OF: dict[str, Any] = {"outcome": Outcome.PPS, "group": OLIGO}


def test_a_survival_rate_names_those_at_risk():
    """Followed for 6 months, 182.625 days; the rate is made from all three."""
    found, names = made_from("survival", **OF, statistic="survival_6_months")

    assert names(found.patients) == "P1 P2 P3"
    assert names(found.at_risk) == "P1 P3"
    assert found.reasons == (Reason.AT_RISK,)


def test_after_matching_n_is_the_fewest_at_risk():
    found, _ = made_from("survival", "matched", **OF, statistic="survival_6_months")

    assert found.reasons == (Reason.FEWEST,)


def test_an_event_is_counted_of_those_with_a_time():
    found, names = made_from("survival", **OF, statistic=Statistic.EVENTS)

    assert names(found.counted) == "P1 P2"
    assert names(found.patients) == "P1 P2 P3"


def test_a_period_has_those_followed_for_longer_than_its_beginning():
    found, names = made_from(
        "survival", **OF, variable="period", level="6-12", statistic=Statistic.HAZARD_RATIO_PERIOD
    )

    assert names(found.at_risk) == "P1 P3"
    assert found.reasons == (Reason.AT_RISK,)


def test_groups_are_of_the_column_that_was_asked_for():
    """Whatever the words of its levels: two analyses of one population and outcome, by pattern and by sex."""
    found, names = made_from("survival", outcome=Outcome.PPS, group="male", by="sex")
    compared = Comparison.of(Level.of("sex", "male", "sex=male"), Level.of("sex", "female", "sex=female"))
    both, _ = made_from(
        "survival", outcome=Outcome.PPS, group=compared, by="sex", statistic=Statistic.HAZARD_RATIO
    )

    assert names(found.patients) == "P1 P3 P4 P6"
    assert names(both.patients) == "P1 P2 P3 P4 P5 P6"
