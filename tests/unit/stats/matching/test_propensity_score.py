"""Scores, their columns and their support by hand; agreement with R is in tests/oracle."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.matching.propensity_score import common_support, propensity_score
from oligoscope.stats.regression.design_matrix import design_matrix, read_covariates


def test_levels_become_contrasts_with_the_reference():
    columns = {"age": [60, 70, 80], "stage": ["IV", "IIIC", "IV"], "smoker": [True, False, True]}
    design = design_matrix(read_covariates(columns, {"stage": ("IIIC", "IV")}))

    assert design.names == ("age", "stage=IV", "smoker=True")
    assert design.terms == ("age", "stage", "smoker")
    assert design.values.tolist() == [[60, 1, 1], [70, 0, 0], [80, 1, 1]]


def test_without_declared_levels_the_first_by_alphabet_is_the_reference():
    assert design_matrix(read_covariates({"sex": ["male", "female"]})).names == ("sex=male",)


def test_numbers_become_levels_where_levels_are_declared():
    assert design_matrix(read_covariates({"ecog": [0, 1, 1]}, {"ecog": (1, 0)})).names == ("ecog=0",)


def test_columns_that_do_not_vary_are_left_out_by_name():
    columns = {"age": [60, 60], "pd_l1": ["<1%", "1-49%"]}
    design = design_matrix(read_covariates(columns, {"pd_l1": ("<1%", "1-49%", ">=50%")}))

    assert design.names == ("pd_l1=1-49%",)
    assert design.left_out == ("age", "pd_l1=>=50%")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({}, "no covariate"),
        ({"age": [60, 70], "sex": ["m"]}, "2 patients but 1 values of sex"),
        ({"age": [60, float("nan")]}, "1 of 2 values of age: each is missing"),
        ({"sex": ["m", None]}, "1 of 2 values of sex"),
        ({"stage": ["IV", "II"]}, r"stage has \['II'\] besides its levels"),
    ],
)
def test_covariates_that_cannot_be_read_are_refused(columns, message):
    with pytest.raises(DataError, match=message):
        read_covariates(columns, {"stage": ("IIIC", "IV")})


def test_the_score_of_one_factor_is_the_share_of_each_level():
    """3 of 4 in "a", 1 of 4 in "b"."""
    treated = [1, 1, 1, 0, 1, 0, 0, 0]
    found = propensity_score(treated, read_covariates({"x": list("aaaabbbb")}))

    assert found.probability == pytest.approx([0.75] * 4 + [0.25] * 4)
    assert found.logit == pytest.approx([np.log(3)] * 4 + [-np.log(3)] * 4)
    assert (found.method, found.warnings) == ("maximum_likelihood", ())


def test_where_covariates_separate_the_groups_the_score_is_firth_s_and_finite():
    """No patient of level "c" is a control: 2 + 1/2 against 1/2 by Firth, not infinite."""
    treated = [1, 1, 0, 0, 1, 1]
    found = propensity_score(treated, read_covariates({"x": list("aabbcc")}))

    assert found.method == "firth"
    assert found.warnings == (Remark(Doubt.SCORE_SEPARATED),)
    assert found.logit[4] == pytest.approx(np.log(2.5 / 0.5), rel=1e-6)
    assert found.probability[4] == pytest.approx(2.5 / 3, rel=1e-6)


def test_a_column_that_repeats_another_is_named_and_changes_no_score():
    treated, age = [1, 0, 1, 0, 1, 0], [60, 62, 71, 65, 58, 70]
    alone = propensity_score(treated, read_covariates({"age": age}))
    twice = propensity_score(treated, read_covariates({"age": age, "months": [12 * a for a in age]}))

    assert twice.warnings == (Remark(Doubt.SCORE_COLLINEAR),)
    assert twice.logit == pytest.approx(alone.logit)


def test_no_score_without_a_covariate_that_varies():
    with pytest.raises((NotEnoughData, DataError)):
        propensity_score([1, 0], read_covariates({"age": [60, 60]}))


def test_the_common_support_is_where_both_groups_are():
    found = common_support([1, 1, 1, 0, 0, 0], [0, 1, 3, -1, 0.5, 2])

    assert (found.low, found.high) == (0, 2)
    assert found.outside.tolist() == [False, False, True, True, False, False]
    assert (found.n_treated_outside, found.n_controls_outside) == (1, 1)
    assert found.warnings == (Remark.of(Doubt.POOR_OVERLAP, percent="33.3"),)


def test_groups_that_do_not_overlap_are_all_outside():
    found = common_support([1, 1, 0, 0], [2, 3, 0, 1])

    assert found.low > found.high
    assert found.outside.all()
