"""The changes that scripts/mutants.py tries are programs, each another one than what is there, of every operator."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

import pytest

import script_modules

pytestmark = pytest.mark.slow  # repeats through every writer what quicker tests hold

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


def test_what_is_said_to_change_nothing_is_one_change_that_exists_with_its_reason(script: ModuleType) -> None:
    """Another change of the same line is tried."""
    files = {change.file for change in script.EQUAL}
    mutants = [mutant for file in files for mutant in script.mutants_of(script.PACKAGE / file)]

    for change, reason in script.EQUAL.items():
        assert [mutant.change for mutant in mutants].count(change) == 1, change
        assert len(reason.split()) > 4, change
        of_line = [mutant for mutant in mutants if mutant.change.whole_line == change.whole_line]
        assert any(mutant.change not in script.EQUAL for mutant in of_line) or len(of_line) == 1, change


def test_the_nearest_tests_come_first_and_none_comes_twice(script: ModuleType) -> None:
    nearest, others = script.tests_of("clinical/irecist_scans.py")

    assert nearest == ("tests/spec/test_irecist.py",)
    assert "tests/spec/test_reasons.py" in others
    assert not set(nearest) & set(others)


def test_tests_that_need_too_much_of_the_processor_are_told_from_those_that_fail(
    script: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "test_endless.py").write_text("def test_endless():\n    while True:\n        pass\n")
    (tmp_path / "test_wrong.py").write_text("def test_wrong():\n    assert False\n")
    (tmp_path / "test_right.py").write_text("def test_right():\n    pass\n")
    run = script.Copy(tmp_path).run

    assert run(["test_endless.py"], 2) is script.Outcome.ENDLESS
    assert run(["test_wrong.py"], 20) is script.Outcome.FAILED
    assert run(["test_right.py"], 20) is script.Outcome.PASSED


def test_a_seed_gives_the_same_changes_and_every_module_has_tests(script: ModuleType) -> None:
    assert (
        script.chosen("stats", "", 5, 1)
        == script.chosen("stats", "", 5, 1)
        != script.chosen("stats", "", 5, 2)
    )
    files = sorted({mutant.file for room in script.ROOMS for mutant in script.chosen(room, "", 300, 1)})
    assert not [file for file in files if not script.tests_of(file)]
