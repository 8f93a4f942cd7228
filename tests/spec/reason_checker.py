"""A second reading of reasons.csv: every clause is parsed and derived again from the rows it names.

Nothing of `oligoscope.clinical` is used: sums, nadirs, dates, counts and six months are worked out here from the
tables as a user wrote them. A clause that is not understood counts as untrue, as does a reason without its rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from oligoscope.study.schemas import TABLES, StudyTables

Row = dict[str, Any]
UM = 1000
WINDOW = 28  # days: scans of one time point
DAY = r"(\d{4}-\d\d-\d\d)"
NUMBER = r"(\d+(?:\.\d+)?)"
PERCENT = r"(?: \(([+-]\d+\.\d) %\))?"


@dataclass
class Patient:
    """Everything written of one patient, with the reasons given for them."""

    row: Row
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    reasons: dict[str, Row] = field(default_factory=dict)

    @property
    def start(self) -> date:
        return self.row["treatment_started_on"]

    def lesion(self, name: str) -> Row:
        return next(r for r in self.tables["lesions"] if r["lesion_id"] == name)

    def declared(self, *roles: str) -> list[Row]:
        return [r for r in self.tables["lesions"] if r["role"] in roles]


def untrue(tables: StudyTables, reasons: Iterable[Row], cutoff: date | None = None) -> list[str]:
    """What is wrong with each reason: "patient label: what", none where all of it follows from the rows."""
    patients: dict[str, Patient] = {
        r["patient_id"]: Patient(r) for r in tables.patients.iter_rows(named=True)
    }
    place: dict[tuple[str, int], tuple[str, Row]] = {}
    for name in TABLES:
        for row in getattr(tables, name).iter_rows(named=True):
            place[row["source"], row["source_row"]] = (name, row)
            seen = row.get("assessed_on")
            if row["patient_id"] in patients and not (cutoff and seen and seen > cutoff):
                patients[row["patient_id"]].tables[name].append(row)
    rows = list(reasons)
    for reason in rows:
        patients[reason["patient_id"]].reasons[reason["label"]] = reason
    found = []
    for reason in rows:
        patient = patients[reason["patient_id"]]
        try:
            problems = list(_check(patient, reason, _cited(reason, place, patient), cutoff))
        except (KeyError, ValueError, StopIteration, TypeError, IndexError) as error:
            problems = [f"cannot be derived: {error!r}"]
        found += [
            f"{reason['patient_id']} {reason['label']}: {p} | {reason['rule']} | {reason['source_rows']}"
            for p in problems
        ]
    return found


def _cited(
    reason: Row, place: dict[tuple[str, int], tuple[str, Row]], patient: Patient
) -> dict[str, list[Row]]:
    """The rows named, by table; each must be there and the patient's own."""
    cited: dict[str, list[Row]] = defaultdict(list)
    file = ""
    for item in (reason["source_rows"] or "").split(";"):
        if not item:
            continue
        name, _, number = item.rpartition(":")
        file = name or file
        table, row = place[file, int(number)]
        if row["patient_id"] != patient.row["patient_id"]:
            raise ValueError(f"{item} is another patient's row")
        cited[table].append(row)
    return cited


def _check(patient: Patient, reason: Row, cited: dict[str, list[Row]], cutoff: date | None) -> Iterator[str]:
    rule = reason["rule"]
    if not rule:
        yield "has no rule"
        return
    label = reason["label"]
    checks = {
        "best_response": _best, "confirmed_response": _best, "ibest_response": _irecist_best, "progressed_on": _progressed,
        "iprogressed_on": _irecist_progressed, "pattern": _pattern, "resistance": _resistance, "pfs": _time, "ipfs": _time,
        "os": _time, "dor": _span, "pps": _span,
    }  # fmt: skip
    yield from checks[label](patient, reason, cited, cutoff)


# ---- sizes -----------------------------------------------------------------------------------------


def size_um(rows: list[Row]) -> int | None:
    """The size of one lesion on one day: fragments added, absent and merged 0, too small 5 mm; None: not evaluated."""
    total = 0
    for row in rows:
        state = row["state"] or ("measured" if row["diameter_um"] is not None else "not_evaluated")
        size = row["diameter_um"]
        if state == "not_evaluated":
            return None
        if state in {"absent", "merged"}:
            size = 0
        elif state == "too_small" and not size:
            size = 5 * UM
        if size is None:
            return None
        total += size
    return total


