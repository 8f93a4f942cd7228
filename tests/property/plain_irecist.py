"""iRECIST once more, in plain Python, one patient at a time and one scan after another.

Written from Seymour 2017 (tables 2 and 3) and the EORTC's answers on iRECIST, apart from the package, to
be compared with it on generated histories. It uses the plain reading of RECIST 1.1 next to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from property.plain_recist import Point, disease, is_new, read_patient, size, word

Row = dict[str, Any]
Sizes = dict[str, "Fraction | None"]
RANK = {"CR": 0, "PR": 1, "SD": 2, "PD": 3}


@dataclass
class NewLesion:
    """A new lesion at one scan: None where it was not evaluated."""

    since: int
    measured: bool
    mm: Fraction | None = None
    seen: bool = False
    gone: bool = False
    grew: bool = False
    unequivocal: bool = False


@dataclass
class Scan:
    """What one time point shows."""

    number: int
    day: int
    symptom: bool
    target: str | None
    total: Fraction | None
    target_there: bool
    other: str | None
    other_grew: bool
    new: dict[str, NewLesion]
    # Of the lesions not measured as targets whose size was ever recorded; None where it is not now.
    other_sizes: Sizes
    new_other_sizes: Sizes


@dataclass
class Unconfirmed:
    """An iUPD: what progressed, and what it is compared with."""

    since: Scan
    progressing: set[str]
    target: str | None
    total: Fraction | None
    new_total: Fraction | None
    other_sizes: Sizes | None
    new_other_sizes: Sizes | None
    other_grew: bool = False
    new_grew: bool = False


@dataclass
class Reading:
    """The words so far and what has to be remembered for the next."""

    words: list[str] = field(default_factory=list)
    dated: int | None = None
    confirmed: bool = False
    unconfirmed: Unconfirmed | None = None
    had_cr: bool = False
    target: str | None = "SD"  # the last that was known, progression apart
    new_reference: Fraction | None = None
    standing: bool = False
    known: set[str] = field(default_factory=set)


def read_irecist(lesions: list[Row], measurements: list[Row]) -> Reading:
    """The response at every time point and the day of progression."""
    scans = scans_of(lesions, measurements)
    kinds = {lesion["role"] for lesion in lesions}
    reading = Reading()
    last = None if not scans else baseline_total(lesions, measurements)
    for scan in scans:
        response = respond(reading, scan, kinds, last)
        if response == "iCR":
            reading.had_cr = True
        reading.words.append(response)
        last = scan.total if scan.total is not None else last
    if reading.unconfirmed is not None and not reading.confirmed:
        reading.dated = reading.unconfirmed.since.day
    return reading


def respond(reading: Reading, scan: Scan, kinds: set[str], last: Fraction | None) -> str:
    progressing, appeared = what_progresses(reading, scan)
    if any(new.seen for new in scan.new.values()):
        reading.standing = True
    if scan.new and all(new.gone for new in scan.new.values()):
        reading.standing = False
    plain = without_progression(scan, kinds, reading.standing)
    block = reading.unconfirmed
    if block is not None:
        fill_in(block, scan)
    confirms = block is not None and confirmed_by(block, scan, progressing, appeared)
    if block is not None and not progressing and plain != "NE" and better(block, scan, plain):
        reading.unconfirmed = None
    elif block is None and progressing:
        target = "PD" if "target" in progressing else known(scan.target) or reading.target
        total = scan.total if scan.total is not None or "target" in progressing else last
        sizes = whole(scan.other_sizes), whole(scan.new_other_sizes)
        reading.unconfirmed = Unconfirmed(scan, progressing, target, total, new_total(scan), *sizes)
    remember(reading, scan)
    if confirms and not reading.confirmed:
        assert block is not None
        reading.confirmed, reading.dated = True, block.since.day
    if confirms:
        return "iCPD"
    if plain == "NE" and not progressing:
        return "NE"
    return "iCPD" if reading.confirmed else "iUPD" if reading.unconfirmed else plain


def what_progresses(reading: Reading, scan: Scan) -> tuple[set[str], bool]:
    """Categories that progress by RECIST 1.1, and whether a further lesion is new."""
    found = set()
    if scan.target == "PD" or (reading.had_cr and scan.target_there):
        found.add("target")
    if scan.other == "PD" or (reading.had_cr and scan.other == "NON_CR_NON_PD"):
        found.add("other")
    appeared = any(name not in reading.known for name in scan.new)
    total, reference = partial_new_total(scan), reading.new_reference
    if reference is not None and total is not None and not all(new.gone for new in scan.new.values()):
        reference += joined(scan)
        if total - reference >= 5 and total >= reference * Fraction(6, 5):
            found.add("new")
    again = reading.had_cr and any(new.seen for new in scan.new.values())
    if appeared or again or any(new.unequivocal for new in scan.new.values()):
        found.add("new")
    return found, appeared


def without_progression(scan: Scan, kinds: set[str], standing: bool) -> str:
    """Tables 1 and 2; a new lesion that is still there leaves no iCR."""
    everything_else = not standing and scan.other in ({"CR"} if "non_target" in kinds else {None})
    if "target" not in kinds:
        if scan.other == "CR" and not standing:
            return "iCR"
        return "NE" if scan.other in {None, "NE"} else "iSD"
    if scan.target in {None, "NE"} or scan.total is None:
        return "NE"
    if scan.target == "CR":
        return "iCR" if everything_else else "iPR"
    return "iPR" if scan.target == "PR" else "iSD"


def fill_in(block: Unconfirmed, scan: Scan) -> None:
    """Growth since the iUPD, and the sums that were not complete at it."""
    if "target" in block.progressing and block.total is None:
        block.total = scan.total
    if "new" in block.progressing and block.new_total is None:
        block.new_total = new_total(scan)
    block.other_sizes = reference(block.other_sizes, scan.other_sizes)
    block.new_other_sizes = reference(block.new_other_sizes, scan.new_other_sizes)
    block.other_grew |= other_grown(block, scan)
    block.new_grew |= new_other_grown(block, scan)


def whole(sizes: Sizes) -> Sizes | None:
    return None if None in sizes.values() else sizes


def reference(at_iupd: Sizes | None, now: Sizes) -> Sizes | None:
    """A lesion whose size is first recorded later is compared with that size."""
    return whole(now) if at_iupd is None else now | at_iupd


def larger(now: Sizes, at_iupd: Sizes | None) -> bool:
    """Table 2: any increase, here of the sizes together, where each is known."""
    if at_iupd is None or whole(now) is None:
        return False
    return sum(mm or 0 for mm in now.values()) > sum(mm or 0 for mm in at_iupd.values())


def other_grown(block: Unconfirmed, scan: Scan) -> bool:
    return scan.other_grew or larger(scan.other_sizes, block.other_sizes)


def new_other_grown(block: Unconfirmed, scan: Scan) -> bool:
    read = any(new.grew for new in scan.new.values())
    return read or larger(scan.new_other_sizes, block.new_other_sizes)


def confirmed_by(block: Unconfirmed, scan: Scan, progressing: set[str], appeared: bool) -> bool:
    if appeared and scan.symptom:
        return True
    if scan.day - block.since.day < 28:
        return False
    additional = any(new.seen and new.since > block.since.number for new in scan.new.values())
    elsewhere = progressing - block.progressing
    grown = []
    if "target" in block.progressing and scan.total is not None and block.total is not None:
        grown.append(scan.total - block.total >= 5)
    if "other" in block.progressing:
        grown.append(other_grown(block, scan) or (block.other_grew and scan.other == "PD"))
    if "new" in block.progressing:
        there = any(new.seen for new in scan.new.values())
        grown.append(new_other_grown(block, scan) or (block.new_grew and there))
        total = partial_new_total(scan)
        if total is not None and block.new_total is not None:
            grown.append(total - block.new_total >= 5)
    return bool(additional or appeared or elsewhere) or any(grown)


def better(block: Unconfirmed, scan: Scan, plain: str) -> bool:
    """A category has changed for the better since the iUPD (nothing progresses)."""
    if plain == "iCR":
        return True
    if known(scan.target) and block.target and RANK[str(scan.target)] < RANK[block.target]:
        return True
    if "other" in block.progressing and scan.other in {"CR", "NON_CR_NON_PD"}:
        return True
    if "new" not in block.progressing:
        return False
    if scan.new and all(new.gone for new in scan.new.values()):
        return True
    total = new_total(scan)
    return bool(block.new_total) and total is not None and total <= block.new_total * Fraction(7, 10)


def remember(reading: Reading, scan: Scan) -> None:
    if scan.total is not None and known(scan.target):
        reading.target = "SD" if scan.target == "PD" else scan.target
    reference = reading.new_reference
    if reference is not None:
        reference += joined(scan)
    total = new_total(scan)
    if total is not None:
        reference = total if reference is None else min(reference, total)
    reading.new_reference = reference
    reading.known |= set(scan.new)


def known(target: str | None) -> str | None:
    return None if target in {None, "NE"} else target


def new_total(scan: Scan) -> Fraction | None:
    """The sum of the new lesions that are measured, where each was evaluated."""
    sizes = [new.mm for new in scan.new.values() if new.measured]
    return None if not sizes or None in sizes else sum((mm for mm in sizes if mm is not None), Fraction(0))


def partial_new_total(scan: Scan) -> Fraction | None:
    sizes = [new.mm for new in scan.new.values() if new.measured and new.mm is not None]
    return sum(sizes, Fraction(0)) if sizes else None


def joined(scan: Scan) -> Fraction:
    first = [new.mm for new in scan.new.values() if new.measured and new.since == scan.number]
    return sum((mm for mm in first if mm is not None), Fraction(0))


# ---- from the rows of lesions --------------------------------------------------------------------


def baseline_total(lesions: list[Row], measurements: list[Row]) -> Fraction | None:
    rows = {row["lesion_id"]: row for row in measurements if row["assessed_day"] <= 0}
    sizes = [size(rows.get(lesion["lesion_id"])) for lesion in lesions if lesion["role"] == "target"]
    return None if None in sizes else sum((mm for mm in sizes if mm is not None), Fraction(0))


def scans_of(lesions: list[Row], measurements: list[Row]) -> list[Scan]:
    points = read_patient(lesions, measurements)
    baseline = {row["lesion_id"]: row for row in measurements if row["assessed_day"] <= 0}
    targets, others, new = (
        [x for x in lesions if x["role"] == role] for role in ("target", "non_target", "new")
    )
    since = {
        lesion["lesion_id"]: next(
            (number for number in range(len(points)) if is_new(lesion, baseline, points, number)), None
        )
        for lesion in new
    }
    lacking = baseline_total(lesions, measurements) is None
    scans: list[Scan] = []
    others_sized: set[str] = set()
    new_sized: set[str] = set()
    for number, point in enumerate(points):
        found = {
            lesion["lesion_id"]: new_at(lesion, baseline, points, number, first)
            for lesion in new
            if (first := since[lesion["lesion_id"]]) is not None and first <= number
        }
        appeared = {point.rows[name]["assessed_day"] for name, first in since.items() if first == number}
        rows = [point.rows[lesion["lesion_id"]] for lesion in others if lesion["lesion_id"] in point.rows]
        other_sizes = {lesion["lesion_id"]: size(point.rows.get(lesion["lesion_id"])) for lesion in others}
        new_sizes = {name: lesion.mm for name, lesion in found.items() if not lesion.measured}
        others_sized |= {name for name, mm in other_sizes.items() if mm}
        new_sized |= {name for name, mm in new_sizes.items() if mm}
        scans.append(
            Scan(
                number,
                point.declared_day,
                any(
                    row.get("unscheduled_for_symptom") and row["assessed_day"] in appeared
                    for row in point.rows.values()
                ),
                "NE" if lacking and targets and point.target != "PD" else point.target,
                point.sum,
                # A target node that is visible is one of 10 mm or more.
                point.sum is not None and point.sum > 0 and point.target != "CR" and disease(targets, point),
                point.other,
                any(row.get("state") == "increased" for row in rows),
                found,
                {name: other_sizes[name] for name in others_sized},
                {name: new_sizes[name] for name in new_sized},
            )
        )
    return scans


def new_at(lesion: Row, baseline: dict[str, Row], points: list[Point], number: int, since: int) -> NewLesion:
    name = lesion["lesion_id"]
    first = size(points[since].rows[name])
    measured = first is not None and first >= (15 if lesion["is_node"] else 10)
    found = NewLesion(since, measured)
    row = points[number].rows.get(name)
    if row is None or row.get("state") == "not_evaluated":
        return found
    found.seen = is_new(lesion, baseline, points, number)
    absent = word(row, baseline.get(name, {}).get("fdg"), lesion["is_node"]) == "absent"
    found.gone = absent and number > since
    if found.seen or absent:
        found.mm = size(row) if size(row) is not None else Fraction(0) if absent else None
    grew = row.get("change_since_last") == "increase" or row.get("state") == "increased"
    found.grew = found.seen and not measured and grew
    unequivocal = row.get("state") == "unequivocal_progression"
    found.unequivocal = found.seen and not measured and unequivocal and number > since
    return found
