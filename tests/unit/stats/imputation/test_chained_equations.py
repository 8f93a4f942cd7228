"""Imputation: observed values stay, streams are separate, hard data do not fail, and what is unusual has a warning."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.imputation.chained_equations import impute_by_chained_equations
from oligoscope.stats.imputation.imputation_columns import Column, auxiliary, binary, continuous, factor
from oligoscope.stats.imputation.imputation_diagnostics import Trace, warn
from oligoscope.stats.imputation.imputation_models import (
    UnorderedModel,
    choose_donors,
    independent_columns,
    trouble_of,
)
from oligoscope.stats.regression.multinomial import MultinomialFit

PD_L1 = ("<1%", "1-49%", ">=50%")


def _holes(values: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """The values with some of them None."""
    with_holes = values.astype(object)
    with_holes[rng.random(values.size) < share] = None
    return with_holes


def _table(n: int = 200, *, ordered: bool = False, seed: int = 1, share: float = 0.2) -> list[Column]:
    rng = np.random.default_rng(seed)
    age, male = rng.normal(62, 9, n).round(), rng.random(n) < 0.8
    score = (age - 62) / 9 + male + rng.logistic(size=n)
    level = np.array(PD_L1)[np.digitize(score, [0.2, 1.5])]
    return [
        continuous("age", _holes(age, share, rng)),
        binary("male", _holes(male, share, rng)),
        factor("pd_l1", _holes(level, share, rng), PD_L1, ordered=ordered),
        auxiliary("hazard", rng.exponential(size=n)),
    ]


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("method", ["pmm", "norm"])
def test_observed_values_never_change_and_no_value_is_left_missing(ordered, method):
    columns = _table(ordered=ordered)
    columns[0] = continuous("age", columns[0].values, method)
    done = impute_by_chained_equations(columns, m=3, n_iterations=4)

    for i in range(3):
        version = done.completed_numbers(i)
        for column in columns:
            assert not np.isnan(version[column.name]).any()
            observed = ~column.missing
            assert np.array_equal(version[column.name][observed], column.values[observed])


def test_imputed_levels_are_labels_of_the_factor():
    done = impute_by_chained_equations(_table(), m=1, n_iterations=2)

    assert set(done.completed(0)["pd_l1"]) == set(PD_L1)
    assert set(done.completed(0)["male"]) == {0, 1}


def test_predictive_mean_matching_imputes_observed_values_only():
    columns = _table()
    done = impute_by_chained_equations(columns, m=2, n_iterations=3)

    assert set(done.imputed[0]["age"]) <= set(columns[0].values[~columns[0].missing])


def test_a_version_does_not_depend_on_how_many_are_made():
    few = impute_by_chained_equations(_table(), m=2, seed=7, n_iterations=3)
    more = impute_by_chained_equations(_table(), m=4, seed=7, n_iterations=3)

    for name in ("age", "male", "pd_l1"):
        assert np.array_equal(few.imputed[1][name], more.imputed[1][name])
        assert not np.array_equal(more.imputed[1][name], more.imputed[2][name])


def test_the_streams_are_those_that_the_seed_would_spawn_whatever_it_spawned_before():
    used = np.random.SeedSequence(7)
    used.spawn(3)
    fresh = impute_by_chained_equations(_table(), m=1, seed=7, n_iterations=2)
    again = impute_by_chained_equations(_table(), m=1, seed=used, n_iterations=2)

    assert np.array_equal(fresh.imputed[0]["pd_l1"], again.imputed[0]["pd_l1"])


def test_a_complete_table_is_returned_as_it_is():
    done = impute_by_chained_equations(_table(share=0), m=2)

    assert done.n_incomplete == 0
    assert done.imputed == ({}, {})
    assert done.warnings == ()


def test_one_incomplete_column_needs_one_round_only():
    columns = _table(share=0)[:2] + _table()[2:]

    assert impute_by_chained_equations(columns, m=2).iterations == 1


def test_values_are_imputed_from_the_other_columns():
    """Where the factor follows from the number all but surely, nearly all holes are filled with the truth."""
    rng = np.random.default_rng(3)
    number = rng.normal(size=600)
    level = np.array(PD_L1)[np.digitize(number + rng.normal(0, 0.05, 600), [-0.5, 0.5])]
    for ordered in (False, True):
        with_holes = _holes(level, 0.3, np.random.default_rng(4))
        columns = [continuous("number", number), factor("level", with_holes, PD_L1, ordered=ordered)]
        done = impute_by_chained_equations(columns, m=1)
        assert np.mean(done.completed(0)["level"] == level) > 0.95


@pytest.mark.parametrize("ordered", [False, True])
def test_perfect_prediction_leaves_every_level_possible(ordered):
    """White, Daniel & Royston 2010: without the added rows all holes of a group without events were filled alike."""
    group = np.repeat([0, 1], 60)
    level = np.array(PD_L1)[np.where(group == 0, 0, 1 + np.arange(120) % 2)]
    columns = [
        binary("group", group),
        factor("level", _holes(level, 0.3, np.random.default_rng(1)), PD_L1, ordered=ordered),
    ]
    done = impute_by_chained_equations(columns, m=200)

    first = (group == 0)[columns[1].missing]
    elsewhere = np.mean([np.mean(v["level"][first] != 0) for v in done.imputed])
    assert 0 < elsewhere < 0.1


def test_a_perfectly_predicted_binary_column_is_imputed_finitely():
    group = np.repeat([0, 1], 60)
    columns = [binary("group", group), binary("answer", _holes(group, 0.3, np.random.default_rng(1)))]
    done = impute_by_chained_equations(columns, m=50)

    right = group[columns[1].missing]
    assert 0.9 < np.mean([np.mean(v["answer"] == right) for v in done.imputed]) < 1


def test_predictors_that_repeat_others_or_are_constant_are_left_out_and_named():
    columns = _table()
    twin = auxiliary("twin", 3 * columns[3].values + 1)
    same = auxiliary("same", np.ones(200))
    done = impute_by_chained_equations([*columns, twin, same], m=2, n_iterations=2)

    assert done.left_out["pd_l1"] == ("twin", "same")


def test_a_level_seen_only_where_another_column_is_missing_does_no_harm():
    n = 60
    site = np.array(["A"] * 50 + ["B"] * 10)
    answer = np.where(np.arange(n) < 50, np.arange(n) % 2, np.nan)
    columns = [factor("site", site, ["A", "B"]), binary("answer", answer)]
    done = impute_by_chained_equations(columns, m=5)

    assert done.left_out == {"answer": ("site=B",)}
    assert 0 < np.mean([v["answer"] for v in done.imputed]) < 1


def test_a_single_missing_value_and_very_few_rows_are_imputed():
    columns = [continuous("x", [1.0, 2, 4, None]), factor("f", ["a", "b", "c", "a"], ["a", "b", "c"])]

    assert impute_by_chained_equations(columns, m=3).imputed[0]["x"].shape == (1,)


def test_a_factor_with_one_observed_level_is_imputed_by_it_with_a_warning():
    columns = [continuous("x", np.arange(10.0)), factor("f", ["a"] * 8 + [None] * 2, ["a", "b"])]
    done = impute_by_chained_equations(columns, m=20)

    assert done.warnings == (Remark.of(Doubt.ONE_LEVEL_IMPUTED, variable="f"),)
    assert done.completed(3)["f"].tolist() == ["a"] * 10


def test_a_model_other_than_asked_for_has_a_warning():
    coefficients, levels = np.zeros((2, 2)), np.arange(3)
    found = UnorderedModel(MultinomialFit(coefficients, np.eye(4), converged=True), levels)
    lost = UnorderedModel(MultinomialFit(coefficients, np.eye(4), converged=False), levels)

    assert trouble_of("multinomial", found) is None
    assert trouble_of("proportional_odds", found) == Doubt.ORDERED_AS_UNORDERED
    assert trouble_of("multinomial", lost) == Doubt.IMPUTATION_NOT_CONVERGED


def test_fewer_imputations_than_percent_incomplete_rows_are_warned_of():
    done = impute_by_chained_equations(_table(), m=5, n_iterations=2)
    percent = 100 * done.n_incomplete / 200

    assert Remark.of(Doubt.FEW_IMPUTATIONS, m=5, incomplete_percent=f"{percent:.1f}") in done.warnings


def test_traces_hold_mean_and_sd_of_each_round_and_end_with_the_version_given():
    done = impute_by_chained_equations(_table(), m=3, n_iterations=6)
    trace = done.traces["age"]

    assert trace.means.shape == trace.sds.shape == (3, 6)
    assert trace.means[1, -1] == done.imputed[1]["age"].mean()


def test_chains_that_stay_apart_are_distinguished_from_chains_that_mix():
    rng = np.random.default_rng(1)
    mixed = rng.normal(size=(5, 10))
    apart = mixed + 5 * np.arange(5)[:, None]

    assert Trace(mixed, mixed).r_hat < 1.2 < Trace(apart, apart).r_hat


def test_chains_that_stay_apart_are_warned_of_and_those_that_mix_are_not():
    """Gelman & Rubin, Stat Sci 1992, 7:457: a scale reduction of more than 1.2."""
    rng = np.random.default_rng(1)
    mixed = rng.normal(size=(5, 10))
    apart = mixed + 5 * np.arange(5)[:, None]
    traces = {"age": Trace(mixed, mixed), "ecog": Trace(apart, apart)}

    (warning,) = warn(50, 100, 10, traces, {})

    assert warning == Remark.of(Doubt.CHAINS_NOT_MIXED, variable="ecog", r_hat=f"{traces['ecog'].r_hat:.2f}")


def test_donors_are_the_nearest_fitted_values_each_as_likely():
    """A plain quadratic search finds the same five."""
    rng = np.random.default_rng(5)
    fitted, wanted = rng.normal(size=40), rng.normal(size=8) * 2
    drawn = [set[int]() for _ in wanted]
    for _ in range(300):
        for found, donor in zip(drawn, choose_donors(fitted, wanted, 5, rng).tolist(), strict=True):
            found.add(donor)

    for found, value in zip(drawn, wanted, strict=True):
        assert found == set(np.argsort(np.abs(fitted - value))[:5].tolist())


def test_there_may_be_fewer_donors_than_asked_for():
    donors = choose_donors(np.array([1.0, 2.0]), np.array([0.0, 9.0]), 5, np.random.default_rng(1))

    assert set(donors.tolist()) <= {0, 1}


def test_of_a_design_the_columns_that_add_nothing_are_found():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 50))
    design = np.column_stack([np.ones(50), a, np.full(50, 3.0), a + b, b, rng.normal(size=50)])

    assert independent_columns(design) == [0, 1, 3, 5]
