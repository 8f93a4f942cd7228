"""A study read and validated, before anything is derived: its settings, its trusted tables and what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.bilingual import Language
from oligoscope.clinical.progression_rules import resolve
from oligoscope.cohort.known_columns import known_columns
from oligoscope.cohort.variables import as_levels
from oligoscope.engines.contradictions import contradictions_in
from oligoscope.errors import DataError, UsageError
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.input_files import input_files
from oligoscope.intake.issues import Issues
from oligoscope.intake.parquet.parquet_study import ParquetStudy, is_typed_parquet, open_parquet
from oligoscope.intake.readers import read_tables
from oligoscope.intake.unread_files import find_unread
from oligoscope.intake.validation import validate_tables
from oligoscope.plain_text import one_line
from oligoscope.questions.registry import KINDS
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
    study_file,
    with_relative_paths,
)

Progress = Callable[[str], None]


def silent(_stage: str) -> None:
    """Say nothing of a stage."""
    return


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
    progress: Progress = silent,
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
