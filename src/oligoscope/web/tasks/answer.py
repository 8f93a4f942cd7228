"""The report and the pictures of a finished run, written for the pages that show them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from oligoscope.answers import Answer
from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.output_folder import RUN_FILE, checksum
from oligoscope.printing.left_out import LeftOut
from oligoscope.printing.table import Table
from oligoscope.questions.matching.words import gate_sentences
from oligoscope.report.document import build_document
from oligoscope.report.html.html import row_numbers
from oligoscope.report.main_comparisons import tabulate_main_comparisons
from oligoscope.report.screen.block_values import section_values, table_value
from oligoscope.report.screen.linked_values import find_patients, linked_values
from oligoscope.report.screen.number_values import number_values
from oligoscope.run_documents import SavedRun, patient_files_of, read_run
from oligoscope.web.tasks.run_task import Progress


def answer_of(folder: Path, rest: list[str], _language: Language, progress: Progress, answer: Answer) -> None:
    """Write the values of the pages into the folder that `rest` names.

    Args:
        folder: Of the study.
        rest: The folder to write into, which is replaced whole.
    """
    out, place = folder / "output", Path(rest[0])
    of = checksum(out / RUN_FILE)  # before anything is read: a run that ends meanwhile makes the values old
    progress("report")
    run = read_run(out)
    draft = place.with_name(f"{place.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    _write_report(run, draft)
    files = patient_files_of(out, run.numbers)
    if files is not None:
        patients = find_patients(run.results, files)
        _write(draft / "linked.json", linked_values(run.protocol, run.results, patients))
        _write(draft / "numbers.json", number_values(run.protocol, run.results, patients))
    shutil.rmtree(place, ignore_errors=True)
    draft.replace(place)
    answer.update({"of": of, "linked": files is not None})


def _write_report(run: SavedRun, folder: Path) -> None:
    info = {**run.record, "failed_gates": gate_sentences(run.results, in_short=True), "files": ()}
    # A part that fails has a notice in its place, as in the report.
    document = build_document(run.protocol, run.results, run.issues, info, LeftOut())
    rows = row_numbers(run.results)
    chosen = run.protocol.progression.preset
    compared = LeftOut().made(_COMPARED, tabulate_main_comparisons, run.results, chosen)
    table = compared if isinstance(compared, Table) else None
    for language in LANGUAGES:
        values = {
            "title": run.protocol.study.title.printed[language],
            "synthetic": run.protocol.study.synthetic,
            "sections": section_values(document, rows, language),
            "compared": None if table is None else table_value(table, rows, language),
        }
        _write(folder / f"report.{language}.json", values)


_COMPARED = Text("主要比较", "the main comparisons")


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(
        json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False), encoding="utf-8"
    )
