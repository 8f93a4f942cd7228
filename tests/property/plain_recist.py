"""RECIST 1.1 once more, in plain Python, one patient at a time and one scan after another.

Written from the guideline's text, apart from the package, to be compared with it on generated
histories. No split or merged lesions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
WINDOW = 28


@dataclass
class Point:
    """One time point: what each lesion showed and what follows."""

    rows: dict[str, Row] = field(default_factory=dict)
    first_day: int = 0
    target: str | None = None
    other: str | None = None
    overall: str = ""
    nadir: Fraction | None = None
    causes: frozenset[str] = frozenset()


def read_patient(lesions: list[Row], measurements: list[Row]) -> list[Point]:
    """Time points after baseline with their responses."""
    targets = [lesion for lesion in lesions if lesion["role"] == "target"]
    others = [lesion for lesion in lesions if lesion["role"] == "non_target"]
    baseline = {row["lesion_id"]: row for row in measurements if row["assessed_day"] <= 0}
    points = time_points([row for row in measurements if row["assessed_day"] > 0])
    known = [size(baseline.get(lesion["lesion_id"])) for lesion in targets]
    start = None if None in known else sum((k for k in known if k is not None), Fraction(0))
    sums = [] if start is None else [start]
    shrunk = complete = False
    for number, point in enumerate(points):
        point.nadir = min(sums) if sums else None
        point.target, total = target_response(targets, point, start)
        if total is not None and start is not None:
            sums.append(total)
        if point.target == "PD":
            shrunk = False
        if point.target in {"CR", "PR"}:
            shrunk = True
        if point.target == "SD" and shrunk:
            point.target = "PR"
        point.other = non_target_response(others, point)
        appeared = new_lesion(lesions, baseline, points, number)
        causes = {
            "new_lesion": appeared,
            "target": point.target == "PD",
            "non_target": point.other == "PD",
            "reappearance": complete and disease(targets + others, point),
        }
        point.causes = frozenset(cause for cause, holds in causes.items() if holds)
        without = overall_response(point.target, point.other)
        point.overall = "PD" if point.causes else without
        complete = complete or (without == "CR" and not point.causes - {"reappearance"})
    return points


def time_points(rows: list[Row]) -> list[Point]:
    points: list[Point] = []
    for day in sorted({row["assessed_day"] for row in rows}):
        today = {row["lesion_id"]: row for row in rows if row["assessed_day"] == day}
        again = points and points[-1].rows.keys() & today.keys()
        if not points or again or day - points[-1].first_day > WINDOW:
            points.append(Point(first_day=day))
        points[-1].rows.update(today)
    return points


def size(row: Row | None) -> Fraction | None:
    if row is None:
        return None
    if "diameter_mm" in row:
        return Fraction(str(row["diameter_mm"]))
    return {"absent": Fraction(0), "too_small": Fraction(5)}.get(row.get("state", ""))


def target_response(
    targets: list[Row], point: Point, baseline: Fraction | None
) -> tuple[str | None, Fraction | None]:
    if not targets:
        return None, None
    found = [(lesion, size(point.rows.get(lesion["lesion_id"]))) for lesion in targets]
    seen = [(lesion, mm) for lesion, mm in found if mm is not None]
    total = sum((mm for _, mm in seen), Fraction(0))
    whole = total if len(seen) == len(targets) else None
    if whole is not None and all(mm < 10 if lesion["is_node"] else mm == 0 for lesion, mm in seen):
        return "CR", whole
    nadir = point.nadir
    if nadir is not None and seen and total - nadir >= 5 and (nadir == 0 or total / nadir >= Fraction(6, 5)):
        return "PD", whole
    if whole is None or baseline is None:
        return "NE", whole
    return ("PR" if whole <= baseline * Fraction(7, 10) else "SD"), whole


def non_target_response(others: list[Row], point: Point) -> str | None:
    states = [point.rows.get(lesion["lesion_id"], {}).get("state") for lesion in others]
    if not states:
        return None
    if "unequivocal_progression" in states:
        return "PD"
    if None in states or "not_evaluated" in states:
        return "NE"
    return "CR" if set(states) == {"absent"} else "NON_CR_NON_PD"


def new_lesion(lesions: list[Row], baseline: dict[str, Row], points: list[Point], number: int) -> bool:
    return any(
        is_new(lesion["lesion_id"], baseline, points, number) for lesion in lesions if lesion["role"] == "new"
    )


def is_new(lesion: str, baseline: dict[str, Row], points: list[Point], number: int) -> bool:
    """Certain now; or doubtful now and the next clear word, if any, is that it is there."""
    first_pet = baseline.get(lesion, {}).get("fdg")
    words = [word(point.rows.get(lesion, {}), first_pet) for point in points[number:]]
    if words[0] != "equivocal":
        return words[0] == "unequivocal"
    clear = [later for later in words[1:] if later in {"unequivocal", "absent"}]
    return clear[:1] == ["unequivocal"]


def word(row: Row, first_pet: str | None) -> str | None:
    """What a scan says of a new lesion; PET by the algorithm of section 4.3.5."""
    if row.get("modality") != "fdg_pet":
        return row.get("certainty", row.get("state"))
    if row["fdg"] == "negative":
        return "absent"
    return "unequivocal" if first_pet == "negative" or row.get("ct_confirms") else "equivocal"


def disease(lesions: list[Row], point: Point) -> bool:
    for lesion in lesions:
        row = point.rows.get(lesion["lesion_id"])
        mm = size(row)
        if mm is not None and (mm >= 10 if lesion["is_node"] else mm > 0):
            return True
        if row is not None and row.get("state") in {"present", "increased", "unequivocal_progression"}:
            return True
    return False


def overall_response(target: str | None, other: str | None) -> str:
    if target is None:
        return other or "NE"
    if target == "CR":
        return "CR" if other in {None, "CR"} else "PR"
    return target
