"""Percentages written where a class is asked for."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_PER_CENT = re.compile(r"(?:TPS)?\s*[:=]?\s*(\d{1,3}(?:\.\d+)?)\s*%", re.ASCII | re.IGNORECASE)
_NOTHING = re.compile(r"TPS\s*[:=]?\s*0(?:\.0+)?", re.ASCII | re.IGNORECASE)  # as a fraction, too
_RANGE = re.compile(
    r"(?:TPS)?\s*[:=]?\s*(\d{1,3}(?:\.\d+)?)\s*%?\s*[-~\u2010-\u2015至]\s*(\d{1,3}(?:\.\d+)?)\s*%",
    re.ASCII | re.IGNORECASE,
)


def class_of_per_cent(tps: Decimal) -> str | None:
    """The PD-L1 class of a tumour proportion score in per cent; None outside 0 to 100."""
    if not 0 <= tps <= 100:
        return None
    return "<1%" if tps < 1 else "1-49%" if tps < 50 else ">=50%"


def read_pd_l1_class(text: str) -> str | None:
    """The PD-L1 class of a TPS with its per cent sign, or of a range within one class (10-49%).

    A bare number may be a fraction or a code, and is not read.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    if _NOTHING.fullmatch(written):
        return class_of_per_cent(Decimal(0))
    if found := _PER_CENT.fullmatch(written):
        return class_of_per_cent(Decimal(found[1]))
    if found := _RANGE.fullmatch(written):
        low, high = Decimal(found[1]), Decimal(found[2])
        of_low = class_of_per_cent(low)
        return of_low if low < high and of_low == class_of_per_cent(high) else None
    return None
