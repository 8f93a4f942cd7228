"""Studies with random legal settings: each runs, or is refused with its reason, and its numbers are possible ones.

More cases: `PYTHONPATH=src:tests python -m fuzz.fuzz_settings --cases 2000 --seed 1`.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from fuzz.materials import DRAWN, Material, choose, make_materials
from fuzz.random_settings import KINDS, random_settings
from fuzz.running import ALLOWED, run_case

pytestmark = pytest.mark.slow  # repeats through every writer what quicker tests hold

SEED, CASES = 20250408, 40
FEW = range(0, CASES, 4)  # the others are slow
SMALL = tuple(one for one in DRAWN if one[1] <= 200)


@pytest.fixture(scope="module")
def materials(tmp_path_factory: pytest.TempPathFactory) -> list[Material]:
    """The small drawn cohorts; the same with and without third-party files."""
    return [m for m in make_materials(tmp_path_factory.mktemp("tables"), SMALL) if m.name.startswith("demo")]


@pytest.mark.parametrize(
    "number", [n if n in FEW else pytest.param(n, marks=pytest.mark.slow) for n in range(CASES)]
)
def test_any_legal_settings_end_in_numbers_or_in_a_reason(
    number: int, materials: list[Material], tmp_path: Path
) -> None:
    rng = Random(f"{SEED}/{number}")
    settings = random_settings(rng, choose(materials, rng))
    outcome = run_case(settings, tmp_path)
    assert outcome.status in ALLOWED, outcome.faults
    assert not outcome.faults, outcome.faults
    assert outcome.run is not None or outcome.reason


def test_settings_are_the_same_for_the_same_seed(materials: list[Material]) -> None:
    assert random_settings(Random("1/2"), materials[0]) == random_settings(Random("1/2"), materials[0])


def test_every_kind_of_analysis_is_drawn(materials: list[Material]) -> None:
    drawn = [random_settings(Random(f"{SEED}/{i}"), materials[0]) for i in range(200)]
    assert {a["kind"] for settings in drawn for a in settings["analyses"]} == set(KINDS)
