"""Small clinical histories as StudyTables, typed as intake types them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from oligoscope.clinical.patients import Derived, derive_patients
from oligoscope.study.protocol import DataSettings, Protocol, StudySettings, TableSource
from oligoscope.study.schemas import TABLES, StudyTables, day_name, typed_schema, um_name

START = date(2020, 1, 15)


def study_tables(**rows: list[dict]) -> StudyTables:
    """StudyTables from rows written by hand; days count from `START` where no dates are given."""
    starts = {r["patient_id"]: r.get("treatment_started_on", START) for r in rows["patients"]}
    frames = {name: _typed(name, found, starts) for name, found in rows.items()}
    return replace(StudyTables(frames.pop("patients")), **frames)


def _typed(name: str, rows: list[dict], starts: dict[str, date]) -> pl.DataFrame:
    spec = TABLES[name]
    schema = typed_schema(spec)
    full = []
    for number, written in enumerate(rows, start=2):
        row = dict(written)
        start = starts[row["patient_id"]]
        if name == "patients":
            row.setdefault("treatment_started_on", start)
        for column in spec.columns:
            if column.kind == "date" and column.name.endswith("_on"):
                day = day_name(column.name)
                if row.get(column.name) is not None:
                    row[day] = (row[column.name] - start).days
                elif row.get(day) is not None:
                    row[column.name] = start + timedelta(days=row[day])
            if column.name.endswith("_mm") and row.get(column.name) is not None:
                row[um_name(column.name)] = round(row[column.name] * 1000)
                row[column.name] = float(row[column.name])
        full.append({"source": f"{name}.csv", "source_row": number, **row})
    extra = {k: pl.String for r in full for k in r if k not in schema}
    return pl.DataFrame(full, schema={**schema, **extra})


def protocol(**settings: object) -> Protocol:
    """A protocol with these settings in place of the defaults."""
    source = DataSettings(patients=TableSource(files=("patients.csv",)))
    return Protocol.model_validate({"study": StudySettings(), "data": source, **settings})


def derive(tables: StudyTables, **settings: object) -> Derived:
    """Derived patients, responses and reasons of hand-written tables."""
    return derive_patients(tables, protocol(**settings))
