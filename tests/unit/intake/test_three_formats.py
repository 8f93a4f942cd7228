"""The same cells as csv, workbook and parquet: the same values, the same findings; and what a column and a study decide of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH

from oligoscope.intake.checks.column_readings import order_of_format
from oligoscope.intake.checks.near_identifiers import loose, pairs
from oligoscope.intake.issues import Issue, Issues
from oligoscope.intake.parquet.parquet_study import open_parquet
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.study.decisive_columns import deciding_columns
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import StudyTables
from oligoscope.study.study_presets import PRESETS

Rows = dict[str, list[str | None]]
LESIONS: Rows = {
    "patient_id": ["P1", "P2", "P3", "P4"],
    "lesion_id": ["L1"] * 4,
    "role": ["target"] * 4,
    "organ": ["lung"] * 4,
}
PATIENTS: Rows = {
    "patient_id": ["P1", "P2", "P3", "P4"],
    "treatment_started_on": ["2020-01-10"] * 4,
    "last_known_alive_on": [None, *["2020-01-20"] * 3],
}
SCANS: Rows = {
    "patient_id": ["P1", "P2", "P3", "P4"],
    "lesion_id": ["L1"] * 4,
    "assessed_on": ["2020-01-02"] * 4,
    "diameter_mm": ["20", "30", "40", "50"],
}


def read(folder: Path, suffix: str, tables: dict[str, Rows], **more: Any) -> tuple[StudyTables, Issues]:
    """The tables written in one format, and read."""
    sources = more.pop("sources", {})
    for name, rows in tables.items():
        frame = pl.DataFrame({header: pl.Series(cells, dtype=pl.String) for header, cells in rows.items()})
        path = folder / f"{name}.{suffix}"
        if suffix == "csv":
            frame.write_csv(path)
        elif suffix == "parquet":
            frame.write_parquet(path)
        else:
            book = openpyxl.Workbook()
            for row in (frame.columns, *frame.rows()):
                book.worksheets[0].append(row)
            book.save(path)
    data = {name: {"files": (f"{name}.{suffix}",), **sources.get(name, {})} for name in tables}
    protocol = Protocol.model_validate({"study": {}, "data": {**data, **more.pop("data", {})}, **more})
    if suffix == "parquet":
        tables_read, issues, _ = open_parquet(protocol, folder).read()
        return tables_read, issues
    return validate_tables(read_tables(protocol, folder), protocol)


def comparable(found: tuple[StudyTables, Issues]) -> tuple[Any, ...]:
    """Values and findings without the names of the files."""
    tables, issues = found
    frames = [getattr(tables, n).drop("source").to_dicts() for n in ("patients", "lesions", "measurements")]
    return frames, [
        (i.rule, i.table, i.row, i.column, i.value, i.expected.en, i.patient_id) for i in _ordered(issues)
    ]


def _ordered(issues: Issues) -> list[Issue]:
    return sorted(issues, key=lambda i: (i.rule, i.table, i.row or 0, i.column, i.value or ""))


def study(**patients: list[str | None]) -> dict[str, Rows]:
    return {"patients": {**PATIENTS, **patients}, "lesions": LESIONS, "measurements": SCANS}


SIZES = st.sampled_from(["20", "2.5cm", "25 mm", "12×8", "12,5", "未测", "消失", "<5", "-8", "30.0", "12..5", None, "NA", "1.2 cm"])  # fmt: skip
SHARES = st.sampled_from(["35", "35%", "0.35", "<1%", "1-49%", "阴性", "未查", "≥1%", None, "120", "TPS 80%"])
DEATHS = st.sampled_from(["2021-03-04", "27-Jan-2025", "04/03/2021", "27/03/2021", "2021-03", "2021", "存活", "43894.5x", "20.3.4", None, "2021年3月4日"])  # fmt: skip
AGES = st.sampled_from(["62", "62岁", "62 years", "约62", "NA", None, "62.5"])


def four(words: st.SearchStrategy[str | None]) -> st.SearchStrategy[list[str | None]]:
    return st.lists(words, min_size=4, max_size=4)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(four(SIZES), four(SHARES), four(DEATHS), four(AGES))
def test_the_same_cells_give_the_same_in_every_format(tmp_path, sizes, shares, deaths, ages):
    tables = study(pd_l1_tps=shares, died_on=deaths, age_years=ages)
    tables["measurements"] = {**SCANS, "diameter_mm": sizes}

    csv, xlsx, parquet = (
        comparable(read(tmp_path, s, tables, eligibility=RULES)) for s in ("csv", "xlsx", "parquet")
    )

    assert csv == xlsx
    assert csv == parquet


RULES = [{"id": "age", "keep": "age_years >= 18", "excluded": {"zh": "未成年", "en": "A minor"}}]
FORMATS = pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])


def found(issues: Issues, rule: str) -> list[tuple[str, str | None]]:
    return [(i.column, i.value) for i in issues if i.rule == rule]


# ---- units -----------------------------------------------------------------------------------------


@FORMATS
@pytest.mark.parametrize(
    ("header", "source"),
    [
        ("长径(cm)", {"columns": {"diameter_mm": "长径(cm)", "lesion_id": "lesion_id", "assessed_on": "assessed_on", "patient_id": "patient_id"}}),
        ("diameter_mm", {"units": {"diameter_mm": "cm"}}),
    ],
)  # fmt: skip
def test_a_column_in_centimetres_is_converted_where_header_or_study_says_so(tmp_path, suffix, header, source):
    tables = study()
    tables["measurements"] = {
        **{k: v for k, v in SCANS.items() if k != "diameter_mm"},
        header: ["2.05", "3", "15mm", "1.1"],
    }

    read_in, issues = read(tmp_path, suffix, tables, sources={"measurements": source})

    assert read_in.measurements["diameter_um"].to_list() == [20500, 30000, 15000, 11000]
    assert found(issues, "unit_converted") == [(header, "1.1")]


@FORMATS
def test_a_column_that_looks_like_centimetres_is_asked(tmp_path, suffix):
    tables = study()
    tables["measurements"] = {**SCANS, "diameter_mm": ["2.5", "3.1", "4.4", "5.2"]}

    _, issues = read(tmp_path, suffix, tables)
    assert found(issues, "unit_unknown") == [("diameter_mm", "5.2")]

    read_in, issues = read(
        tmp_path, suffix, tables, sources={"measurements": {"units": {"diameter_mm": "mm"}}}
    )
    assert found(issues, "unit_unknown") == []
    assert read_in.measurements["diameter_um"].to_list() == [2500, 3100, 4400, 5200]


@pytest.mark.parametrize(
    "sizes", [["20", "30", "12", "14"], ["2.5", "3.5", "4.5", "40.5"], ["1.2cm", "2.3cm", "3.4cm", "4.5cm"], ["8", "9", "7", "6.5"]]
)  # fmt: skip
def test_lengths_in_millimetres_are_not_asked(tmp_path, sizes):
    tables = study()
    tables["measurements"] = {**SCANS, "diameter_mm": sizes}

    assert found(read(tmp_path, "csv", tables)[1], "unit_unknown") == []


@pytest.mark.parametrize(
    ("text", "order"),
    [("dd/mm/yyyy", "day_first"), ("MM/DD/YYYY", "month_first"), ("yyyy-mm-dd", "year_first"), ("YY.M.D", "year_first"),
     ("cm", None), ("M/F", None), ("date", None), ("", None), ("dd mmm yyyy", "day_first")],
)  # fmt: skip
def test_the_order_of_a_row_of_formats(text, order):
    assert order_of_format(text) == order


@FORMATS
def test_a_share_below_one_beside_larger_ones_is_asked(tmp_path, suffix):
    tables = study(pd_l1_tps=["35", "0.35", "80%", "<1%"])

    read_in, issues = read(tmp_path, suffix, tables)

    assert found(issues, "value_ignored") == [("pd_l1_tps", "0.35")]
    assert read_in.patients["pd_l1_tps"].to_list() == [35.0, None, 80.0, None]
    assert read_in.patients["pd_l1"].to_list() == ["1-49%", None, ">=50%", "<1%"]
    said = {"patients": {"units": {"pd_l1_tps": "percent"}}}
    assert read(tmp_path, suffix, tables, sources=said)[0].patients["pd_l1"][1] == "<1%"


@FORMATS
@pytest.mark.parametrize(("others", "asked"), [(["12.5", "80", "0"], []), (["12", "80", "1"], ["0.7"]), (["12.0", "80.0", "0.0"], ["0.7"])])  # fmt: skip
def test_a_share_below_one_beside_parts_of_a_per_cent_is_one(tmp_path, suffix, others, asked):
    _, issues = read(tmp_path, suffix, study(pd_l1_tps=["0.7", *others]))

    assert [issue.value for issue in issues if issue.column == "pd_l1_tps"] == asked


@FORMATS
def test_a_decimal_comma_is_read_where_the_study_says_so(tmp_path, suffix):
    tables = study()
    tables["measurements"] = {**SCANS, "diameter_mm": ["20,5", "30", "40,25", "50.5"]}

    assert found(read(tmp_path, suffix, tables)[1], "value_unreadable") == [
        ("diameter_mm", "20,5"),
        ("diameter_mm", "40,25"),
    ]
    read_in, issues = read(tmp_path, suffix, tables, sources={"measurements": {"decimal": "comma"}})
    assert issues.items == ()
    assert read_in.measurements["diameter_um"].to_list() == [20500, 30000, 40250, 50500]


# ---- dates -----------------------------------------------------------------------------------------


@FORMATS
def test_the_order_of_day_and_month_is_taken_from_the_column_and_said(tmp_path, suffix):
    tables = study(died_on=["04/03/2021", "27/03/2021", None, None])

    read_in, issues = read(tmp_path, suffix, tables)

    assert read_in.patients["died_on"].to_list()[:2] == [date(2021, 3, 4), date(2021, 3, 27)]
    assert found(issues, "date_order_taken") == [("died_on", "27/03/2021")]


@FORMATS
def test_an_order_that_no_date_shows_is_asked_and_can_be_declared(tmp_path, suffix):
    tables = study(died_on=["04/03/2021", "05/06/2021", None, "27-Jan-25"])

    _, issues = read(tmp_path, suffix, tables)
    assert found(issues, "value_unreadable") == [
        ("died_on", "04/03/2021"),
        ("died_on", "05/06/2021"),
        ("died_on", "27-Jan-25"),
    ]

    said = {"patients": {"dates": {"died_on": "month_first"}}}
    read_in, issues = read(tmp_path, suffix, tables, sources=said)
    assert issues.items == ()
    assert read_in.patients["died_on"].to_list() == [
        date(2021, 4, 3),
        date(2021, 5, 6),
        None,
        date(2025, 1, 27),
    ]


@FORMATS
def test_a_contradiction_in_a_column_decides_nothing(tmp_path, suffix):
    tables = study(died_on=["04/03/2021", "27/03/2021", "03/28/2021", None])

    _, issues = read(tmp_path, suffix, tables)

    assert found(issues, "value_unreadable") == [("died_on", "04/03/2021")]
    assert found(issues, "date_order_taken") == []


def test_a_serial_number_and_a_lost_zero_are_asked_and_the_date_of_a_1904_workbook_is_read(tmp_path):
    tables = study(died_on=["43894", "2021.1", None, None])
    assert found(read(tmp_path, "csv", tables)[1], "value_unreadable") == [("died_on", "43894")]

    in_book, issues = read(tmp_path, "xlsx", tables)
    assert in_book.patients["died_on"][0] == date(2020, 3, 4)
    assert found(issues, "value_unreadable") == [("died_on", "2021.1")]

    book = openpyxl.load_workbook(tmp_path / "patients.xlsx")
    book.epoch = MAC_EPOCH
    book.save(tmp_path / "patients.xlsx")
    protocol = Protocol.model_validate(
        {"study": {}, "data": {n: {"files": (f"{n}.xlsx",)} for n in ("patients", "lesions", "measurements")}}
    )
    assert validate_tables(read_tables(protocol, tmp_path), protocol)[0].patients["died_on"][0] == date(
        2024, 3, 5
    )


# ---- dates known to the month or the year ----------------------------------------------------------


@FORMATS
@pytest.mark.parametrize(
    ("rule", "day"),
    [("first", date(2021, 3, 1)), ("middle", date(2021, 3, 15)), ("last", date(2021, 3, 31)), ("missing", None)],
)  # fmt: skip
def test_a_partial_date_is_a_day_by_the_rule_of_the_study_and_said(tmp_path, suffix, rule, day):
    tables = study(died_on=["2021-03", None, None, None])

    read_in, issues = read(tmp_path, suffix, tables, data={"partial_dates": rule})

    assert read_in.patients["died_on"][0] == day
    (issue,) = [i for i in issues if i.rule == "partial_date"]
    assert (issue.row, issue.column, issue.value, issue.patient_id) == (2, "died_on", "2021-03", "P1")
    assert str(day) in issue.expected.en or day is None


@FORMATS
def test_a_column_may_have_a_rule_of_its_own(tmp_path, suffix):
    tables = study(birth_date=["1950", "1950年", None, None], died_on=["2021-03", None, None, None])

    said = {"patients": {"partial_dates": {"birth_date": "first"}}}
    read_in, _ = read(tmp_path, suffix, tables, sources=said, data={"partial_dates": "last"})

    assert read_in.patients["birth_date"].to_list()[:2] == [date(1950, 1, 1), date(1950, 1, 1)]
    assert read_in.patients["died_on"][0] == date(2021, 3, 31)


@FORMATS
@pytest.mark.parametrize(
    ("patients", "scan", "column", "day"),
    [
        # A death in the month of a later scan, or of the day last known alive, is not before it.
        ({"died_on": "2020-02"}, "2020-02-20", "died_on", date(2020, 2, 20)),
        ({"died_on": "2020-02", "last_known_alive_on": "2020-02-25"}, "2020-01-02", "died_on", date(2020, 2, 25)),
        ({"died_on": "2020-02"}, "2020-01-02", "died_on", date(2020, 2, 15)),
        # Nothing after death, nor an end of follow-up before the start.
        ({"died_on": "2020-02-03", "last_known_alive_on": "2020-02"}, "2020-01-02", "last_known_alive_on", date(2020, 2, 3)),
        ({"treatment_started_on": "2020-02-20", "last_known_alive_on": "2020-02"}, "2020-02-18", "last_known_alive_on", date(2020, 2, 20)),
        # A start in the month of a death is not after it.
        ({"treatment_started_on": "2020-02", "died_on": "2020-02-10"}, "2020-02-01", "treatment_started_on", date(2020, 2, 10)),
        # Both in one month.
        ({"treatment_started_on": "2020-02-20", "died_on": "2020-02"}, "2020-02-18", "died_on", date(2020, 2, 20)),
    ],
)  # fmt: skip
def test_a_partial_date_makes_no_impossible_order(tmp_path, suffix, patients, scan, column, day):
    cells = {name: [value, None, None, None] for name, value in patients.items()}
    tables = study(**{**cells, **({"treatment_started_on": [patients["treatment_started_on"], *["2020-01-10"] * 3]} if "treatment_started_on" in patients else {})})  # fmt: skip
    tables["measurements"] = {**SCANS, "assessed_on": [scan, *["2020-01-02"] * 3]}

    read_in, issues = read(tmp_path, suffix, tables)

    assert read_in.patients[column][0] == day
    assert issues.quarantined == ()


def test_a_period_in_which_no_day_fits_stays_a_contradiction(tmp_path):
    tables = study(died_on=["2019-03", None, None, None])

    assert "start_after_death" in {i.rule for i in read(tmp_path, "csv", tables)[1]}


# ---- what the study reads ---------------------------------------------------------------------------


@FORMATS
def test_a_word_that_cannot_be_read_where_a_rule_reads_it_leaves_its_patient_out(tmp_path, suffix):
    tables = study(
        driver_gene=["EGFR 19del?", "negative", "未查", None], smoking=["some", "ever", "ever", "ever"]
    )
    rule = {
        "id": "driver",
        "keep": "driver_gene == negative",
        "excluded": {"zh": "驱动基因阳性", "en": "Driver positive"},
    }

    _, unread = read(tmp_path, suffix, tables)
    read_in, asked = read(tmp_path, suffix, tables, eligibility=[rule])

    assert found(unread, "value_ignored") == [("driver_gene", "EGFR 19del?"), ("smoking", "some")]
    assert found(asked, "value_unreadable") == [("driver_gene", "EGFR 19del?")]
    assert found(asked, "value_ignored") == [("smoking", "some")]
    assert read_in.patients["patient_id"].to_list() == ["P2", "P3", "P4"]


@pytest.mark.parametrize(
    ("settings_", "decides", "not_"),
    [
        ({"eligibility": [{"id": "a", "keep": "age_years >= 18 or not ecog > 1", "excluded": {"zh": "一", "en": "a"}}]},
         {"age_years", "ecog"}, {"sex"}),
        ({"analyses": [{"kind": "baseline", "variables": ["age_60", "pd_l1"], "where": {"sex": "male"}}]},
         {"age_years", "pd_l1", "pd_l1_tps", "sex"}, {"smoking", "stage"}),
        ({"analyses": [{"kind": "survival", "population": "matched", "outcomes": ["os"]}]}, {"smoking", "stage", "histology", "ecog"}, {"driver_gene"}),
        ({"analyses": [{"kind": "weighting", "outcomes": ["os"]}], "matching": {"covariates": ["ecog"]}}, {"ecog"}, {"smoking"}),
        ({"analyses": [{"kind": "survival", "outcomes": ["os"]}]}, set(), {"smoking", "ecog"}),
        (PRESETS["huang2025"], {"driver_gene", "ecog", "stage", "age_years", "pd_l1_tps", "sex", "smoking", "histology"}, {"diagnosis"}),
        ({"labels": {"sex": {"en": "Sex"}}}, set(), {"sex"}),
    ],
)  # fmt: skip
def test_the_columns_that_a_study_reads(settings_, decides, not_):
    protocol = Protocol.model_validate(
        {"study": {}, "data": {"patients": {"files": ("p.csv",)}}, **settings_}
    )

    columns = {column for table, column in deciding_columns(protocol) if table == "patients"}

    assert decides <= columns
    assert not columns & not_


@FORMATS
def test_a_column_that_a_rule_reads_and_no_file_has_is_said(tmp_path, suffix):
    rule = {
        "id": "driver",
        "keep": "driver_gene == negative",
        "excluded": {"zh": "驱动基因阳性", "en": "Driver positive"},
    }

    _, lacking = read(tmp_path, suffix, study(driver_result_=["negative"] * 4), eligibility=[rule])
    _, there = read(tmp_path, suffix, study(driver_gene=["negative"] * 4), eligibility=[rule])

    assert found(lacking, "column_absent") == [("driver_gene", None)]
    assert "driver_result_" in next(i for i in lacking if i.rule == "column_absent").expected.en
    assert found(there, "column_absent") == []


# ---- identifiers -----------------------------------------------------------------------------------


@FORMATS
def test_identifiers_keep_their_zeros_and_a_mangled_one_is_found(tmp_path, suffix):
    tables = study()
    for rows in tables.values():
        rows["patient_id"] = ["001", "2", "1.23457E+11", "P4"]

    _, issues = read(tmp_path, suffix, tables)

    assert {i.rule for i in issues.errors} == {"id_in_scientific"}
    for rows in tables.values():
        rows["patient_id"] = ["001", "2", "2020-01-02", "P4"]
    read_in, issues = read(tmp_path, suffix, tables)
    assert read_in.patients["patient_id"].sort().to_list() == ["001", "2", "2020-01-02", "P4"]
    assert len(found(issues, "id_is_date")) == 3


def test_the_point_that_a_program_appended_to_every_number_is_left_out(tmp_path):
    tables = study()
    for name, rows in tables.items():
        rows["patient_id"] = ["1.0", "2.0", "3.0", "4.0"] if name == "patients" else ["1", "2", "3", "4"]

    read_in, issues = read(tmp_path, "csv", tables)

    assert read_in.patients["patient_id"].to_list() == ["1", "2", "3", "4"]
    assert issues.items == ()


@pytest.mark.parametrize(
    ("one", "other"), [("P01", "p01"), ("12", "012"), ("P-1", "P 1"), ("P_001", "p1"), ("\uff30\uff11", "P1"), ("3.0", "3")]
)  # fmt: skip
def test_identifiers_that_differ_only_in_writing_are_proposed_and_never_matched(tmp_path, one, other):
    tables = study()
    tables["patients"]["patient_id"] = [other, "P92", "P93", "P94"]
    tables["measurements"]["patient_id"] = [one, "P92", "P93", "P94"]
    tables["lesions"]["patient_id"] = [other, "P92", "P93", "P94"]

    assert loose(one) == loose(other)
    assert pairs([one], [other, "P92"]) == {one: (other,)}
    for suffix in ("csv", "parquet"):
        _, issues = read(tmp_path, suffix, tables)
        unknown = [i for i in issues if i.rule == "unknown_patient"]
        if unknown:  # full-width letters are made plain, and are the same
            assert other in unknown[0].expected.en


def test_identifiers_that_are_others_are_not_proposed():
    assert pairs(["P10", "X1"], ["P1", "P100", "Y1"]) == {"P10": (), "X1": ()}
    assert pairs(["12"], ["012", "0012"]) == {"12": ("0012", "012")}
