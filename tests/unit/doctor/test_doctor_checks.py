"""Each check of `oligoscope doctor` by itself: what it finds, in both languages, and the exit status."""

from __future__ import annotations

import base64
import hashlib
from importlib.metadata import Distribution, PackageNotFoundError, PathDistribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

from oligoscope import cli
from oligoscope.bilingual import Text
from oligoscope.doctor import examination
from oligoscope.doctor.check import Check, Ended, answer_of, compared
from oligoscope.doctor.comparison import differences
from oligoscope.doctor.installed_files import check_installed_files
from oligoscope.doctor.libraries import broken_library, check_libraries
from oligoscope.errors import UsageError

SAID = Text("某项", "something")


@pytest.fixture
def package(tmp_path: Path) -> tuple[Distribution, Path]:
    """A package of two files as an installer leaves it."""
    folder, info = tmp_path / "oligoscope", tmp_path / "oligoscope-0.1.0.dist-info"
    folder.mkdir()
    info.mkdir()
    rows = []
    for name in ("rules.py", "font.ttf"):
        content = name.encode() * 9
        (folder / name).write_bytes(content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        rows.append(f"oligoscope/{name},sha256={digest},{len(content)}")
    (info / "RECORD").write_text("\n".join([*rows, "oligoscope/rules.pyc,,"]) + "\n", encoding="utf-8")
    return PathDistribution(info), folder


def test_a_package_as_it_was_installed_agrees(package):
    check = check_installed_files(*package)

    assert (check.ended, check.findings) == (Ended.AGREES, ())
    assert check.said.en == "checksums of 2 files of the program"


def test_a_changed_and_a_missing_file_are_named(package):
    (package[1] / "rules.py").write_text("changed", encoding="utf-8")
    (package[1] / "font.ttf").unlink()

    check = check_installed_files(*package)

    assert check.ended is Ended.DIFFERS
    assert [text.en for text in check.findings] == [
        "oligoscope/rules.py was changed after it was installed",
        "oligoscope/font.ttf is missing or cannot be read",
    ]


def test_a_package_that_runs_from_elsewhere_is_not_called_whole(package, tmp_path):
    assert check_installed_files(package[0], tmp_path).ended is Ended.NOT_CHECKED


def test_a_library_out_of_its_bounds_is_named():
    versions = {"polars": "2.1.0", "scipy": "0.9"}
    needed = [Requirement("polars>=2.1,<3"), Requirement("scipy>=1.15,<2")]

    check = check_libraries(needed, versions.__getitem__)

    assert [text.en for text in check.findings] == ["scipy 0.9: needed is <2,>=1.15"]


def test_libraries_that_are_missing_end_the_check_with_all_their_names():
    def version_of(name: str) -> str:
        if name == "polars":
            return "2.1.0"
        raise PackageNotFoundError(name)

    with pytest.raises(UsageError) as error:
        check_libraries([Requirement("polars"), Requirement("scipy<2"), Requirement("numpy")], version_of)

    assert "2 of 3 libraries are not installed: scipy<2, numpy" in str(error.value)
    assert "scipy<2, numpy" in error.value.zh


def test_what_cannot_be_loaded_is_said_with_the_files_that_were_changed():
    spoiled = compared("files", SAID, [Text("某文件被改动", "a file was changed")])

    error = broken_library(ImportError("no such symbol"), spoiled)

    assert "(no such symbol)" in str(error)
    assert str(error).endswith("\n  a file was changed")
    assert error.zh.endswith("\n  某文件被改动")
    assert error.exit_code == 2


STORED = "group,statistic,value,warning\nA,median,12.5,\nB,median,,few_events\n"


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (STORED, []),
        (STORED.replace("12.5", "12.500000001"), []),
        (STORED.replace("12.5", "12.51"), ["t.csv row 2 (A, median, 12.5) value: 12.5 stored, 12.51 now"]),
        (STORED.replace("12.5", ""), ["t.csv row 2 (A, median, 12.5) value: 12.5 stored, blank now"]),
        (
            STORED.replace("few_events", ""),
            ["t.csv row 3 (B, median, few_events) warning: few_events stored, blank now"],
        ),
        (STORED.replace("group", "arm"), ["t.csv has other columns than the stored one"]),
        (STORED + "C,median,1,\n", ["t.csv: 2 rows stored, 3 now"]),
        (None, ["t.csv was not made"]),
        ("", ["t.csv has other columns than the stored one"]),
    ],
)
def test_tables_are_compared_cell_by_cell(tmp_path, now, found):
    stored, made = tmp_path / "stored" / "t.csv", tmp_path / "now" / "t.csv"
    for path, text in ((stored, STORED), (made, now)):
        path.parent.mkdir()
        if text is not None:
            path.write_text(text, encoding="utf-8")

    assert [text.en for text in differences(stored, made)] == found


def test_a_long_list_is_cut_on_a_terminal_and_whole_for_a_program():
    check = compared("numbers", SAID, [Text(f"第{i}处", f"place {i}") for i in range(8)])

    answer = answer_of([check], "zh")

    assert answer["lines"][6] == "    另有 3 处；加 --json 可全部列出。"
    assert len(answer["checks"][0]["findings"]) == 8
    assert (answer["agrees"], answer["exit"]) == (False, 4)


def test_a_check_that_could_not_be_made_is_no_difference():
    answer = answer_of([Check("files", Ended.NOT_CHECKED, SAID)], "en")

    assert (answer["agrees"], answer["exit"]) == (True, 0)
    assert answer["lines"][0] == "not checked  something"


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "The check needs a folder for temporary files"), ("zh", "临时文件夹")]
)
def test_without_a_place_for_temporary_files_it_ends_as_an_environment(monkeypatch, lang, words):
    def no_place(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(examination.tempfile, "TemporaryDirectory", no_place)

    done = CliRunner().invoke(cli.app, ["doctor", "--lang", lang])

    assert done.exit_code == 2
    assert words in done.output
    assert "No space left on device" in done.output


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "lesions.csv").unlink(), "lesions.csv"),
        (lambda folder: (folder / "study.yaml").write_text("study: [", encoding="utf-8"), "study.yaml"),
    ],
)
def test_a_spoiled_study_is_a_finding_and_no_traceback(monkeypatch, tmp_path, spoil, words):
    folder = tmp_path / "study"
    folder.mkdir()
    for path in examination.STUDY.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    spoil(folder)
    monkeypatch.setattr(examination, "STUDY", folder)

    done = CliRunner().invoke(cli.app, ["doctor"])

    assert done.exit_code == 4
    assert "the study that is shipped with the program: it did not run" in done.output
    assert words in done.output


def test_a_part_of_the_program_that_fails_is_a_finding(monkeypatch):
    def fails(*_: object) -> None:
        raise ZeroDivisionError("in a rule")

    monkeypatch.setattr(examination, "run_study", fails)

    done = CliRunner().invoke(cli.app, ["doctor", "--json"])

    assert done.exit_code == 4
    assert "ZeroDivisionError: in a rule" in done.output
