"""How many patients each tier of management holds, and from how many a suggestion is withheld, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from oligoscope.clinical.management import derive_management
from oligoscope.cohort.counts import count_rows
from oligoscope.questions.management.levels import COLUMNS
from oligoscope.questions.question import Answer, Records
from oligoscope.results.analyses import MANAGEMENT
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit


def answer(study: Records) -> Answer:
    """Counts of what is suggested for the progressed patients."""
    progressed = study.cohort.population("progressed")
    return count_management(derive_management(progressed, study.protocol.response.criteria), "progressed"), {}


def count_management(management: pl.DataFrame, population: str) -> list[Estimate]:
    """Counts of a table of suggestions, one row a progressed patient (`clinical.management.derive_management`).

    Args:
        management: With tier, withheld_because and notes (words divided by ";"), blank where nothing applies.
        population: The patients these are.

    Returns:
        n and percent of all: variable=tier, level=its name; variable=withheld, level=the reason;
        variable=note, level=its name. And n of all, without a variable.
    """
    n = management.height
    keys: dict[str, Any] = {"analysis": MANAGEMENT, "population": population}
    found = [Estimate(**keys, statistic=Statistic.N, value=n, n=n, unit=Unit.PATIENTS)]
    for variable, column in COLUMNS.items():
        for level, count in _counts(management[column]):
            here = {**keys, "variable": variable, "level": level}
            found += [Estimate(**row) for row in count_rows(here, count, n)]
    return found


def _counts(cells: pl.Series) -> Iterator[tuple[str, int]]:
    """Every word of these cells with the number of cells that hold it, by name."""
    words = cells.cast(pl.String).fill_null("").str.split(";").explode().to_frame("word")
    counted = words.filter(pl.col("word") != "").group_by("word").len().sort("word")
    yield from counted.iter_rows()