def _sum(rows: list[Row], names: Iterable[str]) -> int | None:
    """The sum over lesions, each at its last of these days; None where one is not evaluated."""
    total = 0
    for name in names:
        own = [r for r in rows if r["lesion_id"] == name]
        if not own:
            return None
        last = max(r["assessed_on"] for r in own)
        size = size_um([r for r in own if r["assessed_on"] == last])
        if size is None:
            return None
        total += size
    return total


def _targets(patient: Patient) -> list[str]:
    return [r["lesion_id"] for r in patient.declared("target")]


def _target_rows(patient: Patient, rows: list[Row]) -> list[Row]:
    return [r for r in rows if r["lesion_id"] in _targets(patient)]


def whole_sums(patient: Patient) -> dict[date, int]:
    """Sums of the days on which every target was sized, baseline under the start."""
    rows = _target_rows(patient, patient.tables["measurements"])
    found = {}
    for day in sorted({r["assessed_on"] for r in rows if r["assessed_on"] > patient.start}):
        total = _sum([r for r in rows if r["assessed_on"] == day], _targets(patient))
        if total is not None:
            found[day] = total
    baseline = _sum([r for r in rows if r["assessed_on"] <= patient.start], _targets(patient))
    return found | ({patient.start: baseline} if baseline is not None else {})


def _sums_of_points(patient: Patient) -> Iterator[int]:
    """Sums after the start of targets sized on any days of one time point, each at its last size of these days."""
    rows = [r for r in _target_rows(patient, patient.tables["measurements"]) if size_um([r]) is not None]
    days = sorted({r["assessed_on"] for r in rows if r["assessed_on"] > patient.start})
    for last in days:
        for first in (d for d in days if last - timedelta(days=WINDOW) <= d <= last):
            total = _sum([r for r in rows if first <= r["assessed_on"] <= last], _targets(patient))
            if total is not None:
                yield total


def _gone(patient: Patient, row: Row) -> bool:
    lesion, size = patient.lesion(row["lesion_id"]), size_um([row])
    node = lesion["is_node"] or lesion["organ"] == "lymph_node" or lesion["station"] is not None
    return row["state"] == "absent" or size == 0 or bool(node and size is not None and size < 10 * UM)


def _percent(now: int, reference: int) -> str | None:
    if reference == 0:
        return None
    tenths = abs(now - reference) * 1000 // reference
    return f"{'-' if now < reference else '+'}{tenths // 10}.{tenths % 10}"


def _um(text: str) -> int:
    return round(float(text) * UM)


def _is(wanted: object, statement: object, what: str) -> Iterator[str]:
    if wanted != statement:
        yield f"{what} is {wanted}, not {statement}"


def _holds(condition: bool, what: str) -> Iterator[str]:
    if not condition:
        yield f"untrue: {what}"


def _on(text: str) -> date:
    return date.fromisoformat(text)


# ---- responses -------------------------------------------------------------------------------------


