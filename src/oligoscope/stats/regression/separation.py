"""Whether an outcome is separated by the columns of a design: whether the logistic likelihood has no maximum."""

from __future__ import annotations

import numpy as np
import scipy  # its `optimize` is loaded when it is first used: 0.2 s that commands without a model need not spend

from oligoscope.stats.arrays import Floats

# The linear programme moves within a box of 1; an entry of its answer below this is 0.
ZERO = 1e-7


def separating_direction(outcome: Floats, columns: Floats) -> Floats:
    """The direction along which the likelihood rises without limit, the intercept first; all 0 where it has a maximum.

    The linear programme of Konis: among directions that lower no patient's log odds of their own outcome, the one that
    raises the sum most. If it raises it at all the data separate, and the coefficients it moves are infinite.

    Args:
        outcome: 0 or 1, shape (n,).
        columns: Independent columns, shape (n, k).

    References:
        Albert & Anderson 1984; Konis 2007 (as R's `detectseparation`).
    """
    design = np.column_stack([np.ones(len(columns)), columns])
    toward = np.unique(np.where(outcome[:, None] > 0, design, -design), axis=0)
    found = scipy.optimize.linprog(
        -toward.sum(axis=0), A_ub=-toward, b_ub=np.zeros(len(toward)), bounds=(-1, 1), method="highs"
    )
    if not found.success or -found.fun < ZERO:
        return np.zeros(design.shape[1])
    return np.where(np.abs(found.x) > ZERO, found.x, 0.0)
