"""What a partition must know of the whole: carried into it by a patient who is not there.

A few rules ask the whole study: were treatments given at all, who are the readers, is there one
file of measurements or several? A partition that happens to hold no treatment would answer otherwise
than the study. So every partition gets one more patient, last, with a row of each kind the study
has; what is derived for them is dropped again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from oligoscope.intake.parquet.parquet_study import ParquetStudy
from oligoscope.study.schemas import TABLES, StudyTables

WITNESS = "\x00witness"  # no cell holds a NUL, so no patient is called so
_LESION = "\x00lesion"
_FACTS: dict[str, dict[str, object]] = {
    "lesions": {"lesion_id": _LESION, "role": "non_target", "is_node": False, "is_primary": False},
    "measurements": {"lesion_id": _LESION, "state": "not_evaluated"},
    "treatments": {},
    "assessments": {"overall_response": "NE"},
    "progressions": {},
}


@dataclass(frozen=True)
class Whole:
    """What is true of the study and may not show in a partition.

    Attributes:
        sources: The files of each table that has rows.
        readers: Of each table, every reader.
    """

    sources: Mapping[str, tuple[str, ...]]
    readers: Mapping[str, tuple[str, ...]]


def whole_of(tables: StudyTables) -> Whole:
    """What the tables of a study say, all of them together."""
    frames = {name: getattr(tables, name) for name in TABLES}
    return Whole(
        {n: tuple(f["source"].drop_nulls().unique().sort()) or ("",) for n, f in frames.items() if f.height},
        {n: tuple(frames[n]["reader"].drop_nulls().unique().sort()) for n in ("measurements", "assessments")},
    )


def whole_of_files(study: ParquetStudy) -> Whole:
    """The same, from the files of a study that is not read yet."""
    return Whole({n: tuple(source for _, source in files) for n, files in study.files.items()}, study.readers)


def with_witness(tables: StudyTables, whole: Whole) -> StudyTables:
    """The tables and, after everybody, the witness."""
    patient = pl.DataFrame({"patient_id": [WITNESS]}, schema={"patient_id": pl.String})
    frames = {"patients": _added(tables.patients, patient)}
    for name in (n for n in _FACTS if n in whole.sources):
        readers = whole.readers.get(name, ())
        # Every file and every reader once, each on a day of its own so that no row repeats another.
        kinds = [(source, None) for source in whole.sources[name]] + [(None, reader) for reader in readers]
        told = {"reader": [reader for _, reader in kinds]} if readers else {}
        rows = pl.DataFrame({"source": [source for source, _ in kinds], **told}).with_columns(
            pl.lit(WITNESS).alias("patient_id"), *(pl.lit(v).alias(k) for k, v in _FACTS[name].items())
        )
        if name in {"measurements", "assessments"}:
            rows = rows.with_columns(-pl.int_range(pl.len(), dtype=pl.Int32).alias("assessed_day"))
        frames[name] = _added(getattr(tables, name), rows if name != "lesions" else rows.head(1))
    return replace(tables, **frames)


def without_witness(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of those who are there."""
    return frame.filter(pl.col("patient_id") != WITNESS)


def _added(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    known = rows.select(pl.col(c).cast(frame.schema[c]) for c in rows.columns if c in frame.columns)
    return pl.concat([frame, known], how="diagonal")
