"""Limits where the likelihood, maximised over all else, has fallen by the chi-square of the level."""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import special

MOST_STEPS = 60
PRECISION = 1e-11  # of a limit, against its distance from the estimate
# A limit this many log odds over one sd of the column away is no limit: the likelihood has stopped falling.
FARTHEST = 60.0

Profile = Callable[[float], tuple[float, float]]


def find_limit(
    profile: Profile, estimate: float, top: float, std_err: float, side: int, level: float
) -> float:
    """Where on one side the profile is below its top by half the chi-square of the level.

    Newton's method on the signed root of twice the fall, which is close to a straight line.

    Args:
        profile: From a value to the height of the profile there and its slope.
        estimate: Where the top is.
        top: Its height.
        std_err: Of the estimate, to begin at the Wald limit.
        side: -1 for the lower limit, 1 for the upper.
        level: Confidence level.
    """
    target = math.sqrt(special.chdtri(1, 1 - level))
    reach = target * std_err
    for _ in range(MOST_STEPS):
        height, slope = profile(estimate + side * reach)
        root = math.sqrt(max(0.0, 2 * (top - height)))
        steepness = -side * slope / root if root > 0 else 0.0
        step = (target - root) / steepness if steepness > 0 else math.inf
        # Never more than doubled, never less than halved: the line is only close to straight.
        moved = min(max(reach + step, reach / 2), 2 * reach)
        if abs(moved - reach) < PRECISION * reach:
            return estimate + side * moved
        reach = moved
        if reach > FARTHEST:
            break
    return side * math.inf
