"""What is resolved, still open and new since the check before, whatever rows were moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.issues import Issues

KEY = ("rule", "table", "source", "patient_id", "column", "value")
_Key = tuple[str, ...]


@dataclass(frozen=True)
class SinceLast:
    """The findings of a check beside those of the check before.

    Attributes:
        is_new: Of each finding now, in order, whether the check before had it not.
        resolved: The rows of the earlier issues.csv that are found no more.
    """

    is_new: tuple[bool, ...]
    resolved: pl.DataFrame

    @property
    def text(self) -> Text:
        """How many are resolved, still open and new."""
        n_new, n_resolved = sum(self.is_new), self.resolved.height
        n_open = len(self.is_new) - n_new
        return Text(
            f"与上次检查相比：已解决 {n_resolved} 处，仍存在 {n_open} 处，新出现 {n_new} 处。",
            f"Since the last check: {n_resolved} resolved, {n_open} still open, {n_new} new.",
        )


def since_last(issues: Issues, folder: Path) -> SinceLast | None:
    """Compare with the issues.csv of an earlier check; None where there is none that can be read.

    Args:
        issues: The findings now.
        folder: Where the earlier check wrote.
    """
    earlier = _earlier(folder / "issues.csv")
    if earlier is None:
        return None
    left = Counter(_keys(earlier))
    is_new: list[bool] = []
    for key in _keys(issues.frame()):
        is_new.append(left[key] == 0)
        left[key] -= not is_new[-1]
    resolved: list[bool] = []
    for key in _keys(earlier):
        resolved.append(left[key] > 0)
        left[key] -= resolved[-1]
    return SinceLast(tuple(is_new), earlier.filter(pl.Series(resolved, dtype=pl.Boolean)))


def _earlier(path: Path) -> pl.DataFrame | None:
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError):
        return None
    return frame if set(KEY) <= set(frame.columns) else None


def _keys(frame: pl.DataFrame) -> list[_Key]:
    texts = frame.select(pl.col(KEY).cast(pl.String).fill_null("").str.strip_chars())
    return [tuple(row) for row in texts.iter_rows()]
