"""The documents of a run: written into its folder once its results are there, and again from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.csv_files import as_written
from oligoscope.errors import SystemRefusal, UsageError
from oligoscope.intake.issues import Issues
from oligoscope.number_key import key_of_output
from oligoscope.output_folder import RUN_FILE, files_in, not_ours, previous_run, updating
from oligoscope.printing.left_out import LeftOut, Part
from oligoscope.printing.matched_notes import with_balance_in_full
from oligoscope.questions.matching.words import gate_sentences
from oligoscope.questions.registry import KINDS
from oligoscope.report.appendix import FILES, RUN, Rows
from oligoscope.report.figure_files import is_old_picture
from oligoscope.report.file_names import FigureChoice, numbers_file, report_file
from oligoscope.report.kept_documents import IN_RUN_FILE as DOCUMENTS
from oligoscope.report.kept_documents import Documents, made_from
from oligoscope.report.kept_pictures import IN_RUN_FILE as PICTURES
from oligoscope.report.kept_pictures import Pictures
from oligoscope.report.numbered import (
    numbered_files,
    numbered_issues,
    numbered_record,
    numbered_results,
    numbered_settings,
)
from oligoscope.report.numbers.patients_found import (
    ONE_ROW_A_PATIENT,
    PAIRS_FILE,
    PatientFiles,
    read_patient_files,
)
from oligoscope.report.report_files import DEFAULT_STYLES, Styles, count_parts, write_reports
from oligoscope.results.results import Results
from oligoscope.results_files import ESTIMATES, SERIES, read_results
from oligoscope.study.protocol import Protocol, ReportSettings
from oligoscope.study.study_file import NUMBERS_NAME, read_study_file
from oligoscope.study.study_numbers import StudyNumbers

Progress = Callable[[str], None]
ISSUES_FILE = "issues.csv"


@contextmanager
def documents_in(out: Path, facts: dict[str, Any]) -> Iterator[Path]:
    """A folder for the documents of the run in `out`."""
    try:
        with updating(out, facts, is_old_picture) as folder:
            yield folder
    except SystemRefusal as error:
        raise SystemRefusal(
            f"The report is not written. {error}\nThe results are in {out}; write the report again with "
            f"`oligoscope report {out}`.",
            zh=f"报告未写出。{error.in_language(chinese=True)}\n结果已在 {out} 中；可用 oligoscope report {out} 重新写出报告。",
        ) from None


def how_it_ended(left_out: LeftOut) -> dict[str, Any]:
    """How a run ended, for run.json."""
    parts = [{"part_zh": p.name.zh, "part_en": p.name.en, "reason": p.reason} for p in left_out.parts]
    return {"status": "incomplete" if parts else "done", "left_out": parts}


def what_was_written(
    pictures: Pictures, documents: Documents, languages: tuple[Language, ...]
) -> dict[str, Any]:
    """What run.json says of pictures and documents, so that they need not be made again where nothing has changed."""
    return {PICTURES: pictures.record(languages), DOCUMENTS: documents.record(languages)}


@dataclass(frozen=True)
class SavedRun:
    """What documents are made from: a run as its output holds it.

    Attributes:
        protocol: The settings that ran.
        results: Every estimate and series.
        issues: The rows of issues.csv; None: not known.
        record: What run.json says.
        numbers: The study numbers by which documents call the patients; None: the numbers of the data.
    """

    protocol: Protocol
    results: Results
    issues: Rows | None
    record: Mapping[str, Any]
    numbers: StudyNumbers | None = None


def read_run(out: Path) -> SavedRun:
    """A finished run, its patients called as documents call them.

    Raises:
        UsageError, DataError: The folder holds no run that this version can read, or its key cannot be used.
    """
    return _numbered(_saved(out), out)


def _saved(out: Path) -> SavedRun:
    record = previous_run(out)
    if record is None:
        raise not_ours(out)
    return SavedRun(_settings_of(record, out), read_results(out), _issues_of(out), record)


def numbers_of(out: Path) -> StudyNumbers | None:
    """The study numbers by which the documents of a run call the patients; None: by the numbers of the data.

    Raises:
        UsageError, DataError: As `read_run`.
    """
    record = previous_run(out)
    if record is None:
        raise not_ours(out)
    is_own = dict(dict(record.get("settings") or {}).get("report") or {}).get("patient_numbers") == "own"
    return None if is_own else key_of_output(out)


def _numbered(saved: SavedRun, out: Path) -> SavedRun:
    """The same with study numbers in place of the hospital's, where the study asks for them."""
    if saved.protocol.report.patient_numbers == "own":
        return saved
    numbers = key_of_output(out)
    return SavedRun(
        numbered_settings(saved.protocol, numbers), numbered_results(saved.results, numbers),
        numbered_issues(saved.issues, numbers), numbered_record(saved.record, numbers), numbers,
    )  # fmt: skip


