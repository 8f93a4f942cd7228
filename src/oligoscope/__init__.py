"""Oligoscope: from lesion measurements to the report of an oligoprogression study.

The public verbs, in the order of the work: `read_protocol`, `read_tables`, `validate_tables`,
`derive_patients`, `select_cohort`, `run_study`. For single rules: `overall_response_table`,
`derive_best_response`, `derive_irecist`, `derive_resistance`, `select_targets`. Values: `Protocol`,
`StudyTables`, `Results`, `Estimate`. The commands are in `oligoscope.cli`; docs/architecture.md
describes the rooms.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oligoscope.clinical.best_response import derive_best_response
    from oligoscope.clinical.irecist import derive_irecist
    from oligoscope.clinical.overall_response import overall_response_table
    from oligoscope.clinical.patients import derive_patients
    from oligoscope.clinical.resistance import derive_resistance
    from oligoscope.clinical.target_selection import select_targets
    from oligoscope.cohort.select import select_cohort
    from oligoscope.intake.readers import read_tables
    from oligoscope.intake.validation import validate_tables
    from oligoscope.pipeline import run_study
    from oligoscope.questions.registry import read_protocol
    from oligoscope.results.results import Estimate, Results
    from oligoscope.study.protocol import Protocol
    from oligoscope.study.schemas import StudyTables

__all__ = [
    "Estimate",
    "Protocol",
    "Results",
    "StudyTables",
    "__version__",
    "derive_best_response",
    "derive_irecist",
    "derive_patients",
    "derive_resistance",
    "overall_response_table",
    "read_protocol",
    "read_tables",
    "run_study",
    "select_cohort",
    "select_targets",
    "validate_tables",
]

__version__ = "0.1.0"

# The command line imports this package first; the rooms are loaded when a name is asked for, so that
# `oligoscope --help` does not wait for polars.
_ROOMS = {
    "Estimate": "results.results",
    "Protocol": "study.protocol",
    "Results": "results.results",
    "StudyTables": "study.schemas",
    "derive_best_response": "clinical.best_response",
    "derive_irecist": "clinical.irecist",
    "derive_patients": "clinical.patients",
    "derive_resistance": "clinical.resistance",
    "overall_response_table": "clinical.overall_response",
    "read_protocol": "questions.registry",
    "read_tables": "intake.readers",
    "run_study": "pipeline",
    "select_cohort": "cohort.select",
    "select_targets": "clinical.target_selection",
    "validate_tables": "intake.validation",
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f"oligoscope.{_ROOMS[name]}"), name)
    raise AttributeError(f"module 'oligoscope' has no attribute {name!r}")
