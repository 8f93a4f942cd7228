"""The changes that scripts/mutants.py tries are programs, each another one than what is there, of every operator."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

import pytest

import script_modules

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_modules.script("mutants")


def test_each_change_is_another_program(script: ModuleType) -> None:
    mutants = [mutant for room in script.ROOMS for mutant in script.chosen(room, "", 120, 1)]

    for mutant in mutants:
        source = (script.PACKAGE / mutant.file).read_bytes()
        assert ast.dump(ast.parse(mutant.of(source))) != ast.dump(ast.parse(source)), str(mutant)
    assert {mutant.kind for mutant in mutants} == {
        "boundary",
        "comparison",
        "arithmetic",
        "constant",
        "boolean",
        "deletion",
    }


def test_a_seed_gives_the_same_changes_and_every_module_has_tests(script: ModuleType) -> None:
    assert (
        script.chosen("stats", "", 5, 1)
        == script.chosen("stats", "", 5, 1)
        != script.chosen("stats", "", 5, 2)
    )
    files = sorted({mutant.file for room in script.ROOMS for mutant in script.chosen(room, "", 300, 1)})
    assert not [file for file in files if not script.tests_of(file)]
