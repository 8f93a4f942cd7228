"""Generated histories: several patients with targets, nodes, non-targets, new lesions, irregular scans.

A history is written as rows by hand would be, so that every test derives it through the same tables.
Sizes are whole tenths of a millimetre, many of them close to the limits.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from oligoscope.study.schemas import StudyTables
from spec.lesion_drawings import PET
from spec.patient_tables import study_tables

Row = dict[str, Any]
Tables = dict[str, list[Row]]

# The same examples on every machine, few enough for every change. With a number in OLIGOSCOPE_EXAMPLES
# so many others, of the seed that pytest is given (--hypothesis-seed).
STEADY = settings(
    derandomize="OLIGOSCOPE_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    max_examples=int(os.environ.get("OLIGOSCOPE_EXAMPLES", "12")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
BASELINE_DAY = -7
PATIENTS_AT_ONCE = 6

# Sizes after baseline, as hundredths of the baseline size; None: no row at that scan.
_TARGET_CELLS: tuple[Any, ...] = (
    None, "not_evaluated", "absent", "absent", "too_small", 30, 50, 70, 70, 80, 95, 100, 105, 120, 120, 140, 10, 25,
)  # fmt: skip
_NODE_SIZES = (99, 100, 95, 80, 60, 110, 149, 150, 155, 180, 220)
_NON_TARGET_CELLS: tuple[Any, ...] = (
    None, "not_evaluated", "absent", "absent", "absent", "present", "present", "increased", "unequivocal_progression",
    8.0, 9.0,
)  # fmt: skip
_NEW_CELLS: tuple[Any, ...] = (
    None, None, None, None, "not_evaluated", "absent", "equivocal", "equivocal", "unequivocal",
    "PET positive, CT negative", "PET positive, CT confirms", "PET negative",
)  # fmt: skip
# Sizes of new lesions in tenths of a millimetre, and growth of those that are only recorded as present.
_NEW_SIZES: tuple[Any, ...] = (
    None, None, None, "absent", "not_evaluated", 100, 120, 140, 170, 250, 80, 99, "unequivocal", "larger", "unequivocal_progression",
)  # fmt: skip
_NON_TARGET_NODE: tuple[Any, ...] = (60, 90, 99, 99, 100, 120, "absent", "unequivocal_progression", None)


# Of a patient whose disease clears: complete responses and what comes back after them.
_CLEARING = ("absent", "absent", "absent", "absent", "absent", "too_small", 3, 100, None)
_CLEARING_NODE = (60, 80, 95, 99, 99, 100, 110)
_CLEARING_NON_TARGET = ("absent", "absent", "absent", "absent", "present", "not_evaluated")


def _one_of(cells: tuple[Any, ...], n: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(cells), min_size=n, max_size=n)


@st.composite
def patients(draw: st.DrawFn, *, plain: bool = False) -> Tables:
    """Rows of one patient "A".

    Args:
        draw: Given by hypothesis.
        plain: Only targets with a size at every scan and no node: where just the sums decide.
    """
    gaps = draw(st.lists(st.integers(14, 70), min_size=1, max_size=6))
    days = [sum(gaps[: i + 1]) for i in range(len(gaps))]
    rows: Tables = {"patients": [{"patient_id": "A"}], "lesions": [], "measurements": []}
    clearing = not plain and draw(st.booleans())
    cells = tuple(c for c in _TARGET_CELLS if isinstance(c, int)) if plain else _TARGET_CELLS
    cells = _CLEARING if clearing else cells
    node_cells = _CLEARING_NODE if clearing else (None, "absent", *_NODE_SIZES)
    for number in range(draw(st.integers(1, 4 if not clearing else 2))):
        node = not plain and draw(st.booleans())
        baseline = draw(st.integers(150, 300) if node else st.integers(100, 600)) / 10
        found = draw(_one_of(node_cells if node else cells, len(days)))
        later = draw(st.sampled_from((0, 0, 3, 10))) if not plain else 0
        sizes = [c / 10 if node else round(baseline * c / 100, 1) for c in found if isinstance(c, int)]
        values = iter(sizes)
        cells_drawn = [next(values) if isinstance(c, int) else c for c in found]
        _add(rows, f"T{number + 1}", "target", node, [baseline, *cells_drawn], days, later)
    if not plain:
        for number in range(draw(st.integers(0, 1 if clearing else 2))):
            later = draw(st.sampled_from((0, 0, 3, 10)))
            if draw(st.integers(0, 3)) == 0:
                cells_drawn = [
                    c / 10 if isinstance(c, int) else c for c in draw(_one_of(_NON_TARGET_NODE, len(days)))
                ]
                _add(rows, f"N{number + 1}", "non_target", True, [12.0, *cells_drawn], days, later)
                continue
            cells_drawn = draw(_one_of(_CLEARING_NON_TARGET if clearing else _NON_TARGET_CELLS, len(days)))
            _add(rows, f"N{number + 1}", "non_target", False, ["present", *cells_drawn], days, later)
        for number in range(draw(st.integers(0, 2))):
            node, later = draw(st.integers(0, 3)) == 0, draw(st.sampled_from((0, 0, 3, 10, 17)))
            cells = draw(st.sampled_from((_NEW_CELLS, _NEW_SIZES)))
            cells_drawn = [c / 10 if isinstance(c, int) else c for c in draw(_one_of(cells, len(days)))]
            first_pet = draw(st.sampled_from((None, None, "PET negative")))
            _add(rows, f"NEW{number + 1}", "new", node, [first_pet, *cells_drawn], days, later)
        _add_forms(draw, rows, days)
        for row in rows["measurements"]:
            if row["assessed_day"] > 0 and draw(st.integers(0, 39)) == 0:
                row["unscheduled_for_symptom"] = True
    return rows


def _add_forms(draw: st.DrawFn, rows: Tables, days: list[int]) -> None:
    """Rows "not evaluated" of lesions that another scan of the visit shows, as forms of one body part have them."""
    there = {(row["lesion_id"], row["assessed_day"]) for row in rows["measurements"]}
    for lesion in rows["lesions"]:
        for day in days:
            key = (lesion["lesion_id"], day + draw(st.sampled_from((1, 3, 5))))
            if draw(st.integers(0, 7)) == 0 and key not in there:
                name = {"patient_id": "A", "lesion_id": key[0]}
                rows["measurements"].append(name | {"assessed_day": key[1], "state": "not_evaluated"})


def _add(
    rows: Tables, lesion: str, role: str, node: bool, cells_drawn: list[Any], days: list[int], later: int
) -> None:
    name = {"patient_id": "A", "lesion_id": lesion}
    organ = "lymph_node" if node else "liver"
    rows["lesions"].append(name | {"role": role, "organ": organ, "is_node": node})
    for day, cell in zip([BASELINE_DAY, *(d + later for d in days)], cells_drawn, strict=True):
        if cell is None:
            continue
        rows["measurements"].append(name | {"assessed_day": day} | _found(cell))


def _found(cell: float | str) -> Row:
    if isinstance(cell, float):
        return {"diameter_mm": cell}
    if cell in PET:
        return PET[cell]
    if cell == "larger":
        return {"certainty": "unequivocal", "change_since_last": "increase"}
    return {"certainty" if cell in {"equivocal", "unequivocal"} else "state": cell}


def cohorts(*, plain: bool = False) -> st.SearchStrategy[list[Tables]]:
    """Several patients, to be derived at once."""
    return st.lists(patients(plain=plain), min_size=2, max_size=PATIENTS_AT_ONCE)


def joined(cohort: list[Tables]) -> Tables:
    """Patients "P00", "P01", … of one study, each table's rows together."""
    tables: Tables = {}
    for number, patient in enumerate(cohort):
        for name, rows in patient.items():
            tables.setdefault(name, []).extend(row | {"patient_id": f"P{number:02}"} for row in rows)
    return tables


def typed(tables: Tables) -> StudyTables:
    """The same rows as `StudyTables`."""
    return study_tables(**tables)
