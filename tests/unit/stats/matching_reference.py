"""Matching written as plainly as possible, in quadratic time; and what must hold in every matching."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.propensity_matching import Matching

# Whom each treated patient has been given so far.
Partners = dict[int, list[int]]


def scale_of(treated: Sequence[bool], logit: Sequence[float], options: MatchingOptions):
    """Place of each patient, to 12 decimals, and the caliper there (infinite for none)."""
    logit = np.round(logit, 12).tolist()
    caliper = math.inf if options.caliper is None else options.caliper
    if options.caliper_scale == "probability":
        return np.round([_probability(x) for x in logit], 12).tolist(), caliper
    if options.caliper_scale == "sd_logit" and options.caliper is not None:
        groups = [[x for x, t in zip(logit, treated, strict=True) if t is side] for side in (True, False)]
        caliper *= math.sqrt(sum(np.var(g, ddof=1) for g in groups) / 2)
    return logit, caliper


def _probability(logit: float) -> float:
    small = float(np.exp(-abs(logit)))
    return 1 / (1 + small) if logit >= 0 else small / (1 + small)


def turn_of(treated: Sequence[bool], place: Sequence[float], options: MatchingOptions) -> list[int]:
    """Who chooses when."""
    seekers = [i for i, t in enumerate(treated) if t]
    if options.order == "random":
        return np.random.default_rng(options.seed).permutation(seekers).tolist()
    if options.order == "given":
        return seekers
    return sorted(seekers, key=lambda i: (-place[i] if options.order == "descending" else place[i], i))


def greedy(
    treated: Sequence[bool], logit: Sequence[float], options: MatchingOptions, exact: Sequence[object]
) -> list[tuple[int, int, float]]:
    """Pairs (treated, control, distance) in the order made: each in turn compares every control."""
    place, caliper = scale_of(treated, logit, options)
    given: Partners = defaultdict(list)
    pairs = []
    for _ in range(options.ratio):
        for seeker in turn_of(treated, place, options):
            taken = given[seeker] if options.replace else [c for own in given.values() for c in own]
            free = [
                control
                for control, t in enumerate(treated)
                if not t
                and control not in taken
                and exact[control] == exact[seeker]
                and abs(place[seeker] - place[control]) <= caliper
            ]
            if free:
                control = nearest_of(free, seeker, place)
                given[seeker].append(control)
                pairs.append((seeker, control, abs(place[seeker] - place[control])))
    return pairs


def nearest_of(free: list[int], seeker: int, place: Sequence[float]) -> int:
    """The neighbour to the left or to the right, whichever is nearer; the left at a tie (to 1e-9)."""
    here = (place[seeker], seeker)
    left = max(((place[c], c) for c in free if (place[c], c) < here), default=None)
    right = min(((place[c], c) for c in free if (place[c], c) > here), default=None)
    if right is None or (left is not None and here[0] - left[0] <= right[0] - here[0] + 1e-9):
        assert left is not None
        return left[1]
    return right[1]


def best_total(
    treated: Sequence[bool], logit: Sequence[float], options: MatchingOptions, exact: Sequence[object]
) -> tuple[int, float]:
    """Most pairs and, with so many, the least total distance, by trying every assignment."""
    place, caliper = scale_of(treated, logit, options)
    slots = [i for i, t in enumerate(treated) if t for _ in range(options.ratio)]
    controls = [i for i, t in enumerate(treated) if not t]
    no_control = [None] * len(slots)
    best = (0, 0.0)
    for given in set(itertools.permutations([*controls, *no_control], len(slots))):
        pairs = [(s, c) for s, c in zip(slots, given, strict=True) if c is not None]
        distances = [abs(place[s] - place[c]) for s, c in pairs]
        if all(d <= caliper for d in distances) and all(exact[s] == exact[c] for s, c in pairs):
            best = max(best, (len(pairs), -math.fsum(distances)))
    return best[0], -best[1]


def assert_matching_holds(
    found: Matching, treated: Sequence[bool], logit: Sequence[float], exact: Sequence[object]
) -> None:
    """What is true of every matching, whatever was asked for."""
    options = found.options
    place, caliper = scale_of(treated, logit, options)
    pairs = list(zip(found.treated.tolist(), found.controls.tolist(), strict=True))

    assert all(treated[t] and not treated[c] for t, c in pairs)
    assert found.distances.tolist() == [abs(place[t] - place[c]) for t, c in pairs]
    assert all(distance <= caliper for distance in found.distances.tolist())
    assert all(exact[t] == exact[c] for t, c in pairs)
    assert len(set(pairs)) == len(pairs), "a control twice for one treated patient"
    assert max(Counter(t for t, _ in pairs).values(), default=0) <= options.ratio
    if not options.replace:
        assert max(Counter(c for _, c in pairs).values(), default=0) <= 1
    assert found.order.tolist() == list(range(1, len(pairs) + 1))
    _assert_all_are_accounted_for(found, treated, pairs)
    if options.method == "nearest":
        _assert_each_step_was_greedy(found, place, caliper, treated, exact)


def _assert_all_are_accounted_for(
    found: Matching, treated: Sequence[bool], pairs: list[tuple[int, int]]
) -> None:
    matched = {t for t, _ in pairs} | {c for _, c in pairs}
    unmatched = found.unmatched_treated.tolist() + found.unmatched_controls.tolist()
    assert sorted([*matched, *unmatched]) == list(range(len(treated)))
    assert all(treated[i] for i in found.unmatched_treated)
    assert not any(treated[i] for i in found.unmatched_controls)
    n_matched_treated = len({t for t, _ in pairs})
    sides = np.asarray(treated, dtype=bool)
    assert np.isclose(found.weights[sides].sum(), n_matched_treated)
    assert np.isclose(found.weights[~sides].sum(), n_matched_treated)
    assert not found.weights[unmatched].any()


def _assert_each_step_was_greedy(
    found: Matching,
    place: Sequence[float],
    caliper: float,
    treated: Sequence[bool],
    exact: Sequence[object],
) -> None:
    """No patient took a farther control while a nearer was free (to a tie), or had none while one was free."""
    free_to_all = {i for i, t in enumerate(treated) if not t}
    own: dict[int, set[int]] = defaultdict(set)

    def nearest(seeker: int) -> float:
        open_to = free_to_all - own[seeker]
        return min(
            (abs(place[seeker] - place[c]) for c in open_to if exact[c] == exact[seeker]), default=math.inf
        )

    for t, c, distance in zip(found.treated, found.controls, found.distances, strict=True):
        assert distance <= nearest(t) + 1e-9
        own[t].add(c)
        if not found.options.replace:
            free_to_all.remove(c)
    for seeker in found.unmatched_treated.tolist():
        assert not nearest(seeker) <= caliper or nearest(seeker) == math.inf
