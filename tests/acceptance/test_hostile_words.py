"""One study in hostile words through every writer: the files can be read, the words are as written, nothing is alive.

The study is run once, its pictures drawn and measured once; `alive` says what a file must not hold.
"""

from __future__ import annotations

import itertools
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import docx
import openpyxl
import polars as pl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Text as Lettering

from acceptance.hostile_study import CHINESE, COLUMNS, LONG, different_words, write_hostile_study
from alive import Page, in_folder
from oligoscope.bilingual import LANGUAGES, Language
from oligoscope.checked_study import Checked, check_study
from oligoscope.csv_files import as_written
from oligoscope.drawing.figure import Figure, to_png
from oligoscope.drawing.plate import Inset
from oligoscope.engines.written_tables import MORE_OF_PATIENTS
from oligoscope.intake.files.cells import clean
from oligoscope.pipeline import StudyRun
from oligoscope.plain_text import plain
from oligoscope.printing.left_out import LeftOut
from oligoscope.report import figure_files
from oligoscope.report.patient.patient_files import patient_files, write_patient_files
from oligoscope.report.patient.patient_page import patient_page
from oligoscope.results_files import read_results
from oligoscope.study.schemas import PATIENTS_OUT, PATIENTS_WITHIN
from oligoscope.study.vocabulary import VARIABLES
from oligoscope.workflow import run_and_report

pytestmark = pytest.mark.slow  # repeats through every writer what quicker tests hold

ANALYSES: list[dict[str, Any]] = [
    {"kind": "baseline", "variables": ["word", *COLUMNS]},
    {"kind": "baseline", "by": "arm", "variables": ["sex"]},
    {"kind": "survival", "by": "arm", "outcomes": ["os"]},
    {"kind": "survival", "by": "three", "outcomes": ["os"], "where": {"arm": LONG}},
    {"kind": "response_rate", "by": "three"},
    {"kind": "sites", "by": "arm"},
    {"kind": "sites"},
    {"kind": "timing", "by": "three"},
    {"kind": "predictors", "by": "arm", "variables": ["sex", f"{CHINESE}列"]},
    {
        "kind": "subgroups",
        "by": "arm",
        "outcomes": ["os"],
        "variables": ["three", "all"],
        "minimum_events": 1,
    },
    {"kind": "restricted_means", "by": "arm", "outcomes": ["os"]},
    {"kind": "weighting", "by": "arm", "outcomes": ["os"]},
]
SHIELD = "\u2060"  # `plain_text.shielded` puts it into words of the user's; no file for people holds it
Drawn = tuple[str, Language, Drawing]


@dataclass
class Made:
    """A run with what it left out, and its pictures as they were drawn."""

    checked: Checked
    out: Path
    left_out: LeftOut = field(default_factory=LeftOut)
    drawn: list[Drawn] = field(default_factory=list)
    run: StudyRun | None = None


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("hostile")
    study = write_hostile_study(folder / "研究 & <b>", ANALYSES)
    found = Made(check_study(study), folder / "out $_$ {n}")
    draw = Figure.painted

    def keep(figure: Figure, language: Language) -> Drawing:
        found.drawn.append((figure.id, language, draw(figure, language)))
        return found.drawn[-1][2]

    with (
        mock.patch.object(Figure, "painted", keep),
        mock.patch.object(to_png, "__defaults__", (40,)),
        mock.patch.object(figure_files, "PNG_DPI", 40),
    ):
        found.run = run_and_report(found.checked, found.out, left_out=found.left_out)
    return found


def table(made: Made, name: str) -> pl.DataFrame:
    return as_written(pl.read_csv(made.out / name, infer_schema=False))


def test_nothing_is_left_out_and_what_was_removed_is_named(made):
    assert made.left_out.parts == []
    named = {(i.rule, i.column, i.value) for i in made.checked.issues}
    # Such a word is no organ that we know: it stays one of its own, and is said.
    assert {rule for rule, _, _ in named} == {"control_character", "place_unknown"}
    assert ("control_character", "patient_id", "zerowidth") in named
    assert ("control_character", "word", "abc") in named


def test_every_file_can_be_read_and_nothing_in_it_is_alive(made):
    assert in_folder(made.out) == []
    assert all(name.name.isprintable() for name in made.out.rglob("*"))


def test_the_tables_hold_every_word_as_written(made):
    levels = set(table(made, "results.csv").filter(pl.col("variable") == "word")["level"].drop_nulls())
    numbers = set(table(made, "patients.csv")["patient_id"])
    organs = set(table(made, "sites.csv")["organ"])
    cells = {clean(word) for word in different_words()}

    progressed = set(made.run.cohort.population("progressed")["word"].drop_nulls()) if made.run else set()
    assert progressed <= cells
    assert levels >= progressed
    assert numbers >= cells
    assert len(organs & cells) > 20


def test_every_inner_column_of_derived_patients_is_reserved(made):
    """Else a column of the user's of that name would be mistaken for it."""
    assert made.run is not None
    given = {*made.checked.tables.patients.columns, *PATIENTS_OUT, *MORE_OF_PATIENTS}
    inner = set(made.run.derived.patients.columns) - given - set(VARIABLES)

    assert inner - set(PATIENTS_WITHIN) == set()


