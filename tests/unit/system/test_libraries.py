"""Variables of the system that make libraries speak, or work otherwise, are set aside before they are loaded."""

from __future__ import annotations

import os

import pytest

from oligoscope.system.libraries import quiet_libraries

SET_ASIDE = (
    "POLARS_VERBOSE", "POLARS_VERBOSE_SENSITIVE", "POLARS_PANIC_ON_ERR", "POLARS_FORCE_STREAMING", "POLARS_ENGINE_AFFINITY",
    "POLARS_FMT_MAX_COLS", "POLARS_OF_A_LATER_VERSION",
)  # fmt: skip
KEPT = {
    "POLARS_MAX_THREADS": "3",
    "POLARS_TEMP_DIR": "elsewhere",
    "POLARS_SKIP_CPU_CHECK": "1",
    "PATH": "/bin",
}


def test_what_is_for_developers_of_polars_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SET_ASIDE:
        monkeypatch.setenv(name, "1")
    for name, value in KEPT.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    try:
        quiet_libraries()
        found = dict(os.environ)
    finally:
        os.environ.clear()
        os.environ.update(before)

    assert set(SET_ASIDE) & set(found) == set()
    assert {name: found[name] for name in KEPT} == KEPT
