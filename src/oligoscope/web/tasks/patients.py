"""Three patients as a page shows them: raw rows, course, millimetres, and why their labels are what they are."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from oligoscope.answers import Answer
from oligoscope.bilingual import LANGUAGES, Language, Text, as_written, both_plain
from oligoscope.checked_study import check_study, must_run
from oligoscope.drawing.figure import to_svg
from oligoscope.intake.files.raw_table import ROW, SOURCE
from oligoscope.number_format import MISSING
from oligoscope.number_key import opened
from oligoscope.pipeline import run_study
from oligoscope.plain_text import plain
from oligoscope.report.check.drawn_patients import RULE, drawn_patients
from oligoscope.report.check.taken import TableTaken, tables_taken
from oligoscope.report.numbered import numbered_page
from oligoscope.report.patient.patient_lesions import lesion_name
from oligoscope.report.patient.patient_page import PatientPage, Reason
from oligoscope.report.patient.patient_page import patient_page as page_of
from oligoscope.report.patient.patient_tables import tabulate_labels, tabulate_progression
from oligoscope.report.patient.patient_timeline import draw_patient_timeline
from oligoscope.report.patient.patient_words import word
from oligoscope.report.patient.reason_words import rule_text
from oligoscope.study.schemas import TABLES
from oligoscope.study.study_numbers import StudyNumbers
from oligoscope.study.vocabulary import column_name, name_of_level, variable_name
from oligoscope.web.tasks.run_task import Progress

MOST_ROWS: Final = 200  # raw rows of one table
_FIRST: Final = ("pattern", "resistance")
_SUM = Text("靶病灶总和", "Sum of targets")
_NADIR = Text("此前最小总和", "Smallest sum before")
_CHANGE = Text("较基线 %", "From baseline, %")
_NEW = Text("新病灶", "New lesion")
_OVERALL = variable_name("overall_response")
_BASELINE = Text("基线", "Baseline")
_YES = Text("有", "yes")


def answer_of(folder: Path, rest: list[str], language: Language, progress: Progress, answer: Answer) -> None:
    """Draw three patients and describe them.

    Args:
        folder: Of the study.
        rest: Which draw, from 1; the folder for their pictures.
        language: Of errors.
        progress: Called with each stage.
        answer: Takes the rule and the patients.
    """
    draw, place = int(rest[0]), Path(rest[1])
    checked = check_study(folder, None, language, progress, keep_raw=True)
    must_run(checked, accept_issues=True, language=language)
    protocol = checked.protocol.model_copy(update={"analyses": ()})
    run = run_study(protocol, checked.tables, checked.n_quarantined, progress)
    key = opened(checked.protocol, folder)
    if key is not None:
        key = key.for_patients(checked.tables.patients["patient_id"], checked.protocol.study.seed)
    numbers = None if key is None else key.numbers
    taken = tables_taken(checked.raw, checked.protocol)
    progress("write")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, mode=0o700)
    found = []
    for n, one in enumerate(drawn_patients(run, draw), 1):
        page = page_of(run, checked.tables, one.patient_id)
        page = page if numbers is None else numbered_page(page, numbers)
        raw = [r for table in taken if (r := _raw(table, one.patient_id, numbers)) is not None]
        found.append({
            "number": page.patient_id, "situation": both_plain(one.situation), "raw": raw, "timeline": _timeline(page, place, n),
            "sizes": _sizes(page), **_reasons(page), "labels": _table(tabulate_labels(page)),
            "progression": _table(tabulate_progression(page)) if _has_progression(page) else None,
            "has_lesions": bool(page.lesions), "has_visits": bool(page.visits),
        })  # fmt: skip
    rule = RULE.filled(seed=checked.protocol.study.seed, draw=draw)
    n_patients = run.cohort.population("treated").height
    answer.update({
        "draw": draw, "rule": both_plain(rule), "patients": found, "n_patients": n_patients, "synthetic": checked.protocol.study.synthetic,
        "is_classified": checked.tables.lesions.is_empty() and not checked.tables.cohort.is_empty(),
    })  # fmt: skip


def _same(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def _table(table: Any) -> dict[str, Any]:
    """A table as values of both languages."""
    return {
        "title": both_plain(table.title),
        "heads": [both_plain(head.text) for head in table.columns],
        "rows": [[both_plain(cell.text) for cell in row.cells] for row in table.rows],
        "notes": [both_plain(note) for note in table.notes],
    }


def _has_progression(page: PatientPage) -> bool:
    return any(lesion.progressing is not None for lesion in page.lesions)


def _raw(taken: TableTaken, patient_id: str, numbers: StudyNumbers | None) -> dict[str, Any] | None:
    """The patient's rows of one table as the file has them, of the columns that are read; the hospital number is not shown."""
    own = taken.rows_of(patient_id)
    if own is None or not own.height:
        return None
    shown = {m.column.name: m.shown for m in taken.matches.found}
    cells = own.head(MOST_ROWS)
    cells = cells if numbers is None else numbers.in_words(cells)
    heads = [as_written(shown[n]).en for n in own.columns if n not in {SOURCE, ROW}]
    return {
        "title": both_plain(TABLES[taken.raw.name].label),
        "heads": [plain(head) for head in heads],
        "rows": [[cell or "" for cell in row] for row in cells.iter_rows()],
        "n": own.height,
    }


