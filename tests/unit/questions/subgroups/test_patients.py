"""Patients of the subgroups."""

from __future__ import annotations

from typing import Any

from oligoscope.results.made_from import Reason
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from unit.eight_patients import BOTH, made_from

OF: dict[str, Any] = {"outcome": Outcome.PPS, "statistic": Statistic.HAZARD_RATIO}


def test_a_subgroup_has_both_groups_of_its_level_and_the_interaction_all_levels():
    level, names = made_from("subgroups", **OF, group=BOTH, variable="ecog", level="1")
    interaction, _ = made_from("subgroups", **OF, group=BOTH, variable="ecog")

    assert names(level.patients) == "P2 P4 P5"
    assert names(interaction.patients) == "P1 P2 P4 P5"


def test_a_row_that_names_no_variable_names_no_patient():
    found, _ = made_from("subgroups", **OF)

    assert found.reasons == (Reason.NO_RULE,)
