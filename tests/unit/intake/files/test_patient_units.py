"""Centimetres of some patients beside millimetres of the others: an error with the patients, and the line that settles it."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.intake.files.patient_units import with_patient_units
from oligoscope.intake.files.raw_table import ROW, SOURCE, RawTable
from oligoscope.study.protocol import TableSource

MM = {f"P{i}": ["24", "22", "31"] for i in range(1, 7)}
CM = {"C1": ["2.4", "2", "3.1"], "C2": ["4.0", "1.1", "1"]}


def table(sizes: dict[str, list[str]], header: str = "Size") -> RawTable:
    rows = [(patient, size) for patient, cells in sizes.items() for size in cells]
    frame = pl.DataFrame(
        rows, schema=["patient_id", header], orient="row", schema_overrides={header: pl.String}
    )
    frame = frame.with_columns(
        pl.lit("f.csv").alias(SOURCE), pl.int_range(2, pl.len() + 2, dtype=pl.Int32).alias(ROW)
    )
    return RawTable("measurements", frame, headers={"f.csv": ("patient_id", header)})


def found(sizes, header="Size", **stated):
    raw = with_patient_units(table(sizes, header), TableSource(files=("f.csv",), **stated))
    return {issue.patient_id for issue in raw.problems}


def test_the_patients_in_centimetres_are_named():
    assert found(MM | CM) == {"C1", "C2"}


@pytest.mark.parametrize(
    "sizes",
    [
        MM, CM,
        MM | {"S": ["9.5", "9", "8"]},  # small, and no tenth
        MM | {"S": ["5", "4", "3"]},  # whole numbers
        MM | {"S": ["2.4", "12", "3.1"]},  # one that RECIST measures
        MM | {"S": ["2.4cm", "2cm", "3.1cm"]},  # with its unit
        MM | {"S": ["4.5", "0"]},  # too few
    ],
)  # fmt: skip
def test_what_may_be_millimetres_is_none(sizes):
    assert not found(sizes)


@pytest.mark.parametrize(
    ("header", "stated"),
    [("Size (mm)", {}), ("长径/cm", {}), ("Size", {"units": {"diameter_mm": "mm"}}), ("Size", {"units": {"diameter_mm": "cm"}})],
)  # fmt: skip
def test_a_stated_unit_settles_it(header, stated):
    assert not found(MM | CM, header, **stated)


def test_by_patient_reads_theirs_in_centimetres():
    source = TableSource(files=("f.csv",), units={"diameter_mm": "by_patient"})

    raw = with_patient_units(table(MM | CM), source)

    assert not raw.problems
    assert raw.frame.filter(pl.col("patient_id") == "C1")["Size"].to_list() == ["2.4cm", "2cm", "3.1cm"]
    assert raw.frame.filter(pl.col("patient_id") == "P1")["Size"].to_list() == MM["P1"]