def _best(  # noqa: PLR0912  one branch a form of the sentence
    patient: Patient, reason: Row, cited: dict[str, list[Row]], cutoff: date | None
) -> Iterator[str]:
    """The scan the best response rests on, its day, and the sum against the baseline."""
    sentence, statement, *sizes = reason["rule"].split("; ")
    yield from _holds(sentence.startswith("best response"), "it names its rule")
    rows, value = cited["measurements"], reason["value"]
    given = {r["assessed_on"]: r["overall_response"] for r in cited["assessments"]}
    again = None
    if found := re.fullmatch(rf"first (\w+) on {DAY}(?: and again on {DAY})?", statement):
        word, day, second = found.groups()
        again = _on(second) if second else None
        # A CR that is seen again only as PR counts as a PR.
        lesser = reason["label"] == "confirmed_response" and (value, word) == ("PR", "CR")
        yield from _is(word if lesser else value, word, "the response")
        if reason["label"] == "confirmed_response":
            yield from _holds(again is not None and (again - _on(day)).days >= 28, "confirmed after 28 days")
            yield from _holds(
                any(
                    r["assessed_on"] <= again
                    for rs in cited.values()
                    for r in rs
                    if r.get("assessed_on") and r["assessed_on"] > _on(day)
                ),
                "the confirming rows are named",
            )  # type: ignore[operator]
    elif found := re.fullmatch(
        rf"(\w+) on {DAY}, day (\d+), (at least|before) day (\d+)(, and nothing later that counts)?",
        statement,
    ):
        word, day, n, which, limit, _ = found.groups()
        yield from _is((_on(day) - patient.start).days, int(n), "the day")
        yield from _holds((int(n) >= int(limit)) == (which == "at least"), statement)
        wanted = {"SD"} if which == "at least" else {"NE"}
        yield from _holds(
            value in wanted | ({"NON_CR_NON_PD"} if word == "NON_CR_NON_PD" else set()), "the value"
        )
    elif found := re.fullmatch(
        rf"(\w+) on {DAY}(, and no response before it that counts| after a CR, which is progression \(footnote a\))",
        statement,
    ):
        word, day, why = found.groups()
        yield from _is(value, "PD", "the response")
        yield from _is(
            why.startswith(" after a CR"), word != "PD", "disease after CR is another response than PD"
        )
    elif statement == "no assessment after the start":
        later = [
            r for n in ("measurements", "assessments") for r in patient.tables[n] if _after_start(patient, r)
        ]
        yield from _holds(not later and value == "NE", statement)
        return
    elif found := re.fullmatch(
        rf"no assessment up to {DAY}, when (the first progression|a new therapy) ended the count", statement
    ):
        earlier = [
            r
            for r in patient.tables["measurements"]
            if _after_start(patient, r) and r["assessed_on"] <= _on(found[1])
        ]
        dates = {
            patient.row["clinical_progression_on"],
            *(r["progressed_on"] for r in patient.tables["progressions"]),
        }
        dates |= {r["started_on"] for r in patient.tables["treatments"] if (r["line"] or 0) > 1}
        yield from _holds(not earlier and value == "NE" and _on(found[1]) in dates, statement)
        return
    elif statement == "no assessment that counts could be evaluated":
        yield from _is(value, "NE", "the response")
        return
    elif statement == "as the team has read it":
        yield from _is([r["best_response"] for r in cited["progressions"]], [value], "the team's reading")
        return
    elif statement == "a progression that was read, and no response before it that counts":
        yield from _holds(value == "PD" and bool(patient.tables["progressions"]), statement)
        return
    else:
        yield f"not understood: {statement}"
        return
    if given:
        yield from _is(given[_on(day)], word, "the response given on that day")
        return
    point = [
        r for r in rows if r["assessed_on"] > patient.start and (word == "PD" or r["assessed_on"] <= _on(day))
    ]
    yield from _holds(
        any(abs((r["assessed_on"] - _on(day)).days) <= WINDOW for r in point), "rows of that scan are named"
    )
    if patient.declared("target") and not sizes:
        yield from _holds(
            _sum(_target_rows(patient, point), _targets(patient)) is None
            or not whole_sums(patient).get(patient.start),
            "a sum was left out",
        )
    for clause in sizes:
        yield from _compared(patient, rows, point, clause, word)


def _after_start(patient: Patient, row: Row) -> bool:
    return patient.start is not None and row["assessed_on"] is not None and row["assessed_on"] > patient.start


def _compared(patient: Patient, rows: list[Row], point: list[Row], clause: str, word: str) -> Iterator[str]:
    found = re.fullmatch(rf"sum {NUMBER} mm, baseline {NUMBER} mm{PERCENT}", clause)
    if not found:
        yield f"not understood: {clause}"
        return
    now, baseline = _um(found[1]), _um(found[2])
    yield from _is(_sum(_target_rows(patient, point), _targets(patient)), now, "the sum, um")
    before = [r for r in _target_rows(patient, rows) if r["assessed_on"] <= patient.start]
    yield from _is(_sum(before, _targets(patient)), baseline, "the baseline, um")
    yield from _is(_percent(now, baseline), found[3], "the percentage")
    if word == "PR":
        targets = _target_rows(patient, point)
        shrunk = now * 10 <= baseline * 7 or all(_gone(patient, r) for r in targets)
        earlier = any(s * 10 <= baseline * 7 for s in _sums_of_points(patient))
        yield from _holds(shrunk or earlier, "30 % smaller, now or before")
    if word == "CR":
        known = {r["lesion_id"] for r in patient.declared("target", "non_target")}
        yield from _holds(
            all(_gone(patient, r) for r in point if r["lesion_id"] in known), "all lesions gone"
        )


