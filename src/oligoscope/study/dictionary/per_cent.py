"""Percentages written where a class is asked for."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_PER_CENT = re.compile(r"(?:TPS)?\s*[:=]?\s*(\d{1,3}(?:\.\d+)?)\s*%", re.ASCII | re.IGNORECASE)


def class_of_per_cent(tps: Decimal) -> str | None:
    """The PD-L1 class of a tumour proportion score in per cent; None outside 0 to 100."""
    if not 0 <= tps <= 100:
        return None
    return "<1%" if tps < 1 else "1-49%" if tps < 50 else ">=50%"


def read_pd_l1_class(text: str) -> str | None:
    """The PD-L1 class of a TPS with its per cent sign; a bare number may be a fraction or a code, and is not read."""
    found = _PER_CENT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return None if found is None else class_of_per_cent(Decimal(found[1]))
