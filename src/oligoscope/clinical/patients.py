"""Records to patients: one row a patient with response, pattern, resistance, endpoints, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from oligoscope.clinical.at_progression import derive_at_progression
from oligoscope.clinical.best_response import derive_best_response
from oligoscope.clinical.cited_rows import Evidence
from oligoscope.clinical.classified import as_records, given_reasons, with_given
from oligoscope.clinical.covariates import derive_covariates
from oligoscope.clinical.definitions import disagreement, under_every_definition
from oligoscope.clinical.endpoints import derive_endpoints
from oligoscope.clinical.entries import derive_entries
from oligoscope.clinical.irecist import best_irecist
from oligoscope.clinical.irecist_points import as_recist_codes, irecist_first, irecist_responses
from oligoscope.clinical.labels import label_patients, progression_days
from oligoscope.clinical.later_lines import derive_later_line, derive_treatment_after_progression
from oligoscope.clinical.lesion_values import index_lesions
from oligoscope.clinical.organs import derive_site_relation, time_to_site_progression
from oligoscope.clinical.progression import (
    classify,
    count_progression,
    first_progressions,
    lesions_at_progression,
)
from oligoscope.clinical.progression_rules import resolve
from oligoscope.clinical.read_progressions import READ, counts_as_read, first_as_read
from oligoscope.clinical.reasons import explain
from oligoscope.clinical.resistance import derive_resistance
from oligoscope.clinical.response_rows import response_rows
from oligoscope.clinical.responses import ResponseFrames, derive_responses, given_responses
from oligoscope.study.dictionary.criteria import CRITERIA
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import PATIENTS, StudyTables, day_name
from oligoscope.study.vocabulary import VARIABLES


@dataclass(frozen=True)
class Derived:
    """What the clinical rules make of the records.

    Attributes:
        patients: One row a patient: the patient columns, derived covariates and every label.
        responses: One row an assessment (`RESPONSES_OUT` and declared_on).
        reasons: Why each label is what it is (`REASONS_OUT`).
        lesions_at_progression: Every lesion of the progressed patients at the first progression.
        site_progressions: First progression in each organ: patient_id, organ, progressed_day.
        definitions: Pattern and resistance of each progressed patient under every preset.
    """

    patients: pl.DataFrame
    responses: pl.DataFrame
    reasons: pl.DataFrame
    lesions_at_progression: pl.DataFrame
    site_progressions: pl.DataFrame
    definitions: pl.DataFrame


@dataclass(frozen=True)
class _Read:
    """Time points as the study reads them, and the first progression that follows."""

    points: pl.DataFrame
    first: pl.DataFrame
    irecist: pl.DataFrame


def derive_patients(tables: StudyTables, protocol: Protocol) -> Derived:
    """Apply RECIST 1.1 and the study's definitions to every patient at once.

    Patient-local: the rows of one patient never change another's labels.

    Raises:
        DataError: Measurements of several readers and none chosen.
    """
    found = _label(_without_own(tables), protocol)
    reader = protocol.response.reader
    evidence = Evidence(found.read.points, found.frames, found.at_progression, found.tables, reader)
    reasons = explain(found.patients, evidence, protocol)
    patients = _with_times(found, protocol)
    return Derived(
        _with_own(patients, tables),
        response_rows(found.read.points, found.tables, reader),
        given_reasons(reasons, patients, found.tables),
        _named(found.at_progression, found.covariates),
        _named(time_to_site_progression(found.frames), found.covariates).drop("p"),
        found.definitions.drop("p"),
    )


def label_only(tables: StudyTables, protocol: Protocol) -> pl.DataFrame:
    """`Derived.patients` without the reasons and the other tables: for the columns that a study will have.

    Raises:
        DataError: As `derive_patients`.
    """
    found = _label(_without_own(tables), protocol)
    patients = _with_times(found, protocol)
    return _with_own(patients, tables)


def _with_times(found: _Labelled, protocol: Protocol) -> pl.DataFrame:
    """The labelled patients with what a team gives, what is known at progression, and delayed entries."""
    given = with_given(found.patients, found.tables, protocol)
    return derive_entries(derive_at_progression(given), found.tables)


@dataclass(frozen=True)
class Countable:
    """What definitions of progression and resistance are applied to.

    Attributes:
        patients: As `label_only`, under the settings of the study.
        definitions: Types of resistance of each progressed patient under every preset, by patient_id.
        counts: By (lesion_reference, node_counting) what progressed, one row a patient with p.
    """

    patients: pl.DataFrame
    definitions: pl.DataFrame
    counts: Mapping[tuple[str, str], pl.DataFrame]


def count_in_every_way(
    tables: StudyTables, protocol: Protocol, references: Iterable[str], countings: Sequence[str]
) -> Countable:
    """The patients, and their progressing lesions as each way of counting has them; responses are derived once.

    Args:
        tables: Validated tables.
        protocol: The settings of the study.
        references: Of `progression.lesion_reference`.
        countings: Of `progression.node_counting`.

    Raises:
        DataError: As `derive_patients`.
    """
    found = _label(_without_own(tables), protocol)
    patients = _with_times(found, protocol)
    days = protocol.progression.window_days
    counts: dict[tuple[str, str], pl.DataFrame] = {}
    for reference in references:
        lesions = lesions_at_progression(found.frames, found.read.first, reference, days)
        for counting in countings:
            counts[reference, counting] = _with_read(count_progression(lesions, counting), found.tables)
    return Countable(_with_own(patients, tables), found.definitions, counts)


def _with_read(counts: pl.DataFrame, tables: StudyTables) -> pl.DataFrame:
    """With the counts of progressions that a team has read, of patients whose lesions give none."""
    both = pl.concat([counts, counts_as_read(tables)], how="diagonal_relaxed")
    return both.unique("p", keep="first")


def _own(tables: StudyTables) -> list[str]:
    return [name for name in tables.patients.columns if name not in _READ]


def _without_own(tables: StudyTables) -> StudyTables:
    return replace(tables, patients=tables.patients.drop(_own(tables)))


def _with_own(derived: pl.DataFrame, tables: StudyTables) -> pl.DataFrame:
    given = tables.patients.select("patient_id", *_own(tables))
    patients = derived.join(given, on="patient_id", how="left", maintain_order="left")
    further = [name for name in derived.columns if name not in {"p", *tables.patients.columns}]
    return patients.select("p", *tables.patients.columns, *further)


# Columns of patients that the rules may read. The user's own ones are set aside meanwhile, whatever their names.
_READ = frozenset(
    {
        "source",
        "source_row",
        *VARIABLES,
        *(c.name for c in PATIENTS.columns),
        *(day_name(c.name) for c in PATIENTS.columns if c.kind == "date"),
    }
)


@dataclass(frozen=True)
class _Labelled:
    """Patients with their labels, and what these were made from."""

    patients: pl.DataFrame
    definitions: pl.DataFrame
    tables: StudyTables
    covariates: pl.DataFrame
    frames: ResponseFrames
    read: _Read
    at_progression: pl.DataFrame


def _label(tables: StudyTables, protocol: Protocol) -> _Labelled:
    settings = protocol.response
    tables = as_records(_until(tables, protocol.study.data_cutoff))
    covariates = derive_covariates(tables, index_lesions(tables))
    frames = derive_responses(tables, settings)
    read = _read_points(frames, tables, protocol, covariates)
    reference = protocol.progression.lesion_reference
    at_progression = lesions_at_progression(frames, read.first, reference, protocol.progression.window_days)
    counts = _with_read(count_progression(at_progression, protocol.progression.node_counting), tables)
    first = pl.concat([read.first, first_as_read(tables)], how="diagonal_relaxed").unique("p", keep="first")
    first = first.join(_confirmed(read.points, first, settings.confirmation_days), on="p", how="left")
    days = progression_days(covariates, first, protocol)
    best = derive_best_response(read.points, covariates.height, settings, _ended(days, first))
    labelled = classify(counts, resolve(protocol.progression))
    irecist = _irecist_until(days, first, read)
    patients = label_patients(covariates, best, first, days, labelled, tables, protocol)
    patients = patients.join(irecist, on="p", how="left", maintain_order="left")
    line = derive_later_line(tables, protocol.endpoints.pfs2_line, settings)
    patients = patients.join(line, on="p", how="left", maintain_order="left")
    cutoff = protocol.study.data_cutoff
    patients = derive_endpoints(patients, read.points, protocol.endpoints, cutoff, tables.whole)
    known = tables.whole.records_responses
    patients = derive_resistance(patients, protocol.resistance.preset, records_responses=known)
    patients = derive_treatment_after_progression(tables, derive_site_relation(patients))
    definitions = under_every_definition(patients, counts, records_responses=known)
    patients = patients.join(disagreement(definitions), on="p", how="left", maintain_order="left")
    return _Labelled(patients, definitions, tables, covariates, frames, read, at_progression)


def derive_for_each_reader(tables: StudyTables, protocol: Protocol) -> pl.DataFrame:
    """Responses as every reader of the measurements would give them, each by the rules for the deciding reader.

    Returns:
        As `Derived.responses`, reader after reader; no row where responses do not come from lesions, or
        fewer than two readers measured them.
    """
    readers = tables.whole.readers["measurements"]
    from_lesions = protocol.response.source == "lesions" and "lesions" in tables.whole.with_rows
    if not from_lesions or len(readers) < 2:
        return pl.DataFrame()
    return pl.concat(derive_patients(*_as_read_by(r, tables, protocol)).responses for r in readers)


def _as_read_by(reader: str, tables: StudyTables, protocol: Protocol) -> tuple[StudyTables, Protocol]:
    response = protocol.response.model_copy(update={"reader": reader})
    gave = tables.whole.readers["assessments"]
    if gave and reader not in gave:
        tables = replace(tables, assessments=tables.assessments.clear())
    return tables, protocol.model_copy(update={"response": response})


def _until(tables: StudyTables, cutoff: date | None) -> StudyTables:
    """Without scans after the data cut-off: what was seen later is not counted."""
    if cutoff is None:
        return tables
    seen = (pl.col("assessed_on") <= cutoff).fill_null(True)
    return replace(
        tables, measurements=tables.measurements.filter(seen), assessments=tables.assessments.filter(seen)
    )


def _read_points(
    frames: ResponseFrames, tables: StudyTables, protocol: Protocol, covariates: pl.DataFrame
) -> _Read:
    """Time points from lesions (by both criteria, RECIST 1.1 and iRECIST) or as given."""
    settings = protocol.response
    therapy = covariates.select("p", "new_therapy_day")
    found, patients = irecist_responses(frames, therapy, pr_continues_until_pd=settings.pr_continues_until_pd)
    if settings.source == "assessments" or "lesions" not in tables.whole.with_rows:
        points = given_responses(tables, settings.reader)
        points = points.join(therapy, on="p", how="left", maintain_order="left")
        first = _at_lesion_scan(first_progressions(points), frames, protocol.progression.window_days)
        return _Read(points, first, patients.clear())
    points = frames.points.join(found, on=["p", "k"], how="left", maintain_order="left")
    points = points.join(therapy, on="p", how="left", maintain_order="left")
    if CRITERIA[settings.criteria].confirms_progression:
        return _Read(as_recist_codes(points, patients), irecist_first(points, patients), patients)
    return _Read(points, first_progressions(points), patients)


def _at_lesion_scan(first: pl.DataFrame, frames: ResponseFrames, window_days: int) -> pl.DataFrame:
    """Point a given progression at the lesion scans nearest to it, so that its lesions can be counted."""
    scans = frames.points.select("p", pl.col("k").alias("scan"), pl.col("first_day").alias("day")).sort("day")
    found = first.sort("progressed_day").join_asof(
        scans,
        left_on="progressed_day",
        right_on="day",
        by="p",
        strategy="nearest",
        tolerance=window_days,
        check_sortedness=False,
    )
    return found.with_columns(k=pl.col("scan").fill_null(-1)).select(first.columns)


def _ended(days: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """First progressions that are no derived time point, in the columns that `derive_best_response` takes."""
    read = first.filter(pl.col("cause") == READ).select("p", as_pd=pl.lit(True))
    return (
        days.join(read, on="p", how="left")
        .filter(pl.col("progressed_day").is_not_null() & (pl.col("clinical_first") | pl.col("as_pd")))
        .select(
            "p",
            pl.col("progressed_day").alias("ended_day"),
            as_pd=pl.col("as_pd").fill_null(value=False) & ~pl.col("clinical_first"),
        )
    )


def _irecist_until(days: pl.DataFrame, first: pl.DataFrame, read: _Read) -> pl.DataFrame:
    """iRECIST by patient, its best response up to a first progression that is no derived time point.

    As for RECIST 1.1, a later scan can only document a progression.
    """
    ended = _ended(days, first).select("p", "ended_day")
    if ended.is_empty() or read.irecist.is_empty():
        return read.irecist
    points = read.points.join(ended, on="p", how="inner").filter(pl.col("irecist_response").is_not_null())
    response = pl.col("irecist_response")
    no_response = response.is_in(["iUPD", "iCPD", "NE"])
    on_treatment = (pl.col("declared_day") <= pl.col("new_therapy_day")).fill_null(True)
    counted = points.filter((pl.col("declared_day") <= pl.col("ended_day")) | no_response)
    counted = counted.filter(on_treatment).sort("p", "k")
    best = counted.group_by("p", maintain_order=True).agg(response).with_columns(
        pl.col("irecist_response").map_elements(lambda words: best_irecist(list(words)), return_dtype=pl.String)
    )  # fmt: skip
    again = points.select("p").unique().join(best, on="p", how="left")
    again = again.select("p", again_best=pl.col("irecist_response").fill_null("NE"))
    patients = read.irecist.join(again, on="p", how="left", maintain_order="left")
    kept = pl.coalesce("again_best", "ibest_response").alias("ibest_response")
    return patients.with_columns(kept).drop("again_best")


def _confirmed(points: pl.DataFrame, first: pl.DataFrame, days: int) -> pl.DataFrame:
    """Whether a later scan, at least so many days after the first progression, was PD again."""
    later = points.join(first.select("p", "progressed_day"), on="p", how="inner")
    again = (pl.col("overall_response") == Response.PD) & (
        pl.col("declared_day") - pl.col("progressed_day") >= days
    )
    return later.group_by("p").agg(again.any().alias("progression_confirmed"))


def _named(rows: pl.DataFrame, covariates: pl.DataFrame) -> pl.DataFrame:
    return rows.join(covariates.select("p", "patient_id"), on="p", how="left", maintain_order="left")
