"""What the pictures of the change of the lesions are drawn from."""

from __future__ import annotations

from typing import Any

import polars as pl

from oligoscope.results.analyses import RESPONSE_SERIES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic


def of_changes(results: Results, picture: str, population: str) -> tuple[pl.DataFrame, Estimate, Estimate]:
    """The series of a picture, the number of patients of the population, and that of those who could be evaluated.

    Raises:
        KeyError: The series was not made (no patient had a sum).
    """
    keys: dict[str, Any] = {"analysis": RESPONSE_SERIES, "population": population, "outcome": "best_change"}
    total = results.get(**keys, statistic=Statistic.N)
    evaluable = results.get(**keys, statistic=Statistic.N_EVALUABLE)
    name = f"{picture}/{population}"
    if total is None or evaluable is None:
        raise KeyError(name)
    return results.series[name], total, evaluable
