"""Choices of definitions are written into study.yaml with as few lines as they need."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oligoscope.questions.registry import KINDS, read_protocol
from oligoscope.study.definition_edit import AS_DEFINED, Choices, choices_of, definition_changes
from oligoscope.study.edit_study import NOTHING, edit_study
from oligoscope.study.study_file import stated_settings
from oligoscope.study.study_presets import PAPER_ANALYSES

PAPER = "study: {preset: huang2025}  # the paper's\ndata: {patients: patients.csv}\n"


def _study(folder: Path, text: str) -> Path:
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return folder


def _changes(folder: Path, **wanted: Any) -> tuple[dict[Any, Any], Choices]:
    protocol = read_protocol(folder)
    choices = replace(choices_of(protocol, KINDS), **wanted)
    return definition_changes(stated_settings(folder), protocol, choices, KINDS), choices


def test_what_holds_already_is_not_written(tmp_path: Path):
    assert _changes(_study(tmp_path, PAPER))[0] == {}


@pytest.mark.parametrize("text", [PAPER, PAPER + "progression: {preset: strict3, max_lesions: 4}\n"])
@pytest.mark.parametrize(
    "wanted",
    [
        {"preset": "huang2025"},
        {"preset": "core"},
        {"preset": "astro_estro5", "resistance": "sitc_2023_ici_chemo"},
        {"ways": {"node_counting": "lesion", "lesion_reference": "previous"}},
        {"covariates": ("sex", "stage")},
        {"reference": "systemic"},
        {"study_preset": None},
    ],
    ids=str,
)
def test_what_is_written_makes_the_choices_hold(tmp_path: Path, text: str, wanted: dict[str, Any]):
    study = _study(tmp_path, text)
    changes, choices = _changes(study, **wanted)

    edit_study(study / "study.yaml", changes)

    assert choices_of(read_protocol(study), KINDS) == choices
    assert "# the paper's" in (study / "study.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("part", "value", "written"),
    [("max_lesions", 3, 3), ("max_lesions", None, NOTHING), ("controlled", "flag", "flag"), ("max_lesions", 5, None)],
)  # fmt: skip
def test_a_part_is_written_only_where_the_definition_has_another(
    tmp_path: Path, part: str, value: Any, written: Any
):
    study = _study(tmp_path, PAPER)
    parts = {**choices_of(read_protocol(study), KINDS).parts, part: value}

    changes = _changes(study, parts=parts)[0]

    assert changes == ({} if written is None else {("progression", part): written})


def test_a_part_goes_back_to_its_definition(tmp_path: Path):
    study = _study(tmp_path, PAPER + "progression: {max_lesions: 3}\n")
    parts = {**choices_of(read_protocol(study), KINDS).parts, "max_lesions": AS_DEFINED}

    assert _changes(study, parts=parts)[0] == {("progression", "max_lesions"): None}


def test_no_limit_is_read_back_as_no_limit(tmp_path: Path):
    study = _study(tmp_path, PAPER)
    parts = {**choices_of(read_protocol(study), KINDS).parts, "max_lesions": None}

    edit_study(study / "study.yaml", _changes(study, parts=parts)[0])

    assert read_protocol(study).progression.max_lesions is None


def test_the_reference_of_analyses_in_the_file_is_changed_in_its_place(tmp_path: Path):
    own = "analyses:\n  - {kind: survival, outcomes: [os]}  # ours\n  - {kind: sites}\n"
    study = _study(tmp_path, PAPER + own)

    changes = _changes(study, reference="oligoprogression")[0]
    edit_study(study / "study.yaml", changes)

    assert changes == {("analyses", 0, "reference"): "oligoprogression"}
    assert "# ours" in (study / "study.yaml").read_text(encoding="utf-8")
    assert read_protocol(study).analyses[0].reference == "oligoprogression"


def test_the_analyses_of_a_preset_are_written_out_with_their_reference(tmp_path: Path):
    study = _study(tmp_path, PAPER)

    edit_study(study / "study.yaml", _changes(study, reference="systemic")[0])

    found = read_protocol(study).analyses
    assert len(found) == len(PAPER_ANALYSES)
    without = tuple(a.model_copy(update={"reference": None}) for a in found)
    assert without == PAPER_ANALYSES
