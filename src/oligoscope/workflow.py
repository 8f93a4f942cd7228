"""Read, run, document, write: what both doors (command line and web) call."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.errors import DataError, UsageError
from oligoscope.intake.issues import Issues
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.output_folder import PROGRAM, RUN_FILE, check_output, checksum, files_in, writing
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.report.document import build_document
from oligoscope.report.html import write_html
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import PATIENTS_OUT, REASONS_OUT, RESPONSES_OUT, TABLES, StudyTables
from oligoscope.study.study_file import data_folder, read_protocol, study_file
from oligoscope.study.vocabulary import LANGUAGES, Language

Progress = Callable[[str], None]
REPORTED_FILES = (
    "results.csv", "patients.csv", "responses.csv", "reasons.csv", "issues.csv", "flow.csv", "run.json",
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


def check_study(
    study: Path, data: Path | None = None, language: Language = "en", progress: Progress = _silent
) -> Checked:
    """Read and validate a study.

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
    raw = read_tables(protocol, folder)
    progress("validate")
    tables, issues = validate_tables(raw, protocol)
    set_aside = 0 if issues.errors else raw["patients"].frame.height - tables.patients.height
    return Checked(
        protocol, tables, issues, folder, (study_file(study), *_input_files(protocol, folder)), set_aside
    )


def _input_files(protocol: Protocol, folder: Path) -> Iterator[Path]:
    """Every file the study names and that was there to read, once."""
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


def derive_study(checked: Checked, out: Path, progress: Progress = _silent) -> StudyRun:
    """Responses, patterns, resistance, endpoints and the reason of each; no analyses."""
    began = time.perf_counter()
    run = run_study(
        checked.protocol.model_copy(update={"analyses": ()}), checked.tables, checked.n_quarantined, progress
    )
    progress("write")
    with writing(out) as folder:
        _write_derived(run, folder)
        _write_issues(checked.issues, folder)
        _write_run(folder, checked, "derive", "done", time.perf_counter() - began)
    return run


def run_and_report(
    checked: Checked,
    out: Path,
    languages: tuple[Language, ...] = LANGUAGES,
    progress: Progress = _silent,
    command: str = "run",
    with_study: Path | None = None,
) -> StudyRun:
    """The whole study, every file of it; `with_study` is copied into the output (the demo's own data)."""
    began = time.perf_counter()
    run = run_study(checked.protocol, checked.tables, checked.n_quarantined, progress)
    with writing(out) as folder:
        progress("write")
        _write_derived(run, folder)
        _write_csv(run.results.frame(), folder / "results.csv")
        _write_issues(checked.issues, folder)
        if with_study is not None:
            shutil.copytree(with_study, folder / "study")
        progress("report")
        _write_reports(run, checked, folder, languages)
        _write_run(folder, checked, command, "done", time.perf_counter() - began)
    return run


def run_demo(
    out: Path,
    n_progressed: int,
    seed: int,
    languages: tuple[Language, ...] = LANGUAGES,
    progress: Progress = _silent,
) -> StudyRun:
    """Draw the synthetic cohort, and run the same study on its files as on anybody's."""
    progress("draw")
    with tempfile.TemporaryDirectory(prefix="oligoscope-demo-") as drawn:
        study = Path(drawn)
        write_cohort(make_cohort(seed, n_progressed), study)
        checked = check_study(study, progress=progress)
        must_run(checked, accept_issues=False, language="en")
        return run_and_report(checked, out, languages, progress, "demo", study)


def _write_reports(run: StudyRun, checked: Checked, folder: Path, languages: tuple[Language, ...]) -> None:
    document = build_document(
        run.protocol, run.results, checked.issues, run_info(checked) | {"files": REPORTED_FILES}
    )
    for language in languages:
        (folder / f"report.{language}.html").write_text(
            write_html(document, language), encoding="utf-8", newline="\n"
        )


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
    patients = run.cohort.patients
    for name in PATIENTS_OUT:
        if name not in patients.columns:
            patients = patients.with_columns(pl.lit(None, pl.String).alias(name))
    more = [c for c in _COVARIATES_OUT if c in patients.columns]
    _write_csv(patients.select(*PATIENTS_OUT, *more), folder / "patients.csv")
    _write_csv(run.derived.responses.select(*RESPONSES_OUT, "declared_on", "cause"), folder / "responses.csv")
    _write_csv(run.derived.reasons.select(*REASONS_OUT), folder / "reasons.csv")
    _write_csv(run.cohort.flow.frame(), folder / "flow.csv", for_excel=True)


_COVARIATES_OUT = (
    "age_years", "age_60", "sex", "smoking", "ecog", "histology", "stage", "pd_l1", "driver_gene", "brain_metastasis",
    "n_target_lesions", "n_baseline_organs", "first_line_regimen",
)  # fmt: skip


def _write_issues(issues: Issues, folder: Path) -> None:
    _write_csv(issues.frame(), folder / "issues.csv", for_excel=True)


def _write_csv(frame: pl.DataFrame, path: Path, *, for_excel: bool = False) -> None:
    """UTF-8; with a byte-order mark where the cells hold Chinese sentences, for Excel."""
    blank = pl.col(pl.String).replace("", None)
    frame.with_columns(blank).write_csv(path, include_bom=for_excel)


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
    "Checked", "check_output", "check_study", "derive_study", "must_run", "run_and_report", "run_demo", "run_info",
    "write_findings",
]  # fmt: skip
