"""Numbers and dates that no clinic writes, in every column and format: findings or values, never an error of ours."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from oligoscope.checked_study import Checked, check_study
from oligoscope.intake.files.sheet import UnreadableError

WORDS = (
    "1e308", "-1e308", "1e999", "inf", "-Infinity", "nan", "9999999", "9" * 5000, "0x10", "1_000", "\uff11\uff12", "\u0663", "1e-400", "+5",
    "9999999-01-01", "9999-12-31", "0000-00-00", "0001-01-01", "2020-02-30", "1/1/99999", "2020-01-01T25:00", "253402300800",
    "2958466", "=1+1", "#REF!", "a" * 3000, "½", "∞", "10^5", "1,5", "1.5.5", "--5", "1e", ".", "%", "1e308%", "-5%",
)  # fmt: skip
N = len(WORDS)
PATIENTS = {"patient_id": [f"P{i}" for i in range(N)], "treatment_started_on": [date(2020, 1, 1)] * N}
LESIONS = {
    "patient_id": [f"P{i}" for i in range(N)],
    "lesion_id": ["L1"] * N,
    "role": ["target"] * N,
    "organ": ["lung"] * N,
}


def _checked(folder: Path, kind: str, tables: dict[str, pl.DataFrame]) -> Checked:
    for name, frame in tables.items():
        if kind == "csv":
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
                csv.writer(out).writerows([frame.columns, *frame.rows()])
        elif kind == "xlsx":
            frame.write_excel(folder / f"{name}.xlsx")
        else:
            frame.write_parquet(folder / f"{name}.parquet")
    lines = "".join(f"  {name}: {name}.{kind}\n" for name in tables)
    (folder / "study.yaml").write_text(f"study: {{}}\ndata:\n{lines}analyses: []\n", encoding="utf-8")
    return check_study(folder)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("dated", ["assessed_on", "assessed_day"])
def test_words_beyond_any_range_are_findings(tmp_path, kind, dated):
    patients = PATIENTS | dict.fromkeys(
        ("died_on", "age_years", "pd_l1_tps", "ecog", "birth_date", "extra"), WORDS
    )
    measurements = {
        "patient_id": PATIENTS["patient_id"],
        "lesion_id": ["L1"] * N,
        dated: WORDS,
        "diameter_mm": WORDS,
    }

    checked = _checked(tmp_path, kind, {
        "patients": pl.DataFrame(patients), "lesions": pl.DataFrame(LESIONS), "measurements": pl.DataFrame(measurements),
    })  # fmt: skip

    message = checked.issues.message("en").splitlines()
    assert len(checked.issues) > 2 * N
    assert checked.issues.frame().height == len(checked.issues)
    assert len(message) <= 100
    assert max(map(len, message)) < 1100


DAYS = pl.Series([-(2**31), 2**31 - 1, 0, -719_162, 2_932_896, *[18_000] * (N - 5)], dtype=pl.Int32).cast(
    pl.Date
)
TIMES = pl.Series([-(2**63), 2**63 - 1, 10**15, -(10**15), *[10**12] * (N - 4)], dtype=pl.Int64).cast(
    pl.Datetime("ms")
)
NUMBERS = pl.Series([1e308, float("inf"), float("-inf"), float("nan"), -1e308, 5e-324, *[20.0] * (N - 6)])
WHOLE = pl.Series([2**64 - 1, 2**63, *[20] * (N - 2)], dtype=pl.UInt64)
NARROW = pl.Series([127, -128, *[20] * (N - 2)], dtype=pl.Int8)


TYPED = {"days": DAYS, "times": TIMES, "numbers": NUMBERS, "whole": WHOLE, "narrow": NARROW}
CELL_BY_CELL = ("days", "numbers")  # where one table is no parquet; the others are slow


@pytest.mark.parametrize(
    ("lesions", "values"),  # all tables in typed columns, or cell by cell
    [
        *(pytest.param("parquet", values, id=f"parquet-{name}") for name, values in TYPED.items()),
        *(pytest.param("csv", TYPED[name], id=f"csv-{name}") for name in CELL_BY_CELL),
        *(
            pytest.param("csv", values, id=f"csv-{name}", marks=pytest.mark.slow)
            for name, values in TYPED.items()
            if name not in CELL_BY_CELL
        ),
    ],
)
@pytest.mark.parametrize(
    "column", ["birth_date", "age_years", "sex", "assessed_on", "assessed_day", "diameter_mm"]
)
def test_values_beyond_any_range_in_typed_columns_are_findings(tmp_path, values, column, lesions):
    patients = pl.DataFrame(PATIENTS)
    measurements = pl.DataFrame({
        "patient_id": PATIENTS["patient_id"], "lesion_id": ["L1"] * N, "assessed_on": [date(2020, 1, 1)] * N, "diameter_mm": [20.0] * N,
    })  # fmt: skip
    if column in {"assessed_on", "assessed_day", "diameter_mm"}:
        measurements = measurements.with_columns(values.alias(column))
    else:
        patients = patients.with_columns(values.alias(column))
    patients.write_parquet(tmp_path / "p.parquet")
    measurements.write_parquet(tmp_path / "m.parquet")
    pl.DataFrame(LESIONS).write_parquet(tmp_path / "l.parquet")
    pl.DataFrame(LESIONS).write_csv(tmp_path / "l.csv")
    (tmp_path / "study.yaml").write_text(
        f"study: {{}}\ndata: {{patients: p.parquet, lesions: l.{lesions}, measurements: m.parquet}}\nanalyses: []\n"
    )

    checked = check_study(tmp_path)

    assert len(checked.issues) > 0
    assert checked.tables.patients.height + checked.n_quarantined in {0, N}
    checked.tables.patients.rows()


def test_a_covariate_on_no_calendar_is_named(tmp_path):
    measurements = (
        pl.DataFrame(LESIONS)
        .select("patient_id", "lesion_id")
        .with_columns(assessed_on=pl.lit(date(2020, 1, 1)), diameter_mm=pl.lit(20.0))
    )
    tables = {
        "patients": pl.DataFrame(PATIENTS).with_columns(DAYS.alias("consent")),
        "lesions": pl.DataFrame(LESIONS),
        "measurements": measurements,
    }

    with pytest.raises(UnreadableError, match=r"patients\.parquet: the column consent has 2 dates .* row 2"):
        _checked(tmp_path, "parquet", tables)


def test_a_row_that_is_there_ten_thousand_times_takes_little(tmp_path):
    one = {
        "patient_id": ["P1"],
        "lesion_id": ["L1"],
        "assessed_on": [date(2020, 1, 1)],
        "diameter_mm": [20.0],
    }
    patients = pl.DataFrame({"patient_id": ["P1"], "treatment_started_on": [date(2020, 1, 1)]})
    lesions = pl.DataFrame(LESIONS).head(1).with_columns(patient_id=pl.lit("P1"))
    measurements = pl.concat([pl.DataFrame(one)] * 10_000)

    checked = _checked(
        tmp_path, "csv", {"patients": patients, "lesions": lesions, "measurements": measurements}
    )

    repeated = [i for i in checked.issues if i.rule == "row_repeated"]
    assert len(repeated) == 9_999
    assert max(len(i.expected.en) for i in repeated) < 200
    assert "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …" in repeated[-1].expected.en
