"""Read, run, document, write: what both doors (command line and web) call."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.analysis.variables import as_levels
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.engines.collecting import Collected
from oligoscope.engines.deriving import How, derive_into
from oligoscope.engines.partitions import partition_tables
from oligoscope.engines.witness import whole_of, whole_of_files
from oligoscope.engines.written_tables import as_csv, written_tables
from oligoscope.errors import DataError, UsageError
from oligoscope.intake.issues import Issues
from oligoscope.intake.parquet_study import ParquetStudy, is_typed_parquet, open_parquet
from oligoscope.intake.readers import read_tables
from oligoscope.intake.sdtm import sdtm_inputs
from oligoscope.intake.validation import validate_tables
from oligoscope.output_folder import (
    PROGRAM,
    RUN_FILE,
    check_output,
    checksum,
    files_in,
    previous_run,
    updating,
    writing,
)
from oligoscope.pipeline import StudyRun, count_stages, run_study
from oligoscope.report.figure_files import FigureChoice, is_old_picture
from oligoscope.report.gates import gate_sentences
from oligoscope.report.number_links import numbers_file
from oligoscope.report.numbers.patients_found import read_patient_files
from oligoscope.report.report_files import DEFAULT_STYLES, Styles, count_parts, write_reports
from oligoscope.results_files import read_results, write_results
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import PATIENTS, TABLES, StudyTables, empty
from oligoscope.study.study_file import check_columns, data_folder, read_protocol, study_file
from oligoscope.study.vocabulary import LANGUAGES, Language

Progress = Callable[[str], None]
REPORTED_FILES = (
    "results.csv", "patients.csv", "responses.csv", "reasons.csv", "issues.csv", "flow.csv", "sites.csv",
    "definitions.csv", "management.csv", "balance.csv", "matched_pairs.csv", "run.json",
)  # fmt: skip
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
    inputs: tuple[Path, ...]
    n_quarantined: int  # patients set aside; the Flow begins with them
    unread: ParquetStudy | None = None  # the tables, where they are read in partitions


def check_study(
    study: Path,
    data: Path | None = None,
    language: Language = "en",
    progress: Progress = _silent,
    *,
    in_partitions: bool = False,
) -> Checked:
    """Read and validate a study.

    Args:
        study: A study folder, or its study.yaml.
        data: The folder of its tables, where it is not the one study.yaml names.
        language: The language of an error's message.
        progress: Called with each stage.
        in_partitions: Parquet tables are only looked at; `derive_study` reads them, a partition at a time.

    Raises:
        StudyFileError: study.yaml cannot be used.
        UsageError: The data folder does not exist.
    """
    progress("read")
    protocol = read_protocol(study, language)
    folder = data if data is not None else data_folder(study, protocol)
    if not folder.is_dir():
        raise UsageError(
            f"The data folder {folder} does not exist. Mend data.folder in study.yaml, or give --data DIR."
        )
    inputs = (study_file(study), *_input_files(protocol, folder))
    if is_typed_parquet(protocol):
        unread = open_parquet(protocol, folder)
        if in_partitions:
            return Checked(protocol, StudyTables(empty(PATIENTS)), unread.issues, folder, inputs, 0, unread)
        tables, issues, set_aside = unread.read()
        _check_columns(study, protocol, tables, language)
        return Checked(protocol, tables, issues, folder, inputs, set_aside)
    raw = read_tables(protocol, folder)
    progress("validate")
    tables, issues = validate_tables(raw, protocol)
    if not issues.errors:
        _check_columns(study, protocol, tables, language)
    set_aside = 0 if issues.errors else raw["patients"].frame.height - tables.patients.height
    return Checked(protocol, tables, issues, folder, inputs, set_aside)


def _check_columns(study: Path, protocol: Protocol, tables: StudyTables, language: Language) -> None:
    patients = tables.patients
    levels = {
        name: as_levels(patients[name]).unique().drop_nulls().to_list() if name in protocol.labels else ()
        for name in patients.columns
    }
    check_columns(study, protocol, levels, language)


def _input_files(protocol: Protocol, folder: Path) -> Iterator[Path]:
    """Every file the study names and that was there to read, once."""
    if protocol.data.sdtm is not None:
        yield from sdtm_inputs(protocol.data.sdtm, folder)
    sources = (getattr(protocol.data, name) for name in TABLES)
    named = (name for s in sources if s for name in (*s.files, *(j.file for j in s.join)))
    yield from (folder / name for name in dict.fromkeys(named) if (folder / name).is_file())


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
            "en": "Mend these rows, or leave them out with --accept-issues (or accept_issues: true under study in study.yaml).",
            "zh": "请改正这些行；或用 --accept-issues（或在 study.yaml 的 study 下写 accept_issues: true）将其排除后继续。",
        }
        raise DataError(issues.message(language) + "\n" + remedy[language])


def write_findings(checked: Checked, out: Path, command: str) -> None:
    """Only what was found wrong: issues.csv and run.json."""
    with writing(out) as folder:
        _write_issues(checked.issues, folder)
        _write_run(folder, checked, command, "findings", 0.0)


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
        with writing(out) as folder, _scratch_beside(out) as scratch:
            if checked.unread is None:
                parts = partition_tables(checked.tables, how.partition_patients, checked.n_quarantined)
                whole = whole_of(checked.tables)
            else:
                parts = checked.unread.parts(how.partition_patients, scratch)
                whole = whole_of_files(checked.unread)
            found = derive_into(folder, parts, protocol, whole, how, progress, checked.issues)
            checked = replace(checked, issues=found.issues)
            must_run(checked, accept_issues, language)
            progress("write")
            _write_csv(found.flow.frame(), folder / "flow.csv", for_excel=True)
            _write_issues(checked.issues, folder)
            _write_run(folder, checked, "derive", "done", time.perf_counter() - began)
    except DataError as error:
        if checked.unread is None:
            raise
        write_findings(checked, out, "derive")
        raise DataError(f"{error}\nAll findings: {out / 'issues.csv'}") from None
    return found


@contextmanager
def _scratch_beside(out: Path) -> Iterator[Path]:
    """A folder for what is needed only while partitions are read; where workers of a cluster look too."""
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-parts-", dir=out.parent) as folder:
        yield Path(folder)


def run_and_report(
    checked: Checked,
    out: Path,
    languages: tuple[Language, ...] = LANGUAGES,
    progress: Progress = _silent,
    command: str = "run",
    with_study: Path | None = None,
    figures: FigureChoice = "usual",
) -> StudyRun:
    """The whole study, every file of it; `with_study` is copied into the output (the demo's own data)."""
    began = time.perf_counter()
    progress = _counted(progress, count_stages(checked.protocol) + 1 + count_parts(languages))
    run = run_study(checked.protocol, checked.tables, checked.n_quarantined, progress)
    with writing(out) as folder:
        progress("write")
        _write_derived(run, folder)
        write_results(run.results, folder)
        _write_issues(checked.issues, folder)
        if with_study is not None:
            shutil.copytree(with_study, folder / "study")
        _write_reports(run, checked, folder, languages, figures, progress)
        _write_run(folder, checked, command, "done", time.perf_counter() - began)
    return run


def run_demo(
    out: Path,
    n_progressed: int,
    seed: int,
    languages: tuple[Language, ...] = LANGUAGES,
    progress: Progress = _silent,
    figures: FigureChoice = "usual",
) -> StudyRun:
    """Draw the synthetic cohort, and run the same study on its files as on anybody's."""
    progress("draw")
    with tempfile.TemporaryDirectory(prefix="oligoscope-demo-") as drawn:
        study = Path(drawn)
        write_cohort(make_cohort(seed, n_progressed), study)
        checked = check_study(study, progress=progress)
        must_run(checked, accept_issues=False, language="en")
        return run_and_report(checked, out, languages, progress, "demo", study, figures)


def _write_reports(
    run: StudyRun,
    checked: Checked,
    folder: Path,
    languages: tuple[Language, ...],
    figures: FigureChoice,
    progress: Progress,
) -> None:
    info = run_info(checked) | {
        "files": _reported_files(languages),
        "failed_gates": gate_sentences(run.results),
    }
    write_reports(
        folder, run.protocol, run.results, checked.issues, info, languages, figures=figures,
        begins=lambda: progress("report"), patients=read_patient_files(folder),
    )  # fmt: skip


def _reported_files(languages: Iterable[Language]) -> tuple[str, ...]:
    """The files the report lists beside itself."""
    return (*REPORTED_FILES, *(numbers_file(one) for one in LANGUAGES if one in languages))


def _counted(progress: Progress, total: int) -> Progress:
    """Each stage with its number among all of the command: `survival 12/34`."""
    steps = count(1)
    return lambda stage: progress(f"{stage} {next(steps)}/{total}")


def report_again(
    out: Path,
    languages: tuple[Language, ...] = LANGUAGES,
    styles: Styles = DEFAULT_STYLES,
    figures: FigureChoice = "usual",
    progress: Progress = _silent,
) -> list[str]:
    """Write the documents of an earlier run once more from its saved results; gives the files written.

    Raises:
        UsageError: The folder holds no run, or not its results.
    """
    record = previous_run(out)
    if record is None:
        raise UsageError(f"{out} is not a folder that Oligoscope wrote. Give the output folder of a run.")
    results = read_results(out)
    issues = pl.read_csv(out / "issues.csv", infer_schema=False).to_dicts()
    others: tuple[Language, ...] = tuple(one for one in LANGUAGES if (out / f"report.{one}.html").is_file())
    patients = read_patient_files(out)
    written = (*languages, *others) if patients is not None else ()
    info = record | {"files": _reported_files(written), "failed_gates": gate_sentences(results)}
    with updating(out, {"styles": dict(styles)}, is_old_picture) as folder:
        protocol = Protocol.model_validate(record["settings"])
        progress = _counted(progress, count_parts(languages))
        write_reports(
            folder,
            protocol,
            results,
            issues,
            info,
            languages,
            styles,
            others,
            figures,
            lambda: progress("report"),
            patients,
        )
        return files_in(folder)


def run_info(checked: Checked) -> dict[str, Any]:
    """What a reader needs to repeat the run; nothing that changes from run to run."""
    return {
        "program": PROGRAM,
        "version": version("oligoscope"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "seed": checked.protocol.study.seed,
        "settings": checked.protocol.model_dump(mode="json"),
        "inputs": {path.name: checksum(path) for path in checked.inputs},
    }


def _write_derived(run: StudyRun, folder: Path) -> None:
    for name, table in written_tables(run.derived, run.cohort, run.protocol).items():
        (folder / f"{name}.csv").write_bytes(as_csv(table))
    if run.matched is not None:
        _write_csv(run.matched.balance, folder / "balance.csv")
        _write_csv(run.matched.pairs, folder / "matched_pairs.csv")
    _write_csv(run.cohort.flow.frame(), folder / "flow.csv", for_excel=True)


def _write_issues(issues: Issues, folder: Path) -> None:
    _write_csv(issues.frame(), folder / "issues.csv", for_excel=True)


def _write_csv(frame: pl.DataFrame, path: Path, *, for_excel: bool = False) -> None:
    path.write_bytes(as_csv(frame, for_excel=for_excel))


def _write_run(folder: Path, checked: Checked, command: str, status: str, seconds: float) -> None:
    outputs = {name: checksum(folder / name) for name in files_in(folder)}
    record = run_info(checked) | {
        "command": command,
        "status": status,
        "issues": {
            "error": len(checked.issues.errors),
            "quarantine": len(checked.issues.quarantined),
            "warning": len(checked.issues.warnings),
        },
        "outputs": outputs,
        "duration_seconds": round(seconds, 2),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (folder / RUN_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


__all__ = [
    "Checked", "check_output", "check_study", "derive_study", "must_run", "report_again", "run_and_report", "run_demo", "run_info",
    "write_findings",
]  # fmt: skip