_PATIENT_FILES = Text("患者名单（patients.csv 等）", "the lists of patients (patients.csv and others)")
_GATES = Text("未达到的预设标准", "the sentences on criteria that were not met")


def write_documents(  # noqa: PLR0913  what a report is made from
    folder: Path,
    out: Path,
    protocol: Protocol,
    results: Results,
    issues: Rows | None,
    info: Mapping[str, Any],
    left_out: LeftOut,
    *,
    languages: tuple[Language, ...],
    progress: Progress,
    styles: Styles = DEFAULT_STYLES,
    also_in_workbook: tuple[Language, ...] = (),
    figures: FigureChoice = "usual",
    pictures: Pictures | None = None,
    documents: Documents | None = None,
) -> None:
    """The documents of the run in `out` into `folder`; `pictures` as `write_reports`, `documents` those that `out` holds.

    Raises:
        UsageError, DataError: Documents call patients by study numbers, and the key of them cannot be used.
    """
    saved = _numbered(SavedRun(protocol, results, issues, info), out)
    protocol, issues, info, numbers = saved.protocol, saved.issues, saved.record, saved.numbers
    results = with_balance_in_full(saved.results)
    # A report to be passed on has no page of the patients behind its numbers.
    is_shared = protocol.report.small_cells is not None
    patients = None if is_shared else left_out.made(_PATIENT_FILES, patient_files_of, out, numbers)
    known = None if isinstance(patients, Part) else patients
    numbered = (*languages, *also_in_workbook) if known is not None else ()
    unwritten = {numbers_file(one) for one in LANGUAGES if one not in numbered}
    unwritten |= {name for name in FILES if name.endswith(".csv") and not (out / name).exists()}
    gates = left_out.made(_GATES, gate_sentences, results, in_short=True)
    info = {
        **info,
        "files": tuple(name for name in FILES if name not in unwritten),
        "failed_gates": () if isinstance(gates, Part) else gates,
    }
    documents = Documents() if documents is None else documents
    sources, kept = dict[Language, str](), dict[Language, Mapping[str, bytes]]()
    for one in languages if figures == "usual" and not left_out.parts else ():
        sources[one] = _made_from(out, protocol, info, styles.get(one), has_numbers=known is not None)
        if (files := documents.taken(one, sources[one])) is not None:
            kept[one] = files
    write_reports(
        folder, protocol, results, issues, info, languages, styles, also_in_workbook, figures,
        lambda: progress("report"), known, left_out, pictures, kept,
    )  # fmt: skip
    if not left_out.parts:
        for one, source in sources.items():
            documents.written(one, source, files_in(folder))


def _made_from(
    out: Path, protocol: Protocol, info: Mapping[str, Any], style: str | None, *, has_numbers: bool
) -> str:
    """The checksum of what the documents of a language are made from (`kept_documents`)."""
    facts = {name: info.get(name) for name in (*RUN, "inputs", "files", "failed_gates")}
    facts |= {"settings": protocol.model_dump(mode="json"), "style": style, "has_numbers": has_numbers}
    return made_from(
        out, (ESTIMATES, SERIES, ISSUES_FILE, NUMBERS_NAME, PAIRS_FILE, *ONE_ROW_A_PATIENT), facts
    )


def patient_files_of(out: Path, numbers: StudyNumbers | None) -> PatientFiles | None:
    """The patients of a finished run, called by study numbers where these are given; None where it holds none."""
    found = read_patient_files(out)
    return found if found is None or numbers is None else numbered_files(found, numbers)


