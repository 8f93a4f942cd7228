"""One patient as a value: course, scans, lesions, labels with the rule and rows of each, management."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.clinical.lesion_values import choose_reader
from oligoscope.clinical.management import derive_management
from oligoscope.clinical.management_texts import EVIDENCE, TIERS, sentences
from oligoscope.clinical.response_rows import as_criteria_say
from oligoscope.clinical.responses import ResponseFrames, derive_responses
from oligoscope.errors import UsageError
from oligoscope.pipeline import StudyRun
from oligoscope.report.patient.patient_lesions import LesionTrack, lesion_tracks, scan_days
from oligoscope.report.patient.patient_timeline import patient_events
from oligoscope.report.patient.patient_words import LABELS, duration_text, value_text
from oligoscope.study.dictionary.criteria import CRITERIA, RECIST_1_1
from oligoscope.study.schemas import StudyTables
from oligoscope.study.vocabulary import OUTCOMES


@dataclass(frozen=True, slots=True)
class Visit:
    """One assessment; sizes in mm, days from treatment start. Baseline is `number` 0."""

    number: int
    day: int
    on: date | None
    sum_mm: float | None
    nadir_mm: float | None = None
    change_percent: float | None = None
    target: str | None = None
    non_target: str | None = None
    new_lesion: bool | None = None
    overall: str | None = None
    irecist: str | None = None
    given: str | None = None
    counts_as: str | None = None  # for best response and endpoints; of iRECIST another word than `overall`


@dataclass(frozen=True, slots=True)
class Reason:
    """A label, the rule that decided it and the rows it read (as reasons.csv)."""

    label: str
    value: str | None
    rule: str | None
    source_rows: str | None


@dataclass(frozen=True, slots=True)
class Advice:
    """Management as `derive_management` gives it, in sentences; `withheld_because` is blank where given."""

    tier: str
    withheld_because: str
    sentences: tuple[Text, ...]
    evidence: tuple[Text, ...]
    rule: str
    source: str

    @property
    def tier_text(self) -> Text | None:
        return TIERS.get(self.tier)


@dataclass(frozen=True)
class PatientPage:
    """Everything a patient's page shows.

    Attributes:
        patient_id: The patient.
        study: Title of the study.
        synthetic: The data are not of a real patient.
        labels: (name of the label, its printed value) in the order of the page.
        events: The timeline, columns of `patient_timeline.SCHEMA`.
        criteria: By which responses without a need of confirmation are derived.
        visits: Every assessment, baseline first.
        scans: (number, day) of every time point at which lesions were looked at.
        lesions: Every declared lesion.
        reasons: Why each label is what it is.
        advice: What a source suggests, or why nothing is; None before a progression.
        progressed_day: First progression, days from treatment start.
    """

    patient_id: str
    study: Text
    synthetic: bool
    labels: tuple[tuple[str, Text], ...]
    events: pl.DataFrame
    criteria: Text
    visits: tuple[Visit, ...]
    scans: tuple[tuple[int, int], ...]
    lesions: tuple[LesionTrack, ...]
    reasons: tuple[Reason, ...]
    advice: Advice | None
    progressed_day: int | None


def patient_page(run: StudyRun, tables: StudyTables, patient_id: str) -> PatientPage:
    """Gather one patient from a run and the tables it ran on.

    Raises:
        UsageError: No such patient; the nearest identifiers are named.
    """
    known = run.cohort.patients["patient_id"]
    rows = run.cohort.patients.filter(pl.col("patient_id") == patient_id)
    if rows.is_empty():
        raise _unknown(patient_id, known)
    row = rows.row(0, named=True)
    own = _tables_of(tables, patient_id, run.protocol.response.reader)
    frames = derive_responses(own, run.protocol.response)
    title = run.protocol.study.title.printed
    progressed = run.derived.lesions_at_progression.filter(pl.col("patient_id") == patient_id)
    visits = tuple(_visits(run, row, frames))
    return PatientPage(
        patient_id=patient_id,
        study=title,
        synthetic=run.protocol.study.synthetic,
        labels=tuple(_labels(row, run)),
        events=patient_events(
            row, own, [(v.day, v.counts_as) for v in visits], run.protocol.study.data_cutoff
        ),
        criteria=_criteria(run.protocol.response.criteria),
        visits=visits,
        scans=scan_days(frames),
        lesions=lesion_tracks(frames, own, progressed),
        reasons=tuple(_reasons(run, patient_id)),
        advice=_advice(rows, run.protocol.response.criteria),
        progressed_day=row["progressed_day"],
    )


def _criteria(name: str) -> Text:
    """iRECIST has a column of its own beside those of RECIST 1.1."""
    criteria = CRITERIA[name]
    return CRITERIA[RECIST_1_1].printed if criteria.confirms_progression else criteria.printed


def _unknown(patient_id: str, known: pl.Series) -> UsageError:
    near = get_close_matches(patient_id, known.to_list(), n=3, cutoff=0.5)
    first = known.head(3).to_list()
    hint = f"Did you mean {' or '.join(near)}?" if near else f"The first are: {', '.join(first)}."
    hint_zh = f"是否为 {' 或 '.join(near)}？" if near else f"前几名为：{'、'.join(first)}。"
    return UsageError(
        f"There is no patient {patient_id!r} among the {Count(known.len()):patient|patients} of this study. {hint}",
        zh=f"本研究的 {known.len()} 名患者中没有 {patient_id!r}。{hint_zh}",
    )


def _tables_of(tables: StudyTables, patient_id: str, reader: str | None) -> StudyTables:
    """The patient's own rows, of the reader who decides."""
    # The reader is chosen over all patients: a patient whom only another reader measured has no rows.
    chosen = replace(tables, measurements=choose_reader(tables, reader))
    return chosen.only(pl.Series([patient_id]))


