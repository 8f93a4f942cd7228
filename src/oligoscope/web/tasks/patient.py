"""One patient for their page: course, lesions, responses, why, and what the other definitions say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.answers import Answer
from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.drawing.figure import to_svg
from oligoscope.output_folder import RUN_FILE, checksum, previous_run
from oligoscope.patient_answer import page_of_patient
from oligoscope.printing.table import Header, Row, Table, words
from oligoscope.report.figure_files import file_stems
from oligoscope.report.patient.patient_files import build_patient_document
from oligoscope.report.screen.block_values import section_values, table_value
from oligoscope.run_documents import numbers_of, patient_files_of
from oligoscope.study.dictionary.definitions import definition_name
from oligoscope.study.vocabulary import column_name, name_of_level
from oligoscope.web.tasks.run_task import Progress

_DEFINITIONS = "definitions.csv"


def answer_of(folder: Path, rest: list[str], language: Language, progress: Progress, answer: Answer) -> None:
    """Write the values of the page, and its pictures.

    Args:
        folder: Of the study.
        rest: The folder to write into, which is replaced whole; the number of the patient.
    """
    out, place, patient = folder / "output", Path(rest[0]), rest[1]
    of = checksum(out / RUN_FILE)
    record = previous_run(out) or {}
    accepts = bool(dict(record.get("repeat") or {}).get("accept_issues"))
    page = page_of_patient(folder, patient, None, progress, accept_issues=accepts, language=language)
    progress("report")
    document = build_patient_document(page)
    others = _others(out, page.patient_id)
    draft = place.with_name(f"{place.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    stems = file_stems(figure.id for figure in document.figures())
    for one in LANGUAGES:
        sections = section_values(document, {}, one)
        for figure, stem in zip(document.figures(), stems, strict=True):
            (draft / f"{stem}.{one}.svg").write_text(to_svg(figure, one), encoding="utf-8")
        values = {
            "patient_id": page.patient_id, "synthetic": page.synthetic, "sections": sections,
            "others": None if others is None else table_value(others, {}, one),
        }  # fmt: skip
        _write(draft / f"page.{one}.json", values)
    shutil.rmtree(place, ignore_errors=True)
    draft.replace(place)
    answer.update({"of": of, "patient_id": page.patient_id})


def _others(out: Path, patient: str) -> Table | None:
    """What each definition says of the patient; None where the run compared none."""
    files = patient_files_of(out, numbers_of(out))
    frame = None if files is None else files.frames.get(_DEFINITIONS)
    own = None if frame is None else frame.filter(pl.col("patient_id") == patient).collect()
    if own is None or own.is_empty():
        return None
    row = own.row(0, named=True)
    heads = (Text("分类", "Label"), Text("定义", "Definition"), Text("结论", "Says"))
    return Table(
        "other_definitions", Text("各定义的结论", "What each definition says"),
        tuple(Header(head, align="start") for head in heads), tuple(_rows(row)),
    )  # fmt: skip


def _rows(row: dict[str, Any]) -> Iterator[Row]:
    for column, said in row.items():
        label, colon, definition = column.partition(":")
        if colon:
            says = name_of_level(label, said) if said else Text("不适用", "Not applicable")
            yield Row((words(column_name(label)), words(definition_name(definition)), words(says)))


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, allow_nan=False), encoding="utf-8")
