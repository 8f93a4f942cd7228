"""The same clean table in every format is read as the same cells, and damage of any of them is a sentence."""

from __future__ import annotations

import json
import random
from datetime import date
from typing import Any

import polars as pl
import pyreadstat
import pytest

from oligoscope.intake.files.raw_table import INTERNAL
from oligoscope.intake.files.sheet import UnreadableError
from oligoscope.intake.files.statistics_files import SPSS, number_texts, read_statistics_file
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import Protocol

FRAME = pl.DataFrame(
    {
        "patient_id": ["001", "P-2", "张三3"],
        "sex": ["male", "female", None],
        "treatment_started_on": [date(2020, 1, 10), date(2020, 2, 29), date(2021, 12, 31)],
        "died_on": [None, date(2021, 1, 1), None],
        "age_years": [61.0, None, 45.5],
        "ecog": [0.0, 1.0, 1.0],
    }
)
TEXTS = {
    "patient_id": ["001", "P-2", "张三3"],
    "sex": ["male", "female", None],
    "treatment_started_on": ["2020-01-10", "2020-02-29", "2021-12-31"],
    "died_on": [None, "2021-01-01", None],
    "age_years": ["61", None, "45.5"],
    "ecog": ["0", "1", "1"],
}


def dataset_json(frame: pl.DataFrame) -> tuple[dict, list[list]]:
    kinds = {pl.String: "string", pl.Float64: "double", pl.Date: "date"}
    columns = [
        {"itemOID": f"IT.{n}", "name": n, "label": f"Label of {n}", "dataType": kinds[t.base_type()]}
        for n, t in frame.schema.items()
    ]
    rows = [[c.isoformat() if isinstance(c, date) else c for c in row] for row in frame.iter_rows()]
    return {"datasetJSONVersion": "1.1.0", "name": "T", "records": len(rows), "columns": columns}, rows


def write_json(frame, path):
    about, rows = dataset_json(frame)
    path.write_text(json.dumps({**about, "rows": rows}, indent=1), encoding="utf-8")


def write_ndjson(frame, path):
    about, rows = dataset_json(frame)
    path.write_text("\n".join(json.dumps(line) for line in (about, *rows)) + "\n", encoding="utf-8")


WRITERS = {
    "csv": lambda f, p: f.with_columns(pl.Series(n, TEXTS[n]) for n in ("age_years", "ecog")).write_csv(p),
    "parquet": lambda f, p: f.write_parquet(p),
    "xlsx": lambda f, p: f.write_excel(p),
    "sav": pyreadstat.write_sav,
    "zsav": lambda f, p: pyreadstat.write_sav(f, p, compress=True),
    "dta": pyreadstat.write_dta,
    "xpt": lambda f, p: pyreadstat.write_xport(
        f.rename({"patient_id": "PATID", "treatment_started_on": "START", "died_on": "DIED", "age_years": "AGE"}),
        p, file_format_version=5,
    ),
    "json": write_json,
    "ndjson": write_ndjson,
}  # fmt: skip
SHORT = {"patient_id": "PATID", "treatment_started_on": "START", "died_on": "DIED", "age_years": "AGE"}


# 1 December 2019 in seconds since 14 October 1582
SPSS_DAY = (date(2019, 12, 1) - date(1582, 10, 14)).days * 86_400.0


def study(**patients) -> Protocol:
    progressions = {"files": ["progressions.csv"]}
    return Protocol.model_validate(
        {"study": {}, "data": {"patients": patients, "progressions": progressions}}
    )


def raw_patients(folder, **patients):
    return read_tables(Protocol.model_validate({"study": {}, "data": {"patients": patients}}), folder)[
        "patients"
    ]


