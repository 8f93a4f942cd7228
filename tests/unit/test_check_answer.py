"""What `check --json` says beside the counts: where each finding is, what changed, who left by which rule."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from oligoscope.check_answer import answer_of_check
from oligoscope.checked_study import check_study
from oligoscope.doctor.examination import __file__ as doctor_file
from oligoscope.intake.files.csv_reader import read_csv

SMALL = Path(doctor_file).parent / "study"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The small study with its measurements in a workbook, under a title."""
    folder = tmp_path / "study"
    shutil.copytree(SMALL, folder)
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    sheet = read_csv((folder / "measurements.csv").read_bytes())
    book = openpyxl.Workbook()
    page: Any = book.active
    page.append(list(sheet.headers))
    for row in sheet.frame.select(sheet.headers).iter_rows():
        page.append(list(row))
    page.cell(3, sheet.headers.index("diameter_mm") + 1).value = "-8"
    book.save(folder / "measurements.xlsx")
    (folder / "measurements.csv").unlink()
    settings = (folder / "study.yaml").read_text(encoding="utf-8")
    (folder / "study.yaml").write_text(
        settings.replace("measurements.csv", "measurements.xlsx"), encoding="utf-8"
    )
    return folder


def check(study: Path) -> dict[str, Any]:
    def hold(_resource: AbstractContextManager[object]) -> None:
        return None

    checked = check_study(study, keep_raw=True)
    return answer_of_check(checked, study / "check", is_named=True, language="en", hold=hold)


def test_a_finding_in_a_workbook_has_its_cell_and_our_name_of_the_column(study: Path):
    found = [i for i in check(study)["issues"] if i["rule"] == "value_out_of_range"]

    assert [(i["cell"][-1], i["row"], i["ours"], i["is_new"]) for i in found] == [
        ("3", 3, "diameter_mm", None)
    ]


def test_the_next_check_says_what_was_resolved(study: Path):
    check(study)
    book = openpyxl.load_workbook(study / "measurements.xlsx")
    page: Any = book.active
    column = next(c.column for c in page[1] if c.value == "diameter_mm")
    page.cell(3, column).value = "8"
    book.save(study / "measurements.xlsx")

    since = check(study)["since"]

    assert "value_out_of_range" in {row["rule"] for row in since["resolved"]}
    assert since["new"] + since["open"] == len(check(study)["issues"])


def test_every_patient_who_left_is_counted_under_one_rule(study: Path):
    flow = check(study)["flow"]

    sizes = {step["name"]: step["n"] for step in flow if step["kind"] == "population"}
    left = sum(step["excluded"] for step in flow if step["kind"] == "rule")
    assert sizes["screened"] == left + sizes["progressed"]
    for step in flow:
        if step["kind"] == "rule" and step["name"] != "quarantined":
            assert len(step["patients"]) == step["excluded"]
