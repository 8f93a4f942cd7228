"""How imputation went: traces of the chains, whether they mix, and what a reader should be warned of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from oligoscope.stats.arrays import Floats
from oligoscope.stats.doubts import Doubt, Remark

# Chains of independent draws stay below this in 99.9 of 100 columns (5 chains of 10 iterations).
LARGEST_R_HAT = 1.2


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Mean and standard deviation of a column's imputed values; of a factor, of the indices of levels.

    Attributes:
        means: Shape (m, iterations), read-only.
        sds: Shape (m, iterations), read-only; NaN where one value only is missing.
    """

    means: Floats
    sds: Floats

    @property
    def r_hat(self) -> float:
        """Potential scale reduction of the means, the first iteration left out: near 1 where chains mix.

        A hint, not a proof. NaN for fewer than 2 chains or 4 iterations.

        References:
            Gelman & Rubin, Stat Sci 1992, 7:457.
        """
        chains = self.means[:, 1:]
        m, n = chains.shape
        if m < 2 or n < 3:
            return math.nan
        within = float(chains.var(axis=1, ddof=1).mean())
        between = float(chains.mean(axis=1).var(ddof=1))
        if within == 0:
            return 1.0 if between == 0 else math.inf
        return math.sqrt((n - 1) / n + between / within)


def warn(
    m: int, n: int, n_incomplete: int, traces: Mapping[str, Trace], troubles: Mapping[str, Doubt]
) -> tuple[Remark, ...]:
    """What to doubt of the imputation.

    Args:
        m: Completed data sets.
        n: Rows.
        n_incomplete: Rows with a missing value.
        traces: Of each imputed column.
        troubles: Of imputed columns whose model differs from the one asked for, in which way.
    """
    warnings = []
    percent = 100 * n_incomplete / n
    if m < percent:
        warnings.append(Remark.of(Doubt.FEW_IMPUTATIONS, m=m, incomplete_percent=f"{percent:.1f}"))
    warnings += [Remark.of(doubt, variable=name) for name, doubt in troubles.items()]
    for name, trace in traces.items():
        if trace.r_hat > LARGEST_R_HAT:
            warnings.append(Remark.of(Doubt.CHAINS_NOT_MIXED, variable=name, r_hat=f"{trace.r_hat:.2f}"))
    return tuple(warnings)


def describe(values: Floats) -> tuple[float, float]:
    """Mean and standard deviation of imputed values."""
    return float(values.mean()), float(values.std(ddof=1)) if values.size > 1 else math.nan
