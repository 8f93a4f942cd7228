"""A file or sheet with data of the study that no table reads is a finding; a sheet of other people is none."""

from __future__ import annotations

import pytest

from oligoscope.intake.input_files import input_files
from oligoscope.intake.readers import read_tables
from oligoscope.intake.unread_files import find_unread
from unit.intake.conftest import write_xlsx
from unit.intake.test_sheets_of_people import LESIONS, MEASUREMENTS, PATIENTS, protocol

DEATHS = [["Subject No.", "Date of death"], ["P1", "2021-01-01"]]
STOCK = [["item", "price"], ["glove", "3"]]
BASE = {"patients": PATIENTS, "lesions": LESIONS, "measurements": MEASUREMENTS}


def found(folder, **data):
    study = protocol(**(dict.fromkeys(BASE, "d.xlsx") | data))
    raw = read_tables(study, folder)
    return {i.source: i.expected for i in find_unread(study, folder, input_files(folder, study, folder), raw)}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"d.xlsx": BASE}, {}),
        ({"d.xlsx": BASE | {"耗材": STOCK}}, {}),
        ({"d.xlsx": BASE | {"随访": DEATHS}}, {"d.xlsx [随访]": "Date of death"}),
        ({"d.xlsx": BASE, "followup 2024.xlsx": {"FU": DEATHS}}, {"followup 2024.xlsx": "Date of death"}),
        ({"d.xlsx": BASE, "stock.xlsx": {"S": STOCK}}, {"stock.xlsx": "no table reads it"}),
    ],
)
def test_what_no_table_reads_is_said(tmp_path, files, expected):
    for name, sheets in files.items():
        write_xlsx(tmp_path / name, sheets)

    said = found(tmp_path)

    assert said.keys() == expected.keys()
    assert all(word in said[source].en for source, word in expected.items())


def test_a_csv_beside_the_workbook_and_what_is_no_data(tmp_path):
    write_xlsx(tmp_path / "d.xlsx", BASE)
    (tmp_path / "deaths.csv").write_text("住院号,死亡日期\nP1,2021-01-01\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("a", encoding="utf-8")
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    (tmp_path / "~$d.xlsx").write_bytes(b"x")

    said = found(tmp_path)

    assert {source: "死亡日期" in text.zh for source, text in said.items()} == {"deaths.csv": True}


def test_a_joined_file_is_read(tmp_path):
    write_xlsx(tmp_path / "d.xlsx", BASE)
    write_xlsx(tmp_path / "e.xlsx", {"FU": DEATHS})
    join = {"file": "e.xlsx", "key": "Subject No.", "columns": {"died_on": "Date of death"}}

    assert not found(tmp_path, patients={"files": "d.xlsx", "join": join})