def _irecist_best(
    patient: Patient, reason: Row, cited: dict[str, list[Row]], cutoff: date | None
) -> Iterator[str]:
    found = re.fullmatch(
        rf"best iRECIST response before a confirmed progression \(Seymour 2017\); first (\w+) on {DAY}",
        reason["rule"],
    )
    if found:
        yield from _is(reason["value"], found[1], "the response")
        days = [r["assessed_on"] for r in cited["measurements"]]
        yield from _holds(
            any(abs((d - _on(found[2])).days) <= WINDOW for d in days), "rows of that scan are named"
        )
        sums = whole_sums(patient)
        if found[1] == "iPR" and patient.start in sums and _on(found[2]) in sums:
            now, base = sums[_on(found[2])], sums[patient.start]
            rows = _target_rows(patient, cited["measurements"])
            yield from _holds(now * 10 <= base * 7 or all(_gone(patient, r) for r in rows), "30 % smaller")
        return
    ended = re.search(
        rf"; no assessment up to {DAY}, when (the first progression|a new therapy) ended the count",
        reason["rule"],
    )
    yield from _holds(ended is not None and reason["value"] == "NE", "its scan is named")


def _irecist_progressed(
    patient: Patient, reason: Row, cited: dict[str, list[Row]], cutoff: date | None
) -> Iterator[str]:
    confirmed = re.fullmatch(
        rf"first iUPD of the block, on {DAY}, confirmed \(iCPD\) on {DAY}", reason["rule"]
    )
    open_ = re.fullmatch(
        rf"first iUPD of the block, on {DAY}, neither confirmed nor taken back by a later scan",
        reason["rule"],
    )
    found = confirmed or open_
    if not found:
        yield f"not understood: {reason['rule']}"
        return
    yield from _is(reason["value"], found[1], "the date")
    days = [r["assessed_on"] for r in cited["measurements"]]
    yield from _holds(
        any(abs((d - _on(found[1])).days) <= WINDOW for d in days), "rows of the iUPD are named"
    )
    if confirmed:
        symptom = any(r["unscheduled_for_symptom"] for r in cited["measurements"])
        yield from _holds(
            symptom or (_on(confirmed[2]) - _on(confirmed[1])).days >= 28, "confirmed after 4 weeks"
        )
        yield from _holds(
            any(abs((d - _on(confirmed[2])).days) <= WINDOW for d in days), "rows of the iCPD are named"
        )


# ---- progression -----------------------------------------------------------------------------------


