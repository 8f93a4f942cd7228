"""Results written and read back are the same results."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest

from oligoscope.errors import UsageError
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.methods import read_method
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import OwnUnit
from oligoscope.results.warnings import read_warnings
from oligoscope.results_files import read_results, write_results

SERIES = {
    "km/progressed:systemic/os": pl.DataFrame(
        {
            "group": ["a", "", None, 'say "x"\n, y'],
            "months": [0.1 + 0.2, None, 1e-300, math.inf],
            "n": [1, 2, None, 4],
        }
    ),
    "km/progressed:systemic/OS": pl.DataFrame({"is_event": [True, None, False]}),
    "empty": pl.DataFrame({"on": [], "label": []}, schema={"on": pl.Date, "label": pl.String}),
    "dates": pl.DataFrame({"on": [dt.date(2025, 4, 8), None]}),
}
LONG = {f"km/progressed:{end * 200}/os": SERIES["dates"] for end in ("w", "甲", "乙", "a b")}
ESTIMATES = (
    Estimate(
        analysis=SURVIVAL,
        group="a vs b",
        statistic=Statistic.HAZARD_RATIO,
        value=0.1 + 0.2,
        low=1e-9,
        high=None,
        n=3,
    ),
    Estimate(
        analysis=SURVIVAL,
        group="0",
        level="NA",
        statistic=Statistic.N,
        warning=read_warnings("too_few_events minimum=5; no_events"),
    ),
    Estimate(
        analysis=SURVIVAL,
        statistic=Statistic.E_VALUE,
        value=math.inf,
        unit=OwnUnit("月"),
        method=read_method("Fisher exact or chi-square, median P over imputations"),
    ),
)


@pytest.fixture
def results() -> Results:
    return Results().plus(ESTIMATES, SERIES)


def test_what_is_read_equals_what_was_written(results, tmp_path):
    write_results(results, tmp_path)

    found = read_results(tmp_path)

    assert found.estimates == results.estimates
    assert list(found.series) == list(results.series)
    for name, frame in results.series.items():
        assert found.series[name].schema == frame.schema
        assert found.series[name].equals(frame)


def test_series_with_nothing_but_a_missing_value_keep_their_rows(tmp_path):
    frame = pl.DataFrame({"on": [None, None]}, schema={"on": pl.String})

    write_results(Results().plus(series={"blank": frame}), tmp_path)

    assert read_results(tmp_path).series["blank"].equals(frame)


def test_the_same_results_give_the_same_bytes(results, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_results(results, tmp_path / name)

    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert files
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)


def test_file_names_are_allowed_on_every_system(results, tmp_path):
    write_results(results, tmp_path)

    names = [p.name for p in (tmp_path / "series").glob("*.csv")]
    assert not [name for name in names if set(name) & set('<>:"/\\|?*')]
    assert len({name.casefold() for name in names}) == len(SERIES)


def test_a_column_that_a_csv_cannot_carry_is_a_defect(tmp_path):
    frame = pl.DataFrame({"places": [[1, 2], [3]]})

    with pytest.raises(TypeError, match="places is List"):
        write_results(Results().plus(series={"lists": frame}), tmp_path)


def test_a_folder_without_results_is_said_to_be_one(tmp_path):
    with pytest.raises(UsageError, match=r"has no results\.csv"):
        read_results(tmp_path)


def test_series_with_long_names_have_files_of_their_own_that_every_system_allows(tmp_path):
    results = Results().plus((), LONG)

    write_results(results, tmp_path)

    names = [p.name for p in (tmp_path / "series").glob("*.csv")]
    assert len(names) == len(LONG)
    assert all(len(name.encode()) <= 160 for name in names)
    assert set(read_results(tmp_path).series) == set(LONG)
