"""Comparing with R: the tolerance every oracle test uses unless it says why not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

RELATIVE = 1e-8


@pytest.fixture
def agrees(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Assert that numbers are R's: null is NaN or None, 0 is 0 to 1e-14, else equal to `relative`.

    How many were compared, and the largest relative difference, are kept with the test for the validation pack.
    """
    seen = {"numbers_of_r": 0, "largest_difference": 0.0}

    def compare(actual: Any, expected: Any, relative: float = RELATIVE) -> None:
        ours = np.atleast_1d(np.array(actual, dtype=np.float64)).ravel()
        theirs = np.atleast_1d(np.array(expected, dtype=np.float64)).ravel()
        assert ours.shape == theirs.shape
        for a, b in zip(ours.tolist(), theirs.tolist(), strict=True):
            both_missing = math.isnan(a) and math.isnan(b)
            assert both_missing or math.isclose(a, b, rel_tol=relative, abs_tol=1e-14), (a, b)
            if abs(a - b) > 1e-14:
                seen["largest_difference"] = max(seen["largest_difference"], abs(a - b) / max(abs(a), abs(b)))
        seen["numbers_of_r"] += len(ours)
        kept = [(name, value) for name, value in request.node.user_properties if name not in seen]
        request.node.user_properties[:] = [*kept, *seen.items()]

    return compare