def counted(progress: Progress, total: int) -> Progress:
    """Each stage with its number among all of the command: `survival 12/34`."""
    steps = count(1)
    return lambda stage: progress(f"{stage} {next(steps)}/{total}")


def report_again(
    out: Path,
    languages: tuple[Language, ...] = LANGUAGES,
    styles: Styles = DEFAULT_STYLES,
    figures: FigureChoice = "usual",
    progress: Progress = lambda _stage: None,
    left_out: LeftOut | None = None,
    placed_by: ReportSettings | None = None,
) -> list[str]:
    """Write the documents of an earlier run once more from its saved results; gives the files written.

    Args:
        out: The output of the run.
        languages: Of the documents.
        styles: Number styles by language.
        figures: Which files of each figure.
        progress: Called with each part.
        left_out: Gathers what could not be made.
        placed_by: Which tables and figures the paper prints from now on; None: those of the run.

    Raises:
        UsageError: The folder holds no run, not its results, or those of a version this one cannot read.
    """
    saved = _placed(_saved(out), placed_by)
    left_out = LeftOut() if left_out is None else left_out
    record = saved.record
    others: tuple[Language, ...] = tuple(one for one in LANGUAGES if (out / report_file(one)).is_file())
    asked = {"languages": list(languages), "styles": dict(styles), "figures": figures}
    facts: dict[str, Any] = {"styles": dict(styles), "written_again": [*_written_again(record), asked]}
    if placed_by is not None:
        facts["settings"] = record["settings"]
    progress = counted(progress, count_parts(languages))
    pictures, documents = Pictures.of(out, record), Documents.of(out, record)
    with documents_in(out, facts) as folder:
        write_documents(
            folder, out, saved.protocol, saved.results, saved.issues, record, left_out, languages=languages,
            progress=progress, styles=styles, also_in_workbook=others, figures=figures, pictures=pictures,
            documents=documents,
        )  # fmt: skip
        facts |= how_it_ended(left_out) | what_was_written(pictures, documents, languages)
        return files_in(folder)


def report_settings(study: Path, language: Language = "en") -> ReportSettings:
    """How a study's documents are written, as its study.yaml says now.

    Raises:
        StudyFileError: study.yaml cannot be used.
    """
    protocol, _ = read_study_file(study, KINDS, language)
    return protocol.report


def _placed(saved: SavedRun, by: ReportSettings | None) -> SavedRun:
    """The run with other places of tables and figures, in its settings and in its record; nothing else changes."""
    if by is None:
        return saved
    places = {"figures": dict(by.figures), "tables": dict(by.tables)}
    report = saved.protocol.report.model_copy(update=places)
    settings = dict(saved.record["settings"])
    settings["report"] = {**settings.get("report", {}), **places}
    protocol = saved.protocol.model_copy(update={"report": report})
    return replace(saved, protocol=protocol, record={**saved.record, "settings": settings})


def _written_again(record: Mapping[str, Any]) -> list[Any]:
    """How the documents were written since the run, each way once, the last time it was."""
    found = record.get("written_again")
    return found if isinstance(found, list) else []


def _settings_of(record: Mapping[str, Any], out: Path) -> Protocol:
    """The settings of an earlier run, as run.json holds them."""
    try:
        return Protocol.model_validate(record.get("settings"))
    except ValidationError as error:
        names = ", ".join(".".join(map(str, e["loc"])) or "settings" for e in error.errors()[:3])
        raise UsageError(
            f"{out / RUN_FILE} was written by version {record.get('version', 'unknown')}; its settings ({names}) cannot be "
            f"read by version {version('oligoscope')}. Run the study once more.",
            zh=f"{out / RUN_FILE} 由 {record.get('version', '未知')} 版写出；{version('oligoscope')} 版无法读取其中的设置（{names}）。"
            "请重新运行该研究。",
        ) from None


def _issues_of(out: Path) -> list[dict[str, Any]] | None:
    """The rows of issues.csv; None where the file is not there or is another one."""
    if not (out / ISSUES_FILE).is_file():
        return None
    try:
        rows = as_written(pl.read_csv(out / ISSUES_FILE, infer_schema=False))
    except (OSError, pl.exceptions.PolarsError):
        return None
    return rows.to_dicts() if set(Issues().frame().columns) <= set(rows.columns) else None