def _progressed(
    patient: Patient, reason: Row, cited: dict[str, list[Row]], cutoff: date | None
) -> Iterator[str]:
    rows, dates = cited["measurements"], []
    clauses = reason["rule"].removeprefix("dated by iRECIST").removeprefix("; ").split("; ")
    for clause in filter(None, clauses):
        if found := re.fullmatch(
            rf"a new lesion: (\d+) seen first on {DAY}(?:, equivocal until {DAY})?", clause
        ):
            yield from _new(patient, rows, int(found[1]), _on(found[2]), _on(found[3]) if found[3] else None)
            dates.append(_on(found[2]))
        elif found := re.fullmatch(
            rf"the target lesions progressed: sum( of the lesions evaluated)? {NUMBER} mm on {DAY}, nadir {NUMBER} mm, \+{NUMBER} mm{PERCENT}",
            clause,
        ):
            yield from _grown(patient, rows, found)
            dates.append(_on(found[3]))
        elif found := re.fullmatch(rf"a non-target lesion progressed unequivocally: on {DAY}", clause):
            days = [
                r["assessed_on"]
                for r in rows
                if patient.lesion(r["lesion_id"])["role"] == "non_target"
                and r["state"] == "unequivocal_progression"
            ]
            yield from _is(min(days), _on(found[1]), "the day it was read")
            dates.append(_on(found[1]))
        elif found := re.fullmatch(rf"disease reappeared after a complete response: on {DAY}", clause):
            yield from _reappeared(patient, rows, _on(found[1]))
            dates.append(_on(found[1]))
        elif found := re.fullmatch(rf"clinical progression, without imaging: on {DAY}", clause):
            yield from _is(
                [r["clinical_progression_on"] for r in cited["patients"]],
                [_on(found[1])],
                "the patient's row",
            )
            dates.append(_on(found[1]))
        elif found := re.fullmatch(rf"read by the team: progression on {DAY}", clause):
            yield from _is(
                [r["progressed_on"] for r in cited["progressions"]], [_on(found[1])], "the team's row"
            )
            dates.append(_on(found[1]))
        elif found := re.fullmatch(rf"given as PD: on {DAY}", clause):
            given = [(r["assessed_on"], r["overall_response"]) for r in cited["assessments"]]
            yield from _is(given, [(_on(found[1]), "PD")], "the given response")
            dates.append(_on(found[1]))
        else:
            yield f"not understood: {clause}"
    yield from _is(str(min(dates)), reason["value"], "the date")


def _new(patient: Patient, rows: list[Row], n: int, day: date, until: date | None) -> Iterator[str]:
    own = [r for r in rows if patient.lesion(r["lesion_id"])["role"] == "new"]
    yield from _is(len({r["lesion_id"] for r in own}), n, "the number of new lesions")
    yield from _is(min(r["assessed_on"] for r in own), day, "the first day")
    yield from _holds(not any(_gone(patient, r) and r["assessed_on"] == day for r in own), "they were seen")

    # A PET that was negative there at baseline makes a later positive one sure.
    negative = {
        r["lesion_id"] for r in patient.tables["measurements"] if r["fdg"] == "negative" and r["assessed_on"] <= patient.start
    }  # fmt: skip

    def doubtful(row: Row) -> bool:
        by_pet = row["modality"] == "fdg_pet" and not row["ct_confirms"]
        return row["certainty"] == "equivocal" or (by_pet and row["lesion_id"] not in negative)

    if until is None:
        yield from _holds(not any(doubtful(r) for r in own), "no row is equivocal")
        return
    yield from _holds(
        any(r["assessed_on"] == until and not doubtful(r) for r in own), "the confirming row is named"
    )
    yield from _holds(
        any(doubtful(r) and r["assessed_on"] < until for r in own), "a lesion was equivocal before"
    )


def _grown(patient: Patient, rows: list[Row], found: re.Match[str]) -> Iterator[str]:
    partial, now, day, nadir, more, percent = found.groups()
    day = _on(day)
    targets = _target_rows(patient, rows)
    at, before = (
        [r for r in targets if r["assessed_on"] >= day],
        [r for r in targets if r["assessed_on"] < day],
    )
    names = {r["lesion_id"] for r in at} if partial else _targets(patient)
    yield from _is(_sum(at, names), _um(now), "the sum, um")
    yield from _is(min(r["assessed_on"] for r in at), day, "the day of the sum")
    yield from _is(_sum(before, _targets(patient)), _um(nadir), "the nadir, um")
    yield from _is(_um(now) - _um(nadir), _um(more), "the growth, um")
    yield from _is(_percent(_um(now), _um(nadir)), percent, "the percentage")
    yield from _holds(_um(now) * 10 >= _um(nadir) * 12 and _um(more) >= 5 * UM, "20 % and 5 mm")
    lowest = min((s for d, s in whole_sums(patient).items() if d < day), default=_um(nadir))
    yield from _holds(lowest >= _um(nadir), "no smaller sum came before")