def test_documents_are_written_again_from_the_same_results(made):
    assert made.run is not None
    read, kept = read_results(made.out), made.run.results

    assert [e.key for e in read.estimates] == [e.key for e in kept.estimates]
    assert all(read.series[name].equals(frame) for name, frame in kept.series.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_document_shows_every_level_as_written(made, language):
    assert made.run is not None
    wanted = set(made.run.cohort.population("progressed")["word"].drop_nulls())
    page = Page((made.out / f"report.{language}.html").read_text(encoding="utf-8"))
    word_file = docx.Document(str(made.out / f"report.{language}.docx"))
    workbook = openpyxl.load_workbook(made.out / "tables.xlsx")
    in_word = {cell.text for t in word_file.tables for cell in t._cells}
    in_excel = {str(c.value) for sheet in workbook for row in sheet.iter_rows() for c in row}

    assert wanted - set(page.cells) == set()
    assert wanted - in_word == set()
    assert wanted - in_excel == set()


def test_what_looks_like_a_mark_of_italics_is_drawn_and_written_as_it_is(made):
    drawn = {text.get_text() for _, _, drawing in made.drawn for text in lettering(drawing)}

    assert any("*P*" in text for text in drawn)
    assert [text for text in drawn if SHIELD in text] == []
    written = [path for path in made.out.rglob("*") if path.parent.name != "series" or path.suffix == ".csv"]
    assert [path.name for path in written if SHIELD.encode() in content(path)] == []


def content(path: Path) -> bytes:
    """What a file holds, unpacked; of pictures nothing, whose packed bytes are any."""
    if path.is_dir() or path.suffix == ".png":
        return b""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".png"))


def lettering(drawing: Drawing) -> Iterator[Lettering]:
    """Every text of a picture; of a plate, of its panels, too."""
    for artist in drawing.artists:
        if isinstance(artist, Inset):
            yield from lettering(artist.drawing)
    yield from drawing.findobj(Lettering)  # type: ignore[misc]


def extents(drawing: Drawing) -> Iterator[tuple[str, Any]]:
    """Each text that is drawn, with the box around it in pixels; of a plate, of its panels, too."""
    renderer = drawing.canvas.get_renderer()  # type: ignore[attr-defined]
    for artist in drawing.artists:
        if isinstance(artist, Inset):
            yield from extents_of(artist.drawing, renderer)
    yield from extents_of(drawing, renderer)


def extents_of(drawing: Drawing, renderer: Any) -> Iterator[tuple[str, Any]]:
    for text in drawing.findobj(Lettering):
        assert isinstance(text, Lettering)
        if text.get_visible() and text.get_text().strip():
            yield text.get_text(), text.get_window_extent(renderer)


def faults_of(drawing: Drawing) -> Iterator[str]:
    """Texts that leave the page, and pairs that lie on each other."""
    FigureCanvasAgg(drawing)
    drawing.dpi = 300  # at fewer the widths of letters are rounded to pixels
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph", UserWarning)
        drawing.draw_without_rendering()
    width, height = drawing.bbox.width, drawing.bbox.height
    boxes = list(extents(drawing))
    for text, box in boxes:
        if box.x0 < -4 or box.y0 < -4 or box.x1 > width + 4 or box.y1 > height + 4:
            yield f"leaves the page: {text[:40]}"
    for (text, a), (other, b) in itertools.combinations(boxes, 2):
        across, down = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        # Pieces of one line (letters in italics) follow each other by widths without hinting, which this canvas rounds.
        if across > 4 + 0.01 * max(a.width, b.width) and down > 8:
            yield f"on each other: {text[:30]} and {other[:30]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_every_picture_has_its_place(made, language):
    """Long names are wrapped or cut; none leaves the picture or lies on another."""
    drawn = [(name, drawing) for name, of, drawing in made.drawn if of == language]
    found = {name: faults for name, drawing in drawn if (faults := list(faults_of(drawing)))}

    assert found == {}
    assert len(drawn) > 12


@pytest.mark.parametrize("number", ["<script>alert(1)</script>", "../../etc/passwd", LONG, "-1+1"])
def test_the_page_of_a_patient_of_any_number(made, number, tmp_path):
    assert made.run is not None
    page = patient_page(made.run, made.checked.tables, number)
    paths = patient_files(number, tmp_path / "pages", LANGUAGES)
    write_patient_files(page, paths)

    assert {path.parent for path in paths.values()} == {tmp_path / "pages"}
    assert in_folder(tmp_path) == []
    for language, path in paths.items():
        assert plain(number) in path.read_text(encoding="utf-8").replace("&lt;", "<").replace("&gt;", ">"), (
            language
        )


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_what_was_written(made, tmp_path):
    files = [made.out / "report.zh.docx", made.out / "tables.xlsx"]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path / "pdf"]

    subprocess.run([*command, *files], check=True, capture_output=True, timeout=300)
    assert sorted(p.stem for p in (tmp_path / "pdf").glob("*.pdf")) == sorted(f.stem for f in files)
