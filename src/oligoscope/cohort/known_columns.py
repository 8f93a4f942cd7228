"""The columns and levels that study.yaml can name, known before any patient is derived."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.patients import label_only
from oligoscope.cohort.variables import declared_levels, is_levels, levels_of
from oligoscope.study.column_checks import KnownColumns
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import PATIENTS_WITHIN, StudyTables
from oligoscope.study.vocabulary import VARIABLES


def known_columns(tables: StudyTables, protocol: Protocol) -> KnownColumns:
    """What study.yaml can name: deriving no patients gives the same columns as deriving all."""
    no_patients = tables.only(pl.Series([], dtype=pl.String))
    derived = label_only(no_patients, protocol)
    recorded = tables.patients
    levels: dict[str, tuple[str, ...]] = {}
    for name, kind in derived.schema.items():
        declared = (*declared_levels(name), *(("yes", "no", "true", "false") if kind == pl.Boolean else ()))
        if name in recorded.columns and is_levels(recorded[name]):
            levels[name] = tuple(dict.fromkeys((*declared, *levels_of(name, recorded[name]))))
        elif declared:
            levels[name] = declared
    measured = {
        name for name, kind in derived.schema.items()
        if kind.is_float() or kind.is_temporal() or (name in recorded.columns and not is_levels(recorded[name]))
    }  # fmt: skip
    names = tuple(name for name in derived.columns if name not in PATIENTS_WITHIN or name in VARIABLES)
    return KnownColumns(names, tuple(recorded.columns), levels, frozenset(measured))
