"""A run in which everything private is somewhere in the input: none of it is in any file that is written."""

from __future__ import annotations

import getpass
import io
import json
import re
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from oligoscope.checked_study import check_study
from oligoscope.output_folder import RUN_FILE
from oligoscope.questions.registry import KINDS
from oligoscope.report.document import build_document
from oligoscope.results.small_cells import hidden_numbers
from oligoscope.results_files import read_results
from oligoscope.run_documents import report_again
from oligoscope.study.protocol import Protocol
from oligoscope.study.study_file import read_study_file
from oligoscope.workflow import run_and_report
from stored.small_study import SETTINGS, write_small_study

pytestmark = pytest.mark.slow

SECRETS = {
    "姓名": ["欧阳春晓", "司马长风"],
    "home phone": ["13812345678", "15987654321"],
    "备注": ["证件 11010519491231002X", "家属手机：18612349876"],
    "contact": ["zhang.chunxiao@example.org", "sima@example.org"],
    "where": ["浙江省杭州市拱墅区半山东路1号", "12 Baker Street"],
}
WORDS = (
    "欧阳春晓",
    "司马长风",
    "13812345678",
    "15987654321",
    "11010519491231002X",
    "18612349876",
    "chunxiao",
    "半山东路",
    "Baker",
)
ANALYSES = [
    {"kind": "baseline", "by": "pattern", "variables": ["sex", "stage", "ecog", "histology"]},
    {"kind": "sites", "by": "pattern"},
    {"kind": "response_rate", "by": "pattern"},
    {"kind": "survival", "by": "pattern", "outcomes": ["os"]},
]  # fmt: skip
SMALLEST = 5


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Identifiers in the patients' table and in a cell of another one, and tables named by paths from the root."""
    folder = tmp_path_factory.mktemp("somebodys-home") / "study"
    write_small_study(folder, 40, analyses=ANALYSES)
    settings = folder / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    for name in SETTINGS["data"]:
        text = text.replace(f"{name}.csv", str(folder / f"{name}.csv"))
    settings.write_text(text.replace("data:\n", f"data:\n  folder: {folder}\n", 1), encoding="utf-8")
    patients = pl.read_csv(folder / "patients.csv", infer_schema=False)
    more = {name: [words[i % 2] for i in range(patients.height)] for name, words in SECRETS.items()}
    patients.with_columns(pl.Series(name, cells) for name, cells in more.items()).write_csv(
        folder / "patients.csv"
    )
    measurements = pl.read_csv(folder / "measurements.csv", infer_schema=False)
    first = pl.int_range(pl.len()) == 3
    measurements.with_columns(
        diameter_mm=pl.when(first).then(pl.lit("13812345678")).otherwise("diameter_mm")
    ).write_csv(folder / "measurements.csv")
    return folder


@pytest.fixture(scope="module")
def out(study: Path) -> Path:
    target = study.parent / "out"
    run_and_report(check_study(study), target)
    return target


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file, and every part of those that are archives."""
    for path in (p for p in sorted(folder.rglob("*")) if p.is_file()):
        raw = path.read_bytes()
        yield path.name, raw.decode("utf-8", "replace")
        if raw[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(raw)) as parts:
                for name in parts.namelist():
                    yield f"{path.name}/{name}", parts.read(name).decode("utf-8", "replace")


def test_identifiers_are_in_no_file(out: Path) -> None:
    found = [(name, word) for name, text in texts_of(out) for word in WORDS if word in text]
    assert not found
    issues = pl.read_csv(out / "issues.csv", infer_schema=False)
    left_out = issues.filter(rule="identifier_left_out")
    assert sorted(left_out["column"]) == sorted(SECRETS)
    assert left_out["value"].null_count() == len(SECRETS)
    assert "***" in issues["value"].to_list()


def test_no_file_says_where_it_was_made_or_by_whom(out: Path, study: Path) -> None:
    names = {str(study), str(study.parent), str(Path.home()), str(Path.cwd())} - {"/"}
    names |= {name for name in (getpass.getuser(), socket.gethostname()) if len(name) > 5}
    found = [(file, name) for file, text in texts_of(out) for name in names if name in text]
    assert not found


def test_a_file_that_is_missing_is_named_without_its_place(tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text(
        "patient_id,treatment_started_on\nP1,2020-01-01\n", encoding="utf-8"
    )
    study = tmp_path / "study.yaml"
    study.write_text("study: {}\ndata: {patients: patients.csv, progressions: gone.csv}\n", encoding="utf-8")
    frame = check_study(tmp_path).issues.frame().write_csv()
    assert "gone.csv" in frame
    assert str(tmp_path) not in frame


def test_a_path_from_the_root_is_read_with_another_folder_of_data(study: Path, tmp_path: Path) -> None:
    """Its tables are the same ones, wherever the folder of --data lies."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    checked = check_study(study, tmp_path / "deep" / "er")
    assert not checked.issues.errors
    assert all(not Path(name).is_absolute() for name in checked.protocol.data.patients.files)  # type: ignore[union-attr]


def shared(out: Path, smallest: int | None) -> Protocol:
    """The run with this setting, and its documents written again."""
    record = json.loads((out / RUN_FILE).read_text(encoding="utf-8"))
    record["settings"]["report"] = {"small_cells": smallest}
    (out / RUN_FILE).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    report_again(out)
    return Protocol.model_validate(record["settings"])


def test_a_report_to_be_passed_on_has_no_small_count_in_any_format(out: Path) -> None:
    before = (out / "results.csv").read_bytes()
    protocol = shared(out, SMALLEST)
    results = read_results(out)
    hidden = hidden_numbers(results, SMALLEST)
    document = build_document(protocol, results, ())

    assert hidden.small
    assert not [key for key in document.printed_keys() if key in hidden]
    counts = {e.key: e.value for e in results.estimates}
    printed = [counts[key] for key in document.printed_keys() if key[-1] in {"n", "events", "missing"}]
    assert [n for n in printed if n is not None and n >= SMALLEST]
    assert not [n for n in printed if n is not None and 0 < n < SMALLEST]
    for language, words in (("en", "may be passed on"), ("zh", "供对外提供")):
        page = (out / f"report.{language}.html").read_text(encoding="utf-8")
        assert words in page
        assert "&lt;5" in page
        assert "[c]" in page
        assert not re.search(r"<td[^>]*>[1-4] \(", page)
    patients = pl.read_csv(out / "patients.csv", infer_schema=False)["patient_id"].drop_nulls().to_list()
    for name, text in texts_of(out):
        if name.startswith(("report.", "tables.")):
            assert not [p for p in patients if len(p) > 3 and p in text], name
    assert (out / "results.csv").read_bytes() == before


@pytest.mark.slow
def test_without_the_setting_every_count_is_printed(out: Path) -> None:
    protocol = shared(out, None)
    results = read_results(out)
    document = build_document(protocol, results, ())
    assert set(document.printed_keys()) & hidden_numbers(results, SMALLEST).small


def test_the_setting_is_at_least_two(study: Path) -> None:
    text = (study / "study.yaml").read_text(encoding="utf-8") + "report: {small_cells: 1}\n"
    wrong = study.parent / "wrong.yaml"
    wrong.write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match="small_cells"):
        read_study_file(wrong, KINDS)
