"""Read, run, document, write: the functions that the command line calls."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.bilingual import LANGUAGES, Language
from oligoscope.clinical.progression_rules import resolve
from oligoscope.cohort.variables import as_levels
from oligoscope.csv_files import as_csv
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.engines.collecting import Collected
from oligoscope.engines.contradictions import contradictions_in
from oligoscope.engines.deriving import How, derive_into
from oligoscope.engines.partitions import partition_tables
from oligoscope.engines.written_tables import written_tables
from oligoscope.errors import DataError, UsageError
from oligoscope.intake.checks.variables_left_out import with_variables_left_out
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.input_files import input_files, readable
from oligoscope.intake.issues import Issues
from oligoscope.intake.parquet.parquet_study import ParquetStudy, is_typed_parquet, open_parquet
from oligoscope.intake.readers import read_tables
from oligoscope.intake.unread_files import find_unread
from oligoscope.intake.validation import validate_tables
from oligoscope.number_key import opened
from oligoscope.output_folder import (
    PROGRAM,
    RUN_FILE,
    checksum,
    files_in,
    scratch_beside,
    write_json,
    writing,
)
from oligoscope.pipeline import StudyRun, count_stages, known_columns, run_study
from oligoscope.plain_text import one_line
from oligoscope.printing.left_out import LeftOut
from oligoscope.questions.registry import KINDS
from oligoscope.report.file_names import FigureChoice
from oligoscope.report.r_script.script import write_r_script
from oligoscope.report.report_files import count_parts
from oligoscope.results_files import write_results
from oligoscope.run_documents import Progress, counted, documents_in, how_it_ended, write_documents
from oligoscope.study.column_checks import check_columns
from oligoscope.study.file_bytes import is_folder
from oligoscope.study.label_checks import check_labels_of_data
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import PATIENTS, StudyTables, empty
from oligoscope.study.setting_checks import check_settings_with_data
from oligoscope.study.study_file import (
    StudyFile,
    data_folder,
    read_study_file,
    seen_from_output,
    study_file,
    with_relative_paths,
)

LIBRARIES = ("polars", "numpy", "scipy", "survival", "matplotlib")


def _silent(_stage: str) -> None:
    return None


@dataclass(frozen=True)
class Checked:
    """A study that was read: its settings, its trusted tables and what was wrong."""

    protocol: Protocol
    tables: StudyTables
    issues: Issues
    folder: Path
    inputs: Mapping[str, Path]  # study.yaml, and every file read under its name in the study
    n_quarantined: int  # patients set aside; the Flow begins with them
    unread: ParquetStudy | None = None  # the tables, where they are read in partitions
    file: StudyFile = field(default_factory=StudyFile)  # where the settings are written
    study: Path = Path()  # as the command named it
    data: Path | None = None  # as --data named it
    repeats: Path | None = None  # the output whose study numbers are used again, and none written
    raw: Mapping[str, RawTable] = field(
        default_factory=dict
    )  # as the files hold the tables, where it was asked for


def check_study(
    study: Path,
    data: Path | None = None,
    language: Language = "en",
    progress: Progress = _silent,
    *,
    in_partitions: bool = False,
    keep_raw: bool = False,
) -> Checked:
    """Read and validate a study.

    Args:
        study: A study folder, or its study.yaml.
        data: The folder of its tables, where it is not the one study.yaml names.
        language: The language of an error's message.
        progress: Called with each stage.
        in_partitions: Parquet tables are only opened; `derive_study` reads them, a partition at a time.
        keep_raw: The cells as text are kept beside the tables; of parquet tables there are none.

    Raises:
        StudyFileError: study.yaml cannot be used, or names what the tables do not have.
        UsageError: The data folder does not exist.
    """
    progress("read")
    protocol, file = read_study_file(study, KINDS, language)
    folder = data if data is not None else data_folder(study, protocol)
    if not is_folder(folder):
        shown = one_line(str(folder), 300)
        raise UsageError(
            f"The data folder {shown} does not exist. Correct data.folder in study.yaml, or give --data DIR.",
            zh=f"数据文件夹 {shown} 不存在。请改正 study.yaml 中的 data.folder，或用 --data 指定。",
        )
    protocol = with_relative_paths(protocol, study_file(study).parent, folder)
    asked: dict[str, Any] = {"file": file, "study": study, "data": data}
    inputs = input_files(study, protocol, folder)
    raw: dict[str, RawTable] = {}
    if is_typed_parquet(protocol):
        unread = open_parquet(protocol, folder)
        if in_partitions:
            no_tables = StudyTables(empty(PATIENTS))
            found = Issues.of([*unread.issues, *find_unread(protocol, folder, inputs, {})])
            return Checked(protocol, no_tables, found, folder, inputs, 0, unread, **asked)
        tables, issues, set_aside = unread.read()
    else:
        raw = read_tables(protocol, folder)
        if keep_raw:
            asked["raw"] = raw
        progress("validate")
        tables, issues = validate_tables(raw, protocol)
        who = raw.get("patients", raw.get("cohort"))
        set_aside = 0 if issues.errors or who is None else who.frame.height - tables.patients.height
    _must_exist(protocol, tables, issues, file)
    beside = find_unread(protocol, folder, inputs, raw)
    issues = Issues.of([*issues, *beside, *contradictions_in(tables, protocol)])
    return Checked(protocol, tables, issues, folder, inputs, set_aside, **asked)


def _must_exist(protocol: Protocol, tables: StudyTables, issues: Issues, file: StudyFile) -> None:
    """Raise where study.yaml names columns, levels or readers that the tables do not have.

    Raises:
        StudyFileError: All of them, each with its line.
    """
    if not issues.errors:  # a table that could not be read has no columns to look for
        readers = {
            name: getattr(tables, name)["reader"].drop_nulls().unique().to_list()
            for name in ("measurements", "assessments")
        }
        settings = check_settings_with_data(
            protocol,
            readers,
            has_lesions=not tables.lesions.is_empty(),
            limits_organs=resolve(protocol.progression).max_organs is not None,
        )
        columns = check_columns(protocol, KINDS, known_columns(tables, protocol))
        labels = check_labels_of_data(protocol.labels, _levels_of_labelled(protocol, tables.patients))
        file.refuse((*settings, *columns, *labels))


def _levels_of_labelled(protocol: Protocol, patients: pl.DataFrame) -> dict[str, list[str]]:
    """The words of each column of patients; of columns without labels none are asked for."""
    return {
        name: as_levels(patients[name]).unique().drop_nulls().to_list() if name in protocol.labels else []
        for name in patients.columns
    }


def must_run(checked: Checked, accept_issues: bool, language: Language) -> None:
    """Raise where the issues forbid to go on.

    Raises:
        DataError: Errors, or quarantined rows that were not accepted.
    """
    issues = checked.issues
    if issues.errors:
        raise DataError(issues.message(language))
    if issues.quarantined and not (accept_issues or checked.protocol.study.accept_issues):
        remedy = {
            "en": "Correct these rows, or leave them out with --accept-issues (or accept_issues: true under study in study.yaml).",
            "zh": "请改正这些行；或用 --accept-issues（或在 study.yaml 的 study 下写 accept_issues: true）将其排除后继续。",
        }
        raise DataError(issues.message(language) + "\n" + remedy[language])


def with_place(error: DataError, out: Path, language: Language) -> DataError:
    """The same error and where all findings are."""
    place = {"en": "All findings: ", "zh": "全部问题："}[language]
    return DataError(f"{error}\n{place}{out / 'issues.csv'}")


def write_findings(
    checked: Checked, out: Path, command: str, beside: Mapping[str, bytes] | None = None
) -> None:
    """Only what was found wrong: issues.csv, run.json and further files by their names."""
    with writing(out) as folder:
        _write_issues(checked.issues, folder)
        for name, content in (beside or {}).items():
            (folder / name).write_bytes(content)
        _write_run(folder, checked, command, "findings", 0.0, how_to_repeat(checked, out))


def derive_study(
    checked: Checked,
    out: Path,
    progress: Progress = _silent,
    how: How | None = None,
    accept_issues: bool = False,
    language: Language = "en",
) -> Collected:
    """Responses, patterns, resistance, endpoints and the reason of each, partition by partition; no analyses.

    Raises:
        DataError: Parquet tables hold rows that must be left out, and this was not accepted; the findings
            are written.
    """
    began, how = time.perf_counter(), how or How()
    protocol = checked.protocol.model_copy(update={"analyses": ()})
    try:
        with writing(out) as folder, scratch_beside(out) as scratch:
            if checked.unread is None:
                parts = partition_tables(checked.tables, how.partition_patients, checked.n_quarantined)
                whole = checked.tables.whole
            else:
                parts = checked.unread.parts(how.partition_patients, scratch)
                whole = checked.unread.whole
            found = derive_into(folder, parts, protocol, whole, how, progress, checked.issues)
            checked = replace(checked, issues=found.issues)
            must_run(checked, accept_issues, language)
            progress("write")
            _write_csv(found.flow.frame(), folder / "flow.csv", mark=True)
            _write_issues(checked.issues, folder)
            repeat = how_to_repeat(checked, out, format=how.file_format)
            _write_run(folder, checked, "derive", "done", time.perf_counter() - began, repeat)
    except DataError as error:
        if checked.unread is None:
            raise
        write_findings(checked, out, "derive")
        raise with_place(error, out, language) from None
    return found


def run_and_report(
    checked: Checked,
    out: Path,
    languages: tuple[Language, ...] = LANGUAGES,
    progress: Progress = _silent,
    command: str = "run",
    with_study: Path | None = None,
    figures: FigureChoice = "usual",
    left_out: LeftOut | None = None,
) -> StudyRun:
    """The whole study: its results first, then the documents.

    Args:
        checked: A study that `check_study` read.
        out: Where the files go; the results are there before the first document is begun.
        languages: Of the documents.
        progress: Called with each stage.
        command: As run.json names it.
        with_study: Copied into the output (the demo's own data).
        figures: Which files of each figure.
        left_out: Gathers the parts of the documents that could not be made; run.json names them too.

    Raises:
        SystemRefusal: The documents cannot be written; the results are.
    """
    began = time.perf_counter()
    left_out = LeftOut() if left_out is None else left_out
    progress = counted(progress, count_stages(checked.protocol) + 1 + count_parts(languages))
    key = opened(
        checked.protocol,
        study_file(checked.study).parent,
        checked.repeats or out,
        is_repeated=checked.repeats is not None,
    )
    run = run_study(checked.protocol, checked.tables, checked.n_quarantined, progress, checked.file)
    checked = replace(checked, issues=with_variables_left_out(checked.issues, run.left_out))
    repeat = how_to_repeat(checked, out, languages=list(languages), figures=figures)
    with writing(out) as folder:
        progress("write")
        write_derived(run, folder)
        write_results(run.results, folder)
        write_r_script(run, folder)
        _write_issues(checked.issues, folder)
        if key is not None:
            key.for_patients(checked.tables.patients["patient_id"], checked.protocol.study.seed).copy_into(
                folder
            )
        if with_study is not None:
            shutil.copytree(with_study, folder / "study")
            repeat["study"] = f"study/{study_file(with_study).name}"
        _write_run(folder, checked, command, "results", time.perf_counter() - began, repeat)
    facts: dict[str, Any] = {}
    with documents_in(out, facts) as folder:
        issues = checked.issues.frame().to_dicts()
        write_documents(folder, out, run.protocol, run.results, issues, run_info(checked), left_out,
                        languages=languages, figures=figures, progress=progress)  # fmt: skip
        facts |= how_it_ended(left_out) | {"duration_seconds": round(time.perf_counter() - began, 2)}
    return run


def run_demo(
    out: Path,
    n_progressed: int,
    seed: int,
    languages: tuple[Language, ...] = LANGUAGES,
    progress: Progress = _silent,
    figures: FigureChoice = "usual",
    left_out: LeftOut | None = None,
) -> StudyRun:
    """Draw the synthetic cohort, and run the same study on its files as on a user's."""
    progress("draw")
    with scratch_beside(out) as study:
        write_cohort(make_cohort(seed, n_progressed), study)
        checked = check_study(study, progress=progress)
        must_run(checked, accept_issues=False, language="en")
        return run_and_report(checked, out, languages, progress, "demo", study, figures, left_out)


def run_info(checked: Checked) -> dict[str, Any]:
    """What a reader needs to repeat the run; nothing that changes from run to run."""
    return {
        "program": PROGRAM,
        "version": version("oligoscope"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "seed": checked.protocol.study.seed,
        "settings": checked.protocol.model_dump(mode="json"),
        "inputs": {
            name: checksum(path)
            for name, path in readable(checked.inputs, checked.issues).items()
            if os.access(path, os.R_OK)
        },
    }


def how_to_repeat(checked: Checked, out: Path, **options: Any) -> dict[str, Any]:
    """The command's own arguments, for run.json: with study.yaml and the inputs, all that a run depends on."""
    return {
        "study": seen_from_output(out, study_file(checked.study)),
        "data": None if checked.data is None else seen_from_output(out, checked.data),
        # A run that left rows out was allowed to.
        "accept_issues": bool(checked.issues.quarantined),
        **options,
    }


def write_derived(run: StudyRun, folder: Path) -> None:
    """The tables of derived patients, of the matching and of the flow."""
    for name, table in written_tables(run.derived, run.cohort, run.protocol).items():
        (folder / f"{name}.csv").write_bytes(as_csv(table))
    if run.matched is not None:
        _write_csv(run.matched.balance, folder / "balance.csv")
        _write_csv(run.matched.pairs, folder / "matched_pairs.csv")
    _write_csv(run.cohort.flow.frame(), folder / "flow.csv", mark=True)


def _write_issues(issues: Issues, folder: Path) -> None:
    _write_csv(issues.frame(), folder / "issues.csv", mark=True)


def _write_csv(frame: pl.DataFrame, path: Path, *, mark: bool = False) -> None:
    path.write_bytes(as_csv(frame, mark=mark))


def _write_run(
    folder: Path, checked: Checked, command: str, status: str, seconds: float, repeat: Mapping[str, Any]
) -> None:
    record = run_info(checked) | {
        "command": command,
        "repeat": repeat,
        "status": status,
        "issues": {
            "error": len(checked.issues.errors),
            "quarantine": len(checked.issues.quarantined),
            "warning": len(checked.issues.warnings),
        },
        "outputs": {name: checksum(folder / name) for name in files_in(folder)},
        "duration_seconds": round(seconds, 2),
    }
    write_json(record, folder / RUN_FILE)
