"""Nearest neighbour matching on one number, greedy, in near-linear time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from oligoscope.stats.arrays import Bools, Floats, Ints

Pairs = tuple[Ints, Ints]  # the treated and the control of each pair, in the order the pairs were made

# Distances closer than this are a tie: a patient a year older and one a year younger are equally far, and
# rounding, which differs between machines, does not choose between them.
TIE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Patients on the line they are matched along.

    Attributes:
        place: Place of each patient, shape (n,), finite.
        treated: True for the treated, shape (n,).
        strata: Only patients of one stratum can pair, shape (n,), whole numbers.
        caliper: The largest distance of a pair; infinite for none.
    """

    place: Floats
    treated: Bools
    strata: Ints
    caliper: float


def nearest_pairs(line: Line, turn: Ints, ratio: int) -> Pairs:
    """Give each treated patient in turn the nearest control still free, if it lies within the caliper.

    Patients are in the order (stratum, place, position in the input). Of the nearest free controls to
    the left and to the right the nearer is taken, the left one at a tie (as MatchIt). With `ratio` k
    there are k rounds in the same turn: no patient has a second control before all had their first.

    Args:
        line: The patients and their places.
        turn: Treated patients in the order in which they choose.
        ratio: Controls to a treated patient, at most.

    References:
        Rosenbaum & Rubin 1985; free neighbours by union-find with path halving, Tarjan 1975.
    """
    row, (first, low, high) = _row_of_controls(line, turn)
    control_place, own_place = line.place[row].tolist(), line.place[turn].tolist()
    starts, lows, highs = first.tolist(), low.tolist(), high.tolist()
    # left[j + 1] and right[j] lead to the nearest free control from j on; j - 1 and j + 1 once j is taken.
    left, right = list(range(len(row) + 1)), list(range(len(row) + 1))
    seekers, chosen_by, chosen = list(range(len(turn))), [], []
    for _ in range(ratio):
        paired = []
        for seeker in seekers:
            i = j = starts[seeker]
            while (following := left[i]) != i:  # path halving for the next search
                left[i] = i = left[following]
            while (following := right[j]) != j:
                right[j] = j = right[following]
            i, here = i - 1, own_place[seeker]
            to_left = here - control_place[i] if i >= lows[seeker] else math.inf
            to_right = control_place[j] - here if j < highs[seeker] else math.inf
            nearest, distance = (i, to_left) if to_left <= to_right + TIE else (j, to_right)
            if distance > line.caliper:  # of a tie the right one may still lie within
                nearest, distance = j, to_right
            if distance > line.caliper or distance == math.inf:
                continue
            left[nearest + 1], right[nearest] = nearest, nearest + 1
            paired.append(seeker)
            chosen.append(nearest)
        chosen_by += paired
        seekers = paired
    return turn[_ints(chosen_by)], row[_ints(chosen)]


def nearest_pairs_with_replacement(line: Line, turn: Ints, ratio: int) -> Pairs:
    """Give each treated patient the `ratio` nearest different controls; ties and rounds as in `nearest_pairs`."""
    row, (right, low, high) = _row_of_controls(line, turn)
    left = right - 1
    here = line.place[turn]
    place = np.concatenate([line.place[row], [math.nan]])  # so that an index beyond the row can be read
    treated, controls = [], []
    for _ in range(ratio):
        to_left = np.where(left >= low, here - place[left], math.inf)
        to_right = np.where(right < high, place[np.minimum(right, len(row))] - here, math.inf)
        to_left[to_left > line.caliper] = math.inf
        goes_left = to_left <= to_right + TIE
        distance = np.where(goes_left, to_left, to_right)
        paired = (distance <= line.caliper) & np.isfinite(distance)
        treated.append(turn[paired])
        controls.append(row[np.where(goes_left, left, right)[paired]])
        # A patient without a control within the caliper has none farther away, and stays inside the row.
        left, right = left - (paired & goes_left), right + (paired & ~goes_left)
    return np.concatenate(treated), np.concatenate(controls)


def _row_of_controls(line: Line, turn: Ints) -> tuple[Ints, tuple[Ints, Ints, Ints]]:
    """Controls in the order (stratum, place, position); for each treated patient in turn, the position in that row.

    The three arrays: how many of the row are before them, and the range of their own stratum.
    """
    several = bool((line.strata != line.strata[0]).any())
    ordered = np.lexsort((line.place, line.strata)) if several else np.argsort(line.place, kind="stable")
    is_control = ~line.treated[ordered]
    row = ordered[is_control]
    before = np.empty(ordered.size, dtype=np.int64)
    before[ordered] = np.cumsum(is_control)
    strata, own = line.strata[row], line.strata[turn]
    ends = np.searchsorted(strata, own, "left"), np.searchsorted(strata, own, "right")
    return row, (before[turn], *ends)


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)
