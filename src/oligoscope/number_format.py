"""Numbers to text, once, from the stored value: rounded half away from zero, never truncated.

A binary float is read as its shortest decimal form first, so that 56.25 prints as 56.3 with one
decimal (as a reader recomputing 56.25 by hand expects), not as 56.2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MISSING = "–"


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a journal writes numbers; the value itself is never changed by a style."""

    name: str
    range_separator: str  # between the limits of an interval
    percent_space: str  # between count and bracket: "163 (56.4)" or "163(56.4)"
    p_floor: float = 0.001  # smaller P values print as "<floor"
    p_decimals: int = 3


ENGLISH = NumberStyle("en", range_separator=" to ", percent_space=" ")
CHINESE = NumberStyle("zh", range_separator="~", percent_space="")
STYLES = {"en": ENGLISH, "zh": CHINESE}


def format_number(value: float | None, decimals: int = 1) -> str:
    """Round `value` to `decimals` places; missing prints as a dash, infinity as ∞."""
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    quantum = Decimal(1).scaleb(-decimals)
    text = str(Decimal(repr(float(value))).quantize(quantum, ROUND_HALF_UP))
    return text.replace("-", "−", 1) if float(text) != 0 else text.replace("-", "")


def format_p(p: float | None, style: NumberStyle) -> str:
    """Exact P with the style's decimals; never "0.000"."""
    if p is None or math.isnan(p):
        return MISSING
    if p < style.p_floor:
        return f"<{style.p_floor:g}"
    return format_number(p, style.p_decimals)


def format_interval(low: float | None, high: float | None, decimals: int, style: NumberStyle) -> str:
    """Two limits; a limit that was not reached prints as a dash."""
    return f"{format_number(low, decimals)}{style.range_separator}{format_number(high, decimals)}"


def format_count(count: int, total: int, style: NumberStyle) -> str:
    """`n (%)` with the percentage of `total` to one decimal."""
    if total == 0:
        return f"{count}"
    return f"{count}{style.percent_space}({format_number(100 * count / total, 1)})"
