"""RECIST 1.1 and the pattern of progression in plain Python, one patient at a time.

Written from the guideline (Eisenhauer 2009), apart from the package's own derivation, to say whether
a drawn cohort shows what it was meant to show. It covers what the synthetic cohort holds: sums and
nadirs, non-target and new lesions, doubtful new lesions; no split, merged or PET findings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = dict[str, Any]
TOO_SMALL = 5.0


@dataclass
class Reading:
    """What a patient's scans say."""

    responses: list[tuple[date, str]] = field(default_factory=list)
    progressed_on: date | None = None
    progressing: list[str] = field(default_factory=list)  # lesion ids
    organs: set[str] = field(default_factory=set)
    pattern: str = ""
    most_controlled: bool = True  # also if new lesions count among the others

    def best(self) -> str:
        seen = [response for _, response in self.responses]
        return next((r for r in ("CR", "PR", "SD", "NON_CR_NON_PD", "PD") if r in seen), "NE")


def read_patient(start: date, lesions: list[Row], measurements: list[Row]) -> Reading:
    scans = _scans(start, measurements)
    reading = Reading()
    sums: list[float] = []
    for number, (on, at) in enumerate(scans):
        total = _sum(lesions, at)
        if number:
            earlier = [found for _, found in scans[:number]]
            response = _overall(lesions, scans, number, sums, total)
            reading.responses.append((on, response))
            if response == "PD":
                reading.progressed_on = on
                _judge_pattern(reading, lesions, earlier, at, scans[number + 1 :])
                break
        if total is not None:
            sums.append(total)
    return reading


def _scans(start: date, measurements: list[Row]) -> list[tuple[date, dict[str, Row]]]:
    """The baseline, of whatever days up to the start, then one time point a date."""
    by_date: dict[date, dict[str, Row]] = {}
    for row in measurements:
        on = start if row["assessed_on"] <= start else row["assessed_on"]
        by_date.setdefault(on, {})[row["lesion_id"]] = row
    return sorted(by_date.items())


def _size(row: Row | None) -> float | None:
    if row is None or row["state"] in {"not_evaluated", "present", "increased", "unequivocal_progression"}:
        return None
    return {"absent": 0.0, "too_small": TOO_SMALL}.get(row["state"], row["diameter_mm"])


def _sum(lesions: list[Row], at: dict[str, Row]) -> float | None:
    sizes = [_size(at.get(lesion["lesion_id"])) for lesion in lesions if lesion["role"] == "target"]
    return None if any(size is None for size in sizes) else sum(size for size in sizes if size is not None)


def _overall(
    lesions: list[Row],
    scans: list[tuple[date, dict[str, Row]]],
    number: int,
    sums: list[float],
    total: float | None,
) -> str:
    at = scans[number][1]
    later = [found for _, found in scans[number + 1 :]]
    non_targets = [lesion for lesion in lesions if lesion["role"] == "non_target"]
    states = [at[lesion["lesion_id"]]["state"] for lesion in non_targets]
    if any(_counts_as_new(lesion, at, later) for lesion in lesions):
        return "PD"
    if "unequivocal_progression" in states:
        return "PD"
    if total is None:
        partial = sum(
            size
            for lesion in lesions
            if lesion["role"] == "target" and (size := _size(at.get(lesion["lesion_id"]))) is not None
        )
        return "PD" if partial >= 1.2 * min(sums) and partial >= min(sums) + 5 else "NE"
    if total >= 1.2 * min(sums) - 1e-9 and total >= min(sums) + 5:
        return "PD"
    if _all_gone(lesions, at):
        return "CR" if all(state == "absent" for state in states) else "PR"
    return "PR" if total <= 0.7 * sums[0] + 1e-9 else "SD"


def _all_gone(lesions: list[Row], at: dict[str, Row]) -> bool:
    sizes = [
        (lesion["is_node"] == "yes", _size(at[lesion["lesion_id"]]))
        for lesion in lesions
        if lesion["role"] == "target"
    ]
    return all(size is not None and (size < 10 if node else size == 0) for node, size in sizes)


def _counts_as_new(lesion: Row, at: dict[str, Row], later: list[dict[str, Row]]) -> bool:
    """Unequivocally new, or doubtful and confirmed by the next scan that shows it."""
    row = at.get(lesion["lesion_id"])
    if lesion["role"] != "new" or row is None or row["state"] == "absent":
        return False
    if row["certainty"] == "unequivocal":
        return True
    following = [found[lesion["lesion_id"]] for found in later if lesion["lesion_id"] in found]
    return bool(following) and following[0]["certainty"] == "unequivocal"


def _judge_pattern(
    reading: Reading,
    lesions: list[Row],
    earlier: list[dict[str, Row]],
    at: dict[str, Row],
    later: list[tuple[date, dict[str, Row]]],
) -> None:
    following = [found for _, found in later]
    progressing = [lesion for lesion in lesions if _progresses(lesion, earlier, at, following)]
    ids = {lesion["lesion_id"] for lesion in progressing}
    places = {
        ("node", lesion["station"]) if lesion["station"] else lesion["lesion_id"] for lesion in progressing
    }
    existing = [lesion for lesion in lesions if lesion["role"] != "new"]
    others = [lesion for lesion in existing if lesion["is_primary"] != "yes"]
    worse = [lesion for lesion in others if lesion["lesion_id"] in ids]
    n_new = sum(lesion["role"] == "new" for lesion in progressing)
    primary = any(lesion["is_primary"] == "yes" for lesion in progressing)
    uncontrolled = primary or (bool(others) and 2 * len(worse) >= len(others))
    diffuse = any(lesion["diffuse_kind"] for lesion in progressing)
    reading.progressing = sorted(ids)
    reading.organs = {lesion["organ"] for lesion in progressing}
    reading.most_controlled = not primary and 2 * (len(worse) + n_new) < len(others) + n_new
    reading.pattern = "systemic" if len(places) > 5 or diffuse or uncontrolled else "oligoprogression"


def _progresses(
    lesion: Row, earlier: list[dict[str, Row]], at: dict[str, Row], later: list[dict[str, Row]]
) -> bool:
    if lesion["role"] == "new":
        return _counts_as_new(lesion, at, later)
    row = at.get(lesion["lesion_id"])
    if row is not None and row["state"] == "unequivocal_progression":
        return True
    sizes = [size for found in earlier if (size := _size(found.get(lesion["lesion_id"]))) is not None]
    now = _size(row)
    return bool(sizes) and now is not None and now >= 1.2 * min(sizes) - 1e-9 and now >= min(sizes) + 5