def _reappeared(patient: Patient, rows: list[Row], day: date) -> Iterator[str]:
    seen = [
        r
        for r in rows
        if patient.lesion(r["lesion_id"])["role"] != "new"
        and r["assessed_on"] >= day
        and not _gone(patient, r)
    ]
    yield from _holds(bool(seen) and min(r["assessed_on"] for r in seen) == day, "disease was seen that day")
    names = {r["lesion_id"] for r in patient.declared("target", "non_target")}
    earlier = defaultdict(list)
    for row in patient.tables["measurements"]:
        if patient.start < row["assessed_on"] < day and row["lesion_id"] in names:
            earlier[row["assessed_on"]].append(row)
    # A time point's scans may lie on several days: by lesion, the last before the day it came back.
    latest = {n: [r for d in sorted(earlier) for r in earlier[d] if r["lesion_id"] == n] for n in names}
    yield from _holds(
        all(rs and any(_gone(patient, r) for r in rs) for rs in latest.values()), "all was gone before"
    )


def _pattern(
    patient: Patient, reason: Row, cited: dict[str, list[Row]], cutoff: date | None
) -> Iterator[str]:
    rule, value = reason["rule"], reason["value"]
    if rule == "no imaging at progression":
        yield from _holds(patient.row["clinical_progression_on"] is not None and value is None, rule)
        return
    if rule.startswith("no lesion scan within"):
        yield from _holds(value is None, rule)
        return
    sentence, counts, *others = rule.split("; ")
    found = re.fullmatch(r"progressing lesions counted: (\d+), outside the brain (\d+), organs (\d+)", counts)
    if not found:
        yield f"not understood: {counts}"
        return
    n, outside, organs = map(int, found.groups())
    if cited["progressions"]:
        yield from _is([r["n_progressing_lesions"] for r in cited["progressions"]], [n], "the team's count")
    else:
        lesions = [patient.lesion(name) for name in {r["lesion_id"] for r in cited["measurements"]}]
        yield from _is(len({_unit(one) for one in lesions}), n, "the count")
        yield from _is(
            len({_unit(one) for one in lesions if one["organ"] != "brain"}),
            outside,
            "the count outside the brain",
        )
        yield from _is(len({one["organ"] or "other" for one in lesions}), organs, "the organs")
        for clause in others:
            yield from _others(patient, cited["measurements"], lesions, clause)
        yield from _holds(
            ("diffuse disease" not in sentence) or any(one["diffuse_kind"] for one in lesions), sentence
        )
    if limit := re.search(r"(more than|at most) (\d+) progressing lesions( outside the brain)?", sentence):
        counted = outside if limit[3] else n
        yield from _holds((counted > int(limit[2])) == (limit[1] == "more than"), sentence)
    systemic = "more than" in sentence or "diffuse disease" in sentence or "progress too" in sentence
    yield from _holds((value == "systemic") == systemic, f"the pattern {value}")


def _unit(lesion: Row) -> str:
    node = lesion["is_node"] or lesion["organ"] == "lymph_node"
    return (
        f"station {lesion['station']}"
        if (node or lesion["is_node"] is None) and lesion["station"]
        else lesion["lesion_id"]
    )


def _others(patient: Patient, rows: list[Row], progressing: list[Row], clause: str) -> Iterator[str]:
    found = re.fullmatch(r"other lesions that do not progress: (\d+) of (\d+)", clause)
    if not found:
        yield f"not understood: {clause}"
        return
    days = {r["assessed_on"] for r in rows}
    near = {
        r["assessed_on"]
        for r in patient.tables["measurements"]
        if min(abs((r["assessed_on"] - d).days) for d in days) <= WINDOW
    }
    if near != days:
        return  # the time point may span days on which nothing progressed: only one day can be counted again
    names = {one["lesion_id"] for one in progressing}
    others = [one["lesion_id"] for one in patient.declared("target", "non_target") if not one["is_primary"]]

    def evaluated(name: str) -> bool:
        own = [
            r for r in patient.tables["measurements"] if r["lesion_id"] == name and r["assessed_on"] in days
        ]
        return bool(own) and all(r["state"] != "not_evaluated" for r in own)

    here = [name for name in others if evaluated(name)]
    yield from _is(len(here), int(found[2]), "the other lesions evaluated")
    yield from _is(sum(name not in names for name in here), int(found[1]), "those that do not progress")


# ---- resistance and times --------------------------------------------------------------------------


