"""The documents of a language are taken from the folder where nothing about them has changed, and written again where anything has."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from oligoscope.bilingual import Language
from oligoscope.output_folder import RUN_FILE
from oligoscope.printing.left_out import LeftOut
from oligoscope.report import kept_documents, kept_pictures, report_files
from oligoscope.report.kept_documents import IN_RUN_FILE, Documents, made_from
from oligoscope.run_documents import report_again

RUN = Path(__file__).parents[2] / "golden" / "small_run"
FACTS = {"style": None}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run with its documents in the usual style."""
    out = tmp_path_factory.mktemp("made") / "out"
    shutil.copytree(RUN, out)
    report_again(out)
    return out


@pytest.fixture
def out(made, tmp_path):
    return shutil.copytree(made, tmp_path / "out")


@pytest.fixture
def written(monkeypatch) -> list[Language]:
    """The languages whose pages of numbers are made from now on: those that are not taken."""
    found: list[Language] = []
    write = report_files.write_numbers_html
    monkeypatch.setattr(
        report_files, "write_numbers_html", lambda page, one: (found.append(one), write(page, one))[1]
    )
    return found


def files_of(out: Path) -> dict[str, bytes]:
    """All files but run.json, which says when they were written."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != RUN_FILE
    }


def forgotten(out: Path, copy: Path) -> Path:
    """A copy of the folder whose run.json knows nothing of documents or pictures."""
    shutil.copytree(out, copy)
    record = json.loads((copy / RUN_FILE).read_text("utf-8"))
    record |= {IN_RUN_FILE: {}, kept_pictures.IN_RUN_FILE: {}}
    (copy / RUN_FILE).write_text(json.dumps(record), "utf-8")
    return copy


@pytest.mark.slow
def test_a_language_without_a_new_style_is_taken_and_is_as_if_written(out, tmp_path, written):
    anew = forgotten(out, tmp_path / "anew")
    listed = report_again(out, styles={"en": "en-lancet"})
    assert written == ["en"]
    assert report_again(anew, styles={"en": "en-lancet"}) == listed

    assert files_of(out) == files_of(anew)
    pages, pictures = (
        json.loads((folder / RUN_FILE).read_text("utf-8"))[name]
        for folder, name in ((out, IN_RUN_FILE), (out, kept_pictures.IN_RUN_FILE))
    )
    assert list(pages) == ["en", "zh"]
    assert {name.rpartition(".")[2] for name in pictures} == {"en", "zh"}


@pytest.mark.slow
def test_the_same_once_more_writes_nothing_anew(out, written):
    before = files_of(out)
    report_again(out)

    assert written == []
    assert files_of(out) == before


@pytest.mark.slow
def test_where_a_part_of_the_other_fails_both_are_written(out, written, monkeypatch):
    def broken(*_args):
        raise ValueError("broken for the test")

    monkeypatch.setattr(report_files, "write_xlsx", broken)
    left_out = LeftOut()
    report_again(out, styles={"en": "en-lancet"}, left_out=left_out)

    assert len(left_out.parts) == 1
    assert "broken for the test" in (out / "report.zh.html").read_text("utf-8")
    assert json.loads((out / RUN_FILE).read_text("utf-8"))[IN_RUN_FILE] == {}


@pytest.mark.slow
@pytest.mark.parametrize("changed", ["report.zh.html", "patients.csv"])
def test_a_file_that_is_another_now_is_written_again(changed, out, written):
    path = out / changed
    path.write_bytes(path.read_bytes() + b"\n")
    report_again(out, ("zh",))

    assert written == ["zh"]


def test_the_source_is_all_that_documents_are_made_from(tmp_path, monkeypatch):
    (tmp_path / "series").mkdir()
    for name in ("results.csv", "series/km.csv"):
        (tmp_path / name).write_text("1", "utf-8")
    names = ("results.csv", "series", "none.csv")

    def source() -> str:
        return made_from(tmp_path, names, FACTS)

    first = source()
    assert source() == first
    assert made_from(tmp_path, names, {"style": "en-jama"}) != first
    for name in ("results.csv", "series/km.csv", "series/new.csv", "none.csv"):
        before = source()
        (tmp_path / name).write_text("2", "utf-8")
        assert source() != before
    before = source()
    monkeypatch.setattr(kept_documents, "_LIBRARIES", ("numpy",))
    assert source() != before


@pytest.mark.parametrize(
    "damaged",
    [
        None, [], {"zh": 1}, {"zh": {"from": "x"}}, {"zh": {"from": "x", "files": []}}, {"zh": {"from": "x", "files": "a"}},
        {"zh": {"from": "x", "files": [["a"]]}}, {"zh": {"from": "x", "files": ["../a"]}},
    ],
)  # fmt: skip
def test_a_damaged_record_takes_nothing(damaged, tmp_path):
    found = Documents.of(tmp_path, {IN_RUN_FILE: damaged, "outputs": {}})

    assert found.taken("zh", "x") is None
