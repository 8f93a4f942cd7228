"""docs/worked-example.md and its Chinese page: what they print is what the commands answer."""

from __future__ import annotations

import re
import sys

import pytest

from script_modules import script

if sys.platform == "win32":
    pytest.skip("the questions are put at a terminal of Linux or macOS", allow_module_level=True)

printing = script("print_worked_example")
PAGES = {language: path.read_text(encoding="utf-8") for language, path in printing.PAGES.items()}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answers_are_those_of_the_commands(language, tmp_path):
    page = PAGES[language]

    assert printing.printed_page(page, tmp_path) == page


def test_both_pages_run_the_same_commands():
    commands = {
        language: [re.findall(r"oligoscope \w+|--corrected|scripts/\w+", found["command"]) for found in printing.BLOCK.finditer(page)]
        for language, page in PAGES.items()
    }  # fmt: skip

    assert commands["en"] == commands["zh"]
    assert len(commands["en"]) == 6


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pictures_are_those_of_the_page(language):
    shown = re.findall(r"images/worked-example/(\w+)\.(\w+)\.png", PAGES[language])

    assert shown == [(name, language) for name, _, _ in printing.SHOWN[language]]
