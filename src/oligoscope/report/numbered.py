"""What documents are made from, with study numbers in place of the hospital's: results, findings, settings, lists of patients.

It is done where documents begin, so that no table, figure or page can hold a hospital number that it was not given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from oligoscope.report.appendix import Rows
from oligoscope.report.numbers.patients_found import PatientFiles
from oligoscope.results.results import Results
from oligoscope.results.selection import PATIENTS_FILE
from oligoscope.study.protocol import Protocol
from oligoscope.study.study_numbers import StudyNumbers

# A page is derived from records, which documents written again do not read.
if TYPE_CHECKING:
    from oligoscope.report.patient.patient_page import PatientPage

# Rows of the largest first; among equals, and in every other series, by the number of the patient.
_LARGEST_FIRST = {"waterfall": "best_change_percent", "swimmer": "follow_up_months"}


def numbered_results(results: Results, numbers: StudyNumbers) -> Results:
    """The same results; series of patients in the order of study numbers, where they were in that of hospital numbers."""
    series = {name: _in_order(name, numbers.frame(frame)) for name, frame in results.series.items()}
    return replace(results, series=series)


def _in_order(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    if "patient_id" not in frame.columns:
        return frame
    largest = _LARGEST_FIRST.get(name.split("/", maxsplit=1)[0])
    if largest is None:
        return frame.sort("patient_id", maintain_order=True)
    return frame.sort(largest, "patient_id", descending=[True, False])


def numbered_issues(rows: Rows | None, numbers: StudyNumbers) -> Rows | None:
    """Findings with study numbers; patients whom no key knows, as those set aside, are not named."""
    if rows is None:
        return None
    found = [{**row, "patient_id": numbers.of.get(row["patient_id"] or "")} for row in rows]
    left_out = {row["patient_id"] for row in rows if row["patient_id"]} - numbers.of.keys()
    return replace(numbers, unknown=frozenset(left_out)).in_words(found)


def numbered_settings(protocol: Protocol, numbers: StudyNumbers) -> Protocol:
    """The settings: their titles, rules and names in either language are the user's own words; the others are ours."""
    settings = protocol.model_dump(mode="json")
    changed = _in_either_language(settings, numbers)
    return protocol if changed == settings else Protocol.model_validate(changed)


def _in_either_language(setting: Any, numbers: StudyNumbers) -> Any:
    if isinstance(setting, list):
        return [_in_either_language(one, numbers) for one in setting]
    if not isinstance(setting, dict):
        return setting
    if {"zh", "en"} <= setting.keys():
        setting = {**setting, **numbers.in_words({name: setting[name] for name in ("zh", "en")})}
    return {name: _in_either_language(one, numbers) for name, one in setting.items()}


def numbered_record(info: Mapping[str, Any], numbers: StudyNumbers) -> Mapping[str, Any]:
    """The record of a run, of which documents print the names of the files read."""
    return {**info, "inputs": dict(numbers.in_words(list(info.get("inputs", {}).items())))}


def numbered_files(files: PatientFiles, numbers: StudyNumbers) -> PatientFiles:
    """The lists of patients, patients in the order of study numbers."""
    ids = files.frames[PATIENTS_FILE].select(pl.col("patient_id").cast(pl.String)).collect()["patient_id"]
    numbers.column(ids)  # refuses what the key lacks
    frames = {name: _with_numbers(frame, numbers) for name, frame in files.frames.items()}
    frames[PATIENTS_FILE] = frames[PATIENTS_FILE].sort("patient_id")
    return PatientFiles(frames, None if files.pairs is None else numbers.frame(files.pairs))


def _with_numbers(frame: pl.LazyFrame, numbers: StudyNumbers) -> pl.LazyFrame:
    ids = pl.col("patient_id").cast(pl.String)
    return frame.with_columns(ids.replace_strict(numbers.of, default=None, return_dtype=pl.String))


def numbered_page(page: PatientPage, numbers: StudyNumbers) -> PatientPage:
    """A patient's page; their lesions and the places of their rows may hold the number, too."""
    number = numbers.of[page.patient_id]
    return replace(numbers.in_words(replace(page, patient_id=number), codes_stay=True), patient_id=number)
