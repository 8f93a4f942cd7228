"""What is no file of data: pipes, devices, folders, links to themselves, files that go, names that cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oligoscope.checked_study import check_study
from oligoscope.errors import OligoscopeError, StudyFileError
from oligoscope.intake.files.sheet import UnreadableError, read_bytes
from oligoscope.intake.input_files import readable
from oligoscope.intake.parquet.parquet_slices import Slice, read_slice
from oligoscope.published.paper import read_published
from unit.intake.files.damaged import parquet_bytes

NAMES = ("t.csv", "t.xlsx", "t.parquet")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the files are those of POSIX systems")


def _said(folder: Path, name: str, sdtm: bool = False) -> str:
    data = f"sdtm: {{files: {{dm: {name}}}}}" if sdtm else f"patients: {name}\n  lesions: {name}"
    (folder / "study.yaml").write_text(f"study: {{}}\ndata:\n  {data}\n", encoding="utf-8")
    checked = check_study(folder)
    assert checked.issues.errors
    found = [i for i in checked.issues.errors if i.rule == "file_unreadable"]
    assert {i.source for i in found if i.table == "patients"} == {name}
    return checked.issues.message("en")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sdtm", [False, True])
class TestAsATable:
    def test_a_pipe_is_not_waited_for(self, tmp_path, name, sdtm):
        os.mkfifo(tmp_path / name)

        assert "a pipe or a device" in _said(tmp_path, name, sdtm)

    @pytest.mark.parametrize("device", ["/dev/zero", "/dev/random", "/dev/null", "/dev/tty"])
    def test_a_device_is_not_read(self, tmp_path, name, sdtm, device):
        if not Path(device).exists():
            pytest.skip(f"no {device} here")
        (tmp_path / name).symlink_to(device)

        assert "a pipe or a device" in _said(tmp_path, name, sdtm)

    def test_a_folder_is_no_file(self, tmp_path, name, sdtm):
        (tmp_path / name).mkdir()

        assert "it is a folder" in _said(tmp_path, name, sdtm)

    def test_a_link_to_itself(self, tmp_path, name, sdtm):
        (tmp_path / name).symlink_to(name)

        assert "the system refuses to read it" in _said(tmp_path, name, sdtm)

    def test_a_link_to_nothing(self, tmp_path, name, sdtm):
        (tmp_path / name).symlink_to("nothing")

        assert "no such file" in _said(tmp_path, name, sdtm)

    def test_an_empty_file(self, tmp_path, name, sdtm):
        (tmp_path / name).touch()

        assert "0 bytes" in _said(tmp_path, name, sdtm)

    def test_a_file_of_zeros(self, tmp_path, name, sdtm):
        (tmp_path / name).write_bytes(bytes(5_000))

        assert f"{name} cannot be read" in _said(tmp_path, name, sdtm)


@pytest.mark.parametrize("name", ["a/" * 3000 + "t.csv", "x" * 300 + ".csv", "x" * 300 + ".parquet"])
def test_a_name_that_no_file_can_have(tmp_path, name):
    text = _said(tmp_path, name)

    assert "cannot be read" in text
    assert max(map(len, text.splitlines())) < 1100


@pytest.mark.parametrize("folder", ["x" * 300, "a/" * 3000])
def test_a_folder_that_no_system_can_have(tmp_path, folder):
    (tmp_path / "study.yaml").write_text(f"study: {{}}\ndata: {{folder: {folder}, patients: p.csv}}\n")

    with pytest.raises(OligoscopeError, match="does not exist"):
        check_study(tmp_path)


def test_a_file_that_is_gone_when_its_rows_are_read(tmp_path):
    with pytest.raises(UnreadableError, match=r"^lesions\.parquet: there is no such file"):
        read_slice(Slice(tmp_path / "gone.parquet", "lesions.parquet", 0, 5), ["a"])


def test_a_file_that_is_damaged_after_it_was_opened(tmp_path):
    (tmp_path / "t.parquet").write_bytes(parquet_bytes()[:-100])

    with pytest.raises(UnreadableError, match=r"^lesions\.parquet: it is not a valid parquet file"):
        read_slice(Slice(tmp_path / "t.parquet", "lesions.parquet", 0, 5), ["a"])


def test_a_file_without_permission_says_so(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_bytes(b"a\n1\n")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UnreadableError, match="the system refuses to read it: Permission denied"):
        read_bytes(tmp_path / "t.csv")


@pytest.mark.parametrize("made", ["pipe", "device", "hole", "link", "folder"])
def test_a_study_file_that_is_no_file(tmp_path, made):
    file = tmp_path / "study.yaml"
    if made == "pipe":
        os.mkfifo(file)
    elif made == "device":
        file.symlink_to("/dev/zero")
    elif made == "hole":
        with file.open("wb") as hole:
            hole.truncate(3 * 10**9)
    elif made == "link":
        file.symlink_to("study.yaml")
    else:
        file.mkdir()

    with pytest.raises(StudyFileError, match=r"study\.yaml cannot be read"):
        check_study(tmp_path)


@pytest.mark.parametrize(
    "text", ["a: &a [x]\nb: [" + ", ".join(["*a"] * 2000) + "]", "a: " + "[" * 5000, "x: " + "y" * 600_000]
)
def test_published_numbers_have_the_limits_of_a_study_file(tmp_path, text):
    (tmp_path / "paper.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(OligoscopeError, match=r"more than|the limit is"):
        read_published(str(tmp_path / "paper.yaml"))


@pytest.mark.parametrize("refused", ["a.csv", "sub/a.csv"])
def test_of_two_files_of_one_name_only_the_refused_one_is_not_opened_again(tmp_path, refused):
    (tmp_path / "sub").mkdir()
    for name in ("a.csv", "sub/a.csv"):
        (tmp_path / name).write_text("patient_id\nP1\n", encoding="utf-8")
    (tmp_path / refused).unlink()
    os.mkfifo(tmp_path / refused)
    data = "patients: a.csv\n  lesions: sub/a.csv"
    (tmp_path / "study.yaml").write_text(f"study: {{}}\ndata:\n  {data}\n", encoding="utf-8")
    checked = check_study(tmp_path)
    left = {"study.yaml", "a.csv", "sub/a.csv"} - {refused}

    assert set(readable({**checked.inputs, refused: tmp_path / refused}, checked.issues)) == left
