"""The shipped font draws every word the package prints."""

from __future__ import annotations

import ast
import unicodedata

import pytest

from oligoscope.drawing.lettering import break_lines
from oligoscope.drawing.theme import FONT_FAMILY, FONT_FILE, families, missing_glyphs, text_width_pt
from oligoscope.study.study_presets import PAPER_ELIGIBILITY
from oligoscope.study.vocabulary import NAMES
from source_trees import nodes_of, tree_of


def test_the_font_is_small_and_its_licence_lies_beside_it():
    licence = (FONT_FILE.parent / "OFL.txt").read_text(encoding="utf-8")

    assert FONT_FILE.stat().st_size < 1_700_000
    assert "Adobe" in licence
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_the_shipped_face_is_the_first_tried():
    assert families()[0] == FONT_FAMILY


def test_every_printed_name_can_be_drawn():
    words = "".join(t.zh + t.en for t in NAMES.values())
    rules = "".join(r.excluded.zh + r.excluded.en for r in PAPER_ELIGIBILITY)

    assert missing_glyphs(words + rules) == ""


def test_every_character_in_the_source_of_figures_and_study_can_be_drawn(repository):
    """Whatever stands in a string there may come to stand in a picture."""
    only_read = {
        "place_grammar.py",
        "place_nodes.py",
    }  # traditional characters, each read as the simplified one
    strings = [
        node.value
        for room in ("drawing", "printing", "questions", "study")
        for path in (repository / "src" / "oligoscope" / room).rglob("*.py")
        if path.name not in only_read
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    # Control characters stand for something inside a cell and are never printed.
    printed = "".join(c for c in "".join(strings) if unicodedata.category(c) != "Cc")
    assert missing_glyphs(printed) == ""


def test_a_character_outside_the_font_is_named():
    assert missing_glyphs("姓名：𠮷𠮷\n") == "𠮷"


def test_all_of_gb2312_is_covered():
    rows = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))

    assert missing_glyphs("".join(b.decode("gb2312", "ignore") for b in rows)) == ""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "No progression on first-line immunotherapy (n=98)",
            ["No progression on", "first-line", "immunotherapy", "(n=98)"],
        ),
        ("一线免疫联合化疗未发生疾病进展，随访中", ["一线免疫联合化疗未发", "生疾病进展，随访中"]),
        ("", []),
    ],
)
def test_lines_break_between_words_or_ideographs(text, lines):
    assert break_lines(text, 72) == lines


def test_no_line_is_wider_than_asked_or_begins_with_a_comma():
    text = "分期为Ⅰ~ⅢB 期，驱动基因阳性或未知，ECOG 评分≥2 分（n=34），无可测量病灶。" * 3
    lines = break_lines(text, 90)

    assert all(text_width_pt(line) <= 90 for line in lines)
    assert not any(line[0] in "，。）" for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
