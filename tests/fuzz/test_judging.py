"""The judge of spoiled studies sees what is wrong: each fault on a file or an end made to have it, and none on a right one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from fuzz.judging import files_faults, judge, snapshot
from fuzz.spoiled import ONLY_REFUSED, RUNS, Spoiled
from fuzz.worker import Done

SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
WRONG = {
    "script.svg": SVG.format("<script>alert(1)</script>"),
    "event.svg": SVG.format('<g onload="alert(1)"/>'),
    "broken.svg": SVG.format("<g id='<1%'/>"),
    "elsewhere.svg": SVG.format('<image href="http://example.org/a.png"/>'),
    "twice.svg": SVG.format('<g id="a"/><g id="a"/>'),
    "script.html": "<html><body><script>alert(1)</script></body></html>",
    "event.html": "<html><body><img src=x onerror=alert(1)></body></html>",
    "address.html": '<html><body><a href="JavaScript:alert(1)">x</a></body></html>',
    "picture.html": f"<html><body>{SVG.format('<g>')}</body></html>",
    "widths.csv": "a,b\n1,2,3\n",
    "quote.csv": 'a\n"b\n',
    "issues.csv": "\ufeffvalue\n=1+1\n",
    "number.json": '{"a": NaN}',
    "not.xlsx": "no workbook",
    "not.docx": "no document",
    "not.png": "no picture",
}
RIGHT = {
    "right.svg": SVG.format('<g id="a"/><image href="data:image/png;base64,AA=="/>'),
    "right.html": "<html><body><p title='on'>a</p></body></html>",
    "right.csv": "a,b\n-1.5,=x\n",
    "flow.csv": "\ufeffa\n-1\n",
    "right.json": '{"a": null}',
}


@pytest.mark.parametrize("name", list(WRONG))
def test_a_wrong_file_is_seen(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(WRONG[name], encoding="utf-8")

    assert list(files_faults(tmp_path))


@pytest.mark.parametrize("name", list(RIGHT))
def test_a_right_file_is_let_be(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(RIGHT[name], encoding="utf-8")

    assert not list(files_faults(tmp_path))


def test_a_part_of_an_office_file_that_is_no_xml_is_seen(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as parts:
        parts.writestr("word/document.xml", "<a>\x0b</a>")

    assert list(files_faults(tmp_path))


REFUSED = Spoiled("a table is damaged", {}, ("derive",), ONLY_REFUSED, place="patients.csv")
SENTENCE = "patients.csv cannot be read: it is empty (0 bytes). Save it again."


@pytest.mark.parametrize(
    ("case", "done", "fault"),
    [
        (REFUSED, Done(3, "", SENTENCE, 0.1, 0), None),
        (REFUSED, Done(0, "", "", 0.1, 0), "exit 0"),
        (REFUSED, Done(3, "", "", 0.1, 0), "without a word"),
        (REFUSED, Done(3, "", "It cannot be read.", 0.1, 0), "does not name the file"),
        (REFUSED, Done(3, "", SENTENCE + " KeyError: 'a'", 0.1, 0), "no sentence"),
        (REFUSED, Done(3, "", (SENTENCE + "\n") * 101, 0.1, 0), "more than 100 lines"),
        (REFUSED, Done(3, "", SENTENCE + "\x1b[31m", 0.1, 0), "control characters"),
        (REFUSED, Done(3, "", SENTENCE, 0.1, 3 << 30), "2 GB"),
        (REFUSED, Done(1, "", "Traceback (most recent call last):\nKeyError: 'a'", 0.1, 0), "traceback"),
        (REFUSED, Done(-24, "", "", 11, 0), "processor time"),
        (REFUSED, Done(-9, "", "", 1, 0), "killed"),
        (Spoiled("a right one", {}, ("derive",), RUNS), Done(0, "", "", 0.1, 0), "nothing is written"),
    ],
)
def test_a_wrong_end_is_seen(case: Spoiled, done: Done, fault: str | None, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    found = [name for name, _ in judge(case, done, tmp_path, {})]

    assert [name for name in found if fault is not None and fault in name] or (fault is None and not found)


def test_an_output_in_parts_and_a_lost_file_of_the_users_are_seen(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "my notes.txt").write_text("mine", encoding="utf-8")
    (out / "patients.csv").write_text("a\n", encoding="utf-8")
    before = snapshot(out)
    (out / "my notes.txt").unlink()
    (out / "flow.csv").write_text("a\n", encoding="utf-8")
    (tmp_path / ".out-draft").mkdir()

    found = {name for name, _ in judge(REFUSED, Done(3, "", SENTENCE, 0.1, 0), tmp_path, before)}

    assert found == {
        "files are left beside the output folder",
        "a file of the user's is lost",
        "an output folder in parts",
    }
