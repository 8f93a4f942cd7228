"""`oligoscope report`: the documents again from the saved results."""

from __future__ import annotations

import json
import shutil

import pytest

from acceptance.commands import as_process, oligoscope

pytestmark = pytest.mark.slow
DOCUMENTS = (
    "answer.en.docx", "answer.zh.docx", "numbers.en.html", "numbers.zh.html",
    "published.en.docx", "published.en.html", "published.zh.docx", "published.zh.html",
    "report.en.docx", "report.en.html", "report.zh.docx", "report.zh.html",
    "supplement.en.docx", "supplement.zh.docx", "tables.xlsx",
)  # fmt: skip


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "out"
    oligoscope("demo", "--out", folder, "--patients", 80, check=None)
    assert (folder / "report.en.docx").is_file()
    return folder


@pytest.fixture
def out(first, tmp_path):
    return shutil.copytree(first, tmp_path / "out")


def files_of(folder) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_without_a_style_every_document_has_the_same_bytes(out):
    before = files_of(out)
    for name in DOCUMENTS:
        (out / name).unlink()

    answer = json.loads(as_process("report", out, "--json").stdout)

    written = [name.rpartition("/")[2] for name in answer["files"] if "/figures/" not in name]
    assert written == list(DOCUMENTS)
    after = files_of(out)
    assert {name for name in before if before[name] != after.get(name)} <= {"run.json"}
    assert set(after) == set(before)


def test_a_style_changes_its_language_and_no_number(out):
    before = files_of(out)

    oligoscope("report", out, "--style", "en-lancet")

    after = files_of(out)
    changed = {name for name in before if before[name] != after[name]}
    pictures = {name for name in changed if name.startswith("figures/")}
    assert all(".en." in name for name in pictures)
    of_language = {name for name in DOCUMENTS if ".en." in name and not name.startswith("numbers")}
    assert changed - pictures == {*of_language, "tables.xlsx", "run.json"}
    assert "·" in after["report.en.html"].decode()
    assert json.loads(after["run.json"])["styles"] == {"en": "en-lancet"}


def test_a_folder_that_is_no_output_is_wrong_usage(tmp_path):
    done = oligoscope("report", tmp_path, check=2)

    assert "not a folder that Oligoscope wrote" in done.stderr


def test_an_unknown_style_is_wrong_usage(out):
    done = oligoscope("report", out, "--style", "en-bmj", check=2)

    assert "en-lancet" in done.stderr
