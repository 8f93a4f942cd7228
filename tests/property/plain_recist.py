"""RECIST 1.1 once more, in plain Python, one patient at a time and one scan after another.

Written from the guideline's text, apart from the package, to be compared with it on generated
histories. No split or merged lesions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
WINDOW = 28  # while a target is to be evaluated
VISIT = 7  # once all of them are


SEEN = {"present", "increased", "unequivocal_progression"}
CAUSES = ("new_lesion", "target", "non_target", "reappearance")


@dataclass
class Point:
    """One time point: what each lesion showed and what follows."""

    rows: dict[str, Row] = field(default_factory=dict)
    first_day: int = 0
    complete_on: int | None = None
    declared_day: int = 0
    sum: Fraction | None = None
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
    roles = {lesion["lesion_id"]: lesion["role"] for lesion in lesions}
    points = time_points([row for row in measurements if row["assessed_day"] > 0], roles)
    known = [size(baseline.get(lesion["lesion_id"])) for lesion in targets]
    start = None if None in known else sum((k for k in known if k is not None), Fraction(0))
    sums = [] if start is None else [start]
    shrunk = complete = False
    for number, point in enumerate(points):
        point.nadir = min(sums) if sums else None
        point.target, total = target_response(targets, point, start)
        point.sum = total
        if total is not None and start is not None:
            sums.append(total)
        if point.target == "PD":
            shrunk = False
        if point.target in {"CR", "PR"}:
            shrunk = True
        if point.target == "SD" and shrunk:
            point.target = "PR"
        point.other = non_target_response(others, point, complete)
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
        point.declared_day = declared_day(lesions, baseline, points, number)
        complete = complete or (without == "CR" and not point.causes - {"reappearance"})
    return points


def evaluated(row: Row, role: str) -> bool:
    """A target has a size; of any other lesion the row has a state."""
    return size(row) is not None if role == "target" else row.get("state") != "not_evaluated"


def time_points(rows: list[Row], roles: dict[str, str]) -> list[Point]:
    """Scans of different lesions, until every target (without targets: every non-target) was evaluated."""
    points: list[Point] = []
    first_role = "target" if "target" in roles.values() else "non_target"
    needed = {lesion for lesion, role in roles.items() if role == first_role}
    missed: dict[str, int] = {}  # of each lesion whose last row was "not evaluated", the day
    for day in sorted({row["assessed_day"] for row in rows}):
        today = {row["lesion_id"]: row for row in rows if row["assessed_day"] == day}
        again = [missed[lesion] for lesion in missed.keys() & today.keys() - {
            lesion for lesion, row in today.items() if evaluated(row, roles[lesion])
        }]  # fmt: skip
        missed_again = bool(points) and any(
            day - since > VISIT and since >= points[-1].first_day for since in again
        )
        if not points or missed_again or opens_next(points[-1], today, day, roles):
            points.append(Point(first_day=day))
        point = points[-1]
        for lesion, row in today.items():
            missed.pop(lesion, None)
            if not evaluated(row, roles[lesion]):
                missed[lesion] = day
            if lesion not in point.rows or evaluated(row, roles[lesion]):
                point.rows[lesion] = row
        if point.complete_on is None and needed <= seen_in(point, roles):
            point.complete_on = day
    return points


def seen_in(point: Point, roles: dict[str, str]) -> set[str]:
    return {lesion for lesion, row in point.rows.items() if evaluated(row, roles[lesion])}


def opens_next(point: Point, today: dict[str, Row], day: int, roles: dict[str, str]) -> bool:
    seen_today = {lesion for lesion, row in today.items() if evaluated(row, roles[lesion])}
    return bool(
        seen_in(point, roles) & seen_today
        or any(row.get("unscheduled_for_symptom") for row in today.values())
        or day - point.first_day > (WINDOW if seen_in(point, roles) else VISIT)
        or (point.complete_on is not None and day - point.complete_on > VISIT)
    )


def declared_day(lesions: list[Row], baseline: dict[str, Row], points: list[Point], number: int) -> int:
    """Progression: the first day that shows it; anything else: the last day something was evaluated."""
    point = points[number]
    role = {lesion["lesion_id"]: lesion["role"] for lesion in lesions}
    days: dict[str, list[int]] = {name: [] for name in ("any", "seen", *CAUSES)}
    for lesion in lesions:
        name, row = lesion["lesion_id"], point.rows.get(lesion["lesion_id"])
        if row is None:
            continue
        day = row["assessed_day"]
        days["any"].append(day)
        if evaluated(row, role[name]):
            days["seen"].append(day)
            if role[name] == "target":
                days["target"].append(day)
        if role[name] == "new" and is_new(lesion, baseline, points, number):
            days["new_lesion"].append(day)
        if role[name] == "non_target" and row.get("state") == "unequivocal_progression":
            days["non_target"].append(day)
        if role[name] != "new" and disease([lesion], point):
            days["reappearance"].append(day)
    if point.causes:
        return min(min(days[cause]) for cause in point.causes)
    return max(days["seen"] or days["any"])


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


def non_target_response(others: list[Row], point: Point, complete: bool) -> str | None:
    """After a complete response a node is there again only if it progressed unequivocally."""
    states = [non_target_state(lesion, point.rows.get(lesion["lesion_id"]), complete) for lesion in others]
    if not states:
        return None
    if "unequivocal_progression" in states:
        return "PD"
    if None in states or "not_evaluated" in states:
        return "NE"
    return "CR" if set(states) == {"absent"} else "NON_CR_NON_PD"


def non_target_state(lesion: Row, row: Row | None, complete: bool) -> str | None:
    if row is None:
        return None
    mm = size(row)
    state = row.get("state") or ("absent" if lesion["is_node"] and mm is not None and mm < 10 else "present")
    if complete and lesion["is_node"] and state in {"present", "increased"}:
        return "absent"
    return state


def new_lesion(lesions: list[Row], baseline: dict[str, Row], points: list[Point], number: int) -> bool:
    return any(is_new(lesion, baseline, points, number) for lesion in lesions if lesion["role"] == "new")


def is_new(lesion: Row, baseline: dict[str, Row], points: list[Point], number: int) -> bool:
    """Certain now; or doubtful now and the next clear word, if any, is that it is there."""
    name = lesion["lesion_id"]
    first_pet = baseline.get(name, {}).get("fdg")
    words = [word(point.rows.get(name, {}), first_pet, lesion["is_node"]) for point in points[number:]]
    if words[0] != "equivocal":
        return words[0] == "unequivocal"
    clear = [later for later in words[1:] if later in {"unequivocal", "absent"}]
    return clear[:1] == ["unequivocal"]


def word(row: Row, first_pet: str | None, is_node: bool) -> str | None:
    """What a scan shows of a new lesion; PET by the algorithm of section 4.3.5."""
    if row.get("modality") != "fdg_pet":
        mm = size(row)
        if mm is not None and (mm < 10 if is_node else mm == 0):
            return "absent"  # a node below 10 mm is not pathological
        stated = row.get("certainty", row.get("state"))
        return "unequivocal" if stated in SEEN or (stated is None and mm is not None) else stated
    if row["fdg"] == "negative":
        return "absent"
    return "unequivocal" if first_pet == "negative" or row.get("ct_confirms") else "equivocal"


def disease(lesions: list[Row], point: Point) -> bool:
    for lesion in lesions:
        row = point.rows.get(lesion["lesion_id"])
        mm = size(row)
        there = row is not None and row.get("state") in {"present", "increased", "unequivocal_progression"}
        if lesion["role"] == "non_target" and lesion["is_node"]:
            there, mm = row is not None and row.get("state") == "unequivocal_progression", None
        if there or (mm is not None and (mm >= 10 if lesion["is_node"] else mm > 0)):
            return True
    return False


def overall_response(target: str | None, other: str | None) -> str:
    if target is None:
        return other or "NE"
    if target == "CR":
        return "CR" if other in {None, "CR"} else "PR"
    return target
