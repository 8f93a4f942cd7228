"""Rows between lesions that are none: the sum of the diameters of a patient, and the dates of their scans."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.cells import map_unique
from oligoscope.intake.files.long_rows import LESION_ID, header_of
from oligoscope.intake.files.raw_table import ROW, SOURCE, RawTable
from oligoscope.intake.files.wide import DATE_WORDS
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import LESIONS

_SUM = re.compile(
    r"(靶病灶)?(最长径|长径|直径|径线|径)?(总和|之和|和|总径|合计|总计)(\(?mm\)?)?|径线总和|sld|sod|(target)?sum(ofdiameters|oflongestdiameters|oftargets?|oftargetlesions|ld|\(mm\))?|total"
)


def without_sums(raw: RawTable, source: TableSource) -> RawTable:
    """The rows of lesions; those of sums are named, and those of dates are kept for measurements, which read them."""
    lesion = header_of(raw.columns, raw.name, LESION_ID, source)
    if lesion is None or raw.frame.is_empty():
        return raw
    is_sum = map_unique(raw.frame[lesion], lambda w: _SUM.fullmatch(plain(w)) is not None, pl.Boolean)
    is_sum = is_sum.fill_null(value=False)
    frame = raw.frame.filter(~is_sum)
    issues = [
        Issue(
            rule="row_is_a_note", table=raw.name, source=row[SOURCE], row=row[ROW], column=lesion, value=row[lesion],
            expected=Text("是总和，不是病灶", "is a sum, not a lesion"),
        )
        for row in raw.frame.filter(is_sum).select(SOURCE, ROW, lesion).iter_rows(named=True)
    ]  # fmt: skip
    if raw.name == LESIONS.name:
        is_date = map_unique(frame[lesion], lambda w: plain(w) in DATE_WORDS, pl.Boolean)
        frame = frame.filter(~is_date.fill_null(value=False))
    return replace(raw, frame=frame).with_problems(*issues)