@pytest.mark.parametrize("ending", WRITERS)
def test_the_same_table_is_the_same_cells_in_every_format(ending, tmp_path):
    WRITERS[ending](FRAME, tmp_path / f"t.{ending}")

    raw = raw_patients(tmp_path, files=[f"t.{ending}"])

    names = {SHORT[n]: n for n in SHORT} if ending == "xpt" else {}
    frame = raw.frame.drop(c for c in INTERNAL if c in raw.frame.columns)
    cells = {names.get(n, n): [c or None for c in frame[n].to_list()] for n in frame.columns}
    assert cells == TEXTS
    assert not raw.problems


@pytest.mark.slow
@pytest.mark.parametrize("ending", [e for e in WRITERS if e not in {"csv", "parquet", "xlsx"}])
def test_a_damaged_file_is_refused_in_a_sentence_or_read(ending, tmp_path):
    path = tmp_path / f"t.{ending}"
    WRITERS[ending](FRAME, path)
    whole, rng = path.read_bytes(), random.Random(ending)
    for trial in range(8):
        raw = bytearray(whole)
        if trial % 2:
            raw[rng.randrange(min(len(raw), 600))] ^= 1 << rng.randrange(8)
        else:
            del raw[rng.randrange(1, len(raw)) :]
        path.write_bytes(raw)
        for problem in raw_patients(tmp_path, files=[path.name]).problems:
            assert problem.rule in {
                "file_unreadable",
                "declared_missing",
                "encoding_assumed",
                "control_character",
            }


def test_a_damaged_file_that_ends_the_reader_does_not_end_the_program(tmp_path, monkeypatch):
    worker = tmp_path / "worker.py"
    worker.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", encoding="utf-8")
    monkeypatch.setattr("oligoscope.intake.files.statistics_worker.__file__", str(worker))

    with pytest.raises(UnreadableError, match="not a sound SPSS file"):
        read_statistics_file(b"$FL2", SPSS)


def sav(folder, frame, **about):
    pyreadstat.write_sav(frame, folder / "t.sav", **about)
    return folder / "t.sav"


def labelled(folder) -> None:
    frame = pl.DataFrame({
        "V1": ["P1", "P2", "P3"], "V2": [1.0, 2.0, 9.0], "V3": [0.0, 1.0, 99.0],
        "V4": [date(2020, 1, 10), date(2020, 2, 10), date(2020, 3, 10)],
    })  # fmt: skip
    sav(
        folder,
        frame,
        column_labels={"V1": "patient_id", "V2": "性别", "V4": "treatment_started_on"},
        variable_value_labels={"V2": {1: "男", 2: "女", 9: "不详"}, "V3": {0: "0", 1: "1"}},
        missing_ranges={"V2": [9], "V3": [{"lo": 90, "hi": 99}]},
    )
    (folder / "progressions.csv").write_text(
        "patient_id,progressed_on\nP1,2020-09-01\nP2,2020-09-01\nP3,2020-09-01\n", encoding="utf-8"
    )


def test_value_labels_are_the_words_and_labels_of_variables_are_headers(tmp_path):
    labelled(tmp_path)
    protocol = study(files=["t.sav"], columns={"ecog": "V3"})

    tables, issues = validate_tables(read_tables(protocol, tmp_path), protocol)

    assert not issues.errors
    assert tables.patients["sex"].to_list() == ["male", "female", None]
    assert tables.patients["ecog"].to_list()[:2] == [0, 1]
    assert tables.patients["treatment_started_on"].to_list()[0] == date(2020, 1, 10)


def test_codes_declared_missing_are_blank_and_counted(tmp_path):
    labelled(tmp_path)

    problems = raw_patients(tmp_path, files=["t.sav"]).problems

    found = {(i.column, i.value, i.expected.en) for i in problems if i.rule == "declared_missing"}
    assert found == {
        ("V2", "9 (不详)", "missing as the file declares: 9 (不详) × 1"),
        ("V3", "99", "missing as the file declares: 99 × 1"),
    }