def _labels(row: dict[str, Any], run: StudyRun) -> Iterator[tuple[str, Text]]:
    for label in LABELS:
        if label in OUTCOMES:
            if row.get(f"{label}_days") is not None:
                yield label, duration_text(row[f"{label}_days"], row[f"{label}_event"])
        elif row.get(label) not in {None, ""}:
            yield label, value_text(label, row[label], run.protocol)


def _visits(run: StudyRun, row: dict[str, Any], frames: ResponseFrames) -> Iterator[Visit]:
    responses = run.derived.responses.filter(pl.col("patient_id") == row["patient_id"]).sort("assessed_day")
    baseline = frames.values.filter(pl.col("k") == 0)
    if baseline.height:
        targets = baseline.filter(pl.col("role") == "target")["size_um"]
        known = targets.len() > 0 and targets.null_count() == 0
        day = int(baseline["day"].max())  # pyright: ignore[reportArgumentType]
        total = float(targets.sum()) / 1000 if known else None
        yield Visit(0, day, _date(row, day), total)
    said = as_criteria_say(responses, run.protocol.response.criteria)["overall_response"]
    for number, (r, overall) in enumerate(zip(responses.iter_rows(named=True), said, strict=True), start=1):
        yield Visit(
            number, r["assessed_day"], r["assessed_on"], r["sum_mm"], r["nadir_mm"], _change(r["sum_mm"], r["baseline_mm"]),
            r["target_response"], r["non_target_response"], r["new_lesion"], overall,
            r["irecist_response"], r["given_response"], r["overall_response"],
        )  # fmt: skip


def _change(now: float | None, baseline: float | None) -> float | None:
    return None if now is None or not baseline else round(100 * (now - baseline) / baseline, 6)


def _date(row: dict[str, Any], day: int) -> date | None:
    start = row["treatment_started_on"]
    return None if start is None else date.fromordinal(start.toordinal() + day)


def _reasons(run: StudyRun, patient_id: str) -> Iterator[Reason]:
    own = run.derived.reasons.filter(pl.col("patient_id") == patient_id)
    for r in own.select("label", "value", "rule", "source_rows").iter_rows():
        yield Reason(*r)


def _advice(rows: pl.DataFrame, criteria: str) -> Advice | None:
    found = derive_management(rows, criteria)
    if found.is_empty():
        return None
    row = found.row(0, named=True)
    evidence = tuple(EVIDENCE[e] for e in (row["evidence"] or "").split(";") if e)
    return Advice(
        row["tier"] or "", row["withheld_because"] or "", sentences(row), evidence, row["rule"], row["source"]
    )
