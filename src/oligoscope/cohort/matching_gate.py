"""Whether groups can be matched or weighted at all: there are two of them, each with enough patients; else the reason.

And whether enough of them were matched for their balance to be judged. Whether matched groups balance is judged in `stats/matching/balance_gate.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from oligoscope.bilingual import Count
from oligoscope.cohort.variables import as_levels
from oligoscope.errors import NotEnoughData
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings
from oligoscope.stats.matching.propensity_matching import Matching


def require_two_large_groups(
    what: str, cohorts: Sequence[pl.DataFrame], by: str, groups: Sequence[str], minimum: int
) -> None:
    """Nothing where the groups can be matched or weighted: a score of fewer patients balances nothing.

    Args:
        what: Matching or Weighting.
        cohorts: Completed cohorts; the smallest group of any of them counts.
        by: The grouping column.
        groups: Its levels.
        minimum: The smallest group there may be.

    Raises:
        NotEnoughData: There are not two groups, or one of them is smaller than the minimum.
    """
    if len(groups) != 2:
        why = f"{what} needs two groups; {by} has {len(groups)} here."
        raise NotEnoughData(why, WarningCode.TWO_GROUPS_NEEDED())
    smallest = min(int((as_levels(c[by]) == g).sum()) for c in cohorts for g in groups)
    if smallest < minimum:
        why = f"{what} needs at least {Count(minimum):patient|patients} in each group; one has {smallest}."
        raise NotEnoughData(why, WarningCode.TOO_FEW_TO_MATCH(smallest=smallest, minimum=minimum))


def too_few_to_judge(matchings: Sequence[Matching], minimum: int) -> Warnings:
    """That a group has in some imputation too few matched patients for its balance to be judged; blank where none has."""
    made = [m for m in matchings if m.n_pairs]
    smallest = min((np.unique(side).size for m in made for side in (m.treated, m.controls)), default=minimum)
    return WarningCode.TOO_FEW_IN_GROUP(minimum=minimum) if smallest < minimum else NO_WARNING