@pytest.mark.parametrize("words", [{"male": ["1"], "female": ["2"]}, {"male": ["甲"], "female": ["乙"]}])
def test_levels_in_study_yaml_may_name_a_code_or_its_word(tmp_path, words):
    frame = pl.DataFrame({"patient_id": ["P1", "P2"], "sex": [1.0, 2.0]})
    sav(tmp_path, frame, variable_value_labels={"sex": {1: "甲", 2: "乙"}})
    (tmp_path / "progressions.csv").write_text(
        "patient_id,progressed_on\nP1,2020-09-01\nP2,2020-09-01\n", encoding="utf-8"
    )
    protocol = study(files=["t.sav"], levels={"sex": words}, constants={"treatment_started_on": "2020-01-01"})

    tables, _ = validate_tables(read_tables(protocol, tmp_path), protocol)

    assert tables.patients["sex"].to_list() == ["male", "female"]


@pytest.mark.parametrize("word", ["1", "甲"])
def test_where_may_name_a_code_or_its_word(tmp_path, word):
    frame = pl.DataFrame({"patient_id": ["P1", "P2"], "arm": [1.0, 2.0]})
    sav(tmp_path, frame, variable_value_labels={"arm": {1: "甲", 2: "乙"}})

    raw = raw_patients(tmp_path, files=["t.sav"], where={"arm": [word]})

    assert raw.frame["patient_id"].to_list() == ["P1"]


@pytest.mark.parametrize(
    ("shown", "number", "text"),
    [
        ("DATE11", SPSS_DAY, "2019-12-01"),
        ("ADATE10", SPSS_DAY, "2019-12-01"),
        ("EDATE8", SPSS_DAY, "2019-12-01"),
        ("SDATE10", SPSS_DAY, "2019-12-01"),
        ("MOYR8", SPSS_DAY, "2019-12"),
        ("DATETIME20", SPSS_DAY, "2019-12-01"),
        ("DATETIME20", SPSS_DAY + 3661.4, "2019-12-01 01:01:01"),
        ("DATE11", 1e18, "1e18 (DATE11)"),
        ("F8.2", SPSS_DAY, f"{SPSS_DAY:.0f}"),
    ],
)
def test_a_number_that_spss_shows_as_a_date_is_that_day(tmp_path, shown, number, text):
    path = sav(tmp_path, pl.DataFrame({"d": [number]}), variable_format={"d": shown})

    assert read_statistics_file(path.read_bytes(), SPSS).frame["d"].to_list()[0].replace("+", "") == text


def without_encoding(raw: bytes, words: dict[bytes, bytes]) -> bytes:
    """A file as SPSS wrote it before it named its encoding."""
    raw = raw.replace(b"\x07\0\0\0\x14\0\0\0\x01\0\0\0", b"\x07\0\0\0\x63\0\0\0\x01\0\0\0")
    for old, new in words.items():
        assert len(old) == len(new)
        raw = raw.replace(old, new)
    return raw


@pytest.mark.parametrize("stated", [None, "GB18030"])
def test_old_files_are_read_in_the_encoding_of_chinese_computers(tmp_path, stated):
    path = sav(tmp_path, pl.DataFrame({"patient_id": ["P1"], "ward": ["WXYZ"]}))
    path.write_bytes(without_encoding(path.read_bytes(), {b"WXYZ": "肺科".encode("gb18030")}))

    raw = raw_patients(tmp_path, files=["t.sav"], encoding=stated)

    assert raw.frame["ward"].to_list() == ["肺科"]
    assumed = [i for i in raw.problems if i.rule == "encoding_assumed"]
    assert bool(assumed) == (stated is None)


