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
_NOTHING = re.compile(r"TPS\s*[:=]?\s*0(?:\.0+)?", re.ASCII | re.IGNORECASE)  # as a fraction, too
_RANGE = re.compile(
    r"(?:TPS)?\s*[:=]?\s*(\d{1,3}(?:\.\d+)?)\s*%?\s*[-~\u2010-\u2015至]\s*(\d{1,3}(?:\.\d+)?)\s*%",
    re.ASCII | re.IGNORECASE,
)


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
