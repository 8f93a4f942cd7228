"""Names and contents of files that are sent, what is counted, and where a file goes."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oligoscope.intake.files.formats import EVERY
from oligoscope.web import uploads
from oligoscope.web.file_content import refused_content
from oligoscope.web.file_names import READ, cleaned, refused_name
from oligoscope.web.studies import Home


@pytest.mark.parametrize(
    "name", ["patients.csv", "登记表 v3（终）.xlsx", "Patients' data & more.xlsx", "a.SAS7BDAT", "dm.json"]
)
def test_usual_names_are_taken(name: str):
    assert refused_name(cleaned(name)) is None


@pytest.mark.parametrize(
    "name",
    [
        "", "..", "../a.csv", "a/b.csv", "a\\b.csv", "C:\\a.csv", "a\0.csv", "a\n.csv", ".a.csv", "~$a.xlsx", "a.csv.", "nul.csv", "COM1.xlsx",
        "con .csv", "mapping.yaml", "study_numbers.csv", "a\u202ecsv.xlsx", "a\u200b.csv", "a.xlsm", "a.xlsb", "a.zip", "a.exe", "a", "字" * 100 + ".csv",
    ],
)  # fmt: skip
def test_other_names_are_refused_with_a_sentence_in_both_languages(name: str):
    refused = refused_name(cleaned(name))

    assert refused is not None
    assert refused.zh.endswith("。")
    assert refused.en.endswith(".")


def test_every_format_that_is_read_is_taken_except_workbooks_with_macros():
    read = {suffix for form in EVERY for suffix in form.suffixes}

    assert read - {".xlsm"} == set(READ)


def _package(*names: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", _package("xl/workbook.xml"), None),
        ("a.csv", b"patient_id\n1\n", None),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(100), None),
        ("a.csv", b"", "empty"),
        ("a.csv", b"MZ\x00", "program"),
        ("a.xlsx", b"patient_id\n", "not what the name says"),
        ("a.xlsx", b"PK\x03\x04damaged", "not what the name says"),
        ("a.csv", _package("xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        ("a.xlsx", _package("xl/workbook.bin"), "macros"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * (1 << 20) + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
        ("a.xlsx", _package("xl/workbook.xml", content=bytes(30_000_000)), "unpacks to 30 MB"),
    ],
)
def test_what_a_file_is_decides_and_not_its_name(
    tmp_path: Path, name: str, content: bytes, words: str | None
):
    (tmp_path / "sent").write_bytes(content)
    refused = refused_content(tmp_path / "sent", name)

    assert (refused is None) is (words is None)
    assert refused is None or (words or "") in refused.en


def test_more_bytes_than_a_file_may_have_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "LARGEST", 10)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"12345"

    assert asyncio.run(uploads._received(chunks(), tmp_path / "part")) is None


def test_a_file_goes_where_the_tables_are(tmp_path: Path):
    study = Home(tmp_path).create("One")
    assert uploads.data_folder(study) == study.data
    study.file.write_text("study: {}\n", encoding="utf-8")
    (study.folder / "patients.csv").write_text("patient_id\n", encoding="utf-8")
    assert uploads.data_folder(study) == study.folder
    assert uploads.namesake(study, "PATIENTS.CSV") == study.folder / "patients.csv"
    (study.data / "lesions.csv").write_text("patient_id\n", encoding="utf-8")
    assert uploads.data_folder(study) == study.data
