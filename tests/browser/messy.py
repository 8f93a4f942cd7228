"""A made workbook as a hospital keeps it, as scripts/messy_workbook.py writes it: two cells of it are wrong."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "messy_workbook.py"


@dataclass(frozen=True)
class Messy:
    """The workbook, and what the user knows of it.

    Attributes:
        path: Of the workbook.
        began: The first day of treatment of the patient whose death is dated before it.
        place: A word for a place that only the team can explain.
    """

    path: Path
    began: str
    place: str


def write_messy(folder: Path, language: str) -> Messy:
    """The workbook of a language."""
    spec = importlib.util.spec_from_file_location("messy_workbook", _SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    patients = script.make_cohort(script.SEED, script.PROGRESSED).tables["patients"].to_dicts()
    spoiled = next(row for row in patients if row["died_on"] and row["treatment_started_on"].year == 2020)
    path = script.write_workbook(folder, language)
    return Messy(path, spoiled["treatment_started_on"].isoformat(), script.ODD_SITE[language])
