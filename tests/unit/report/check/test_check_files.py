"""What `check` writes beside its list: marked workbooks, the comparison with the check before, the page to sign."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from oligoscope.bilingual import Language, Text
from oligoscope.check_files import files_beside
from oligoscope.checked_study import check_study
from oligoscope.doctor.examination import __file__ as doctor_file
from oligoscope.intake.issues import Issue, Issues
from oligoscope.report.check.marked_book import COLOURS, Finding, mark_workbook
from oligoscope.report.check.since_last import since_last
from oligoscope.run_record import write_findings

SMALL = Path(doctor_file).parent / "study"


def _silent(_stage: str) -> None:
    return None


# ---- marked workbooks ---------------------------------------------------------------------------------


def workbook() -> bytes:
    """Two rows of header, a merged cell, a drop-down, a format, a formula, and a comment of the user's."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "患者 1"
    for row in (["Our list"], ["编号", "性别", "日期"], ["P1", "X", "2020-13-01"], ["P2", "男", "=A1"]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    rule = DataValidation("list", formula1='"男,女"')
    sheet.add_data_validation(rule)
    rule.add("B3:B9")
    sheet["B3"].font = Font(bold=True)
    sheet["B3"].comment = Comment("mine", "me")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def issue(
    rule: str, row: int | None, column: str = "", value: str | None = None, expected: str = "e"
) -> Issue:
    return Issue(
        rule=rule, table="patients", source="a.xlsx [患者 1]", row=row, column=column, value=value, expected=Text(expected, expected)
    )  # fmt: skip


def marked(*issues: Issue, language: Language = "en"):
    raw = workbook()
    out = mark_workbook(raw, {"患者 1": [Finding(i) for i in issues]}, {"患者 1": (2,)}, language)
    return openpyxl.load_workbook(io.BytesIO(out))


@pytest.mark.parametrize(
    ("found", "cell"),
    [
        (issue("value_ignored", 3, "性别", "X"), "B3"),
        (issue("value_ignored", 3, "别名/日期", "2020-13-01"), "C3"),
        (issue("value_ignored", 3, "unknown", "2020-13-01"), "C3"),  # by its value
        (issue("patient_left_out", 4), "A4"),  # a finding about the row
        (issue("column_ignored", 1, "日期"), "C2"),  # about a column
    ],
)
def test_the_cell_of_a_finding_is_coloured_and_commented(found, cell):
    sheet = marked(found)["患者 1"]
    coloured = sheet[cell]

    assert isinstance(coloured, Cell)
    assert coloured.fill.fgColor.rgb == COLOURS[found.grade]
    assert coloured.comment is not None
    assert found.expected.en in coloured.comment.text
    others = [c for row in sheet.iter_rows() for c in row if c.coordinate != cell]
    assert all(c.fill.fill_type is None for c in others)


def test_of_merged_cells_the_first_is_marked():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book["患者 1"].merge_cells("A3:A4")
    buffer = io.BytesIO()
    book.save(buffer)
    findings = [Finding(issue("patient_left_out", 4, "编号")), Finding(issue("cells_filled", 4, "编号"))]

    out = mark_workbook(buffer.getvalue(), {"患者 1": findings}, {"患者 1": (2,)}, "en")

    sheet = openpyxl.load_workbook(io.BytesIO(out))["患者 1"]
    assert sheet["A3"].fill.fgColor.rgb == COLOURS["quarantine"]
    assert sheet["A3"].comment is not None


def test_the_gravest_colours_a_cell_and_what_the_user_had_stays():
    book = marked(
        issue("value_ignored", 3, "性别", "X", "first"), issue("value_unreadable", 3, "性别", "X", "second")
    )
    sheet = book["患者 1"]

    assert sheet["B3"].fill.fgColor.rgb == COLOURS["quarantine"]
    assert sheet["B3"].font.bold
    assert all(word in sheet["B3"].comment.text for word in ("mine", "first", "second"))
    assert [str(m) for m in sheet.merged_cells.ranges] == ["A1:C1"]
    assert [str(r.sqref) for r in sheet.data_validations.dataValidation] == ["B3:B9"]
    assert sheet["C4"].value == "=A1"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_names_each_finding_with_its_cell_and_holds_no_formula(language):
    book = marked(issue("value_ignored", 3, "性别", "=1+1"), issue("table_missing", None), language=language)
    listed = book[book.sheetnames[-2]]

    assert [cell.value for cell in listed["D"]][1:] == ["B3", None]
    assert listed["F2"].value == "=1+1"
    assert listed["F2"].data_type == "s"
    assert listed["D2"].hyperlink.location == "'患者 1'!B3"
    for sheet in book.sheetnames[-2:]:
        said = " ".join(str(c.value) for row in book[sheet].iter_rows() for c in row if c.value)
        assert bool(re.search("[\u4e00-\u9fff]{4}", said)) is (language == "zh")


# ---- since the last check -----------------------------------------------------------------------------


def test_mended_open_and_new_do_not_depend_on_rows(tmp_path):
    before = Issues.of(
        [issue("value_ignored", n, "c", v) for n, v in ((3, "a"), (4, "a"), (5, "b"), (6, "=x"))]
    )
    before.frame().write_csv(tmp_path / "issues.csv")
    now = Issues.of([issue("value_ignored", n, "c", v) for n, v in ((13, "a"), (16, "=x"), (17, "new"))])

    found = since_last(now, tmp_path)

    assert found is not None
    assert dict(zip((i.value for i in now), found.is_new, strict=True)) == {
        "a": False,
        "=x": False,
        "new": True,
    }
    assert sorted(found.resolved["value"].to_list()) == ["a", "b"]
    assert found.text.en == "Since the last check: 2 resolved, 2 still open, 1 new."


@pytest.mark.parametrize("content", [None, "", "a,b\n1,2\n"])
def test_without_an_earlier_list_nothing_is_compared(tmp_path, content):
    if content is not None:
        (tmp_path / "issues.csv").write_text(content, encoding="utf-8")

    assert since_last(Issues(), tmp_path) is None


# ---- the whole ----------------------------------------------------------------------------------------


@pytest.fixture
def study(tmp_path):
    """The first 25 patients of the small study, one cell of them wrong."""
    folder = tmp_path / "study"
    folder.mkdir()
    shutil.copy(SMALL / "study.yaml", folder)
    patients = pl.read_csv(SMALL / "patients.csv", infer_schema=False).head(25)
    for name in ("patients", "lesions", "measurements", "treatments"):
        frame = pl.read_csv(SMALL / f"{name}.csv", infer_schema=False)
        frame.join(patients, on="patient_id", how="semi", maintain_order="left").write_csv(
            folder / f"{name}.csv"
        )
    text = (folder / "patients.csv").read_text("utf-8")
    (folder / "patients.csv").write_text(
        text.replace("adenocarcinoma", "adenocarc1noma", 1), encoding="utf-8"
    )
    return folder


def test_check_gives_marked_copies_and_pages_and_leaves_the_files_alone(study):
    before = {path: path.read_bytes() for path in study.iterdir()}
    checked = check_study(study, keep_raw=True)

    first = files_beside(checked, study / "check", "en", _silent)
    write_findings(checked, study / "check", "check", first.files)
    second = files_beside(checked, study / "check", "zh", _silent)

    assert set(first.files) == {"patients.marked.xlsx", "understood.zh.html", "understood.en.html"}
    assert first.lines == []
    assert second.lines == [
        Text(
            "与上次检查相比：已解决 0 处，仍存在 2 处，新出现 0 处。",
            "Since the last check: 0 resolved, 2 still open, 0 new.",
        )
    ]
    assert {path: path.read_bytes() for path in before} == before
    sheet = openpyxl.load_workbook(io.BytesIO(first.files["patients.marked.xlsx"])).worksheets[0]
    wrong = [c.value for row in sheet.iter_rows() for c in row if c.fill.fill_type]
    assert len(wrong) == 2  # the patient, who is left out, and the cell
    assert wrong[1] == "adenocarc1noma"


def test_the_page_has_ten_lines_three_patients_and_asks_for_nothing(study):
    pages = files_beside(check_study(study, keep_raw=True), study / "check", "en", _silent).files

    for language, words in (("en", "keep it inside the hospital"), ("zh", "只在本单位内部使用")):
        page = pages[f"understood.{language}.html"].decode()
        lines = page[page.index('id="table-ten_lines"') :].split("</table>")[0]
        assert [int(n) for n in re.findall(r'<th scope="row"[^>]*>(\d+)\. ', lines)] == list(range(1, 11))
        assert words in page
        assert page.count("<h3") == 3
        assert "adenocarc1noma" in page
        assert not re.findall(r"(?:src|href)=\"(?!#|understood)", page)
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))


