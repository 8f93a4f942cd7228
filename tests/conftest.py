"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parents[1]

# The same examples each time, and no limit on the time of one: a loaded machine fails no test. For a hunt with new
# examples: HYPOTHESIS_HUNT=1 pytest tests/property.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("hunt", deadline=None)
# A second process takes longer to begin than a small study takes to draw; its own tests ask for it.
os.environ.setdefault("OLIGOSCOPE_CORES", "1")
settings.load_profile("hunt" if os.environ.get("HYPOTHESIS_HUNT") else "repeatable")


# Files whose tests take longest, the longest first. Each file is run by one worker: begun last, it would keep the others waiting.
BEGUN_FIRST = (
    "browser/test_whole_way.py",
    "browser/test_hostile_pages.py",
    "browser/test_problems_and_patients.py",
    "acceptance/test_odd_cohorts.py",
    "acceptance/test_demo.py",
    "acceptance/test_engines.py",
    "acceptance/test_hostile_words.py",
    "unit/intake/parquet/test_parquet_tables.py",
    "acceptance/test_torivumab.py",
    "property/test_recist_properties.py",
    "acceptance/test_broken_input.py",
)

# Files whose tests share nothing that takes long to make: each test goes to whichever worker is free.
DIVIDED = (
    "browser/test_whole_way.py",
    "oracle/test_recomputed_settings.py",
    "property/test_irecist_properties.py",
    "property/test_recist_properties.py",
    "property/test_times.py",
)


class _FilesOrTests(LoadFileScheduling):
    """The tests of a file to one worker, but for files that are divided."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return nodeid if file.removeprefix("tests/") in DIVIDED else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _FilesOrTests | None:
    return _FilesOrTests(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of these files before all others, for `--no-loadscope-reorder` to keep their order."""
    place = {ROOT / "tests" / name: i for i, name in enumerate(BEGUN_FIRST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


def find_shared(*parts: str) -> Path | None:
    """A third-party file or folder that may lie beside the repository; None where it does not.

    `OLIGOSCOPE_SHARED` names the folder; without it, `shared` beside the repository is looked at.
    """
    named = os.environ.get("OLIGOSCOPE_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    path = folder.joinpath(*parts)
    return path.resolve() if path.exists() else None


@pytest.fixture(scope="session")
def shared_path() -> Callable[..., Path]:
    """`shared_path("rule_cases", "x.json")`: that third-party file, or the test is skipped with the reason."""

    def find_or_skip(*parts: str) -> Path:
        path = find_shared(*parts)
        if path is None:
            pytest.skip(f"shared/{'/'.join(parts)} is not beside the repository (set OLIGOSCOPE_SHARED)")
        return path

    return find_or_skip


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository, for tests that read its files."""
    return ROOT
