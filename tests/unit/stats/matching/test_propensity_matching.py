"""Matching: every option against a plain quadratic reference, what is asked of every matching, and edges."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.matching import optimal_matching
from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.propensity_matching import join_labels, match_pairs
from unit.stats.matching_reference import assert_matching_holds, best_total, greedy

# Scores on a coarse grid tie all the time; others hardly ever.
TIED = st.integers(-3, 3).map(lambda step: step / 4)
LOOSE = st.floats(-3, 3, allow_nan=False).map(lambda x: round(x, 6))
CALIPERS = st.sampled_from([None, 0.02, 0.25, 0.5, 1.0])


@st.composite
def cohorts(draw: st.DrawFn, most: int = 24):
    """Groups, scores and a stratum for a handful of patients, with someone in each group."""
    n = draw(st.integers(4, most))
    treated = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    treated[:4] = [True, True, False, False]
    scores = draw(st.lists(draw(st.sampled_from([TIED, LOOSE])), min_size=n, max_size=n))
    labels = draw(st.sampled_from(["a", "ab", "abc"]))
    return treated, scores, draw(st.lists(st.sampled_from(labels), min_size=n, max_size=n))


OPTIONS = st.builds(
    MatchingOptions,
    ratio=st.integers(1, 3),
    replace=st.booleans(),
    order=st.sampled_from(["descending", "ascending", "given", "random"]),
    caliper=CALIPERS,
    caliper_scale=st.sampled_from(["logit", "probability", "sd_logit"]),
    seed=st.integers(0, 99),
)


@settings(max_examples=600, deadline=None)
@given(cohorts(), OPTIONS)
def test_nearest_pairs_are_those_of_the_plain_reference(cohort, options):
    """Pairs, distances and order, for every mix of options, with and without ties."""
    treated, scores, exact = cohort

    found = match_pairs(treated, scores, options, exact)

    expected = greedy(treated, scores, options, exact)
    assert list(zip(found.treated, found.controls, found.distances, strict=True)) == expected
    assert_matching_holds(found, treated, scores, exact)


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("order", ["descending", "ascending", "given", "random"])
@pytest.mark.parametrize("scale", ["logit", "probability", "sd_logit"])
@pytest.mark.parametrize("exact", [False, True])
def test_every_combination_of_options_is_the_plain_reference(replace, order, scale, exact):
    """With calipers from none to narrow and one to three controls, on scores with and without ties."""
    rng = np.random.default_rng(20250408)
    for caliper, ratio, tied in itertools.product([None, 0.5, 0.1, 0.02], [1, 2, 3], [False, True]):
        treated = (rng.random(60) < 0.4).tolist()
        scores = rng.normal(size=60)
        scores = (np.round(scores * 4) / 4 if tied else scores).tolist()
        strata = rng.choice(["IIIC", "IV"], 60).tolist() if exact else [""] * 60
        options = MatchingOptions("nearest", ratio, replace, order, caliper, scale, seed=7)

        found = match_pairs(treated, scores, options, strata if exact else None)

        expected = greedy(treated, scores, options, strata)
        assert list(zip(found.treated, found.controls, found.distances, strict=True)) == expected
        assert_matching_holds(found, treated, scores, strata)


@settings(max_examples=150, deadline=None)
@given(cohorts(most=8), CALIPERS, st.integers(1, 2))
def test_optimal_pairs_are_as_good_as_any_assignment(cohort, caliper, ratio):
    """Most pairs, then least total distance, against every assignment there is."""
    treated, scores, exact = cohort
    options = MatchingOptions("optimal", ratio=ratio if sum(treated) <= 3 else 1, caliper=caliper)

    found = match_pairs(treated, scores, options, exact)

    n_pairs, total = best_total(treated, scores, options, exact)
    assert found.n_pairs == n_pairs
    assert math.fsum(found.distances) == pytest.approx(total, abs=1e-12)
    assert_matching_holds(found, treated, scores, exact)


@settings(max_examples=150, deadline=None)
@given(cohorts(most=60), CALIPERS, st.integers(1, 3))
def test_optimal_pairs_are_as_good_as_a_general_solver_finds(cohort, caliper, ratio):
    treated, scores, exact = cohort
    options = MatchingOptions("optimal", ratio=ratio, caliper=caliper)

    found = match_pairs(treated, scores, options, exact)

    slots = [i for i, t in enumerate(treated) if t for _ in range(ratio)]
    controls = [i for i, t in enumerate(treated) if not t]
    width = math.inf if caliper is None else caliper
    distance = np.array([[abs(scores[t] - scores[c]) for c in controls] for t in slots])
    allowed = (distance <= width) & [[exact[t] == exact[c] for c in controls] for t in slots]
    rows, columns = linear_sum_assignment(np.where(allowed, distance, 1e6))
    kept = allowed[rows, columns]
    assert found.n_pairs == kept.sum()
    assert math.fsum(found.distances) == pytest.approx(distance[rows, columns][kept].sum(), abs=1e-9)
    assert_matching_holds(found, treated, scores, exact)


def test_optimal_with_replacement_gives_everyone_the_nearest():
    treated, scores = [1, 1, 0, 0], [0.0, 0.1, 0.05, 0.5]

    optimal = match_pairs(treated, scores, MatchingOptions("optimal", replace=True, caliper=1))
    nearest = match_pairs(treated, scores, MatchingOptions("nearest", replace=True, caliper=1))

    assert set(zip(optimal.treated, optimal.controls, strict=True)) == {(0, 2), (1, 2)}
    assert set(zip(nearest.treated, nearest.controls, strict=True)) == {(0, 2), (1, 2)}


def test_greedy_and_optimal_differ_where_the_first_takes_the_only_partner_of_the_second():
    """0.30 takes 0.25, the only control within 0.1 of 0.20; optimal leaves it 0.39."""
    treated, scores = [1, 1, 0, 0], [0.30, 0.20, 0.25, 0.39]

    greedy_pairs = match_pairs(treated, scores, MatchingOptions(caliper=0.1))
    optimal_pairs = match_pairs(treated, scores, MatchingOptions("optimal", caliper=0.1))

    assert greedy_pairs.n_pairs == 1
    assert greedy_pairs.unmatched_treated.tolist() == [1]
    assert optimal_pairs.n_pairs == 2


def test_a_pair_at_exactly_the_caliper_is_allowed_and_one_beyond_is_not():
    beyond = 0.25 + 1e-9

    for method in ("nearest", "optimal"):
        options = MatchingOptions(method, caliper=0.25)
        assert match_pairs([1, 0], [0, 0.25], options).n_pairs == 1
        assert match_pairs([1, 0], [0, beyond], options).n_pairs == 0


def test_rounding_does_not_choose_between_equally_distant_controls():
    """0.1 + 0.2 is 0.30000000000000004: the one to the right would be farther, or nearer, by rounding alone."""
    for right in (0.3, 0.1 + 0.2, 0.3 - 1e-15):
        found = match_pairs([0, 0, 1], [right, 0.1, 0.2], MatchingOptions(caliper=1))
        assert found.controls.tolist() == [1]


@pytest.mark.parametrize("replace", [False, True])
def test_of_a_tie_the_one_within_the_caliper_is_taken(replace):
    treated, scores = [False, False, True], [0.5, -0.5 - 5e-10, 0.0]

    found = match_pairs(treated, scores, MatchingOptions(caliper=0.5, replace=replace))

    assert found.controls.tolist() == [0]
    assert_matching_holds(found, treated, scores, [""] * 3)


@pytest.mark.parametrize("method", ["nearest", "optimal"])
def test_without_a_caliper_everyone_pairs_with_a_warning(method):
    found = match_pairs([1, 1, 0, 0, 0], [5, -5, 0, 1, 90], MatchingOptions(method, caliper=None))

    assert found.n_pairs == 2
    assert found.caliper is None
    assert found.warnings == (Remark(Doubt.NO_CALIPER),)


def test_no_pair_is_an_answer_with_a_warning():
    found = match_pairs([1, 0], [5, -5], MatchingOptions())

    assert found.n_pairs == 0
    assert found.warnings == (Remark(Doubt.NO_PAIRS),)
    assert found.unmatched_treated.tolist() == [0]
    assert found.unmatched_controls.tolist() == [1]


def test_a_caliper_in_sds_is_over_the_pooled_sd_before_matching():
    """Variances 0.5 and 2: SD sqrt(1.25)."""
    found = match_pairs([1, 1, 0, 0], [0, 1, 0, 2], MatchingOptions(caliper=0.2, caliper_scale="sd_logit"))

    assert found.caliper == pytest.approx(0.2 * math.sqrt(1.25))


def test_each_pair_counts_once_in_the_weights():
    """Two controls of one treated patient count half each; a control of two patients counts for both."""
    options = MatchingOptions(ratio=2, replace=True, caliper=0.2)
    found = match_pairs([1, 1, 0, 0], [0, 0.3, 0.1, -0.1], options)

    assert found.weights.tolist() == [1, 1, 1.5, 0.5]


def test_random_order_is_the_seed_s():
    rng = np.random.default_rng(1)
    treated, scores = rng.random(200) < 0.5, rng.normal(size=200)

    first, again, other = (
        match_pairs(treated, scores, MatchingOptions(order="random", caliper=0.5, seed=seed))
        for seed in (1, 1, 2)
    )

    assert first.controls.tolist() == again.controls.tolist()
    assert first.treated.tolist() != other.treated.tolist()


def test_results_cannot_be_written_to():
    found = match_pairs([1, 0], [0, 0], MatchingOptions())

    with pytest.raises(ValueError, match="read-only"):
        found.treated[0] = 1


def test_several_exact_variables_become_one_label():
    labels = join_labels(["m", "m", "f", "f"], [1, 2, 1, 2], [0, 0, 0, 0])

    assert len(set(labels.tolist())) == 4
    assert join_labels(["m", "f", "m"]).tolist() == [1, 0, 1]


def test_the_stratum_of_each_pair_is_given():
    found = match_pairs([1, 1, 0, 0], [0, 0, 0, 0], MatchingOptions(), ["IV", "IIIC", "IIIC", "IV"])

    assert found.controls.tolist() == [3, 2]
    assert found.strata == ("IV", "IIIC")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ratio": 0}, "ratio is 0"),
        ({"caliper": 0.0}, "caliper is 0"),
        ({"caliper": math.nan}, "caliper is nan"),
        ({"order": "random"}, "needs a seed"),
        ({"ratio": 0, "caliper": -1.0}, "ratio is 0.* caliper is -1"),
    ],
)
def test_options_that_mean_nothing_are_refused_all_at_once(options, message):
    with pytest.raises(UsageError, match=message):
        MatchingOptions(**options)


@pytest.mark.parametrize(
    ("treated", "scores", "error", "message"),
    [
        ([1, 1], [0, 0], NotEnoughData, "one group"),
        ([1, 2], [0, 0], DataError, "1 of 2 values of group.* position 2"),
        ([1, 0], [0, math.nan], DataError, "missing or infinite"),
        ([1, 0, 1], [0, 0], DataError, "2 patients but 3"),
    ],
)
def test_data_that_cannot_be_matched_are_refused(treated, scores, error, message):
    with pytest.raises(error, match=message):
        match_pairs(treated, scores, MatchingOptions())


def test_optimal_matching_too_large_is_refused_with_advice(monkeypatch):
    monkeypatch.setattr(optimal_matching, "MOST_CANDIDATES", 3)

    with pytest.raises(UsageError, match=r"4 pairs.*method: nearest"):
        match_pairs([1, 1, 0, 0], [0, 0, 0, 0], MatchingOptions("optimal"))
