"""Single settings of study.yaml are changed; comments, order and all other lines stay."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from oligoscope.study.edit_study import NOTHING, edited

STUDY = """\
# our study
study: {title: A, seed: 7}  # drawn once
progression:
  max_lesions: 5  # as the paper
  preset: huang2025
"""


def test_a_setting_is_changed_and_comments_stay():
    changed = edited(STUDY, {("progression", "max_lesions"): 3})

    assert changed == STUDY.replace("max_lesions: 5", "max_lesions: 3")


def test_a_setting_of_a_section_that_is_not_there_is_added():
    assert edited(STUDY, {("resistance", "preset"): "sitc_2023_ici_chemo"}).endswith(
        "resistance:\n  preset: sitc_2023_ici_chemo\n"
    )


@pytest.mark.parametrize("keys", [("progression", "preset"), ("nothing", "there")])
def test_none_leaves_the_default(keys: tuple[str, ...]):
    changed = edited(STUDY, {keys: None})

    assert "preset" not in changed if keys[0] == "progression" else changed == STUDY


def test_a_setting_in_a_list_is_changed_by_its_place():
    text = "analyses:\n- kind: survival  # ours\n- kind: sites\n"

    changed = edited(text, {("analyses", 0, "reference"): "systemic"})

    assert changed == "analyses:\n- kind: survival  # ours\n  reference: systemic\n- kind: sites\n"


def test_no_limit_is_written_as_nothing():
    assert read_yaml_text(edited(STUDY, {("progression", "max_lesions"): NOTHING})) is None


def read_yaml_text(text: str) -> object:
    return YAML(typ="safe").load(text)["progression"]["max_lesions"]