@pytest.mark.parametrize(
    ("ending", "word", "encoding", "name"),
    [
        ("sav", "鳞癌", "gb18030", "GB18030"),
        ("sav", "Köln", "cp1252", "Windows-1252"),
        ("dta", "肺科", "gb18030", "GB18030"),
        ("dta", "Øre.", "cp1252", "Windows-1252"),
    ],
)
def test_the_likelier_encoding_of_old_files_is_taken_and_said(tmp_path, ending, word, encoding, name):
    frame: Any = pl.DataFrame({"patient_id": ["P1", "P2"], "ward": ["WXYZ", "wards"]})
    path = tmp_path / f"t.{ending}"
    if ending == "sav":
        sav(tmp_path, frame)
    else:
        pyreadstat.write_dta(frame, str(path), version=13)
    path.write_bytes(without_encoding(path.read_bytes(), {b"WXYZ": word.encode(encoding)}))

    raw = raw_patients(tmp_path, files=[path.name])

    assert raw.frame["ward"].to_list() == [word, "wards"]
    assert [name in i.expected.en for i in raw.problems if i.rule == "encoding_assumed"] == [True]


def test_numbers_are_in_their_shortest_form():
    numbers = pl.Series("n", [1.0, 28.7, float("nan"), None, 1e20, -0.5])

    assert number_texts(numbers).to_list() == ["1", "28.7", None, None, "1e+20", "-0.5"]
    assert number_texts(pl.Series("n", [28.700000762939453]), single=True).to_list() == ["28.7"]


@pytest.mark.parametrize("limits", [{"rows": 2}, {"columns": 3}, {"cells": 10}, {"cell_length": 2}])
@pytest.mark.parametrize("ending", ["sav", "dta", "json", "ndjson"])
def test_the_limits_hold_for_every_format(tmp_path, ending, limits):
    WRITERS[ending](FRAME, tmp_path / f"t.{ending}")
    protocol = Protocol.model_validate(
        {"study": {}, "data": {"patients": {"files": [f"t.{ending}"]}}, "limits": limits}
    )

    (problem,) = read_tables(protocol, tmp_path)["patients"].problems

    assert f"limits.{next(iter(limits))}" in problem.expected.en


@pytest.mark.parametrize("ending", ["sav", "zsav", "sas7bdat", "xpt"])
def test_a_file_that_only_has_the_name_of_a_format_is_none(tmp_path, ending):
    (tmp_path / f"t.{ending}").write_text("patient_id\nP1\n", encoding="utf-8")

    (problem,) = raw_patients(tmp_path, files=[f"t.{ending}"]).problems

    assert "it is not a sound" in problem.expected.en


def test_a_web_page_named_xls_is_said_to_be_one(tmp_path):
    (tmp_path / "t.xls").write_text("<html><table><tr><td>1</td></tr></table></html>", encoding="utf-8")

    (problem,) = raw_patients(tmp_path, files=["t.xls"]).problems

    assert "it is named xls and is a web page" in problem.expected.en


def test_text_named_xls_is_read_as_text(tmp_path):
    (tmp_path / "t.xls").write_text("patient_id\tsex\nP1\tmale\n", encoding="gb18030")

    assert raw_patients(tmp_path, files=["t.xls"]).frame["sex"].to_list() == ["male"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1, 2]", "it is no CDISC Dataset-JSON"),
        ('{"rows": []}', "it is no CDISC Dataset-JSON"),
        ('{"columns": [{"name": "a"}], "rows": [[1, 2]]}', "row 1 must have 1 values"),
        ("{", "it is not sound JSON"),
        ("[" * 100_000, "it is not sound JSON"),
    ],
)
def test_other_json_is_refused_in_a_sentence(tmp_path, text, said):
    (tmp_path / "t.json").write_text(text, encoding="utf-8")

    (problem,) = raw_patients(tmp_path, files=["t.json"]).problems

    assert said in problem.expected.en


def test_numeric_dates_of_a_data_set_are_days_by_their_format(tmp_path):
    column = {"name": "D", "dataType": "integer", "displayFormat": "E8601DA."}
    other = {"name": "patient_id", "dataType": "string"}
    (tmp_path / "t.json").write_text(json.dumps({"columns": [other, column], "rows": [["P1", 21929]]}))

    assert raw_patients(tmp_path, files=["t.json"]).frame["D"].to_list() == ["2020-01-15"]
