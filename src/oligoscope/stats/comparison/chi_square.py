"""The chi-square distribution, apart from what names and returns tests, which is loaded where nothing is tested."""

from __future__ import annotations

from scipy import special


def chi_square_tail(chi_squared: float, degrees_of_freedom: float) -> float:
    """P of a larger chi-square."""
    return float(special.chdtrc(degrees_of_freedom, max(0.0, chi_squared)))
