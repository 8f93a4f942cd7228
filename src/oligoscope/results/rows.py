"""The rows of results.csv, and each as an estimate again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.results.analyses import LANDMARK, Analysis
from oligoscope.results.methods import read_method
from oligoscope.results.results import SCHEMA, Estimate
from oligoscope.results.statistics import landmark_of, statistic_of
from oligoscope.results.units import unit_of
from oligoscope.results.warnings import read_warnings


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a results.csv; a blank text is "".

    Raises:
        polars.exceptions.PolarsError: The file has other columns.
    """
    frame = pl.read_csv(path, schema=SCHEMA).with_columns(pl.col(pl.String).fill_null(""))
    return list(frame.iter_rows(named=True))


def read_estimate(row: dict[str, Any], analysis: Callable[[str], Analysis]) -> Estimate:
    """A row with its keys, method and warnings as they were declared.

    Args:
        row: One of `read_rows`.
        analysis: The analysis of a name, of every question there is.

    Raises:
        LookupError: No analysis has this name.
        ValueError: No statistic, method or warning has this name.
    """
    typed: dict[str, Any] = {
        "analysis": analysis(row["analysis"]),
        "variable": landmark_of(row["variable"]) if row["analysis"] == LANDMARK else row["variable"],
        "statistic": statistic_of(row["statistic"]),
        "unit": unit_of(row["unit"]) if row["unit"] else "",
        "method": read_method(row["method"]),
        "warning": read_warnings(row["warning"]),
    }
    return Estimate(**row | typed)
