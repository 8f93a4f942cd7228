"""docs/data-settings.md: every setting under `data` once, with an example that changes what is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oligoscope.questions.registry import KINDS
from oligoscope.study.study_file import read_study_file
from script_modules import script

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "data-settings.md").read_text(encoding="utf-8")
print_settings = script("print_settings")
EXAMPLES = print_settings.EXAMPLES


def test_every_setting_has_one_example():
    declared = [
        (*group, name) for group, model in print_settings.MODELS.items() for name in model.model_fields
    ]

    assert sorted(example.key for example in EXAMPLES) == sorted(declared)


def test_every_group_of_settings_under_data_is_on_the_page():
    """A group that is added to the declarations has a section, too."""
    models = set(print_settings.MODELS.values())
    inner = {
        option
        for model in models
        for name in model.model_fields
        for option in print_settings.groups_in(model, name)
    }

    assert inner <= models


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: ".".join(example.key))
def test_an_example_is_accepted_as_it_is_printed(example, tmp_path):
    lines = print_settings.lines_of(example)
    (tmp_path / "study.yaml").write_text(f"study: {{title: t}}\n{with_patients(lines)}\n", encoding="utf-8")

    read_study_file(tmp_path, KINDS)

    assert f"```yaml\n{lines}\n```\n" in PAGE


def with_patients(lines: str) -> str:
    """The lines of an example that leaves the table of patients as it is."""
    given = ("patients:", "cohort:", "sdtm:", "genie:")
    return lines if any(word in lines for word in given) else f"{lines}\n  patients: patients.csv"


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: ".".join(example.key))
def test_an_example_changes_what_is_read(example):
    given, without = print_settings.readings(example)

    assert not given.refused
    assert given.cells
    assert given != without
    assert print_settings.section(example, given, without) in PAGE


def test_the_page_has_no_other_sections():
    shown = re.findall(r"(?m)^### `(.+)`$", PAGE)

    assert shown == [".".join(example.key[1:]) for example in EXAMPLES]
