"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


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
