"""Patient tables: one patient's scans as a small drawn table, with what RECIST should say of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from oligoscope.study.protocol import ResponseSettings
from spec.patient_tables import derive, study_tables


@dataclass(frozen=True)
class PatientTable:
    """Columns of the drawing that start with `->` beside what was derived."""

    expected: dict[str, list[str]]
    derived: dict[str, list[str]]


@pytest.fixture
def patient_table() -> Callable[..., PatientTable]:
    """Read a drawn table and derive it.

    The first column is the day of the scan (`base` is day -7); every other column is a lesion: `T…` a
    target, `N…` a non-target, `NEW…` a new lesion, a name with `node` a lymph node. A cell holds a
    diameter in mm, fragments joined by `+`, a state, or `merged:LESION`; blank is no row.
    """

    def read(drawing: str, **settings: object) -> PatientTable:
        lines = [line.split("|") for line in drawing.strip().splitlines()]
        names, *rows = [[cell.strip() for cell in line] for line in lines]
        lesions = [n for n in names[1:] if not n.startswith("->")]
        tables = {
            "patients": [{"patient_id": "A"}],
            "lesions": [_lesion(n) for n in lesions],
            "measurements": [],
        }
        for row in rows:
            day = -7 if row[0] == "base" else int(row[0])
            for name, cell in zip(names[1:], row[1:], strict=True):
                if cell and not name.startswith("->"):
                    base = {"patient_id": "A", "lesion_id": name, "assessed_day": day}
                    tables["measurements"] += [base | extra for extra in _cells(cell)]
        derived = derive(study_tables(**tables), response=ResponseSettings.model_validate(settings)).responses
        expected = {
            name: [row[i] for row in rows if row[0] != "base"]
            for i, name in enumerate(names)
            if name.startswith("->")
        }
        columns = {
            "-> overall": "overall_response",
            "-> target": "target_response",
            "-> other": "non_target_response",
        }
        return PatientTable(expected, {n: [v or "" for v in derived[columns[n]]] for n in expected})

    return read


def _lesion(name: str) -> dict:
    role = "new" if name.startswith("NEW") else "target" if name.startswith("T") else "non_target"
    node = "node" in name
    return {
        "patient_id": "A",
        "lesion_id": name,
        "role": role,
        "organ": "lymph_node" if node else "lung",
        "is_node": node,
    }


def _cells(cell: str) -> list[dict]:
    if cell.startswith("merged:"):
        return [{"state": "merged", "merged_into": cell.removeprefix("merged:")}]
    if cell in {"equivocal", "unequivocal"}:
        return [{"certainty": cell}]
    if "+" in cell:
        return [
            {"state": "split", "fragment": str(i), "diameter_mm": float(p)}
            for i, p in enumerate(cell.split("+"))
        ]
    try:
        return [{"diameter_mm": float(cell)}]
    except ValueError:
        return [{"state": cell}]
