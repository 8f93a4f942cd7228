"""A part of a report that fails is left out and named, and nothing else is lost with it: each part in turn."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from oligoscope import cli
from oligoscope.printing.blocks import Document, FigureBlock, Heading, Notice, Numbering, TableBlock
from oligoscope.printing.left_out import LeftOut
from oligoscope.questions.baseline import section as baseline_section
from oligoscope.report import report_files, report_formats
from oligoscope.report.document import build_document
from oligoscope.report.figure_files import drawn
from oligoscope.report.report_files import write_reports
from oligoscope.results.analyses import FLOW
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol

INFO = {"version": "0.1.0", "python": "3.11"}


def broken(*_args: object, **_more: object) -> None:
    raise ValueError("broken for the test")


def contents(built: Document) -> list[tuple[str, str]]:
    """Every table and figure, and every heading."""
    found = []
    for block in built.blocks:
        match block:
            case TableBlock(table=table):
                found.append(("table", table.id))
            case FigureBlock(figure=figure):
                found.append(("figure", figure.id))
            case Heading(id=name):
                found.append(("heading", name))
    return found


def failing_at(monkeypatch: pytest.MonkeyPatch, which: int) -> list[str]:
    """The `which`-th part of a document fails; gives the names of all parts, as they are made."""
    names: list[str] = []
    made = Numbering._made

    def counted(self, name, make, *args, **kwargs):
        names.append(getattr(make, "__name__", ""))
        return made(self, name, broken if len(names) == which + 1 else make, *args, **kwargs)

    monkeypatch.setattr(Numbering, "_made", counted)
    return names


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_each_part_in_turn(every, made_protocol, compared_results, monkeypatch):
    """Of a table or a figure only itself is lost; of a section nothing but the section."""
    whole = build_document(made_protocol, compared_results, (), INFO)
    with monkeypatch.context() as patched:
        parts = failing_at(patched, -1)
        build_document(made_protocol, compared_results, (), INFO)
    assert len(parts) > 40

    for which, part in list(enumerate(parts))[::every]:
        left_out = LeftOut()
        with monkeypatch.context() as patched:
            failing_at(patched, which)
            built = build_document(made_protocol, compared_results, (), INFO, left_out)

        assert [p.reason for p in left_out.parts] == ["ValueError: broken for the test"], part
        notices = [b for b in built.blocks if isinstance(b, Notice) and b.kind == "failed"]
        assert left_out.parts[0].text in [n.text for n in notices] or part in {"with_citations"}, part
        lost = set(contents(whole)) - set(contents(built))
        if part.startswith(("tabulate_", "draw_")):
            # The list of abbreviations and the checklist name what is there; they stay.
            # In the supplement a chapter may hold nothing else.
            assert len([kind for kind, _ in lost if kind != "heading"]) <= 1, part


def test_without_a_place_for_them_failures_are_raised(made_protocol, made_results, monkeypatch):
    failing_at(monkeypatch, 3)

    with pytest.raises(ValueError, match="broken for the test"):
        build_document(made_protocol, made_results, (), INFO)


def test_a_figure_that_cannot_be_drawn_gives_its_place_to_a_notice(made_protocol, made_results):
    whole = build_document(made_protocol, made_results, (), INFO)
    first, second, *_ = [b for b in whole.blocks if isinstance(b, FigureBlock)]
    bad = replace(first, figure=replace(first.figure, painter=broken))
    left_out = LeftOut()

    named = drawn(replace(whole, blocks=(bad, second)), "en", left_out)

    notice, kept = named.blocks
    assert isinstance(notice, Notice)
    assert notice.text.en.startswith(f"Figure {first.shown_number} (")
    assert kept is second
    assert len(left_out.parts) == 1


def few(results: Results) -> Results:
    """So little that nothing but the flow is drawn."""
    return Results(tuple(results.find(analysis=FLOW)))


def reports_of(protocol: Protocol, results: Results, folder: Path, left_out: LeftOut) -> set[str]:
    """The names of the files of a report on little, written into the folder."""
    from oligoscope.report.numbers.patients_found import PatientFiles

    patients = PatientFiles({"patients.csv": pl.LazyFrame({"patient_id": ["A"]})})
    write_reports(folder, protocol, few(results), (), INFO, ("en",), patients=patients, left_out=left_out)
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def whole_reports(made_protocol, made_results, tmp_path_factory) -> set[str]:
    """The names of all files, where none fails."""
    return reports_of(made_protocol, made_results, tmp_path_factory.mktemp("whole"), LeftOut())


WORD_FILES = {f"{name}.en.docx" for name in ("answer", "report", "supplement", "published")}


@pytest.mark.parametrize(
    ("writer", "lost"),
    [
        ("write_html", {"report.en.html", "published.en.html"}),
        ("write_docx", WORD_FILES),
        ("write_xlsx", {"tables.xlsx"}),
        ("write_numbers_html", {"numbers.en.html"}),
        ("build_numbers_page", {"numbers.en.html"}),
        ("number_links", {"numbers.en.html"}),
        (
            "build_document",
            {
                "report.en.html",
                "published.en.html",
                *WORD_FILES,
                *(f"figures/flow_chart.{e}" for e in ("en.svg", "en.png", "csv")),
            },
        ),
    ],
)
def test_each_file_in_turn(writer, lost, made_protocol, made_results, whole_reports, tmp_path, monkeypatch):
    """The other files are there, and those that hold text name the one that is not."""
    monkeypatch.setattr(
        report_formats if writer in {"write_html", "write_docx"} else report_files, writer, broken
    )
    left_out = LeftOut()

    written = reports_of(made_protocol, made_results, tmp_path, left_out)

    assert whole_reports - written == lost
    assert left_out.parts
    if "report.en.html" not in lost:
        assert "broken for the test" in (tmp_path / "report.en.html").read_text(encoding="utf-8")


STUDY = """
study: {title: "T"}
data: {patients: patients.csv, lesions: lesions.csv, measurements: measurements.csv}
analyses: [{kind: baseline, variables: [sex]}]
"""
TABLES = {
    "patients": "patient_id,sex,treatment_started_on,last_known_alive_on\n"
    + "".join(f"P{i},male,2020-01-10,2021-01-01\n" for i in range(4)),
    "lesions": "patient_id,lesion_id,role,organ\n" + "".join(f"P{i},L1,target,lung\n" for i in range(4)),
    "measurements": "patient_id,lesion_id,assessed_on,diameter_mm\n"
    + "".join(f"P{i},L1,2020-01-01,50\nP{i},L1,2020-04-01,80\n" for i in range(4)),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def done(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("done") / "out"
    assert command("run", study, "--out", out, "--lang", "en")[0] == 0
    return out


@pytest.fixture
def out(done, tmp_path):
    return shutil.copytree(done, tmp_path / "out")


def command(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, [str(word) for word in words])
    return done.exit_code, done.output


def test_a_run_ends_with_4_and_says_what_is_missing_and_report_completes_it(study, tmp_path, monkeypatch):
    out = tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(baseline_section, "tabulate_baseline", broken)
        patched.setattr(report_formats, "write_docx", broken)
        status, said = command("run", study, "--out", out, "--lang", "en")

    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert status == 4
    assert (
        "The file report.en.docx could not be made and is left out (ValueError: broken for the test)" in said
    )
    assert record["status"] == "incomplete"
    assert [part["part_en"] for part in record["left_out"]] == [
        "a table (broken)",
        *(f"the file {name}.en.docx" for name in ("answer", "report", "supplement")),
    ]
    assert {"results.csv", "patients.csv", "issues.csv", "report.en.html", "tables.xlsx"} <= set(
        record["outputs"]
    )

    status, said = command("report", out, "--lang", "zh")

    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert status == 0
    assert "已写出" in said
    assert (record["status"], record["left_out"]) == ("done", [])
    assert (out / "report.zh.docx").is_file()


def test_results_are_written_before_the_first_document_is_begun(study, tmp_path, monkeypatch):
    def stopped(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(report_files, "build_document", stopped)
    status, _ = command("run", study, "--out", tmp_path / "out", "--lang", "en")

    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert status == 130
    assert record["status"] == "results"
    assert (tmp_path / "out" / "results.csv").is_file()
    assert not list(tmp_path.glob(".out-*"))


def settings_of_another_version(out) -> str:
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    record["settings"]["matching"]["colour"] = "blue"
    record["version"] = "9.9"
    (out / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return "written by version 9.9"


def results_of_another_version(out) -> str:
    text = (out / "results.csv").read_text(encoding="utf-8")
    (out / "results.csv").write_text(text.replace("analysis", "analyses", 1), encoding="utf-8")
    return "cannot be read"


def results_cut_off(out) -> str:
    (out / "series" / "index.json").write_text('{"km', encoding="utf-8")
    return "cannot be read"


def without_settings(out) -> str:
    (out / "run.json").write_text('{"program": "oligoscope"}', encoding="utf-8")
    return "Run the study once more"


@pytest.mark.parametrize(
    "changed", [settings_of_another_version, results_of_another_version, results_cut_off, without_settings]
)
def test_a_report_on_what_this_version_cannot_read_is_a_sentence(out, changed):
    expected = changed(out)

    status, said = command("report", out, "--lang", "en")

    assert (status, "Traceback" in said) == (2, False)
    assert expected in said


def test_a_report_without_issues_csv_says_so(out):
    (out / "issues.csv").unlink()

    status, _ = command("report", out, "--lang", "en")

    assert status == 0
    page = (out / "report.en.html").read_text(encoding="utf-8")
    assert "holds no issues.csv" in page
    assert "No issue was found" not in page
