"""Each limit of study.yaml: a file within it is read, one beyond it is refused with the name of the setting."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.files.sheet import UnreadableError, read_bytes
from oligoscope.intake.files.xlsx_reader import XlsxWorkbook
from oligoscope.intake.parquet.parquet_study import open_parquet
from oligoscope.intake.readers import read_tables
from oligoscope.study.protocol import LimitSettings, Protocol
from unit.intake.files.damaged import XPT, with_sheet

PATIENTS = pl.DataFrame(
    {"patient_id": ["P1", "P2", "P3"], "treatment_started_on": ["2020-01-01"] * 3, "arm": ["A", "B", "C"]}
)
# A limit, a value that these files pass, and one that they do not.
CASES = [("rows", 3, 2), ("columns", 3, 2), ("cells", 9, 8), ("cell_length", 10, 9), ("name_length", 20, 19)]
FORMATS = ("csv", "xlsx", "parquet")


def _written(folder: Path, kind: str, frame: pl.DataFrame = PATIENTS) -> str:
    name = f"patients.{kind}"
    {"csv": frame.write_csv, "xlsx": frame.write_excel, "parquet": frame.write_parquet}[kind](folder / name)
    return name


def _read(folder: Path, file: str, **limits: int) -> str:
    """What is said of the file; blank where it is read."""
    data = {"patients": {"files": [file]}}
    protocol = Protocol.model_validate({"study": {}, "data": data, "limits": limits})
    table = read_tables(protocol, folder)["patients"]
    return " ".join(problem.expected.en for problem in table.problems)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(("limit", "fits", "does_not"), CASES)
def test_a_limit_decides_whether_a_file_is_read(tmp_path, kind, limit, fits, does_not):
    file = _written(tmp_path, kind)

    assert not _read(tmp_path, file, **{limit: fits})
    refused = _read(tmp_path, file, **{limit: does_not})
    assert f"limits.{limit} in study.yaml" in refused


@pytest.mark.parametrize("kind", FORMATS)
def test_the_bytes_of_a_file_are_looked_at_before_it_is_read(tmp_path, kind):
    file = tmp_path / f"patients.{kind}"
    with file.open("wb") as hole:
        hole.truncate(3_000_000)

    assert "limits.file_mb in study.yaml" in _read(tmp_path, file.name, file_mb=2)


def test_a_file_of_terabytes_takes_no_time(tmp_path):
    with (tmp_path / "t.csv").open("wb") as hole:
        hole.truncate(2**42)

    with pytest.raises(UnreadableError, match="file_mb"):
        read_bytes(tmp_path / "t.csv")


def test_the_unpacked_bytes_of_a_workbook_are_counted_before_it_is_unpacked():
    raw = with_sheet("<sheetData>", "<sheetData>" + " " * 2_000_000)

    XlsxWorkbook.opened(raw, LimitSettings(unpacked_mb=3)).sheet(None, ("patients",))
    with pytest.raises(UnreadableError, match=r"limits\.unpacked_mb"):
        XlsxWorkbook.opened(raw, LimitSettings(unpacked_mb=1)).sheet(None, ("patients",))


@pytest.mark.parametrize(("most", "is_read"), [(3, True), (2, False)])
def test_typed_parquet_has_a_limit_of_rows_of_its_own(tmp_path, most, is_read):
    file = _written(tmp_path, "parquet")
    settings = {
        "study": {},
        "data": {"patients": {"files": [file]}},
        "limits": {"rows": 1, "parquet_rows": most},
    }

    found = open_parquet(Protocol.model_validate(settings), tmp_path)

    refused = [i.expected.en for i in found.issues if i.rule == "file_unreadable"]
    assert refused == ([] if is_read else [
        "it has 3 rows, and the limit is 2 (limits.parquet_rows in study.yaml); if the file is right, raise it"
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "fits", "does_not"),
    [("rows", 5, 4), ("columns", 5, 4), ("cells", 25, 24), ("cell_length", 11, 8), ("name_length", 8, 7)],
)
def test_the_limits_hold_for_domains(tmp_path, limit, fits, does_not):
    (tmp_path / "tr.xpt").write_bytes(XPT.read_bytes())

    def said(n: int) -> list[str]:
        protocol = Protocol.model_validate({"study": {}, "data": {"sdtm": {}}, "limits": {limit: n}})
        found = read_tables(protocol, tmp_path).get("measurements", RawTable("measurements")).problems
        return [i.expected.en for i in found if i.rule == "file_unreadable" and i.source == "tr.xpt"]

    assert not any("limits" in text for text in said(fits))
    assert any(f"limits.{limit} in study.yaml" in text for text in said(does_not))


def test_there_is_a_case_for_every_limit():
    tested = {name for name, *_ in CASES} | {"file_mb", "unpacked_mb", "parquet_rows"}

    assert tested == set(LimitSettings.model_fields)
