"""Run, document, write: the functions that `run` and `demo` call."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from oligoscope.bilingual import LANGUAGES, Language
from oligoscope.checked_study import Checked, check_study, must_run, silent
from oligoscope.csv_files import as_csv
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.demo.more_analyses import DEMO_ANALYSES
from oligoscope.engines.written_tables import written_tables
from oligoscope.intake.checks.variables_left_out import with_variables_left_out
from oligoscope.number_key import opened
from oligoscope.output_folder import (
    scratch_beside,
    writing,
)
from oligoscope.pipeline import StudyRun, count_stages, run_study
from oligoscope.printing.left_out import LeftOut
from oligoscope.report.file_names import FigureChoice
from oligoscope.report.kept_documents import Documents
from oligoscope.report.kept_pictures import Pictures
from oligoscope.report.r_script.script import write_r_script
from oligoscope.report.report_files import count_parts
from oligoscope.results_files import write_results
from oligoscope.run_documents import (
    Progress,
    counted,
    documents_in,
    how_it_ended,
    what_was_written,
    write_documents,
)
from oligoscope.run_record import how_to_repeat, run_info, write_issues, write_record, write_table
from oligoscope.study.study_file import (
    study_file,
)


def run_and_report(
    checked: Checked,
    out: Path,
    languages: tuple[Language, ...] = LANGUAGES,
    progress: Progress = silent,
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
        write_r_script(run, checked.tables, folder)
        write_issues(checked.issues, folder)
        if key is not None:
            key.for_patients(checked.tables.patients["patient_id"], checked.protocol.study.seed).copy_into(
                folder
            )
        if with_study is not None:
            shutil.copytree(with_study, folder / "study")
            repeat["study"] = f"study/{study_file(with_study).name}"
        write_record(folder, checked, command, "results", time.perf_counter() - began, repeat)
    facts: dict[str, Any] = {}
    pictures, documents = Pictures(), Documents()
    with documents_in(out, facts) as folder:
        issues = checked.issues.frame().to_dicts()
        write_documents(folder, out, run.protocol, run.results, issues, run_info(checked), left_out,
                        languages=languages, figures=figures, progress=progress, pictures=pictures,
                        documents=documents)  # fmt: skip
        facts |= how_it_ended(left_out) | what_was_written(pictures, documents, languages)
        facts |= {"duration_seconds": round(time.perf_counter() - began, 2)}
    return run


def run_demo(
    out: Path,
    n_progressed: int,
    seed: int,
    languages: tuple[Language, ...] = LANGUAGES,
    progress: Progress = silent,
    figures: FigureChoice = "usual",
    left_out: LeftOut | None = None,
) -> StudyRun:
    """Draw the synthetic cohort, and run the same study on its files as on a user's."""
    progress("draw")
    with scratch_beside(out) as study:
        write_cohort(make_cohort(seed, n_progressed), study, DEMO_ANALYSES)
        checked = check_study(study, progress=progress)
        must_run(checked, accept_issues=False, language="en")
        return run_and_report(checked, out, languages, progress, "demo", study, figures, left_out)


def write_derived(run: StudyRun, folder: Path) -> None:
    """The tables of derived patients, of the matching and of the flow."""
    for name, table in written_tables(run.derived, run.cohort, run.protocol).items():
        (folder / f"{name}.csv").write_bytes(as_csv(table))
    if run.matched is not None:
        write_table(run.matched.balance, folder / "balance.csv")
        write_table(run.matched.pairs, folder / "matched_pairs.csv")
    write_table(run.cohort.flow.frame(), folder / "flow.csv", mark=True)
