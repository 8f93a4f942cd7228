"""Who is treated and who is a control, checked once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import refuse_unless_binary
from oligoscope.stats.doubts import Doubt

Bools = NDArray[np.bool_]


def check_groups(treated: ArrayLike, n: int) -> Bools:
    """Who is treated, of n patients.

    Raises:
        DataError: Lengths differ, or a value is neither True/False nor 0/1.
        NotEnoughData: A group is empty.
    """
    values = np.asarray(treated)
    if values.shape != (n,):
        raise DataError(
            f"There are {n} patients but {values.size} values of the group; give one to a patient."
        )
    refuse_unless_binary(values, "group", "Code the treated 1 (or True), controls 0 (or False).")
    groups = values.astype(bool)
    if groups.all() or not groups.any():
        raise NotEnoughData(
            "All patients are in one group: there is nothing to match or weigh.", Doubt.ONE_GROUP_ONLY
        )
    return groups
