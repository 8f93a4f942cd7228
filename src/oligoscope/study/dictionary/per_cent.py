"""The classes of a PD-L1 score in per cent, and percentages written where a class is asked for."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import polars as pl

# Each class with the score from which it is; a score is in the last one that it reaches.
PD_L1_CLASSES = ((Decimal(0), "<1%"), (Decimal(1), "1-49%"), (Decimal(50), ">=50%"))
_MOST = Decimal(100)
_PER_CENT = re.compile(r"(?:TPS)?\s*[:=]?\s*(\d{1,3}(?:\.\d+)?)\s*%", re.ASCII | re.IGNORECASE)


def class_of_per_cent(tps: Decimal) -> str | None:
    """The PD-L1 class of a tumour proportion score in per cent; None outside 0 to 100."""
    if tps > _MOST:
        return None
    return next((name for least, name in reversed(PD_L1_CLASSES) if tps >= least), None)


def classes_of_per_cent(tps: pl.Expr) -> pl.Expr:
    """The same of a column; null where the score is not known or outside 0 to 100."""
    found = pl.lit(None, pl.String)
    for least, name in PD_L1_CLASSES:
        found = pl.when(tps.is_between(float(least), float(_MOST))).then(pl.lit(name)).otherwise(found)
    return found


def read_pd_l1_class(text: str) -> str | None:
    """The PD-L1 class of a TPS with its per cent sign; a bare number may be a fraction or a code, and is not read."""
    found = _PER_CENT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return None if found is None else class_of_per_cent(Decimal(found[1]))
