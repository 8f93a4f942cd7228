"""What `patient` answers: the page of one patient, found by the number in the data or by the study number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from oligoscope.bilingual import Language, Text
from oligoscope.checked_study import check_study, must_run
from oligoscope.intake.files.cells import clean
from oligoscope.number_key import opened
from oligoscope.pipeline import run_study
from oligoscope.report.numbered import numbered_page
from oligoscope.report.patient.patient_files import patient_files, write_patient_files
from oligoscope.report.patient.patient_page import PatientPage, patient_page
from oligoscope.study.study_file import study_file


def answer_of_patient(
    study: Path,
    patient_id: str,
    out: Path,
    data: Path | None,
    progress: Callable[[str], None],
    *,
    accept_issues: bool,
    language: Language,
    languages: tuple[Language, ...],
) -> dict[str, Any]:
    """Write the page of one patient.

    Args:
        study: A study folder, or its study.yaml.
        patient_id: As in the data, or the study number.
        out: A file ending in .html, or a folder.
        data: The folder of the tables, where it is not the one that study.yaml names.
        progress: Called with each stage.
        accept_issues: Go on without the rows that must be left out.
        language: Of the answer's lines.
        languages: Of the page.

    Raises:
        UsageError: There is no such patient.
        DataError: The data must be corrected first.
    """
    page = page_of_patient(study, patient_id, data, progress, accept_issues=accept_issues, language=language)
    paths = patient_files(page.patient_id, out, languages)
    progress("report")
    write_patient_files(page, paths)
    written = [str(path) for path in paths.values()]
    lines = [Text(f"患者页：{path}", f"Page: {path}")[language] for path in written]
    return {"patient_id": page.patient_id, "files": written, "lines": lines}


def page_of_patient(
    study: Path,
    patient_id: str,
    data: Path | None,
    progress: Callable[[str], None],
    *,
    accept_issues: bool,
    language: Language,
) -> PatientPage:
    """Derive one patient of a study, called as documents call them; arguments and errors as of `answer_of_patient`."""
    checked = check_study(study, data, language, progress)
    must_run(checked, accept_issues, language)
    key = opened(checked.protocol, study_file(study).parent)
    if key is not None:
        key = key.for_patients(checked.tables.patients["patient_id"], checked.protocol.study.seed)
    patient_id = clean(patient_id) or patient_id  # as the cells are read
    patient_id = patient_id if key is None else key.numbers.hospital_number(patient_id)
    protocol = checked.protocol.model_copy(update={"analyses": ()})
    found = run_study(protocol, checked.tables, checked.n_quarantined, progress)
    page = patient_page(found, checked.tables, patient_id)
    return page if key is None else numbered_page(page, key.numbers)
