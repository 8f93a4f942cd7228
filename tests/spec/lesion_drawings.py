"""Drawn lesion tables as rows of patients, lesions and measurements.

The first column, `scan`, is the day (`base` is day -7); a column `symptom` marks scans made for a new
symptom, `clinical`, `death` and `therapy` (a later line) hold on the first row the day of these events; every other column is a lesion: `T…` a target, `N…` a non-target, `NEW…` a new lesion. Words
in its name say more: `node`, `brain`, `primary`, `unscanned` (region not scanned at baseline), a
station after `@`. A cell holds a diameter in mm, fragments joined by `+` (`?` where one was not
evaluated), a state (`too_small 3` with its size), `merged:LESION`, or the finding of PET; blank is no row.
"""

from __future__ import annotations

import re
from typing import Any

Row = dict[str, Any]
BASELINE_DAY = -7
PET = {
    "PET positive": {"modality": "fdg_pet", "fdg": "positive"},
    "PET positive, CT negative": {"modality": "fdg_pet", "fdg": "positive", "ct_confirms": False},
    "PET positive, CT confirms": {"modality": "fdg_pet", "fdg": "positive", "ct_confirms": True},
    "PET negative": {"modality": "fdg_pet", "fdg": "negative"},
}
EVENTS = {"clinical": "clinical_progression_day", "death": "died_day"}
NOT_A_LESION = {"scan", "symptom", "therapy", *EVENTS}


def lesion_tables(rows: list[dict[str, str]]) -> dict[str, list[Row]]:
    """One patient "A" of a drawing with a lesion a column."""
    names = [n for n in rows[0] if n not in NOT_A_LESION and not n.startswith("->")]
    measurements = []
    for row in rows:
        day = BASELINE_DAY if row["scan"] == "base" else int(row["scan"])
        for name in names:
            base = {"patient_id": "A", "lesion_id": name, "assessed_day": day}
            if row.get("symptom") == "yes":
                base["unscheduled_for_symptom"] = True
            measurements += [base | cell for cell in _cells(row[name])] if row[name] else []
    lesions = [{"patient_id": "A", "lesion_id": name, **_declared(name)} for name in names]
    events = {column: int(rows[0][name]) for name, column in EVENTS.items() if rows[0].get(name)}
    tables = {"patients": [{"patient_id": "A"} | events], "lesions": lesions, "measurements": measurements}
    if rows[0].get("therapy"):
        line = {"patient_id": "A", "line": 2, "started_day": int(rows[0]["therapy"])}
        tables["treatments"] = [line]
    return tables


def _declared(name: str) -> Row:
    word, _, station = name.partition("@")
    role = "new" if word.startswith("NEW") else "target" if word.startswith("T") else "non_target"
    organs = ("liver", "bone", "adrenal", "brain", "peritoneum")
    organ = next((o for o in organs if o in word), "lung")
    node = "node" in word or bool(station)
    return {
        "role": role,
        "organ": "lymph_node" if node else organ,
        "is_node": node,
        "is_primary": "primary" in word,
        "station": station or None,
        "region_scanned_at_baseline": False if "unscanned" in word else None,
    }


def _cells(cell: str) -> list[Row]:
    if cell.startswith("merged:"):
        return [{"state": "merged", "merged_into": cell.removeprefix("merged:")}]
    if cell in {"equivocal", "unequivocal"}:
        return [{"certainty": cell}]
    if cell in PET:
        return [PET[cell]]
    if cell.startswith("too_small "):
        return [{"state": "too_small", "diameter_mm": float(cell.removeprefix("too_small "))}]
    if "+" in cell:
        return [_fragment(number, part) for number, part in enumerate(cell.split("+"), start=1)]
    if re.fullmatch(r"[\d.]+", cell):
        return [{"diameter_mm": float(cell)}]
    return [{"state": cell}]


def _fragment(number: int, part: str) -> Row:
    if part == "?":
        return {"state": "not_evaluated", "fragment": str(number)}
    return {"state": "split", "fragment": str(number), "diameter_mm": float(part)}


_STATIONS = (
    r"(?P<n>\d+) (?P<what>new |primary |)(?P<organ>\w+)(?:@(?P<station>\w+))?(?: (?P<diffuse>diffuse:\w+))?"
)


def pattern_tables(row: dict[str, str]) -> dict[str, list[Row]]:
    """One patient "A" whose lesions are given in words: "2 new liver, 1 lung", nodes as "2 lymph_node@4R".

    `progressing`: new lesions (unequivocal) and lesions grown from 20 to 60 mm; `stable`: 20 mm
    throughout; `not evaluated`: 20 mm before, not evaluated at the progression. Everything happens
    between baseline and one later scan.
    """
    tables: dict[str, list[Row]] = {"patients": [{"patient_id": "A"}], "lesions": [], "measurements": []}
    for column, at in (
        ("progressing", {"diameter_mm": 60.0}),
        ("stable", {"diameter_mm": 20.0}),
        ("not evaluated", {"state": "not_evaluated"}),
    ):
        for item in filter(None, row.get(column, "").split(", ")):
            match = re.fullmatch(_STATIONS, item)
            assert match is not None, item
            for _ in range(int(match["n"])):
                _add_lesion(tables, match, at)
    return tables


def _add_lesion(tables: dict[str, list[Row]], match: re.Match[str], at: Row) -> None:
    new = match["what"] == "new "
    name = {"patient_id": "A", "lesion_id": f"L{len(tables['lesions']) + 1}"}
    tables["lesions"].append(
        name
        | {
            "role": "new" if new else "target",
            "organ": match["organ"],
            "is_node": match["organ"] == "lymph_node",
            "station": match["station"],
            "is_primary": match["what"] == "primary ",
            "diffuse_kind": match["diffuse"].removeprefix("diffuse:") if match["diffuse"] else None,
        }
    )
    if not new:
        tables["measurements"].append(name | {"assessed_day": BASELINE_DAY, "diameter_mm": 20.0})
    tables["measurements"].append(
        name | {"assessed_day": 100} | ({"certainty": "unequivocal"} if new else at)
    )