def six_months_after(day: date) -> date:
    """The anniversary in calendar months; the last day of a shorter month."""
    year, month = divmod(day.month + 5, 12)
    first = date(day.year + year, month + 1, 1)
    last = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)).day
    return first.replace(day=min(day.day, last))


def _resistance(
    patient: Patient, reason: Row, cited: dict[str, list[Row]], cutoff: date | None
) -> Iterator[str]:
    found = re.search(
        rf"; best response (\w+), treatment from {DAY}, progression on {DAY}, six months end on {DAY}",
        reason["rule"],
    )
    if not found:
        yield f"not understood: {reason['rule']}"
        return
    best, start, progressed, end = found[1], *map(_on, found.groups()[1:])
    yield from _is([r["treatment_started_on"] for r in cited["patients"]], [start], "the start")
    yield from _is(patient.reasons["progressed_on"]["value"], str(progressed), "the progression")
    known = {
        patient.reasons[n]["value"] for n in ("best_response", "confirmed_response") if n in patient.reasons
    }
    yield from _holds(best in (known or {"NE"}), "the best response")
    yield from _is(six_months_after(start), end, "the end of six months")
    if reason["rule"].startswith("huang2025: "):
        early = progressed <= end
        stable = best in {"SD", "NON_CR_NON_PD"}
        wanted = (
            ("acquired", "progression after CR or PR") if best in {"CR", "PR"}
            else ("primary", "progression within 6 months of the start, without CR or PR") if early
            else ("acquired", "progression after stable disease of 6 months or more") if stable
            else ("unclassifiable", "late progression without a response that could be evaluated")
        )  # fmt: skip
        yield from _is(
            wanted, (reason["value"], reason["rule"].removeprefix("huang2025: ").split("; ")[0]), "the type"
        )
    if dose := re.search(rf"; last dose on {DAY}", reason["rule"]):
        yield from _is(patient.row["last_dose_on"], _on(dose[1]), "the last dose")
    if "last dose not recorded" in reason["rule"]:
        yield from _is(patient.row["last_dose_on"], None, "the last dose")


def _time(patient: Patient, reason: Row, cited: dict[str, list[Row]], cutoff: date | None) -> Iterator[str]:
    rule, *facts, last = reason["rule"].split("; ")
    found = re.fullmatch(rf"{DAY}, (\d+) days after {DAY}", last)
    if not found:
        yield f"not understood: {last}"
        return
    end, days, start = _on(found[1]), int(found[2]), _on(found[3])
    yield from _is([r["treatment_started_on"] for r in cited["patients"]], [start], "the start")
    yield from _is((end - start).days, days, "the days")
    yield from _is(reason["value"], str(days), "the value")
    yield from _holds(cutoff is None or end <= cutoff, "by the cut-off")
    yield from _ends(patient, rule, end, cited, cutoff)
    for fact in facts:
        yield from _fact(patient, fact, end)


def _fact(patient: Patient, fact: str, end: date) -> Iterator[str]:
    if found := re.fullmatch(rf"new therapy on {DAY}", fact):
        later = [
            r["started_on"] for r in patient.tables["treatments"] if (r["line"] or 0) > 1 and r["started_on"]
        ]
        yield from _is(min(later), _on(found[1]), "the new therapy")
    elif found := re.fullmatch(rf"event on {DAY}, (\d+) days later, more than (\d+)", fact):
        yield from _is((_on(found[1]) - end).days, int(found[2]), "the gap")
        yield from _holds(int(found[2]) > int(found[3]), fact)
    else:
        yield f"not understood: {fact}"


def _adequate(patient: Patient) -> list[date]:
    """Days that can certainly be judged: every target sized, or a given response other than NE."""
    if patient.tables["assessments"] and not patient.tables["measurements"]:
        return [
            r["assessed_on"]
            for r in patient.tables["assessments"]
            if r["overall_response"] != "NE" and r["assessed_on"] > patient.start
        ]
    if not patient.declared("target"):
        return []
    sums = whole_sums(patient)
    return [d for d in sums if d > patient.start] if patient.start in sums else []


