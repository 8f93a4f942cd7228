"""Patients behind a number: as many as its n, or a named reason, or nobody."""

from __future__ import annotations

from statistics import fmean

import pytest

from oligoscope.report.numbers.behind import Reason
from oligoscope.report.numbers.patients_behind import trace_patients
from oligoscope.results.analyses import BASELINE, IMPUTATION, SURVIVAL, Analysis
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.units import Unit
from oligoscope.study.dictionary.outcomes import Outcome
from unit.report.numbers.numbers_study import COLUMNS, ESTIMATES, MATCHED, OLIGO, files, protocol, results


@pytest.fixture(scope="module")
def traced():
    return trace_patients(protocol(), results(), files())


def behind(traced, **keys):
    place = next(i for i, e in enumerate(ESTIMATES) if all(getattr(e, k) == v for k, v in keys.items()))
    found = traced.behind[place]
    return found, lambda selection: traced.members[selection].ids


def test_every_number_has_its_patients_or_a_reason(traced):
    for estimate, found in zip(ESTIMATES, traced.behind, strict=True):
        if found.patients is None:
            assert found.reasons == (Reason.VISITS,)
        elif estimate.n is not None:
            n = traced.members[found.at_risk or found.patients].counts
            assert round(fmean(n)) == estimate.n


def test_a_count_has_those_counted_and_those_it_is_out_of(traced):
    found, ids = behind(traced, variable="sex", statistic=Statistic.PERCENT)

    assert ids(found.counted) == ("P1", "P3")
    assert ids(found.patients) == ("P1", "P2", "P3")


def test_a_level_is_out_of_those_in_whom_the_variable_is_known(traced):
    found, ids = behind(traced, variable="ecog", level="0")
    missing, _ = behind(traced, variable="ecog", statistic=Statistic.MISSING)

    assert ids(found.patients) == ("P1", "P2")
    assert ids(missing.counted) == ("P3",)


def test_a_comparison_has_the_patients_of_both_groups(traced):
    found, ids = behind(traced, variable="ecog", statistic=Statistic.P_VALUE)

    assert ids(found.patients) == ("P1", "P2", "P4", "P5")


def test_a_survival_rate_names_those_at_risk(traced):
    """n is 2: those followed for 6 months, 182.625 days; the rate is made from all three."""
    found, ids = behind(traced, statistic=at_months(Statistic.SURVIVAL, 6))

    assert ids(found.patients) == ("P1", "P2", "P3")
    assert ids(found.at_risk) == ("P1", "P3")
    assert found.reasons == (Reason.AT_RISK,)


def test_a_rule_excludes_from_those_no_rule_before_excluded(traced):
    found, ids = behind(traced, statistic=Statistic.N_EXCLUDED)

    assert ids(found.counted) == ("P8",)
    assert len(ids(found.patients)) == 8


def test_matched_patients_are_those_of_each_imputation(traced):
    found, ids = behind(traced, population="matched", statistic=Statistic.N)

    assert ids(found.patients) == ("P1", "P2")
    assert traced.members[found.patients].counts == (1, 2)
    assert found.reasons == (Reason.MEAN,)


@pytest.mark.parametrize(
    ("estimate", "reason"),
    [
        (Estimate(**COLUMNS, group=OLIGO, variable="sex", statistic=Statistic.MEAN, n=99), Reason.NOT_EQUAL),
        (
            Estimate(**COLUMNS, group=OLIGO, variable="albumin", statistic=Statistic.MEAN, n=3),
            Reason.NOT_WRITTEN,
        ),
        (
            Estimate(
                analysis=Analysis("unheard_of", "未知", "Unheard of"), statistic=Statistic.N, value=3, n=3
            ),
            Reason.NO_RULE,
        ),
    ],
)
def test_nobody_is_named_without_proof(estimate, reason):
    found = trace_patients(protocol(), results(estimate), files()).behind[-1]

    assert found.patients is None
    assert found.reasons == (reason,)


def test_a_count_that_is_not_borne_out_is_not_claimed():
    wrong = Estimate(
        **COLUMNS,
        group=OLIGO,
        variable="sex",
        level="female",
        statistic=Statistic.N,
        value=2,
        n=3,
        unit=Unit.PATIENTS,
    )

    found = trace_patients(protocol(), results(wrong), files()).behind[-1]

    assert found.patients is not None
    assert found.counted is None
    assert found.reasons == (Reason.NOT_COUNTED,)


def test_sums_of_weights_name_those_whose_weights_they_are():
    """Matched otherwise than one to one, a count is a sum of weights: no number of patients, and never called a defect."""
    weighed = Estimate(
        **MATCHED, variable="sex", level="male", statistic=Statistic.N, value=0.4, n=2, unit=Unit.SUM_OF_WEIGHTS,
        method="weights of the matching",
    )  # fmt: skip

    found = trace_patients(protocol(), results(weighed), files()).behind[-1]

    assert found.patients is not None
    assert found.counted is not None
    assert Reason.MATCHING_WEIGHTS in found.reasons
    assert Reason.NOT_COUNTED not in found.reasons


def test_imputed_values_are_not_guessed():
    """A level of an imputed variable after matching: those of n are known, those counted are not."""
    share = Estimate(analysis=IMPUTATION, population="progressed", variable="ecog", statistic=Statistic.PERCENT_MISSING, value=20, n=5, unit=Unit.PERCENT)  # fmt: skip
    level = Estimate(
        **MATCHED, variable="ecog", level="0", statistic=Statistic.N, value=1.2, n=2, unit=Unit.PATIENTS
    )

    found = trace_patients(protocol(), results(share, level), files()).behind[-1]

    assert found.counted is None
    assert found.reasons == (Reason.MEAN, Reason.IMPUTED)


def test_a_row_of_some_imputations_says_so():
    test = Estimate(**MATCHED, variable="sex", statistic=Statistic.TEST_STATISTIC, value=0.4, n=1)

    found = trace_patients(protocol(), results(test), files()).behind[-1]

    assert found.patients is not None
    assert found.reasons == (Reason.SOME,)


def test_a_part_of_a_population_is_that_of_its_analysis():
    part = Estimate(analysis=BASELINE, population="progressed:male", outcome="pattern", group=OLIGO, statistic=Statistic.N, value=2, n=2, unit=Unit.PATIENTS)  # fmt: skip

    traced = trace_patients(protocol(), results(part), files())

    found = traced.behind[-1]
    assert found.patients is not None
    assert traced.members[found.patients].ids == ("P1", "P3")
    assert found.patients.text() == "population == progressed and sex == male and pattern == oligoprogression"


def test_the_grouping_of_survival_is_the_one_whose_levels_are_named():
    """Two analyses of one population and outcome, by pattern and by sex."""
    men = Estimate(analysis=SURVIVAL, population="progressed", outcome=Outcome.PPS, group="male", statistic=Statistic.N, value=4, n=4, unit=Unit.PATIENTS)  # fmt: skip

    traced = trace_patients(protocol(), results(men), files())

    found = traced.behind[-1]
    assert found.patients is not None
    assert traced.members[found.patients].ids == ("P1", "P3", "P4", "P6")
