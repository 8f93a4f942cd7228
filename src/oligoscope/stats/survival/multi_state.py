"""Patients who move from state to state: the share in each state over time (Aalen-Johansen), and the time spent in it.

The share in a state is a product of matrices of hazards, one a time of events. Its standard error is the infinitesimal
jackknife: what each patient's moves, and each patient's part of the numbers at risk, change in it. No assumption is made
that the future depends on the present state alone: shares are right without it where censoring is independent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import (
    Floats,
    Ints,
    check_labels,
    check_length,
    check_level,
    check_numbers,
    frozen,
    refuse,
)
from oligoscope.stats.doubts import Doubt

STAYED = -1  # in place of the state that is entered: the episode ended in no move


@dataclass(frozen=True, slots=True, eq=False)
class InState:
    """A share of patients in one state, or months spent in it; its limits NaN where it is 0 or 1."""

    value: float
    low: float
    high: float
    std_err: float


@dataclass(frozen=True, slots=True, eq=False)
class Occupation:
    """The share of patients in each of s states, one step for each of k times of moves; arrays read-only.

    Attributes:
        times: Distinct times of moves in months, ascending, shape (k,).
        shares: Just after each time, shape (k, s); rows add up to 1.
        at_risk: Under observation in each state just before each time, shape (k, s).
        moves: From each state (second axis) to each (third) at each time, shape (k, s, s).
        n: Patients.
        last: The end of the last episode, in months.
    """

    times: Floats
    shares: Floats
    at_risk: Ints
    moves: Ints
    n: int
    last: float
    level: float
    _episodes: _Episodes
    _steps: Floats  # of each time the hazards, on the diagonal less those of leaving; shape (k, s, s)

    def at(self, months: float) -> list[InState]:
        """The share in each state at `months`, limits on the scale of log(-log); all NaN past the last follow-up."""
        if months > self.last * (1 + 1e-9):
            return [InState(*(math.nan,) * 4)] * self.shares.shape[1]
        last = int(np.searchsorted(self.times, months * (1 + 1e-9), side="right"))
        shares = self._before()[last]
        errors = self._errors(_products(self._steps, last))
        return [_on_log_log(p, e, self.level) for p, e in zip(shares.tolist(), errors.tolist(), strict=True)]

    def present(self, months: ArrayLike) -> Ints:
        """Patients under observation in each state just before each of these months, shape (t, s); at 0 those who began then."""
        asked, seen, n_states = check_numbers(months, "month"), self._episodes, self.shares.shape[1]
        found = np.zeros((asked.size, n_states), dtype=np.int64)
        for j in range(n_states):
            begin, end = (np.sort(x[seen.state == j]) for x in (seen.start, seen.stop))
            came = np.where(
                asked > 0,
                np.searchsorted(begin, asked, side="left"),
                np.searchsorted(begin, 0.0, side="right"),
            )
            found[:, j] = came - np.searchsorted(end, asked, side="left")
        return found

    def mean_months(self, horizon: float) -> list[InState]:
        """Mean months in each state up to the horizon, plain limits; all NaN where it is past the last follow-up."""
        if horizon > self.last * (1 + 1e-9):
            return [InState(*(math.nan,) * 4)] * self.shares.shape[1]
        last = int(np.searchsorted(self.times, horizon, side="left"))
        widths = np.diff(np.concatenate([[0.0], self.times[:last], [horizon]]))
        means = widths @ self._before()[: last + 1]
        errors = self._errors(_integrals(self._steps, widths))
        reach = NormalDist().inv_cdf((1 + self.level) / 2)
        found = zip(means.tolist(), errors.tolist(), strict=True)
        return [InState(m, max(m - reach * e, 0.0), min(m + reach * e, horizon), e) for m, e in found]

    def _before(self) -> Floats:
        """Shares before the first time and after each, shape (k + 1, s)."""
        start = np.zeros((1, self.shares.shape[1]))
        start[0, 0] = 1.0
        return np.concatenate([start, self.shares])

    def _errors(self, weights: Floats) -> Floats:
        """Standard error of each column: what each patient changes in it at every time, carried on by the weights of that time.

        Args:
            weights: Shape (j, s, s): of the first j times, what one patient in a state just after it adds to each column.
        """
        used, seen = weights.shape[0], self._episodes
        at_risk = np.maximum(self.at_risk[:used], 1).astype(np.float64)
        part = self._before()[:used] / at_risk
        # Each patient at risk takes part of the hazards away: summed over the times, so that an episode is a difference.
        taken = -part[:, :, None] * ((self._steps[:used] - np.eye(self.shares.shape[1])) @ weights)
        sums = np.concatenate([np.zeros((1, *taken.shape[1:])), np.cumsum(taken, axis=0)])
        begin, end = (np.minimum(x, used) for x in (seen.begin, seen.end))
        change = sums[end, seen.state] - sums[begin, seen.state]
        moved = (seen.entered != STAYED) & (seen.end <= used)
        k, j, to = seen.end[moved] - 1, seen.state[moved], seen.entered[moved]
        change[moved] += part[k, j][:, None] * (weights[k, to] - weights[k, j])
        columns = (np.bincount(seen.patient, weights=c, minlength=self.n) for c in change.T)
        return np.sqrt([float(c @ c) for c in columns])


@dataclass(frozen=True, slots=True, eq=False)
class _Episodes:
    """Episodes by the times of moves: at risk at those numbered begin, ..., end - 1."""

    start: Floats
    stop: Floats
    patient: Ints
    state: Ints
    entered: Ints
    begin: Ints
    end: Ints


def occupation(
    patient: ArrayLike,
    entry: ArrayLike,
    months: ArrayLike,
    state: ArrayLike,
    entered: ArrayLike,
    states: Sequence[str],
    *,
    level: float = 0.95,
) -> Occupation:
    """Share of patients in each state over time, by Aalen-Johansen; all are in the first state at 0.

    R: `survfit(Surv(entry, months, factor(entered)) ~ 1, id = patient, istate = state, p0 = c(1, 0, ...))`, its `pstate`,
    and `std.err` (the infinitesimal jackknife), with `conf.type = "log-log"`. At ties moves precede censorings.

    Args:
        patient: A label an episode; episodes of one patient follow each other, shape (m,).
        entry: When each begins, exclusive, >= 0; after 0 where a patient came under observation late, shape (m,).
        months: When it ends, inclusive, after its entry, shape (m,).
        state: The state in it, its number in `states`, shape (m,).
        entered: The state that is entered at its end; `STAYED` where it ends without a move, shape (m,).
        states: Their names.
        level: Confidence level of the limits.

    Raises:
        DataError: Lengths differ; a time is missing, negative, or not after its entry; a number is of no state.
        NotEnoughData: No episode.

    References:
        Aalen & Johansen 1978; Datta & Satten 2001 (shares without the Markov assumption); Therneau & Grambsch 2000.
    """
    check_level(level)
    stop = check_numbers(months, "end of an episode")
    if stop.size == 0:
        raise NotEnoughData("There is no patient to follow up.", Doubt.NO_PATIENTS)
    start = check_length(entry, stop.size, "entry")
    refuse((start < 0) | (start >= stop), start, "entry", "is negative or not before the end", "Expected 0 <= entry < months.")  # fmt: skip
    who = check_labels(patient, stop.size, "patient")
    here = _numbers_of(state, stop.size, len(states), 0)
    to = _numbers_of(entered, stop.size, len(states), STAYED)
    times = np.unique(stop[to != STAYED])
    begin, end = (np.searchsorted(times, x, side="right") for x in (start, stop))
    seen = _Episodes(start, stop, who.codes, here, to, begin, end)
    at_risk, moves = _counts(seen, times.size, len(states))
    steps = _steps(at_risk, moves)
    shares = np.empty((times.size, len(states)))
    now = np.eye(1, len(states))[0]
    for k, step in enumerate(steps):
        now = now @ step
        shares[k] = now
    return Occupation(
        times=frozen(times),
        shares=frozen(shares),
        at_risk=frozen(at_risk, np.int64),
        moves=frozen(moves, np.int64),
        n=len(who.levels),
        last=float(stop.max()),
        level=level,
        _episodes=seen,
        _steps=frozen(steps),
    )


def _numbers_of(values: ArrayLike, n: int, n_states: int, least: int) -> Ints:
    found = check_length(values, n, "state")
    if np.any((found < least) | (found >= n_states) | (found % 1 != 0)):
        raise DataError(f"A state is no whole number from {least} to {n_states - 1}.")
    return found.astype(np.int64)


def _counts(seen: _Episodes, n_times: int, n_states: int) -> tuple[Ints, NDArray[np.int64]]:
    """Patients at risk in each state at each time, and their moves."""
    came, left = np.zeros((2, n_times + 1, n_states), dtype=np.int64)
    np.add.at(came, (seen.begin, seen.state), 1)
    np.add.at(left, (seen.end, seen.state), 1)
    moves = np.zeros((n_times, n_states, n_states), dtype=np.int64)
    moved = seen.entered != STAYED
    np.add.at(moves, (seen.end[moved] - 1, seen.state[moved], seen.entered[moved]), 1)
    return np.cumsum(came - left, axis=0)[:n_times], moves


def _steps(at_risk: Ints, moves: NDArray[np.int64]) -> Floats:
    """The matrix of each time: the share of those at risk in a state that moves to each other, and that stays."""
    steps = moves / np.maximum(at_risk, 1)[:, :, None]
    diagonal = np.arange(moves.shape[1])
    steps[:, diagonal, diagonal] = 1 - steps.sum(axis=2)
    return steps


def _products(steps: Floats, last: int) -> Floats:
    """Of each of the first `last` times the product of the steps after it."""
    found = np.empty((last, *steps.shape[1:]))
    now = np.eye(steps.shape[1])
    for k in range(last - 1, -1, -1):
        found[k] = now
        now = steps[k] @ now
    return found


def _integrals(steps: Floats, widths: Floats) -> Floats:
    """Of each time before the horizon the months that are then spent in each state after it."""
    last = widths.size - 1
    found = np.empty((last, *steps.shape[1:]))
    one = np.eye(steps.shape[1])
    now = widths[last] * one
    for k in range(last - 1, -1, -1):
        found[k] = now
        now = widths[k] * one + steps[k] @ now
    return found


@np.errstate(over="ignore")  # limits so far out are 0 or 1
def _on_log_log(share: float, error: float, level: float) -> InState:
    if not 0 < share < 1:
        return InState(share, math.nan, math.nan, error)
    reach = NormalDist().inv_cdf((1 + level) / 2) * error / (share * math.log(share))
    return InState(share, float(share ** np.exp(-reach)), float(share ** np.exp(reach)), error)
