"""Times to progression and death run through the medians that the paper prints."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.demo import times
from oligoscope.demo.patients import PATTERNS
from oligoscope.published.paper import read_published
from oligoscope.stats.survival.cox import cox
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.months import DAYS_PER_MONTH

PAPER = read_published("huang2025")


def evenly(n: int) -> np.ndarray:
    return (np.arange(n) + 0.5) / n


def by_type(pattern: str, n: int) -> tuple[int, int]:
    """How many of n have primary and acquired resistance."""
    n_primary = round(times.CALIBRATED.primary_share[pattern] * n)
    return n_primary, n - n_primary


def months(days: np.ndarray) -> float:
    return float(np.median(days)) / DAYS_PER_MONTH


U = evenly(20_000)


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
    """Huang 2025, 2.6: how many of acquired resistance come before it is solved from it."""
    n_primary, n_acquired = by_type(pattern, len(U))
    primary = times.primary_days(PAPER, pattern, evenly(n_primary))
    acquired = times.acquired_days(PAPER, pattern, evenly(n_acquired))

    assert months(np.concatenate([primary, acquired])) == pytest.approx(printed, abs=0.02)


@pytest.mark.parametrize(("pattern", "printed"), [("oligoprogression", 20.0), ("systemic", 10.5)])
def test_the_deaths_of_both_types_together_have_the_printed_median_of_the_pattern(
    pattern: str, printed: float
):
    """Huang 2025, 2.6."""
    n_primary, n_acquired = by_type(pattern, len(U))
    primary = times.death_days(PAPER, pattern, "primary", evenly(n_primary))
    acquired = times.death_days(PAPER, pattern, "acquired", evenly(n_acquired))

    assert months(np.concatenate([primary, acquired])) == pytest.approx(printed, abs=0.02)


@pytest.mark.parametrize(
    ("pattern", "n", "ratio", "low", "high"),
    [("oligoprogression", 289, 6.47, 4.24, 9.88), ("systemic", 290, 4.76, 3.60, 6.28)],
)
def test_the_printed_hazard_ratios_of_progression_by_resistance_type_follow(
    pattern: str, n: int, ratio: float, low: float, high: float
):
    """Huang 2025, 2.8.1 and 2.8.2: acquired resistance reaches back into the first six months."""
    n_primary, n_acquired = by_type(pattern, n)
    primary = times.primary_days(PAPER, pattern, evenly(n_primary))
    acquired = times.acquired_days(PAPER, pattern, evenly(n_acquired))
    early = float((acquired < times.BEFORE_SIX_MONTHS).mean())

    found = cox(
        np.concatenate([primary, acquired]) / DAYS_PER_MONTH,
        np.ones(n, dtype=bool),
        np.repeat([1.0, 0.0], [n_primary, n_acquired]),
    )
    assert 0.25 < early < 0.5
    assert [found.hazard_ratios[0], found.low[0], found.high[0]] == pytest.approx([ratio, low, high], rel=0.1)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("kind", ["primary", "acquired"])
def test_death_has_the_printed_median_and_follows_progression(pattern: str, kind: str):
    rng = np.random.default_rng(1)
    days = times.primary_days if kind == "primary" else times.acquired_days
    pfs = np.round(days(PAPER, pattern, rng.permutation(U))).astype(np.int64)

    died = times.overall_days(rng, PAPER, pattern, kind, pfs, np.zeros(len(pfs)))

    printed = times.median_days(PAPER, Outcome.OS, kind, pattern)
    assert np.median(died) == pytest.approx(printed, rel=0.01)
    assert (died >= pfs + times.SHORTEST_AFTER).all()


def test_the_fitter_live_longer_and_late_progression_does_not_fix_the_day_of_death():
    rng = np.random.default_rng(2)
    pfs = np.round(times.acquired_days(PAPER, "systemic", rng.permutation(U))).astype(np.int64)
    fitness = rng.standard_normal(len(pfs))

    died = times.overall_days(rng, PAPER, "systemic", "acquired", pfs, fitness)

    assert np.corrcoef(fitness, np.log(died))[0, 1] > 0.1
    assert np.corrcoef(pfs, died)[0, 1] < 0.9
