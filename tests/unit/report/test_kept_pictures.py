"""A picture of an output folder is taken from it where nothing about it has changed, and drawn again where anything has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

import polars as pl
import pytest
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import PNG_DPI, Figure, rendered
from oligoscope.drawing.rendering import glyph_defs
from oligoscope.number_format import STYLES, format_number, number_style
from oligoscope.plain_text import spans
from oligoscope.printing.blocks import Document, FigureBlock
from oligoscope.report import drawn_from, kept_pictures
from oligoscope.report.figure_files import figure_contents, write_contents
from oligoscope.report.kept_pictures import IN_RUN_FILE, Pictures

NAME = Text("图", "Figure")


@dataclass(frozen=True)
class Shown:
    """What a picture of these tests shows."""

    value: float = 0.25
    label: str = "lung"
    last: float = 0.25

    @property
    def data(self):
        return pl.DataFrame({"months": [1.0, 2.0], "share": [0.5, self.last]})


def figure_of(shown: Shown, style: str = "decimal", name: str = "share") -> Figure:
    data = shown.data

    def paint(language):
        drawing = Drawing(figsize=(1, 1))
        number = {
            "decimal": lambda: format_number(shown.value, 2),
            "whole": lambda: format_number(40 * shown.value, 0),
            "space": lambda: f"10{STYLES[language].percent_space}(2)",
            "letter": lambda: "".join(f"{piece}{italic}" for piece, italic in spans("*n*")),
        }[style]()
        drawing.text(0.1, 0.1 + data["share"][1], f"{shown.label} {number}")
        return drawing

    return Figure(name, NAME, NAME, NAME, data, paint)


def written(figure, folder, pictures, language: Language = "en"):
    """The picture written into the folder of a run; gives its run.json."""
    document = Document(NAME, (FigureBlock(figure, 1),))
    pictures.draw(figure, language)
    files = write_contents(folder, figure_contents(document, language, pictures=pictures))
    sums = {name: sha256((folder / name).read_bytes()).hexdigest() for name in files}
    return {IN_RUN_FILE: pictures.record([language]), "outputs": sums}


@pytest.fixture
def run(tmp_path):
    return {
        style: written(figure_of(Shown(), style, style), tmp_path, Pictures())
        for style in ("decimal", "whole", "space", "letter")
    }


@pytest.fixture
def is_drawn(run, tmp_path, monkeypatch):
    """Whether a picture is drawn when it is asked for once more."""

    def ask(figure, language: Language = "en", profile=None, folder=tmp_path):
        drawn = []
        with monkeypatch.context() as patched, number_style(profile):
            patched.setattr(kept_pictures, "rendered", lambda *asked: (drawn.append(1), rendered(*asked))[1])
            Pictures.of(folder, run[figure.id if figure.id in run else "decimal"]).draw(figure, language)
        return bool(drawn)

    return ask


def test_the_same_picture_is_taken(is_drawn, run, tmp_path):
    figure, again = figure_of(Shown(), name="decimal"), figure_of(Shown(), name="decimal")
    assert not is_drawn(figure)

    taken, drawn = rendered(figure, "en", PNG_DPI), rendered(again, "en", PNG_DPI)
    assert (taken.size, taken.marks, taken.png) == (drawn.size, drawn.marks, drawn.png)
    assert glyph_defs(taken.glyphs) == glyph_defs(drawn.glyphs)


@pytest.mark.parametrize(
    "changed",
    [
        Shown(value=0.26),
        Shown(label="liver"),
        Shown(last=0.26),
    ],
)
def test_a_changed_number_label_or_row_is_drawn(changed, is_drawn):
    assert is_drawn(figure_of(changed, name="decimal"))


@pytest.mark.parametrize(
    ("style", "profile", "expected"),
    [
        ("decimal", "en-lancet", True),  # 0·25
        ("decimal", "en-nejm", False),  # 0.25
        ("whole", "en-lancet", False),
        ("space", "zh-cma", False),  # of the other language
        ("letter", "en-nejm", True),  # no italics
        ("letter", "en-jama", False),
    ],
)
def test_a_style_draws_again_what_it_prints_otherwise(style, profile, expected, is_drawn):
    assert is_drawn(figure_of(Shown(), style, style), profile=profile) is expected


def test_another_language_or_program_is_drawn(is_drawn, monkeypatch):
    assert is_drawn(figure_of(Shown(), name="decimal"), language="zh")
    monkeypatch.setattr(drawn_from, "_LIBRARIES", ("numpy",))
    assert is_drawn(figure_of(Shown(), name="decimal"))


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_file_that_is_gone_or_another_is_drawn(ending, is_drawn, tmp_path):
    path = tmp_path / "figures" / f"decimal.en.{ending}"
    path.write_bytes(path.read_bytes() + b" ")
    assert is_drawn(figure_of(Shown(), name="decimal"))
    path.unlink()
    assert is_drawn(figure_of(Shown(), name="decimal"))


def test_a_painter_that_holds_something_unknown_is_drawn_each_time(run, tmp_path):
    figure, held = figure_of(Shown(), name="decimal"), object()
    strange = replace(figure, painter=lambda language: figure.painter("en" if held else language))

    assert written(strange, tmp_path, Pictures())[IN_RUN_FILE] == {}


@pytest.mark.parametrize("damaged", [None, [], {"decimal.en": 1}, {"decimal.en": {"from": "", "style": 1}}])
def test_a_damaged_record_draws(damaged, run, tmp_path):
    run["decimal"][IN_RUN_FILE] = damaged
    pictures = Pictures.of(tmp_path, run["decimal"])
    pictures.draw(figure_of(Shown(), name="decimal"), "en")

    assert "decimal.en" in pictures.made
