"""Bare diameters of some patients that are about a tenth of all others': centimetres beside millimetres in one column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.header_words import PATIENT
from oligoscope.intake.files.long_rows import header_of
from oligoscope.intake.files.raw_table import ROW, SOURCE, RawTable, header_column
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.headers import header_unit
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import MEASUREMENTS

BY_PATIENT = (
    "by_patient"  # the unit of a column: centimetres of the patients found here, millimetres of the others
)
_DIAMETER = "diameter_mm"
_FEWEST = 3  # sizes of a patient, and patients with sizes of the usual kind
_LARGEST = (
    10  # RECIST measures no target below 10 mm at baseline: a patient all of whose sizes are below has none
)
LARGEST_IN_CM = 15  # a column without a size so large may be in centimetres as a whole, which is asked once
_SMALLER = (
    4  # times: the sizes of patients differ by a factor of ten from one unit to the other, and hardly by this
)
_BARE = r"^\s*\d+(?:\.\d+)?\s*$"


def with_patient_units(raw: RawTable, source: TableSource) -> RawTable:
    """The measurements, with `cm` behind the sizes of patients in centimetres where the study says so; else an error for each.

    Nothing is looked for where the study, the header or a row of units states the unit.
    """
    stated = source.units.get(_DIAMETER)
    who = header_of(raw.columns, MEASUREMENTS.name, PATIENT, source)
    size = header_of(raw.columns, MEASUREMENTS.name, _DIAMETER, source)
    if who is None or size is None or raw.mapping is not None or stated in {"mm", "cm"}:
        return raw
    if stated is None and _is_stated(raw, size):
        return raw
    found = _in_centimetres(raw.frame, who, size)
    if not found:
        return raw
    if stated == BY_PATIENT:
        theirs = pl.col(who).str.strip_chars().is_in(list(found)) & pl.col(size).str.contains(_BARE)
        cell = pl.when(theirs).then(pl.col(size).str.strip_chars() + "cm").otherwise(pl.col(size))
        return replace(raw, frame=raw.frame.with_columns(cell.alias(size)))
    first = raw.frame.with_columns(pl.col(who).str.strip_chars()).unique(
        who, keep="first", maintain_order=True
    )
    issues = [
        Issue(
            rule="patient_in_centimetres", table=raw.name, source=row[SOURCE], row=row[ROW], column=size, patient_id=row[who],
            expected=Text(
                f"最大 {found[row[who]]:g}，约为其他患者的十分之一", f"the largest is {found[row[who]]:g}, about a tenth of the other patients'"
            ),
        )
        for row in first.iter_rows(named=True)
        if row[who] in found
    ]  # fmt: skip
    return raw.with_problems(*issues)


def _is_stated(raw: RawTable, size: str) -> bool:
    """Whether a header of sizes, or a row of units, says the unit; our own name of the column does not."""
    of_scans = header_column(size)
    headers = {size} - {_DIAMETER}
    if of_scans in raw.frame.columns:
        headers |= set(raw.frame[of_scans].drop_nulls().unique())
    in_rows = [row[header] for row in raw.units.values() for header in row if header in headers | {size}]
    return any(header_unit(text) in {"mm", "cm"} for text in (*headers, *in_rows))


def _in_centimetres(frame: pl.DataFrame, who: str, size: str) -> Mapping[str, float]:
    """The patients with the largest of their sizes: bare, below 10, in parts of 1, and far below those of the others."""
    sizes = frame.select(
        pl.col(who).str.strip_chars().alias("who"),
        pl.col(size).str.strip_chars().alias("text"),
        pl.col(size).str.contains(_BARE).alias("bare"),
    ).drop_nulls()
    sized = (
        sizes.filter("bare")
        .with_columns(mm=pl.col("text").cast(pl.Float64, strict=False))
        .filter(pl.col("mm") > 0)
    )
    if (sized["mm"].max() or 0) < LARGEST_IN_CM:  # type: ignore[operator]
        return {}
    of_patient = sized.group_by("who", maintain_order=True).agg(
        n=pl.len(),
        largest=pl.col("mm").max(),
        middle=pl.col("mm").median(),
        parts=(pl.col("mm") % 1 != 0).any(),
    )
    small = (pl.col("largest") < _LARGEST) & pl.col("parts") & (pl.col("n") >= _FEWEST)
    others = of_patient.filter(~small)
    if others.height < _FEWEST:
        return {}
    usual = others["middle"].median()
    assert isinstance(usual, float)
    there = of_patient.filter(small & (pl.col("middle") * _SMALLER <= usual))
    return dict(there.select("who", "largest").iter_rows())
