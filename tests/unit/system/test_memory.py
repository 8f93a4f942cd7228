"""Memory is searched seldom while a command runs, not at all while modules are loaded, and as before afterwards."""

from __future__ import annotations

import gc

import pytest

from oligoscope.system.memory import few_collections, loading


def test_searches_are_fewer_for_as_long_as_a_command_runs():
    before = gc.get_threshold()

    with few_collections():
        assert gc.get_threshold()[0] > before[0]

    assert gc.get_threshold() == before


@pytest.fixture
def thawed():
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_what_is_loaded_is_not_searched_then_or_later():
    frozen = gc.get_freeze_count()

    with loading():
        assert not gc.isenabled()

    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen


@pytest.mark.usefixtures("thawed")
def test_where_searches_are_off_loading_leaves_them_off():
    gc.disable()
    try:
        with loading():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
