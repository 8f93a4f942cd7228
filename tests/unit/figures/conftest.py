"""Made results with the comparisons after matching."""

from __future__ import annotations

import pytest

from oligoscope.results import Results
from unit.comparison_results import with_comparisons


@pytest.fixture(scope="session")
def compared_results(made_results: Results) -> Results:
    return with_comparisons(made_results)
