"""The key of study numbers: made beside study.yaml, used again, and never over a file of the user's."""

from __future__ import annotations

import stat

import pytest

from oligoscope.errors import DataError, UsageError
from oligoscope.number_key import key_of_output, open_key, opened, read_key, where_the_key_is
from oligoscope.study.protocol import Protocol
from oligoscope.study.study_file import NUMBERS_NAME
from oligoscope.system import whole_file

IDS = ("ZY0012345", "ZY0012399", "欧阳春晓")


def test_the_key_is_made_once_and_used_again(tmp_path):
    first = open_key(tmp_path).for_patients(IDS, 1)
    written = (tmp_path / NUMBERS_NAME).read_bytes()

    again = open_key(tmp_path).for_patients(reversed(IDS), seed=99)

    assert again.numbers == first.numbers
    assert (tmp_path / NUMBERS_NAME).read_bytes() == written
    assert stat.S_IMODE((tmp_path / NUMBERS_NAME).stat().st_mode) & 0o077 == 0


def test_added_patients_are_added_to_it(tmp_path):
    first = open_key(tmp_path).for_patients(IDS, 1)
    open_key(tmp_path).for_patients([*IDS, "ZY7"], 1)

    found = read_key(tmp_path / NUMBERS_NAME)

    assert {name: found.of[name] for name in IDS} == first.numbers.of
    assert len(set(found.of.values())) == 4


def test_a_teams_own_study_numbers_are_used(tmp_path):
    (tmp_path / NUMBERS_NAME).write_text("study_number,patient_id\nA-01,ZY0012345\n", encoding="utf-8")

    assert open_key(tmp_path).for_patients(IDS, 1).numbers.of["ZY0012345"] == "A-01"


@pytest.mark.parametrize(
    "content",
    [
        b"my,numbers\n1,2\n",
        b"",
        "研究编号,患者\n".encode("gb18030"),
        b"study_number,patient_id,name\na,b,c\n",
    ],
)
def test_another_file_of_that_name_is_refused_and_left_alone(tmp_path, content):
    (tmp_path / NUMBERS_NAME).write_bytes(content)

    with pytest.raises(DataError, match="is no key of study numbers") as found:
        open_key(tmp_path)

    assert (tmp_path / NUMBERS_NAME).read_bytes() == content
    assert "不是研究编号对照表" in found.value.in_language(chinese=True)


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("SN1,\n", "row 2: lacks"),
        ("SN1,ZY1\nSN2\n", "row 3: lacks"),
        ("SN1,ZY1\nSN1,ZY2\n", "row 2: the study number SN1 is in several rows"),
        ("SN1,ZY1\nSN2,ZY1\n", "row 3: patient ZY1 has several study numbers"),
    ],
)
def test_rows_that_lack_something_or_contradict_each_other_are_named(tmp_path, rows, what):
    (tmp_path / NUMBERS_NAME).write_text(f"study_number,patient_id\n{rows}", encoding="utf-8")

    with pytest.raises(DataError, match=what):
        open_key(tmp_path)


def test_a_study_number_that_is_a_hospital_number_is_refused(tmp_path):
    (tmp_path / NUMBERS_NAME).write_text("study_number,patient_id\nZY2,ZY1\n", encoding="utf-8")

    with pytest.raises(DataError, match="the study number ZY2 is or holds the number of a patient"):
        open_key(tmp_path).for_patients(["ZY1", "ZY2"], 1)


def test_where_the_study_cannot_be_written_the_output_keeps_the_key(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(whole_file, "_write", refuse)
    key = open_key(tmp_path / "study", out).for_patients(IDS, 1)
    key.copy_into(out)

    assert not (tmp_path / "study" / NUMBERS_NAME).exists()
    assert open_key(tmp_path / "study", out).numbers == key.numbers
    sentence = where_the_key_is(tmp_path / "study", out)
    assert sentence is not None
    assert "cannot be written, so the key is only in" in sentence.en
    assert "研究文件夹不可写" in sentence.zh


def test_a_run_that_is_repeated_writes_no_key_and_takes_that_of_its_output(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    of_run = open_key(tmp_path).for_patients(IDS, 1)
    of_run.copy_into(out)
    (tmp_path / NUMBERS_NAME).unlink()

    repeated = open_key(tmp_path, out, is_repeated=True).for_patients(IDS, 1)

    assert repeated.numbers == of_run.numbers
    assert not (tmp_path / NUMBERS_NAME).exists()


def test_an_output_without_its_key_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="patient_numbers: own"):
        key_of_output(tmp_path)


def test_a_study_of_study_numbers_needs_no_key(tmp_path):
    protocol = Protocol.model_validate(
        {"study": {}, "data": {"patients": {"files": ["p.csv"]}}, "report": {"patient_numbers": "own"}}
    )

    assert opened(protocol, tmp_path) is None
    assert where_the_key_is(tmp_path, tmp_path) is None


def test_a_protected_key_that_lacks_a_row_is_named_and_left_alone(tmp_path):
    open_key(tmp_path).for_patients(IDS, 1)
    place = tmp_path / NUMBERS_NAME
    rows = place.read_text(encoding="utf-8-sig").splitlines()
    place.write_text("\n".join(rows[:-1]) + "\n", encoding="utf-8")
    place.chmod(0o444)
    before = place.read_bytes()

    with pytest.raises(
        DataError, match="is protected against writing and lacks 1 patient of the data"
    ) as found:
        open_key(tmp_path).for_patients(IDS, 1)

    assert "为只读，且缺少数据中的 1 例患者" in found.value.in_language(chinese=True)
    assert place.read_bytes() == before
    assert open_key(tmp_path).for_patients(IDS[:0], 1).numbers.of


@pytest.mark.parametrize("name", ["-5", "=1+1", "@x", "+5", "'-A"])
def test_numbers_that_look_like_formulas_come_back(tmp_path, name):
    first = open_key(tmp_path).for_patients([name, "ZY1"], 1)

    assert open_key(tmp_path).numbers == first.numbers
    assert first.numbers.hospital_number(first.numbers.of[name]) == name
