"""Partitions, what they know of the whole study, and the sums of flows."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from oligoscope.clinical.patients import derive_patients
from oligoscope.cohort.select import select_cohort
from oligoscope.csv_files import as_csv
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.engines.collecting import add_flows, collect
from oligoscope.engines.deriving import derive_here
from oligoscope.engines.partitions import FramePart, PartResult, Task, derive_partition, partition_tables
from oligoscope.engines.written_tables import written_tables
from oligoscope.errors import DataError
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.questions.registry import read_protocol
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import StudyTables


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Protocol, StudyTables]:
    """The demo's study, with measurements in two files, and patients who were never treated nor scanned."""
    folder = tmp_path_factory.mktemp("study")
    write_cohort(make_cohort(11, 25), folder)
    protocol = read_protocol(folder)
    tables, _ = validate_tables(read_tables(protocol, folder), protocol)
    bare = tables.patients.head(3).select(
        pl.exclude("patient_id"), patient_id=pl.format("bare-{}", pl.int_range(3))
    )
    patients = pl.concat([tables.patients, bare.select(tables.patients.columns)])
    # Of every second patient from another file, so that a partition may see one file only.
    other = pl.col("patient_id").rank("dense") % 2 == 0
    source = pl.when(other).then(pl.lit("more.csv")).otherwise("source").alias("source")
    measurements = tables.measurements.with_columns(source)
    return protocol, replace(tables, patients=patients, measurements=measurements)


def derived(study: tuple[Protocol, StudyTables], size: int | None) -> list[PartResult]:
    protocol, tables = study
    parts = partition_tables(tables, size, 2)
    return [derive_partition(Task(i, part, protocol, tables.whole)) for i, part in enumerate(parts)]


def test_the_whole_in_one_partition_is_the_study_as_the_pipeline_derives_it(study):
    protocol, tables = study
    run = derive_patients(tables, protocol)
    cohort = select_cohort(run.patients, protocol, 2)

    (result,) = derived(study, None)

    assert result.files == {n: as_csv(f) for n, f in written_tables(run, cohort, protocol).items()}
    assert result.flow == cohort.flow


@pytest.mark.parametrize("size", [pytest.param(1, marks=pytest.mark.slow), 7])
def test_partitions_one_after_the_other_are_the_whole(study, size: int):
    """Down to the byte, although a single patient has no treatment, no lesion or no scan."""
    (whole,) = derived(study, None)

    parts = derived(study, size)

    for name in whole.files:
        assert b"".join(part.files[name] for part in parts) == whole.files[name], name
    assert add_flows([part.flow for part in parts]) == whole.flow


def test_a_part_of_the_patients_has_the_readers_and_tables_of_the_whole():
    measurements = pl.DataFrame(
        {"patient_id": ["a", "b"], "lesion_id": ["1", "1"], "assessed_day": [0, 0], "reader": ["R1", "R2"]},
        schema_overrides={"assessed_day": pl.Int32},
    )
    tables = StudyTables(pl.DataFrame({"patient_id": ["a", "b", "c"]}), measurements=measurements)

    one = tables.only(pl.Series(["c"]))

    assert one.measurements.is_empty()
    assert one.whole == tables.whole
    assert one.whole.readers == {"measurements": ("R1", "R2"), "assessments": ()}
    assert one.whole.with_rows == {"patients", "measurements"}


def test_results_come_in_the_order_of_the_tasks(study):
    protocol, tables = study
    tasks = [Task(i, part, protocol, tables.whole) for i, part in enumerate(partition_tables(tables, 9))]

    found = list(derive_here(tasks, at_once=3))

    assert [result.number for result in found] == list(range(len(tasks)))


def test_a_task_survives_the_way_to_another_machine(study):
    protocol, tables = study
    task = Task(0, FramePart(tables), protocol, tables.whole)

    there = pickle.loads(pickle.dumps(task))

    assert derive_partition(there).files == derive_partition(task).files


def test_a_lost_partition_is_an_error_and_not_a_shorter_file(study, tmp_path: Path):
    results = derived(study, 20)

    with pytest.raises(DataError, match="Partition 1 is missing"):
        collect([results[0], results[2]], tmp_path)
