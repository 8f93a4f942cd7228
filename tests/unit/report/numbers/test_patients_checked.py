"""The patients of a number as the files bear them out: as many as its n, or a named reason, or nobody."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean
from typing import Any

import pytest

from oligoscope.report.numbers.numbers_page import trace_patients
from oligoscope.results.analyses import BASELINE, SUBGROUPS
from oligoscope.results.made_from import Reason
from oligoscope.results.methods import read_method
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from unit.eight_patients import ESTIMATES, files, results

MALE = next(e for e in ESTIMATES if e.level == "male")


@pytest.fixture(scope="module")
def traced():
    return trace_patients(results(), files())


def last(*others):
    """What was found of the last of these numbers."""
    return trace_patients(results(*others), files()).made_from[-1]


def test_every_number_has_its_patients_or_a_reason(traced):
    for estimate, found in zip(ESTIMATES, traced.made_from, strict=True):
        if found.patients is None:
            assert found.reasons == (Reason.VISITS,)
        elif estimate.n is not None:
            n = traced.members[found.at_risk or found.patients].counts
            assert round(fmean(n)) == estimate.n


def test_matched_patients_are_those_of_each_imputation(traced):
    place = next(i for i, e in enumerate(ESTIMATES) if (e.analysis, e.population) == (BASELINE, "matched"))
    found = traced.made_from[place]

    assert traced.members[found.patients].ids == ("P1", "P2")
    assert traced.members[found.patients].counts == (1, 2)
    assert found.reasons == (Reason.MEAN,)


@pytest.mark.parametrize(
    ("estimate", "reason"),
    [
        (replace(MALE, statistic=Statistic.MEAN, level="", n=99), Reason.NOT_EQUAL),
        (replace(MALE, statistic=Statistic.MEAN, level="", variable="albumin"), Reason.NOT_WRITTEN),
        (
            replace(
                MALE,
                analysis=SUBGROUPS,
                statistic=Statistic.HAZARD_RATIO,
                outcome="",
                group="",
                variable="",
                level="",
            ),
            Reason.NO_RULE,
        ),
    ],
)
def test_nobody_is_named_without_proof(estimate, reason):
    found = last(estimate)

    assert found.patients is None
    assert found.reasons == (reason,)


def test_a_number_without_a_saved_selection_says_so():
    """As of a run that was written before selections were saved."""
    found = trace_patients(Results(ESTIMATES), files())

    assert {m.patients for m in found.made_from} == {None}
    assert {m.reasons for m in found.made_from} == {(Reason.NOT_SAVED,)}


def test_a_count_that_is_not_borne_out_is_not_claimed():
    found = last(replace(MALE, level="female"))  # of the three one

    assert found.patients is not None
    assert found.counted is None
    assert found.reasons == (Reason.NOT_COUNTED,)


def test_sums_of_weights_are_never_called_a_defect():
    """Matched otherwise than one to one, a count is a sum of weights: no number of patients."""
    weights: dict[str, Any] = {"unit": Unit.SUM_OF_WEIGHTS, "method": read_method("weights of the matching")}
    found = last(replace(MALE, population="matched", value=0.4, n=2, **weights))

    assert found.counted is not None
    assert Reason.MATCHING_WEIGHTS in found.reasons
    assert Reason.NOT_COUNTED not in found.reasons


def test_a_row_of_some_imputations_says_so():
    found = last(
        replace(MALE, population="matched", level="", statistic=Statistic.TEST_STATISTIC, value=0.4, n=1)
    )

    assert found.patients is not None
    assert found.reasons == (Reason.SOME,)
