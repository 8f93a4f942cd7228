"""run.json, issues.csv and tables of a run: what was read, with what it was done, and how to repeat it."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.checked_study import Checked
from oligoscope.csv_files import as_csv
from oligoscope.intake.input_files import readable
from oligoscope.intake.issues import Issues
from oligoscope.output_folder import (
    PROGRAM,
    RUN_FILE,
    checksum,
    files_in,
    write_json,
    writing,
)
from oligoscope.plan_lock import plan_of
from oligoscope.study.study_file import (
    seen_from_output,
    study_file,
)

LIBRARIES = ("polars", "numpy", "scipy", "survival", "matplotlib")


def write_findings(
    checked: Checked, out: Path, command: str, beside: Mapping[str, bytes] | None = None
) -> None:
    """Only what was found wrong: issues.csv, run.json and further files by their names."""
    with writing(out) as folder:
        write_issues(checked.issues, folder)
        for name, content in (beside or {}).items():
            (folder / name).write_bytes(content)
        write_record(folder, checked, command, "findings", 0.0, how_to_repeat(checked, out))


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


def write_issues(issues: Issues, folder: Path) -> None:
    """All findings, as issues.csv."""
    write_table(issues.frame(), folder / "issues.csv", mark=True)


def write_table(frame: pl.DataFrame, path: Path, *, mark: bool = False) -> None:
    """A table as the csv that all of ours are."""
    path.write_bytes(as_csv(frame, mark=mark))


def write_record(
    folder: Path, checked: Checked, command: str, status: str, seconds: float, repeat: Mapping[str, Any]
) -> None:
    """run.json: what was read and asked for, how it ended, and the checksum of every file of the folder."""
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
    if plan := plan_of(study_file(checked.study).parent):
        record["plan"] = plan
    write_json(record, folder / RUN_FILE)
