"""Random numbers of the synthetic cohort: one stream a stage, and draws that meet printed counts."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Words = NDArray[np.str_]


def stream(seed: int, stage: str) -> np.random.Generator:
    """The stage's own random numbers: a new stage, or a longer one, moves no other's."""
    return np.random.default_rng(np.random.SeedSequence([seed, zlib.crc32(stage.encode())]))


def scaled_counts(counts: Sequence[float], total: int) -> list[int]:
    """Counts in the same proportions that add up to `total`, by largest remainder (first of equals)."""
    whole = float(sum(counts))
    exact = [count * total / whole for count in counts]
    floors = [int(x) for x in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: floors[i] - exact[i])
    for i in by_remainder[: total - sum(floors)]:
        floors[i] += 1
    return floors


def assign_levels(rng: np.random.Generator, counts: Mapping[str, int], score: Floats) -> Words:
    """Give each patient a level so that every level has its count exactly.

    Args:
        counts: Level to number of patients, lowest first; adds up to the number of patients.
        score: Patients with a higher score tend to later levels (standard normal noise is added).
    """
    levels = np.repeat(np.array(list(counts), dtype=np.str_), list(counts.values()))
    assigned = np.empty_like(levels)
    assigned[np.argsort(score + rng.standard_normal(len(score)), kind="stable")] = levels
    return assigned


def choose_exactly(rng: np.random.Generator, n: int, score: Floats) -> Bools:
    """True for exactly `n` patients, rather those with a higher score; never for a score of -inf."""
    possible = int(np.isfinite(score).sum())
    chosen = np.zeros(len(score), dtype=bool)
    order = np.argsort(-(score + rng.standard_normal(len(score))), kind="stable")
    chosen[order[: min(n, possible)]] = True
    return chosen


def spread_quantiles(
    rng: np.random.Generator, score: Floats, within: float = 0.5, *, stratified: bool = True
) -> Floats:
    """One number in the middle of each of n equal slices of (0, 1), rather a high one for a high score.

    Times drawn through them have the median of their distribution nearly exactly, at every seed.

    Args:
        score: One a patient.
        within: The part of each slice that the number may lie in; the middle half by default.
        stratified: Else the numbers are independent, and only their order follows the score.
    """
    n = len(score)
    ranks = np.empty(n, dtype=np.int64)
    ranks[np.argsort(score + rng.standard_normal(n), kind="stable")] = np.arange(n)
    if not stratified:
        return np.sort(rng.uniform(0, 1, n))[ranks]
    return (ranks + 0.5 + within * rng.uniform(-0.5, 0.5, n)) / max(n, 1)


def rank_within(group: Ints) -> Ints:
    """0, 1, 2, … within each run of equal, sorted `group` numbers."""
    rows = np.arange(len(group))
    first = np.r_[True, group[1:] != group[:-1]] if len(group) else np.zeros(0, dtype=bool)
    return rows - np.maximum.accumulate(np.where(first, rows, 0)) if len(group) else rows
