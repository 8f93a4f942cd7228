"""How strong an unmeasured confounder would have to be to explain an association away."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from oligoscope.errors import DataError

Measure = Literal["risk_ratio", "odds_ratio", "hazard_ratio"]

COMMON_OUTCOME = 0.15  # share of patients with the outcome by the end; above it conversions are needed


@dataclass(frozen=True, slots=True)
class EValue:
    """The E-value of an estimate and of its limit.

    Attributes:
        estimate: Both associations of the confounder, with group and with outcome, as risk ratios, would have
            to be this strong to move the estimate to 1.
        limit: The same for the confidence limit nearer to 1; 1 where the limits include 1; None without limits.
        risk_ratio: The estimate as an (approximate) risk ratio.
        low: Its lower limit; None without limits.
        high: Its upper limit; None without limits.
    """

    estimate: float
    limit: float | None
    risk_ratio: float
    low: float | None
    high: float | None


def e_value(
    estimate: float,
    low: float | None = None,
    high: float | None = None,
    *,
    measure: Measure = "risk_ratio",
    common_outcome: bool = True,
) -> EValue:
    """The E-value: RR + sqrt(RR (RR - 1)) for RR >= 1; of 1 / RR for RR < 1.

    It is about confounding only: not about immortal time, selection or errors of measurement.

    Args:
        estimate: A ratio, > 0.
        low: Lower limit.
        high: Upper limit.
        measure: Which ratio.
        common_outcome: More than `COMMON_OUTCOME` have the outcome by the end: an odds ratio is then taken
            as its root, a hazard ratio as (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR)); a rarer outcome's as it is.

    Raises:
        DataError: A ratio is not above 0, or the estimate is not between its limits.

    References:
        VanderWeele & Ding 2017, table 2; conversions by VanderWeele 2017 and 2020.
    """
    limits = [value for value in (low, high) if value is not None]
    if not all(0 < value < math.inf for value in (estimate, *limits)):
        raise DataError(f"Ratios and limits must be above 0 and finite; got {estimate} ({low} to {high}).")
    if (low is not None and low > estimate) or (high is not None and high < estimate):
        raise DataError(f"The estimate {estimate} is not between its limits {low} and {high}.")
    convert = _AS_RISK_RATIO[measure] if common_outcome else _unchanged
    ratio = convert(estimate)
    converted = (None if low is None else convert(low), None if high is None else convert(high))
    return EValue(_of(ratio), _of_limit(ratio, *converted), ratio, *converted)


def is_common(share: float) -> bool:
    """Whether so many have the outcome by the end that odds and hazard ratios must be converted."""
    return share > COMMON_OUTCOME


def _of(ratio: float) -> float:
    strong = max(ratio, 1 / ratio)
    return strong + math.sqrt(strong * (strong - 1))


def _of_limit(ratio: float, low: float | None, high: float | None) -> float | None:
    """Of the limit nearer to 1."""
    if ratio >= 1:
        return None if low is None else (_of(low) if low > 1 else 1.0)
    return None if high is None else (_of(high) if high < 1 else 1.0)


def _unchanged(ratio: float) -> float:
    return ratio


def _of_hazards(ratio: float) -> float:
    # expm1: 1 - 0.5^x without cancellation for hazard ratios near 0.
    return math.expm1(-math.sqrt(ratio) * math.log(2)) / math.expm1(-math.sqrt(1 / ratio) * math.log(2))


_AS_RISK_RATIO: Mapping[Measure, Callable[[float], float]] = MappingProxyType(
    {"risk_ratio": _unchanged, "odds_ratio": math.sqrt, "hazard_ratio": _of_hazards}
)
