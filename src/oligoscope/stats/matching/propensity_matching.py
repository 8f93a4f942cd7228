"""Matching on the propensity score: the settings, and the pairs that result."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Bools, Floats, Ints, check_groups, check_labels, check_numbers, frozen
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.nearest_matching import (
    Line,
    Pairs,
    nearest_pairs,
    nearest_pairs_with_replacement,
)
from oligoscope.stats.matching.optimal_matching import optimal_pairs

DECIMALS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Pairs, as positions in the input; arrays are read-only.

    Attributes:
        treated: The treated patient of each pair, shape (pairs,).
        controls: The control of each pair.
        distances: On the scale of the caliper (on the logit for "sd_logit").
        order: 1, 2, …: when a pair was made; an optimal matching is made at once and numbered along the score.
        unmatched_treated: Treated patients without a control.
        unmatched_controls: Controls in no pair.
        strata: The label of each pair's stratum; empty where matching was not exact on anything.
        weights: Of all n patients: 1 for a matched treated patient; for a control the sum, over its
            treated patients, of 1 / their number of controls; 0 for the unmatched.
        caliper: The largest distance allowed, in the units of `distances`; None for none.
        options: The settings.
        warnings: That there was no caliper, that there are no pairs.
    """

    treated: Ints
    controls: Ints
    distances: Floats
    order: Ints
    unmatched_treated: Ints
    unmatched_controls: Ints
    strata: tuple[object, ...]
    weights: Floats
    caliper: float | None
    options: MatchingOptions
    warnings: tuple[Remark, ...]

    @property
    def n_pairs(self) -> int:
        """How many pairs (with k controls to a treated patient, up to k for each)."""
        return self.treated.size


def match_pairs(
    treated: ArrayLike, logit: ArrayLike, options: MatchingOptions, exact: ArrayLike | None = None
) -> Matching:
    """Match treated patients with controls on the propensity score.

    A pair at exactly the caliper is allowed. Ties are decided as `nearest_pairs` says, never at random; scores
    are rounded to 12 decimals, so that patients who are alike in everything have the same score on any machine.

    Args:
        treated: True for the treated patients, shape (n,).
        logit: Their scores on the logit scale, shape (n,), finite.
        options: How.
        exact: A label a patient, shape (n,): pairs share it (join several variables beforehand with `join_labels`).

    Raises:
        NotEnoughData: A group is empty, or has one patient where an SD is needed.
        DataError: Lengths differ; a value is missing or infinite.
        UsageError: The matching is too large for its method.

    References:
        Rosenbaum & Rubin 1983; caliper in SDs by Austin 2011.
    """
    scores = np.round(check_numbers(logit, "propensity score"), DECIMALS)
    groups = check_groups(treated, scores.size)
    labels = None if exact is None else check_labels(exact, scores.size, "the exact variables")
    width = caliper_width(groups, scores, options)
    line = Line(
        place=np.round(_probability(scores), DECIMALS) if options.caliper_scale == "probability" else scores,
        treated=groups,
        strata=np.zeros(scores.size, dtype=np.int64) if labels is None else labels.codes,
        caliper=math.inf if width is None else width,
    )
    pairs = _make_pairs(line, options)
    found = () if labels is None else tuple(labels.levels[code] for code in line.strata[pairs[0]])
    return _describe(line, pairs, found, width, options)


def caliper_width(treated: Bools, logit: Floats, options: MatchingOptions) -> float | None:
    """The caliper in the units of the distance; None for none.

    Raises:
        NotEnoughData: An SD is needed, and a group has one patient.
    """
    if options.caliper is None or options.caliper_scale != "sd_logit":
        return options.caliper
    groups = (logit[treated], logit[~treated])
    if min(group.size for group in groups) < 2:
        raise NotEnoughData(Doubt.CALIPER_NEEDS_TWO, Doubt.CALIPER_NEEDS_TWO)
    return options.caliper * math.sqrt(sum(float(group.var(ddof=1)) for group in groups) / 2)


def join_labels(*columns: ArrayLike) -> Ints:
    """One label for every mix of values of several columns, shape (n,); for matching exactly on them.

    Raises:
        DataError: Lengths differ, or a value is missing.
    """
    joined = np.zeros(np.asarray(columns[0]).size, dtype=np.int64)
    for column in columns:
        found = check_labels(column, joined.size, "an exact variable")
        joined = joined * len(found.levels) + found.codes
        joined = np.unique(joined, return_inverse=True)[1].astype(np.int64)
    return joined


def _make_pairs(line: Line, options: MatchingOptions) -> Pairs:
    # With replacement patients do not compete for controls: the nearest of each is the optimal matching.
    if options.replace:
        return nearest_pairs_with_replacement(line, _turn(line, options), options.ratio)
    if options.method == "optimal":
        return optimal_pairs(line, options.ratio)
    return nearest_pairs(line, _turn(line, options), options.ratio)


def _turn(line: Line, options: MatchingOptions) -> Ints:
    """Treated patients in the order in which they choose; ties as given, in either direction."""
    treated = np.flatnonzero(line.treated)
    place = line.place[treated]
    if options.order == "random":
        return np.random.default_rng(options.seed).permutation(treated)
    if options.order == "given":
        return treated
    return treated[np.argsort(-place if options.order == "descending" else place, kind="stable")]


def _probability(logit: Floats) -> Floats:
    # Either branch keeps exp() below 1.
    small = np.exp(-np.abs(logit))
    return np.where(logit >= 0, 1 / (1 + small), small / (1 + small))


def _describe(
    line: Line, pairs: Pairs, strata: tuple[object, ...], width: float | None, options: MatchingOptions
) -> Matching:
    treated, controls = pairs
    weights = pair_weights(treated, controls, line.place.size)
    unmatched = weights == 0
    warnings = ((Doubt.NO_CALIPER, width is None), (Doubt.NO_PAIRS, treated.size == 0))
    return Matching(
        treated=frozen(treated, np.int64),
        controls=frozen(controls, np.int64),
        distances=frozen(np.abs(line.place[treated] - line.place[controls])),
        order=frozen(np.arange(1, treated.size + 1), np.int64),
        unmatched_treated=frozen(np.flatnonzero(line.treated & unmatched), np.int64),
        unmatched_controls=frozen(np.flatnonzero(~line.treated & unmatched), np.int64),
        strata=strata,
        weights=frozen(weights),
        caliper=width,
        options=options,
        warnings=tuple(Remark.of(doubt) for doubt, holds in warnings if holds),
    )


def pair_weights(treated: Ints, controls: Ints, n: int) -> Floats:
    """Weights with which each matched treated patient, and their controls together, count once, shape (n,)."""
    partners = np.bincount(treated, minlength=n)
    shares = 1 / partners[treated] if treated.size else np.empty(0)
    return (partners > 0) + np.bincount(controls, weights=shares, minlength=n).astype(np.float64)
