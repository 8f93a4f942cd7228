"""Files as people and other programs write them: what is read, what is asked, and what is said of it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import polars as pl
import pytest

from oligoscope.errors import OligoscopeError
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.encodings import CHINESE, WESTERN, likeliest
from oligoscope.intake.files.parquet_sheet import is_cell
from oligoscope.intake.files.row_filter import without_notes
from oligoscope.intake.issues import Issue, Issues
from oligoscope.intake.parquet.parquet_study import open_parquet
from oligoscope.intake.readers import read_tables
from oligoscope.intake.rule import in_number
from oligoscope.intake.rules import RULES
from oligoscope.intake.validation import validate_tables
from oligoscope.plain_text import forbidden_in
from oligoscope.questions.registry import read_protocol
from oligoscope.study.dictionary.place_words import ORGAN_WORDS, listed
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import TABLES
from unit.hostile import FORBIDDEN

# ---- encodings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_encoding_that_is_certain_is_not_spoken_of(encoding):
    assert read_csv("a,b\n肝,1\n".encode(encoding)).assumed is None
    assert read_csv(b"a,b\nliver,1\n").assumed is None


@pytest.mark.parametrize(
    ("text", "written", "encoding", "word"),
    [
        ("a,b\n1,métastase hépatique\n", "latin-1", "Windows-1252", "métastase hépatique"),
        ("a,b\n1,2\n3,肝转移\n", "gb18030", "GB18030", "肝转移"),
        ("a,b\n1,2\n3,CT增强\n", "gbk", "GB18030", "CT增强"),
        (
            "site,size\n1,Größe über 5 \xb5m\n2,Lunge rechts – müde\n",
            "cp1252",
            "Windows-1252",
            "Größe über 5 \xb5m",
        ),
    ],
)
def test_an_encoding_that_was_taken_is_said_with_a_word(text, written, encoding, word):
    taken = read_csv(text.encode(written)).assumed
    codecs = {"GB18030": "gb18030", "Windows-1252": "cp1252"}

    assert taken is not None
    assert (taken.encoding, taken.word) == (encoding, word)
    assert {taken.encoding, taken.other} == set(codecs)
    assert taken.otherwise == word.encode(codecs[encoding]).decode(codecs[taken.other], "replace")
    assert taken.row == text.count("\n", 0, text.index(next(c for c in text if not c.isascii()))) + 1


def test_every_chinese_word_of_the_dictionary_is_taken_as_chinese_alone_and_together():
    columns = [column for table in TABLES.values() for column in table.columns]
    levels = [level for column in columns for level in column.levels]
    spoken = (
        *(word for column in columns for word in (column.printed.zh, *column.aliases)),
        *(word for level in levels for word in (level.name.zh, *level.synonyms)),
        *(word for words in ORGAN_WORDS.values() for word in listed(words)),
    )
    words = sorted({w for w in spoken if re.search("[\u4e00-\u9fff]", w)})

    assert len(words) > 500
    assert [w for w in words if likeliest(w.encode(CHINESE)) != CHINESE] == []
    assert likeliest("\n".join(words).encode(CHINESE)) == CHINESE


@pytest.mark.parametrize(
    "text",
    [
        "métastase hépatique", "poumon gauche, lésion n° 3", "Lebermetastase, müde, größer", "37 °C", "5 \xb5m ± 1", "São Paulo: pulmão",
        "riñón izquierdo; metástasis ósea", "linfonodo – polmone è", "Höger lunga, övre loben; små lesioner", "naïve, côlon, Élevé",
    ],
)  # fmt: skip
def test_accented_letters_among_others_are_taken_as_western(text):
    assert likeliest(text.encode(WESTERN)) == WESTERN


def test_the_finding_goes_when_the_study_says_the_encoding(check, folder):
    text = "patient_id,lesion_id,role,organ\nP1,L1,target,métastase hépatique\nP2,L1,target,liver\n"
    (folder / "lesions.csv").write_bytes(text.encode("latin-1"))

    assert check().found("encoding_assumed") == [("lesions.csv", 2, "", "métastase hépatique")]
    said = check(sources={"lesions": {"encoding": "latin-1"}})
    assert said.found("encoding_assumed") == []
    assert said.column("lesions", "organ") == ["métastase hépatique", "liver"]


def test_a_file_that_is_not_in_the_encoding_named_is_an_error(check, folder):
    (folder / "lesions.csv").write_bytes(
        "patient_id,lesion_id,role,organ\nP1,L1,target,é\n".encode("latin-1")
    )

    assert "file_unreadable" in check(sources={"lesions": {"encoding": "utf-8"}}).rules


@pytest.mark.parametrize(
    "wrong",
    ["encoding: klingon", "encoding: base64", "units: {age_years: fraction}", "units: {pd_l1_tps: half}"],
)
def test_an_unknown_encoding_or_unit_is_refused_with_its_line(tmp_path, wrong):
    (tmp_path / "study.yaml").write_text(
        f"study: {{}}\ndata:\n  patients:\n    files: [p.csv]\n    {wrong}\n", encoding="utf-8"
    )

    with pytest.raises(OligoscopeError, match="line 5"):
        read_protocol(tmp_path)


# ---- characters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sign", ["\x01", "\x07", "\x0b", "\x1b", "\x7f", "\x9b", "\ufffe", "\u200b", "\u202e"]
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_a_control_character_is_taken_out_and_said_wherever_it_stands(sign, suffix, folder):
    if suffix == "xlsx" and sign not in "\x7f\x9b\u200b\u202e":
        pytest.skip("a workbook is XML, which cannot hold it")
    rows = {
        "patient_id": [f"P1{sign}", "P2"],
        "treatment_started_on": ["2020-01-10", "2020-02-10"],
        "arm": ["a", f"b{sign}c"],
    }
    frame = pl.DataFrame(rows)
    protocol = {
        "patients": f"patients.{suffix}",
        "lesions": "lesions.csv",
        "measurements": "measurements.csv",
    }
    if suffix == "csv":
        frame.write_csv(folder / "patients.csv")
    elif suffix == "xlsx":
        book = openpyxl.Workbook()
        for row in (frame.columns, *frame.rows()):
            book.worksheets[0].append(row)
        book.save(folder / "patients.xlsx")
    else:
        for name in ("patients", "lesions", "measurements"):
            (frame if name == "patients" else pl.read_csv(folder / f"{name}.csv")).write_parquet(
                folder / f"{name}.parquet"
            )
        protocol = {name: f"{name}.parquet" for name in protocol}

    tables, issues = read(protocol, folder)

    found = [(i.row, i.column, i.value, i.patient_id) for i in issues if i.rule == "control_character"]
    assert found == [(2, "patient_id", "P1", "P1"), (3, "arm", "bc", "P2")]
    assert tables.patients.select("patient_id", "arm").rows() == [("P1", "a"), ("P2", "bc")]
    assert f"U+{ord(sign):04X}" in issues.message("en")
    assert forbidden_in(issues.message("zh")) == ""


def read(files: dict[str, str], folder: Path):
    """The tables and findings of a study, whichever way its files are read."""
    protocol = Protocol.model_validate({"study": {}, "data": {n: {"files": [f]} for n, f in files.items()}})
    if all(name.endswith(".parquet") for name in files.values()):
        tables, issues, _ = open_parquet(protocol, folder).read()
        return tables, issues
    return validate_tables(read_tables(protocol, folder), protocol)


def test_a_control_character_in_a_header_is_taken_out_and_said(check, folder):
    (folder / "patients.csv").write_bytes(
        "patient_id,treatment_started_on,\u202ear\x07m\nP1,2020-01-10,a\nP2,2020-02-10,b\n".encode()
    )

    checked = check()

    assert checked.found("control_character") == [("patients.csv", 1, "arm", None)]
    assert checked.column("patients", "arm") == ["a", "b"]


@pytest.mark.parametrize("word", [w for w in FORBIDDEN if "\0" not in w])
def test_in_study_yaml_they_are_refused_with_their_line(tmp_path, word):
    escaped = "".join(f"\\u{ord(c):04x}" if not c.isprintable() else c for c in word)
    text = f'study:\n  title: "{escaped}"\ndata: {{patients: p.csv}}\n'
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(OligoscopeError, match="line 2") as refused:
        read_protocol(tmp_path)
    assert forbidden_in(str(refused.value)) == ""


def test_what_turns_the_text_round_is_refused_in_study_yaml(tmp_path):
    text = 'study:\n  title: "a \u202eb"\ndata: {patients: p.csv}\n'
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(OligoscopeError, match=r"line 2 .*U\+202E"):
        read_protocol(tmp_path)


@pytest.mark.parametrize("name", ["p", "k", "cause", "_weight", "*", "^a$", "^.*$"])
def test_a_column_with_a_name_of_ours_inside_is_left_out_and_said(check, folder, name):
    (folder / "patients.csv").write_text(
        f"patient_id,treatment_started_on,{name},arm\nP1,2020-01-10,a,x\nP2,2020-02-10,b,y\n",
        encoding="utf-8",
    )

    checked = check()

    assert ("patients.csv", 1, name, None) in checked.found("column_ignored")
    assert checked.column("patients", "arm") == ["x", "y"]


def test_a_cell_is_one_line():
    assert clean("左肺\n上叶\t（主）") == "左肺 上叶 (主)"
    assert clean("\u202eabc") == "abc"
    assert clean("\x07") is None


# ---- rows that are no rows ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        ("合计", "6"), ("总计", ""), ("注：—表示未测", ""), ("备注:化疗", ""), ("Total", "6"), ("TOTAL (n=6)", ""), ("Mean", "52.1"),
        ("Note: * censored", ""), ("*P<0.05", ""), ("数据来源：病案室", ""), ("制表人：张三", ""), ("", "合计"), ("a sentence; and another", ""),
    ],
)  # fmt: skip
def test_a_total_or_a_note_is_no_patient(check, folder, cells):
    text = "patient_id,sex,treatment_started_on,died_on\nP1,male,2020-01-10,\nP2,male,2020-02-10,\n"
    (folder / "patients.csv").write_text(f"{text}{cells[0]},{cells[1]},,\n", encoding="utf-8")

    checked = check()

    assert [(i.row, i.grade) for i in checked.issues if i.rule == "row_is_a_note"] == [(4, "warning")]
    assert checked.column("patients", "patient_id") == ["P1", "P2"]


@pytest.mark.parametrize(
    "cells",
    [
        "Total-01,male,2020-01-10,",
        "合计001,,,",
        "P9,,,",
        "注册0012,,,",
        "Mean,male,2020-01-10,2021-01-01",
        "A:1,,,",
    ],
)
def test_a_patient_is_a_patient(check, folder, cells):
    text = "patient_id,sex,treatment_started_on,died_on\nP1,male,2020-01-10,\nP2,male,2020-02-10,\n"
    (folder / "patients.csv").write_text(f"{text}{cells}\n", encoding="utf-8")

    checked = check()

    assert checked.found("row_is_a_note") == []
    assert checked.tables.patients.height == 3


def test_notes_below_other_tables_are_left_out_too(check, folder):
    with (folder / "measurements.csv").open("a", encoding="utf-8") as file:
        file.write("注：长径,,,\n")

    checked = check()

    assert checked.found("row_is_a_note") == [("measurements.csv", 6, "patient_id", "注:长径")]
    assert checked.rules == {"row_is_a_note"}


def test_a_table_of_one_column_has_no_notes(folder):
    (folder / "one.csv").write_text("patient_id\nP1\n合计\n", encoding="utf-8")
    protocol = Protocol.model_validate({"study": {}, "data": {"patients": {"files": ["one.csv"]}}})
    raw = read_tables(protocol, folder)["patients"]

    assert without_notes(raw).frame.height == 2


# ---- per cent -------------------------------------------------------------------------------------


def tps(*values: str) -> str:
    rows = "".join(f"P{i} | 2020-01-10 | {value}\n" for i, value in enumerate(values, 1))
    return f"patient_id | treatment_started_on | pd_l1_tps\n{rows}"


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        (("0.6", "0.02"), True), (("0.6", "1"), True), (("0.6", ""), True), (("0.6", "60"), False), (("1", "0"), False),
        (("0.6%", "0.1%"), False), (("60%", "0.5"), False), (("50", "1"), False),
    ],
)  # fmt: skip
def test_parts_of_1_beside_nothing_above_1_are_asked(check, values, asked):
    checked = check(patients=tps(*values))

    assert ("fraction_or_percent" in checked.rules) is asked
    assert bool(checked.issues.errors) is asked


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("values", "asked"),
    [
        (("35", "60", "0.6"), True), (("35.5", "60", "0.6"), False), (("35.5", "60", "80", "0.6"), True),
        (("35.5", "60.1", "0.65"), True), (("35.5", "60.1", "0.6"), False), (("35.5", "60.1", "80", "0.6"), False),
    ],
)  # fmt: skip
def test_a_part_is_per_cent_where_half_of_the_others_have_as_many_digits(
    check, folder, values, asked, suffix
):
    checked = check(patients=tps(*values))
    issues = checked.issues
    if suffix == "parquet":
        for name in ("patients", "lesions", "measurements"):
            pl.read_csv(folder / f"{name}.csv").write_parquet(folder / f"{name}.parquet")
        data = {n: {"files": [f"{n}.parquet"]} for n in ("patients", "lesions", "measurements")}
        _, issues, _ = open_parquet(Protocol.model_validate({"study": {}, "data": data}), folder).read()

    found = [(issue.column, issue.value) for issue in issues if issue.rule == "value_ignored"]
    assert found == ([("pd_l1_tps", values[-1])] if asked else [])


@pytest.mark.parametrize(
    ("unit", "read_as", "classes"),
    [("fraction", [60.0, 2.0], [">=50%", "1-49%"]), ("percent", [0.6, 0.02], ["<1%", "<1%"])],
)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_answer_decides(check, folder, unit, read_as, classes, suffix):
    checked = check(patients=tps("0.6", "0.02"), sources={"patients": {"units": {"pd_l1_tps": unit}}})
    tables, issues = checked.tables, checked.issues
    if suffix == "parquet":
        for name in ("patients", "lesions", "measurements"):
            pl.read_csv(folder / f"{name}.csv").write_parquet(folder / f"{name}.parquet")
        data: dict[str, Any] = {
            n: {"files": [f"{n}.parquet"]} for n in ("patients", "lesions", "measurements")
        }
        data["patients"]["units"] = {"pd_l1_tps": unit}
        protocol = Protocol.model_validate({"study": {}, "data": data})
        tables, issues, _ = open_parquet(protocol, folder).read()

    assert "fraction_or_percent" not in {i.rule for i in issues}
    assert tables.patients["pd_l1_tps"].to_list() == pytest.approx(read_as)
    assert tables.patients["pd_l1"].to_list() == classes


# ---- parquet --------------------------------------------------------------------------------------

ZONES = ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("mixed", [False, True])
def test_a_zoned_time_keeps_the_day_of_its_own_clock(folder, zone, mixed):
    for name in ("patients", "lesions", "measurements"):
        pl.read_csv(folder / f"{name}.csv").write_parquet(folder / f"{name}.parquet")
    days = [date(2020, 1, 1), date(2020, 3, 1), date(2020, 2, 1), date(2020, 4, 1)]
    for clock in ((0, 0), (23, 59)):
        times = [
            datetime(d.year, d.month, d.day, *clock, tzinfo=ZoneInfo(zone)).astimezone(UTC) for d in days
        ]
        zoned = pl.Series(times, dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
        rows = pl.read_parquet(folder / "measurements.parquet").with_columns(assessed_on=zoned, seen=zoned)
        rows.write_parquet(folder / "measurements.parquet")
        files = {n: f"{n}.parquet" for n in ("patients", "lesions", "measurements")}
        tables, issues = read(files | ({"lesions": "lesions.csv"} if mixed else {}), folder)

        assert not issues.errors
        assert tables.measurements["assessed_on"].to_list() == days


ODD = {
    "genes": pl.Series([["EGFR"], ["KRAS", "TP53"]]),
    "place": pl.Series([{"x": 1}, {"x": 2}]),
    "scan": pl.Series([b"a", b"b"]),
    "stay": pl.Series([datetime(2020, 1, 2) - datetime(2020, 1, 1)] * 2),
    "pair": pl.Series([[1, 2], [3, 4]], dtype=pl.Array(pl.Int64, 2)),
}


@pytest.mark.parametrize("mixed", [False, True])
def test_a_column_that_cannot_be_cells_is_left_out_and_said(folder, mixed):
    for name in ("patients", "lesions", "measurements"):
        pl.read_csv(folder / f"{name}.csv").write_parquet(folder / f"{name}.parquet")
    patients = pl.read_parquet(folder / "patients.parquet").with_columns(**ODD, arm=pl.Series(["a", "b"]))
    patients.write_parquet(folder / "patients.parquet")
    files = {n: f"{n}.parquet" for n in ("patients", "lesions", "measurements")}

    tables, issues = read(files | ({"lesions": "lesions.csv"} if mixed else {}), folder)

    said = {i.column: i.expected.en for i in issues if i.rule == "column_ignored"}
    assert set(said) == set(ODD)
    assert "List(String)" in said["genes"]
    assert tables.patients["arm"].to_list() == ["a", "b"]
    assert not any(is_cell(series.dtype) for series in ODD.values())


@pytest.mark.parametrize("kind", [pl.Int8, pl.Int16, pl.UInt8, pl.UInt16, pl.UInt64, pl.Float32])
def test_numbers_of_any_width_are_numbers(folder, kind):
    for name in ("patients", "lesions", "measurements"):
        pl.read_csv(folder / f"{name}.csv").write_parquet(folder / f"{name}.parquet")
    rows = pl.read_parquet(folder / "measurements.parquet")
    rows.with_columns(diameter_mm=pl.Series([50, 30, 41, 28], dtype=kind)).write_parquet(
        folder / "measurements.parquet"
    )

    tables, issues = read({n: f"{n}.parquet" for n in ("patients", "lesions", "measurements")}, folder)

    assert not len(issues)
    assert tables.measurements["diameter_mm"].to_list() == [50.0, 30.0, 41.0, 28.0]


@pytest.mark.parametrize("kind", [pl.String, pl.Int64, pl.Float64])
def test_telephone_numbers_of_any_type_are_left_out_of_parquet(folder, kind):
    for name in ("patients", "lesions", "measurements"):
        frame = pl.read_csv(folder / f"{name}.csv")
        if name == "patients":
            frame = pl.concat([frame.head(1)] * 3).with_columns(
                patient_id=pl.Series(["P1", "P2", "P3"]),
                contact=pl.Series([13812345678, 15900001111, 18657654321]).cast(kind),
            )
        frame.write_parquet(folder / f"{name}.parquet")

    tables, issues = read({n: f"{n}.parquet" for n in ("patients", "lesions", "measurements")}, folder)

    assert [i.column for i in issues if i.rule == "identifier_left_out"] == ["contact"]
    assert "contact" not in tables.patients.columns


def test_a_damaged_file_is_named_in_words(folder):
    for name in ("patients", "lesions", "measurements"):
        frame = pl.read_csv(folder / f"{name}.csv")
        pl.concat([frame] * (400 if name == "measurements" else 1)).write_parquet(folder / f"{name}.parquet")
    raw = bytearray((folder / "measurements.parquet").read_bytes())
    raw[4 : len(raw) // 3] = bytes(len(raw) // 3 - 4)
    (folder / "measurements.parquet").write_bytes(raw)

    _, issues = read({n: f"{n}.parquet" for n in ("patients", "lesions", "measurements")}, folder)

    assert any("measurements.parquet" in str(issue.source) for issue in issues.errors)


# ---- workbooks ------------------------------------------------------------------------------------


def strict(raw: bytes) -> bytes:
    """A workbook as Excel saves it under "Strict Open XML Spreadsheet"."""
    names = (
        (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (b"http://schemas.openxmlformats.org/officeDocument/2006/relationships", b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
    )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as parts, zipfile.ZipFile(out, "w") as new:
        for name in parts.namelist():
            content = parts.read(name)
            for usual, other in names:
                content = content.replace(usual, other)
            new.writestr(name, content)
    return out.getvalue()


def test_a_strict_workbook_is_read_as_any_other(check, workbook, folder):
    rows = [
        ["patient_id", "treatment_started_on", "note"],
        ["P1", date(2020, 1, 10), "=1+1"],
        ["P2", date(2020, 2, 10), "b"],
    ]
    usual = workbook("p.xlsx", {"patients": rows})
    (folder / "s.xlsx").write_bytes(strict(usual))

    one, other = (check(sources={"patients": {"files": [name]}}) for name in ("p.xlsx", "s.xlsx"))

    assert b"purl.oclc.org" in zipfile.ZipFile(folder / "s.xlsx").read("xl/workbook.xml")
    assert other.tables.patients.drop("source").to_dicts() == one.tables.patients.drop("source").to_dicts()
    assert other.rules == one.rules


# ---- words of the findings ------------------------------------------------------------------------


def test_one_is_one_and_two_are_two():
    assert in_number("{n} row(s) that [repeats|repeat] another row", 1) == "{n} row that repeats another row"
    assert in_number("{n} row(s) that [repeats|repeat] another row", 2) == "{n} rows that repeat another row"


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("n", [1, 3])
def test_no_finding_has_a_verb_in_the_wrong_number(rule, n):
    issues = Issues.of(Issue(rule=rule, table="patients", source="a[b|c].csv", row=i) for i in range(n))
    heading = issues.message("en").splitlines()[0]

    words = heading.replace("a[b|c].csv", "")
    assert not set("[|{}") & set(words.split("]", 1)[1])
    assert "(s)" not in words
    if f" {n} " in words and n == 1:
        after = words.split(" 1 ", 1)[1]
        assert not any(
            f"{who} {verb} " in after for who in ("that", "who") for verb in ("were", "are", "have")
        )
