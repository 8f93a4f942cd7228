"""Documents written again from saved results: the same bytes, or the same numbers in another style."""

from __future__ import annotations

import html
import json
import re

import pytest

from oligoscope.bilingual import Language
from oligoscope.errors import UsageError
from oligoscope.output_folder import PROGRAM, RUN_FILE, checksum, updating
from oligoscope.report.figure_files import is_old_picture
from oligoscope.report.report_files import styles_of, write_reports
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.statistics import Statistic
from oligoscope.results_files import read_results, write_results
from oligoscope.study.protocol import Protocol
from unit.stored_results import with_limits

INFO = {"version": "0.1.0", "python": "3.11"}
TITLES = re.compile(r"<style>.*?</style>|<svg.*?</svg>|<[^>]*>", re.DOTALL)


def read_text(path) -> str:
    return html.unescape(TITLES.sub(" ", path.read_text(encoding="utf-8")))


@pytest.mark.slow
def test_saved_results_give_the_same_documents(made_results, made_protocol, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    write_results(made_results, first)
    protocol = Protocol.model_validate(json.loads(json.dumps(made_protocol.model_dump(mode="json"))))

    write_reports(first, made_protocol, made_results, (), INFO, ("en",))
    write_reports(second, protocol, read_results(first), (), INFO, ("en",))

    for name in ("report.en.html", "report.en.docx", "tables.xlsx"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


@pytest.mark.slow
def test_a_style_changes_the_numbers_of_its_language_only(made_results, made_protocol, tmp_path):
    styles = styles_of(["en-lancet"], ("zh", "en"))
    for name, chosen in (("plain", {}), ("styled", styles)):
        (tmp_path / name).mkdir()
        write_reports(tmp_path / name, made_protocol, made_results, (), INFO, styles=chosen)

    plain, styled = (read_text(tmp_path / name / "report.en.html") for name in ("plain", "styled"))
    ratio = with_limits(
        2, analysis=SURVIVAL, population="progressed", outcome="os", statistic=Statistic.HAZARD_RATIO
    )
    assert ratio in plain
    assert ratio.replace(" to ", "–").replace(".", "·") in styled
    assert (tmp_path / "plain/report.zh.html").read_bytes() == (
        tmp_path / "styled/report.zh.html"
    ).read_bytes()


def test_styles_are_named_for_a_language_that_is_written():
    assert styles_of(["zh-cma", "en-nejm"], ("zh", "en")) == {"zh": "zh-cma", "en": "en-nejm"}
    wrong: tuple[tuple[list[str], tuple[Language, ...], str], ...] = (
        (["en-bmj"], ("en",), "There is no style en-bmj"),
        (["en-jama"], ("zh",), "leaves out"),
        (["en-jama", "en-nejm"], ("en",), "both for en"),
    )
    for names, languages, message in wrong:
        with pytest.raises(UsageError, match=message):
            styles_of(names, languages)


@pytest.fixture
def earlier(tmp_path):
    """An output folder with one file of ours and one that the user has changed since."""
    out = tmp_path / "out"
    out.mkdir()
    for name in ("report.en.html", "report.zh.html", "results.csv"):
        (out / name).write_text(f"old {name}", encoding="utf-8")
    outputs = {path.name: checksum(path) for path in out.iterdir()}
    record = {"program": PROGRAM, "seed": 1, "outputs": outputs}
    (out / RUN_FILE).write_text(json.dumps(record), encoding="utf-8")
    (out / "report.zh.html").write_text("a reader's own notes", encoding="utf-8")
    return out


def test_writing_again_replaces_ours_and_keeps_the_readers(earlier):
    with updating(earlier, {"styles": {"en": "en-jama"}}) as folder:
        for name in ("report.en.html", "report.zh.html", "report.en.docx"):
            (folder / name).write_text(f"new {name}", encoding="utf-8")

    found = {path.name: path.read_text(encoding="utf-8") for path in earlier.iterdir()}
    record = json.loads(found.pop(RUN_FILE))
    assert found == {
        "report.en.html": "new report.en.html",
        "report.zh.html": "new report.zh.html",
        "report.zh.kept-1.html": "a reader's own notes",
        "report.en.docx": "new report.en.docx",
        "results.csv": "old results.csv",
    }
    assert record["seed"] == 1
    assert record["styles"] == {"en": "en-jama"}
    assert record["outputs"] == {
        name: checksum(earlier / name)
        for name in ("report.en.docx", "report.en.html", "report.zh.html", "results.csv")
    }


def test_a_picture_that_is_drawn_no_more_goes_unless_the_reader_changed_it(tmp_path):
    """Of the figures still drawn every file stays, also those for print that were not asked for again."""
    out = tmp_path / "out"
    (out / "figures").mkdir(parents=True)
    names = ("old.en.svg", "old.zh.png", "old.csv", "kept.en.svg", "kept.en.pdf")
    for name in names:
        (out / "figures" / name).write_text(name, encoding="utf-8")
    outputs = {f"figures/{name}": checksum(out / "figures" / name) for name in names}
    (out / RUN_FILE).write_text(json.dumps({"program": PROGRAM, "outputs": outputs}), encoding="utf-8")
    (out / "figures" / "old.zh.png").write_text("drawn over by hand", encoding="utf-8")

    with updating(out, {}, is_old_picture) as folder:
        (folder / "figures").mkdir()
        (folder / "figures" / "kept.en.svg").write_text("new", encoding="utf-8")

    assert sorted(p.name for p in (out / "figures").iterdir()) == ["kept.en.pdf", "kept.en.svg", "old.zh.png"]
    assert sorted(json.loads((out / RUN_FILE).read_text(encoding="utf-8"))["outputs"]) == [
        "figures/kept.en.pdf", "figures/kept.en.svg",
    ]  # fmt: skip


def test_an_error_leaves_everything_as_it_was(earlier):
    before = {path.name: path.read_bytes() for path in earlier.iterdir()}

    def write_half() -> None:
        with updating(earlier, {}) as folder:
            (folder / "report.en.html").write_text("half", encoding="utf-8")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        write_half()

    assert {path.name: path.read_bytes() for path in earlier.iterdir()} == before
    assert [path for path in earlier.parent.iterdir() if path != earlier] == []


def test_a_folder_of_others_is_refused(tmp_path):
    with pytest.raises(UsageError, match="not a folder that Oligoscope wrote"), updating(tmp_path, {}):
        pass
