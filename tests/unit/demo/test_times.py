"""Times to progression and death run through the medians that the paper prints."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.demo import times
from oligoscope.demo.patients import PATTERNS
from oligoscope.published import read_published

PAPER = read_published("huang2025")
U = (np.arange(20_000) + 0.5) / 20_000


def months(days: np.ndarray) -> float:
    return float(np.median(days)) / times.DAYS_A_MONTH


@pytest.mark.parametrize(
    ("pattern", "primary", "acquired"), [("oligoprogression", 3.8, 10.0), ("systemic", 3.3, 8.5)]
)
def test_progression_has_the_printed_median_of_each_resistance_type(
    pattern: str, primary: float, acquired: float
):
    """Huang 2025, 2.8.1 and 2.8.2."""
    assert months(times.primary_days(PAPER, pattern, U)) == pytest.approx(primary, abs=0.01)
    assert months(times.acquired_days(PAPER, pattern, U)) == pytest.approx(acquired, abs=0.01)
    assert times.primary_days(PAPER, pattern, U).max() <= times.BEFORE_SIX_MONTHS


@pytest.mark.parametrize(("pattern", "printed"), [("oligoprogression", 7.5), ("systemic", 5.0)])
def test_the_two_types_together_have_the_printed_median_of_the_pattern(pattern: str, printed: float):
    """Huang 2025, 2.6: the spread of acquired resistance is solved from it."""
    n_primary = round(times.PRIMARY_SHARE[pattern] * len(U))
    primary = times.primary_days(PAPER, pattern, (np.arange(n_primary) + 0.5) / n_primary)
    n_acquired = len(U) - n_primary
    acquired = times.acquired_days(PAPER, pattern, (np.arange(n_acquired) + 0.5) / n_acquired)

    assert months(np.concatenate([primary, acquired])) == pytest.approx(printed, abs=0.02)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("kind", ["primary", "acquired"])
def test_death_has_the_printed_median_and_follows_progression(pattern: str, kind: str):
    rng = np.random.default_rng(1)
    days = times.primary_days if kind == "primary" else times.acquired_days
    pfs = np.round(days(PAPER, pattern, rng.permutation(U))).astype(np.int64)

    died = times.overall_days(rng, PAPER, pattern, kind, pfs, np.zeros(len(pfs)))

    printed = times.median_days(PAPER, "os", kind, pattern)
    assert np.median(died) == pytest.approx(printed, rel=0.01)
    assert (died >= pfs + times.SHORTEST_AFTER).all()


def test_the_fitter_live_longer_and_late_progression_does_not_fix_the_day_of_death():
    rng = np.random.default_rng(2)
    pfs = np.round(times.acquired_days(PAPER, "systemic", rng.permutation(U))).astype(np.int64)
    fitness = rng.standard_normal(len(pfs))

    died = times.overall_days(rng, PAPER, "systemic", "acquired", pfs, fitness)

    assert np.corrcoef(fitness, np.log(died))[0, 1] > 0.1
    assert np.corrcoef(pfs, died)[0, 1] < 0.9
