"""Patients of the flow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from oligoscope.bilingual import Text
from oligoscope.cohort.select import FlowStep
from oligoscope.questions.flow.patients import made_from as rule
from oligoscope.results.analyses import FLOW
from oligoscope.results.made_from import Reason
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from unit.eight_patients import CHOSEN, OLIGO, made_from
from unit.stored_results import row


def step(rule: str, after: str = "screened") -> FlowStep:
    return FlowStep(rule, Text(rule, rule), after, 8, 1, 0)


def test_a_rule_excludes_from_those_no_rule_before_excluded():
    found, names = made_from("flow", "screened", variable="age", statistic=Statistic.N_EXCLUDED)

    assert names(found.counted) == "P8"
    assert names(found.patients) == "P1 P2 P3 P4 P5 P6 P7 P8"


def test_those_a_rule_excluded_are_not_judged_by_the_next():
    flow = replace(
        CHOSEN.flow, every_step=(step("quarantined"), step("age"), step("stage"), step("late", "treated"))
    )
    second = row(analysis=FLOW, variable="stage", statistic=Statistic.N_EXCLUDED)

    found = rule(second, replace(CHOSEN, flow=flow))

    assert found.patients is not None
    assert found.patients.text() == "excluded_because != age"
    assert found.patients.words().en == "Not excluded because of: age"


def test_patients_set_aside_are_counted_and_not_in_the_file():
    flow = replace(CHOSEN.flow, every_step=(step("quarantined"),))
    screened = row(analysis=FLOW, statistic=Statistic.N)

    assert rule(screened, replace(CHOSEN, flow=flow)).reasons == (Reason.QUARANTINED,)
    assert rule(screened, CHOSEN).reasons == ()


@pytest.mark.parametrize(("value", "reasons"), [(0, ()), (2, (Reason.NOT_JUDGED,))])
def test_those_a_rule_could_not_judge_have_no_mark(value, reasons):
    found, _ = made_from(
        "flow", "screened", variable="age", statistic=Statistic.N_NOT_ASSESSABLE, value=value
    )

    assert found.reasons == reasons


def test_a_pattern_is_counted_among_the_progressed():
    found, names = made_from("flow", outcome="pattern", group=OLIGO)

    assert names(found.counted) == "P1 P2 P3"
    assert names(found.patients) == "P1 P2 P3 P4 P5 P6"


def test_deaths_are_of_those_who_left_at_the_rule():
    flow = replace(CHOSEN.flow, every_step=(step("age"), step("progressed", "treated")))
    here: dict[str, Any] = {"analysis": FLOW, "population": "treated", "variable": "progressed"}
    deaths = row(
        **here, statistic=Statistic.N_EXCLUDED, other={"outcome": Outcome.OS, "statistic": Statistic.EVENTS}
    )

    found = rule(deaths, replace(CHOSEN, flow=flow))

    assert found.counted is not None
    assert "excluded_because == progressed" in found.counted.text()
    assert "os_event == 1" in found.counted.text()
