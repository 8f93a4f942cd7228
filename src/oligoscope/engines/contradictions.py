"""Progressions that a team has read, beside those that the study's rules derive from the lesions of the same patients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.clinical.patients import Derived, derive_patients
from oligoscope.clinical.progression import classify
from oligoscope.clinical.progression_rules import resolve
from oligoscope.clinical.read_progressions import READ, counts_as_read
from oligoscope.intake.issues import Issue
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import StudyTables
from oligoscope.study.vocabulary import name_of_level


def contradictions_in(tables: StudyTables, protocol: Protocol) -> list[Issue]:
    """Those of a whole study; only patients with both are derived for it."""
    both = tables.progressions.join(tables.lesions, on="patient_id", how="semi")["patient_id"].unique()
    if both.is_empty():
        return []
    part = tables.only(both)
    return list(find_contradictions(part, derive_patients(part, protocol), protocol))


def find_contradictions(tables: StudyTables, derived: Derived, protocol: Protocol) -> Iterator[Issue]:
    """A finding for each patient whose progression was read and derived, and not alike: date, lesions, pattern."""
    read = tables.progressions.join(tables.lesions, on="patient_id", how="semi", maintain_order="left")
    if read.is_empty():
        return
    counted = classify(counts_as_read(tables), resolve(protocol.progression)).select(
        "p", read_pattern="pattern"
    )
    theirs = read.select(
        "patient_id",
        "source",
        "source_row",
        "progressed_on",
        read_day="progressed_day",
        read_n="n_progressing_lesions",
    )
    ours = derived.patients.filter(pl.col("treatment_started_on").is_not_null()).select(
        "p", "patient_id", "pattern",
        # A progression that only the team has read is none of the lesions.
        day=pl.when((pl.col("cause") != READ).fill_null(value=True)).then(pl.col("progressed_day")),
        n=pl.col("n_progressing_lesions"),
    )  # fmt: skip
    beside = theirs.join(ours, on="patient_id", how="inner", maintain_order="left")
    beside = beside.join(counted, on="p", how="left", maintain_order="left")
    differ = pl.col("read_day").ne_missing(pl.col("day")) | (
        pl.col("day").is_not_null()
        & ((pl.col("read_n") != pl.col("n")) | (pl.col("read_pattern") != pl.col("pattern"))).fill_null(
            value=False
        )
    )
    for row in beside.filter(differ).iter_rows(named=True):
        yield Issue(
            rule="read_and_derived_differ", table="progressions", source=row["source"] or "", row=row["source_row"],
            column="progressed_on", value=None if row["progressed_on"] is None else str(row["progressed_on"]),
            patient_id=row["patient_id"], expected=_beside(row),
        )  # fmt: skip


def _beside(row: dict[str, Any]) -> Text:
    read = _in_words(row["read_day"], row["read_n"], row["read_pattern"])
    derived = _in_words(row["day"], row["n"], row["pattern"]) if row["day"] is not None else _NONE
    return Text(
        f"判读：{read.zh}；由病灶推导：{derived.zh}",
        f"read: {read.en}; derived from the lesions: {derived.en}",
    )


_NONE = Text("无进展", "no progression")


def _in_words(day: int | None, n: int | None, pattern: str | None) -> Text:
    if day is None:
        return _NONE
    zh, en = [f"第 {day} 天"], [f"day {day}"]
    if n is not None:
        zh.append(f"{n} 个病灶")
        en.append(f"{n} {'lesion' if n == 1 else 'lesions'}")
    if pattern is not None:
        name = name_of_level("pattern", pattern)
        zh.append(name.zh)
        en.append(name.en.lower())
    return Text("，".join(zh), ", ".join(en))
