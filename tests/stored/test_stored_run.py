"""The small study gives the stored run, and two of its patients the stored pages.

Stored anew by: OLIGOSCOPE_STORE=1 pytest -n 0 tests/stored. Numbers are compared to 9 digits, words exactly.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from math import isclose
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

from oligoscope.checked_study import check_study
from oligoscope.study.schemas import TABLES
from stored.golden import PASSING, RUN, SHORTENED, command, how_to_store, same_as_stored
from stored.renderings import digest, page_looks, page_words

SHOWN = 10


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def is_same(one: str, other: str) -> bool:
    """Whether two cells hold the same; the last digits of a number differ between computers."""
    if one == other:
        return True
    try:
        return isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12)
    except ValueError:
        return False


def differing(stored: list[list[str]], now: list[list[str]]) -> Iterator[str]:
    """Each row that differs, with the column and both cells; keys of a row are its first cells."""
    head, *_ = stored
    if head != now[0]:
        yield f"columns: {head} stored, {now[0]} now"
    for number, (one, other) in enumerate(zip(stored[1:], now[1:], strict=False), 2):
        if one != other and not (len(one) == len(other) and all(map(is_same, one, other))):
            cells = [
                f"{c}: {a!r} stored, {b!r} now"
                for c, a, b in zip(head, one, other, strict=False)
                if not is_same(a, b)
            ]
            yield f"row {number} ({', '.join(filter(None, one[:7]))}) {'; '.join(cells)}"
    if len(stored) != len(now):
        yield f"{len(stored)} rows stored, {len(now)} now"


def test_the_study_gives_the_stored_tables(run):
    found = [
        f"{path.name} {line}"
        for path in sorted(RUN.rglob("*.csv"))
        if (now := run / path.relative_to(RUN)).is_file()
        for line in differing(rows_of(path), rows_of(now))
    ]

    assert not found, "\n".join([*found[:SHOWN], how_to_store()])


@pytest.mark.parametrize(("name", "by"), SHORTENED.items())
def test_every_row_of_a_shortened_table_is_the_stored_one(run, name, by):
    """Of each label, and of each patient's responses, all rows by number and digest."""
    found = pl.read_csv(run.parent / name, infer_schema=False).partition_by(by, as_dict=True)

    lines = [f"{key}: {rows.height} {digest(rows.write_csv())}" for (key,), rows in sorted(found.items())]
    same_as_stored(f"small_documents/{name.partition('.')[0]}.txt", lines)


def test_the_study_gives_the_stored_files(run):
    assert {p.relative_to(run).as_posix() for p in run.rglob("*")} == {
        p.relative_to(RUN).as_posix() for p in RUN.rglob("*")
    }
    for name in ("run.json", *(p.relative_to(RUN).as_posix() for p in RUN.glob("series/*.json"))):
        now, stored = (json.loads((folder / name).read_text(encoding="utf-8")) for folder in (run, RUN))
        assert now == stored, name


def test_the_record_of_a_run_names_what_it_depends_on(run):
    """What is left out of the stored run.json is there."""
    record = json.loads((run.parent / "record.json").read_text(encoding="utf-8"))
    assert set(PASSING) <= set(record)
    assert set(record["inputs"]) == {"study.yaml", "patients.csv", "lesions.csv", "measurements.csv", "treatments.csv", "assessments.csv"}  # fmt: skip


def test_typed_parquet_in_partitions_gives_the_stored_labels(study, run, tmp_path):
    """The rows that were kept, as Parquet; what was set aside and where a row was read from differ."""
    checked, folder = check_study(study), tmp_path / "typed"
    folder.mkdir()
    sources = {}
    for name, spec in TABLES.items():
        frame = getattr(checked.tables, name)
        if not frame.is_empty():
            known = [column.name for column in spec.columns]
            frame.select(c for c in frame.columns if c in known or c == "center").write_parquet(
                folder / f"{name}.parquet"
            )
            sources[name] = f"{name}.parquet"
    settings = YAML().load(study / "study.yaml") | {"data": sources}
    with (folder / "study.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(settings, file)

    command("derive", folder, "--out", tmp_path / "out", "--partition-patients", 60, status=None)

    now, stored = (pl.read_csv(f / "patients.csv", infer_schema=False) for f in (tmp_path / "out", RUN))
    shared = [c for c in stored.columns if c in now.columns and not c.startswith("source")]
    assert len(shared) > 50
    assert now.select(shared).equals(stored.select(shared))
    found = pl.read_csv(tmp_path / "out" / "issues.csv", infer_schema=False)
    kept = pl.read_csv(RUN / "issues.csv", infer_schema=False).filter(pl.col("grade") == "warning")
    assert found["rule"].value_counts(sort=True).equals(kept["rule"].value_counts(sort=True))


@pytest.mark.parametrize("patient", ["S0001", "S0021"])
def test_the_page_of_a_patient_has_the_stored_words_and_looks(study, painted, tmp_path, patient):
    n_before = len(painted)
    command("patient", study, patient, "--out", tmp_path)

    pages = {path.name: path.read_text(encoding="utf-8") for path in sorted(tmp_path.glob("*.html"))}
    lines = [line for name, html in pages.items() for line in (name, *page_words(html), *page_looks(html))]
    lines += [line for name, looks in painted[n_before:] for line in (name, *looks)]
    same_as_stored(f"small_documents/patient_{patient}.txt", lines)
