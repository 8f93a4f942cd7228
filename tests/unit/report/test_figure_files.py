"""Figures as files: which, under which names, and equal to those of the documents."""

from __future__ import annotations

import io

import polars as pl
import pytest

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import to_svg
from oligoscope.printing.blocks import Document, FigureBlock, Heading
from oligoscope.questions.survival.figure import draw_survival_curve
from oligoscope.report.figure_files import file_stems, write_figure_files
from oligoscope.study.dictionary.outcomes import Outcome

TITLE = Text("图", "Figures")


@pytest.fixture
def document(made_results) -> Document:
    figure = draw_survival_curve(made_results, outcome=Outcome.OS)
    return Document(TITLE, (Heading(TITLE, "figures"), FigureBlock(figure, 1)))


def test_usually_there_are_two_pictures_a_language_and_the_data(document, tmp_path):
    names = write_figure_files(document, "zh", tmp_path)

    stem = "figures/survival_progressed_pattern_os"
    assert names == [f"{stem}.zh.svg", f"{stem}.zh.png", f"{stem}.csv"]
    assert (tmp_path / names[1]).read_bytes().startswith(b"\x89PNG")


def test_on_request_those_for_print_are_there_too(document, tmp_path):
    names = write_figure_files(document, "en", tmp_path, "all")

    assert [name.rsplit(".", 1)[1] for name in names] == ["svg", "png", "csv", "pdf", "tiff"]
    assert (tmp_path / names[3]).read_bytes().startswith(b"%PDF")
    assert (tmp_path / names[4]).read_bytes()[:2] in {b"II", b"MM"}


def test_the_picture_of_the_file_is_that_of_the_page(document, tmp_path):
    write_figure_files(document, "en", tmp_path)
    svg = (tmp_path / "figures/survival_progressed_pattern_os.en.svg").read_text(encoding="utf-8")

    assert svg.startswith("<?xml")
    assert svg.endswith(to_svg(next(iter(document.figures())), "en"))
    assert 'xmlns="http://www.w3.org/2000/svg"' in svg


def test_the_data_are_those_of_the_figure(document, tmp_path):
    write_figure_files(document, "en", tmp_path)
    data = (tmp_path / "figures/survival_progressed_pattern_os.csv").read_bytes()

    assert pl.read_csv(io.BytesIO(data)).shape == next(iter(document.figures())).data.shape


def test_a_figure_is_drawn_once_a_language(document, tmp_path, monkeypatch):
    figure = next(iter(document.figures()))
    drawn = []
    paint = figure.painter
    object.__setattr__(figure, "painter", lambda language: drawn.append(language) or paint(language))

    for language in ("zh", "en"):
        write_figure_files(document, language, tmp_path, "all")

    assert drawn == ["zh", "en"]


def test_names_are_those_any_system_takes_each_once():
    ids = ["a:b_c", "a-b_c", "A-B_C", "plain"]

    assert file_stems(ids) == ["a-b_c", "a-b_c-2", "A-B_C-3", "plain"]
