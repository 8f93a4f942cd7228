"""What spec tests draw on."""

from __future__ import annotations

import pytest

from spec.sheet import Sheet


@pytest.fixture
def sheet() -> Sheet:
    """A sheet for drawn patient tables; a table that does not come out as drawn fails the test."""
    return Sheet()
