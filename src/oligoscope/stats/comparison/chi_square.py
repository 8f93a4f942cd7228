"""Chi-square tests of several columns of a model, as a value, and the tail of the distribution."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import special

from oligoscope.stats.doubts import Remark


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """A test that the coefficients of some columns are all 0.

    Attributes:
        name: "likelihood ratio" or "Wald".
        chi_squared: Its statistic.
        degrees_of_freedom: How many of the columns have an estimate of their own.
        p_value: Upper tail of chi-square.
        warning: Of the larger model; None where none.
    """

    name: str
    chi_squared: float
    degrees_of_freedom: int
    p_value: float
    warning: Remark | None = None


def chi_square_tail(chi_squared: float, degrees_of_freedom: float) -> float:
    """P of a larger chi-square."""
    return float(special.chdtrc(degrees_of_freedom, max(0.0, chi_squared)))
