"""Numbers of studies with random settings are those R computed of the same patients (recompute_settings.R).

Every fortieth study here; `OLIGOSCOPE_ALL_SETTINGS=1` compares all of them, as .ci/run does.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from fuzz.materials import Material, make_materials
from oracle.recomputed import STORED, compare, export, run_recorded

STEP = 1 if os.environ.get("OLIGOSCOPE_ALL_SETTINGS") else 40
ANSWERS: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
CASES = list(ANSWERS["cases"])


@pytest.fixture(scope="module")
def materials(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Material]:
    return {m.name: m for m in make_materials(tmp_path_factory.mktemp("tables"))}


@pytest.mark.parametrize("name", CASES[::STEP])
def test_numbers_are_those_of_r(name: str, materials: dict[str, Material], tmp_path: Path) -> None:
    case = ANSWERS["cases"][name]
    if case["tables"] not in materials:
        pytest.skip(f"the tables of {case['tables']} are not beside the repository (set OLIGOSCOPE_SHARED)")
    settings = case["settings"] | {"data": materials[case["tables"]].data}
    recorded = run_recorded(settings, tmp_path / "study")
    assert recorded is not None, "this study ran when R was asked, and does not run now"
    differences = [str(d) for _, d in compare(name, recorded.run, case["answers"]) if d is not None]
    if differences and export(recorded, tmp_path / "given") != case["digest"]:
        differences.insert(
            0, "the patients or the values drawn are no longer those R was given: run oracle.recomputed again"
        )
    assert not differences, "\n".join(differences[:20])


def test_two_hundred_studies_are_stored() -> None:
    assert len(CASES) == 200