def _timeline(page: PatientPage, place: Path, n: int) -> dict[str, Any] | None:
    """The picture in both languages, as files, and what it says in words."""
    if page.events.is_empty():
        return None
    figure = draw_patient_timeline(page.patient_id, page.events, synthetic=page.synthetic)
    for language in LANGUAGES:
        (place / f"timeline-{n}.{language}.svg").write_text(to_svg(figure, language), encoding="utf-8")
    return {"alt": both_plain(figure.alt), "caption": both_plain(figure.caption)}


def _sizes(page: PatientPage) -> dict[str, Any] | None:
    """Lesions by scan, and below them the sum, its nadir and the response: one column a scan."""
    visits = {visit.number: visit for visit in page.visits}
    scans = [(number, day) for number, day in page.scans] or [(v.number, v.day) for v in page.visits]
    if not scans:
        return None
    rows = []
    for lesion in page.lesions:
        seen = {reading.number: both_plain(reading.text) for reading in lesion.readings}
        rows.append({
            "name": both_plain(lesion_name(lesion)), "is_progressing": bool(lesion.progressing),
            "cells": [seen.get(number, _same(MISSING)) for number, _ in scans],
        })  # fmt: skip
    at = [visits.get(number) for number, _ in scans]
    numbers = {
        _SUM: [None if v is None or v.sum_mm is None else f"{v.sum_mm:g}" for v in at],
        _NADIR: [None if v is None or v.nadir_mm is None else f"{v.nadir_mm:g}" for v in at],
        _CHANGE: [None if v is None or v.change_percent is None else f"{v.change_percent:+.1f}" for v in at],
    }
    below = [
        {"name": both_plain(name), "cells": [_same(cell or MISSING) for cell in cells]}
        for name, cells in numbers.items()
        if any(cells)
    ]
    if any(v is not None and v.new_lesion for v in at):
        below.append(
            {
                "name": both_plain(_NEW),
                "cells": [both_plain(_YES) if v is not None and v.new_lesion else _same(MISSING) for v in at],
            }
        )
    response = [None if v is None or not v.overall else name_of_level("best_response", v.overall) for v in at]
    if any(response):
        below.append(
            {
                "name": both_plain(_OVERALL),
                "cells": [_same(MISSING) if r is None else both_plain(r) for r in response],
            }
        )
    heads = [
        {
            "name": both_plain(_BASELINE if number == 0 else Text(str(number), str(number))),
            "day": day,
            "on": None if (v := visits.get(number)) is None or v.on is None else v.on.isoformat(),
        }
        for number, day in scans
    ]
    return {"heads": heads, "lesions": rows, "below": below}


def _reasons(page: PatientPage) -> dict[str, Any]:
    """Why the pattern and the resistance type are what they are, first; then every other label."""
    first = [
        {"label": both_plain(column_name(label)), "reason": _reason(r)}
        for label in _FIRST
        for r in page.reasons
        if r.label == label
    ]
    others = [
        {"label": both_plain(column_name(r.label)), "reason": _reason(r)}
        for r in page.reasons
        if r.label not in _FIRST
    ]
    return {"why": first, "others": others}


def _reason(reason: Reason) -> dict[str, Any]:
    value = Text(MISSING, MISSING) if not reason.value else word(reason.value, reason.label)
    rule = Text("", "") if not reason.rule else rule_text(reason.rule)
    return {
        "value": both_plain(value),
        "rule": both_plain(rule),
        "rows": list(_places(reason.source_rows or "")),
    }


def _places(source_rows: str) -> Iterator[dict[str, str]]:
    """`file.csv:12;15;other.csv:3` by file."""
    rows: dict[str, list[str]] = {}
    file = ""
    for part in filter(None, source_rows.split(";")):
        name, colon, row = part.rpartition(":")
        file = name if colon else file
        rows.setdefault(file, []).append(row)
    for name, found in rows.items():
        yield {"file": name, "rows": ", ".join(found)}
