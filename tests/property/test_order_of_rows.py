"""The same patients give the same bytes, in whatever order rows and columns of the tables are."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from oligoscope.checked_study import check_study
from oligoscope.csv_files import as_csv
from oligoscope.derivation import derive_study
from oligoscope.engines.deriving import How
from oligoscope.engines.written_tables import written_tables
from oligoscope.intake.checks.row_order import in_order, natural_order
from oligoscope.pipeline import run_study
from oligoscope.results_files import write_results
from oligoscope.study.schemas import TREATMENTS, empty
from stored.small_study import write_small_study

ANALYSES = [
    {"kind": "baseline"},
    {"kind": "survival", "outcomes": ["os"]},
    {"kind": "predictors", "variables": ["smoking", "center", "pd_l1"]},
    {"kind": "survival", "population": "matched", "outcomes": ["os"]},
]
Bytes = dict[str, bytes]


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    """A small study with two readers, own columns, faulty rows, repeated rows, draws of values and random matching."""
    folder = tmp_path_factory.mktemp("rows") / "study"
    matching = {
        "caliper": 2.0,
        "order": "random",
        "minimum_group": 3,
        "covariates": ["sex", "smoking", "pd_l1"],
    }
    write_small_study(
        folder, 30, analyses=ANALYSES, imputation={"m": 2, "variables": ["pd_l1"]}, matching=matching
    )
    for name in ("measurements", "treatments", "lesions"):
        rows = _read(folder / f"{name}.csv")
        pl.concat([rows, rows[10:30]]).write_csv(folder / f"{name}.csv")
    return folder


@pytest.fixture(scope="module")
def expected(study, tmp_path_factory) -> Bytes:
    return bytes_of(study, tmp_path_factory.mktemp("expected"))


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def bytes_of(study: Path, out: Path) -> Bytes:
    """All that a run gives, without what names rows of the files."""
    checked = check_study(study)
    run = run_study(checked.protocol, checked.tables, checked.n_quarantined)
    write_results(run.results, out)
    tables = written_tables(run.derived, run.cohort, run.protocol)
    tables["reasons"] = tables["reasons"].drop("source_rows")
    found = {name: as_csv(table) for name, table in tables.items()}
    issues = Counter((i.rule, i.table, i.patient_id or "", i.value or "") for i in checked.issues)
    series = {path.name: path.read_bytes() for path in (out / "series").iterdir()}
    assert run.matched is not None
    assert run.matched.pairs.height
    return {
        "results": (out / "results.csv").read_bytes(), "issues": repr(sorted(issues.items())).encode(),
        "pairs": as_csv(run.matched.pairs), "balance": as_csv(run.matched.balance), **found, **series,
    }  # fmt: skip


def rewritten(study: Path, folder: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Path:
    shutil.copytree(study, folder)
    for path in folder.glob("*.csv"):
        change(_read(path)).write_csv(path)
    return folder


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000))
@example(seed=0)
def test_results_do_not_depend_on_the_order_of_rows_or_columns(study, expected, tmp_path_factory, seed):
    def shuffled(rows: pl.DataFrame) -> pl.DataFrame:
        columns = Random(seed).sample(rows.columns, len(rows.columns))
        return rows.sample(fraction=1, shuffle=True, seed=seed).select(columns)

    place = tmp_path_factory.mktemp("shuffled")
    found = bytes_of(rewritten(study, place / "study", shuffled), place)

    assert [name for name in expected if expected[name] != found.get(name)] == []


def test_the_rows_cited_are_those_of_the_users_file(study, tmp_path):
    """A reason and a finding name the row in which the value is, wherever it is."""
    reversed_ = rewritten(study, tmp_path / "study", lambda rows: rows.reverse())
    lines = {p.name: p.read_text("utf-8").splitlines() for p in reversed_.glob("*.csv")}
    checked = check_study(reversed_)

    table = checked.tables.measurements
    for row in table.sample(50, seed=1).iter_rows(named=True):
        line = lines["measurements.csv"][row["source_row"] - 1]
        assert {row["patient_id"], row["lesion_id"], str(row["assessed_on"])} <= set(line.split(","))
    for issue in checked.issues:
        if issue.rule in {"value_out_of_range", "value_unreadable"} and issue.row is not None:
            line = lines[issue.source][issue.row - 1].split(",")
            assert {issue.value, issue.patient_id} <= set(line)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_partitions_of_parquet_hold_the_patients_in_their_order(study, tmp_path, seed):
    """Whatever the order of the rows and the size of the partitions."""
    written: list[bytes] = []
    for place, change, size in (("one", None, None), ("other", seed, 7)):
        folder = tmp_path / place
        folder.mkdir()
        text = (study / "study.yaml").read_text("utf-8").replace(".csv", ".parquet")
        (folder / "study.yaml").write_text(text, encoding="utf-8")
        for path in study.glob("*.csv"):
            rows = _read(path)
            rows = rows if change is None else rows.sample(fraction=1, shuffle=True, seed=change)
            rows.write_parquet(folder / f"{path.stem}.parquet")
        checked = check_study(folder, in_partitions=True)
        derive_study(
            checked, tmp_path / f"out-{place}", how=How(partition_patients=size or 20_000), accept_issues=True
        )
        written.append((tmp_path / f"out-{place}" / "patients.csv").read_bytes())

    assert written[0] == written[1]
    ids = pl.read_csv(io.BytesIO(written[0]))["patient_id"].to_list()
    assert ids == sorted(ids)


def test_numbers_within_identifiers_are_compared_as_numbers():
    ids = pl.Series(["P10", "P2", None, "P2", "A-1-9", "A-1-10", "P02", "1" * 25, "p1", "患者3"])

    assert natural_order(ids).to_list() == ["1" * 25, "A-1-9", "A-1-10", "P02", "P2", "P10", "p1", "患者3"]


def test_rows_of_one_key_are_in_the_order_of_their_content_and_equal_rows_in_that_of_the_file():
    rows = pl.DataFrame(
        {
            "patient_id": ["P2", "P1", "P1", "P1"],
            "line": [1, 1, 1, 1],
            "stop_reason": [None, "toxicity", "progression", "progression"],
            "source_row": [2, 3, 4, 5],
        }
    )
    table = pl.concat(
        [empty(TREATMENTS), rows.cast({"line": pl.Int32, "source_row": pl.Int32})], how="diagonal_relaxed"
    )

    ordered = in_order(TREATMENTS, table.with_columns(zz=pl.lit(1), aa=pl.lit(2)))

    assert ordered["source_row"].to_list() == [4, 5, 3, 2]
    assert ordered.columns[-2:] == ["aa", "zz"]