def _scan_named(end: date, cited: dict[str, list[Row]]) -> bool:
    days = [r["assessed_on"] for n in ("measurements", "assessments") for r in cited[n]]
    # A progression that iRECIST took back may be dated to the first of several scan days.
    return end in days and (max(days) - end).days <= WINDOW


def _ends(
    patient: Patient, rule: str, end: date, cited: dict[str, list[Row]], cutoff: date | None
) -> Iterator[str]:
    """The event, or why there is none."""
    died, clinical = patient.row["died_on"], patient.row["clinical_progression_on"]
    progressed = patient.reasons.get("progressed_on", {}).get("value")
    seen_dead = died if died is not None and (cutoff is None or died <= cutoff) else None
    scans = [
        r["assessed_on"]
        for n in ("measurements", "assessments")
        for r in patient.tables[n]
        if _after_start(patient, r)
    ]
    read = [r["progressed_on"] for r in patient.tables["progressions"] if r["progressed_on"]]
    truth: dict[str, Callable[[], bool]] = {
        "first progression": lambda: str(end) == progressed,
        "death without progression": lambda: end == seen_dead,
        "death": lambda: end == seen_dead,
        "no event: censored at the last adequate assessment": lambda: (
            _scan_named(end, cited) and seen_dead is None and (max(_adequate(patient), default=end) - end).days <= WINDOW
        ),
        "no event and no adequate assessment after the start: censored at the start": lambda: (
            end == patient.start and seen_dead is None and not _adequate(patient)
        ),
        "no baseline assessment: censored at the start": lambda: (
            end == patient.start and not [r for r in patient.tables["measurements"] if r["assessed_on"] <= patient.start]
        ),
        "new anticancer therapy first: censored at the last adequate assessment before it": lambda: _scan_named(end, cited),
        "new anticancer therapy first and no adequate assessment before it: censored at the start": lambda: end == patient.start,
        "two or more missed assessments before the event: censored at the last adequate one": lambda: _scan_named(end, cited),
        "two or more missed assessments and no adequate one before the event: censored at the start": lambda: end == patient.start,
        "first progression as iRECIST dates it": lambda: (
            str(end) == patient.reasons["iprogressed_on"]["value"] and _scan_named(end, cited)
        ),
        "clinical progression": lambda: end == clinical,
        "progression that was read on images": lambda: (
            end in read and end in [r["progressed_on"] for r in cited["progressions"]]
        ),
        "alive at the data cut-off: censored": lambda: end == cutoff,
        "alive when last seen: censored": lambda: (
            seen_dead is None
            and end == max(d for d in (patient.row["last_known_alive_on"], clinical, *scans, *read) if d is not None)
        ),
        "no contact after the start: censored at the start": lambda: end == patient.start and not scans,
    }  # fmt: skip
    yield from _holds(rule in truth and truth[rule](), rule)


def _span(patient: Patient, reason: Row, cited: dict[str, list[Row]], cutoff: date | None) -> Iterator[str]:
    sentence, rule, last = reason["rule"].split("; ")
    found = re.fullmatch(rf"(\w+) on {DAY}, end on {DAY}, (\d+) days", last)
    if not found:
        yield f"not understood: {last}"
        return
    what, begin, end, days = found[1], _on(found[2]), _on(found[3]), int(found[4])
    yield from _is((end - begin).days, days, "the days")
    yield from _is(reason["value"], str(days), "the value")
    outer = patient.reasons["os" if reason["label"] == "pps" else "pfs"]
    yield from _is(outer["rule"].split("; ")[0], rule, "why it ends")
    yield from _is((end - patient.start).days, int(outer["value"]), "where it ends")
    if reason["label"] == "pps":
        yield from _holds(
            what == "progression" and sentence.startswith("from the first progression"), sentence
        )
        yield from _is(patient.reasons["progressed_on"]["value"], str(begin), "the progression")
    else:
        yield from _holds(what in {"CR", "PR"} and sentence.startswith("from the first CR or PR"), sentence)
        named = [r for n in ("measurements", "assessments") for r in cited[n]]
        # A row "not evaluated" dates no response (rule book, dates).
        days_named = [r["assessed_on"] for r in named if r.get("state") != "not_evaluated"]
        yield from _is(max(days_named), begin, "the scan that is named")