def test_with_errors_the_page_says_what_can_be_said(study):
    (study / "lesions.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    beside = files_beside(check_study(study, keep_raw=True), study / "check", "en", _silent)

    assert "Known once the errors are corrected" in beside.files["understood.en.html"].decode()
    assert beside.lines == []


def test_a_part_that_fails_is_left_out_and_said(study, monkeypatch):
    def fails(*_args, **_kwargs):
        raise ZeroDivisionError("x")

    monkeypatch.setattr("oligoscope.check_files.marked_files", fails)
    monkeypatch.setattr("oligoscope.check_files.run_study", fails)

    beside = files_beside(check_study(study, keep_raw=True), study / "check", "en", _silent)

    assert set(beside.files) == {"understood.zh.html", "understood.en.html"}
    assert [line.en.split(" could not")[0] for line in beside.lines] == [
        "Marked workbook",
        "Derivation and selection",
    ]


def test_words_of_ours_are_not_listed_and_the_others_with_what_they_were_taken_for(study):
    text = (
        (study / "patients.csv")
        .read_text("utf-8")
        .replace(",male,", ",M,")
        .replace("adenocarc1noma", "adenocarcinoma")
    )
    (study / "patients.csv").write_text(text, encoding="utf-8")

    page = (
        files_beside(check_study(study, keep_raw=True), study / "check", "en", _silent)
        .files["understood.en.html"]
        .decode()
    )
    lines = page[page.index("3. Words") :].split("</tr>")[0]

    assert "M → Male" in lines
    assert "female" not in lines
