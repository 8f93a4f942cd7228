"""The formats of tables are one list: one that is added is read with row numbers and messages."""

from __future__ import annotations

import json

import pytest

from oligoscope.bilingual import Text
from oligoscope.intake import readers
from oligoscope.intake.files.formats import Format
from oligoscope.intake.files.raw_table import ROW
from oligoscope.intake.files.sheet import UnreadableError, sheet_of_rows
from oligoscope.intake.readers import READERS, Reader, read_tables
from spec.patient_tables import protocol


def _json_lines(file):
    lines = [(n, line) for n, line in enumerate(file.raw.decode().splitlines(), 1) if line.strip()]
    try:
        found = [(n, json.loads(line)) for n, line in lines]
    except json.JSONDecodeError:
        raise UnreadableError(Text("不是 JSON 行。", "it has a line that is no JSON")) from None
    names = list(dict.fromkeys(name for _, row in found for name in row))
    rows = [(n, [row.get(name) for name in names]) for n, row in found]
    return sheet_of_rows([(0, names), *rows]).named(file.name)


@pytest.fixture(autouse=True)
def _added(monkeypatch):
    monkeypatch.setattr(readers, "READERS", (Reader(Format((".jsonl",)), _json_lines), *READERS))


def test_a_format_that_is_added_is_known_by_its_name_and_keeps_row_numbers(tmp_path):
    (tmp_path / "p.jsonl").write_text('{"patient_id": "P1"}\n\n{"patient_id": "P2"}\n', encoding="utf-8")
    (tmp_path / "q.csv").write_text("patient_id\nP3\n", encoding="utf-8")

    raw = read_tables(protocol(data={"patients": {"files": ["p.jsonl", "q.csv"]}}), tmp_path)["patients"]

    assert raw.frame.select("patient_id", ROW).rows() == [("P1", 1), ("P2", 3), ("P3", 2)]


def test_what_it_cannot_read_is_a_finding_and_a_sheet_is_not_asked_of_it(tmp_path):
    (tmp_path / "p.jsonl").write_text("{", encoding="utf-8")

    for more, expected in (({}, "it has a line that is no JSON"), ({"sheet": "A"}, "it is not a workbook")):
        data = {"patients": {"files": ["p.jsonl"], **more}}
        (problem, *_) = read_tables(protocol(data=data), tmp_path)["patients"].problems
        assert expected in problem.expected.en
