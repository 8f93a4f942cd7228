"""Size and power of the tests, and coverage of the restricted means, where hazards are proportional, late or cross.

    PYTHONPATH=src python benchmarks/statistics/changing_hazards.py

100 patients a group, uniform censoring between 12 and 36 months, times in whole days; restricted means up to 18 months, set beforehand.
Printed: of each scenario the share of P below 0.05 (log-rank, MaxCombo, Fleming-Harrington 0, 1, restricted means), the share in
which proportional hazards were rejected, and how often the 95 % limits of the difference in restricted means hold the true one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from oligoscope.stats.arrays import Floats
from oligoscope.stats.survival.log_rank import log_rank
from oligoscope.stats.survival.proportional_hazards import proportional_hazards
from oligoscope.stats.survival.rmst import compare_restricted_means
from oligoscope.stats.survival.weighted_log_rank import FlemingHarrington, weighted_log_rank

N, TAU, DRAWS, SEED = 100, 18.0, 2000, 20250408
LATE = (FlemingHarrington(0.0, 1.0),)
Draw = Callable[[np.random.Generator, int], Floats]


def exponential(median: float) -> Draw:
    return lambda rng, n: rng.exponential(median / np.log(2), n)


def changing(median: float, at: float, later: float) -> Draw:
    """Exponential with this median until `at` months, then with the hazard of a median of `later`."""

    def draw(rng: np.random.Generator, n: int) -> Floats:
        first, then = exponential(median)(rng, n), exponential(later)(rng, n)
        return np.where(first > at, at + then, first)

    return draw


SCENARIOS: dict[str, tuple[Draw, Draw]] = {
    "no difference": (exponential(10), exponential(10)),
    "proportional, HR 0.65": (exponential(10 / 0.65), exponential(10)),
    "late, HR 1 to 6 months, then 0.5": (changing(10, 6, 20), exponential(10)),
    "early, HR 0.5 to 6 months, then 1": (changing(20, 6, 10), exponential(10)),
    "crossing, HR 2 to 4 months, then 0.4": (changing(5, 4, 25), exponential(10)),
}


def true_difference(first: Draw, second: Draw) -> float:
    """Of the means up to TAU, from five million patients a group."""
    rng = np.random.default_rng(1)
    one, other = (np.minimum(draw(rng, 5_000_000), TAU).mean() for draw in (first, second))
    return float(one - other)


def tried(rng: np.random.Generator, first: Draw, second: Draw, truth: float) -> list[bool]:
    group = np.repeat([True, False], N)
    times = np.ceil(np.concatenate([first(rng, N), second(rng, N)]) * 30.4375) / 30.4375
    seen = np.ceil(rng.uniform(12, 36, 2 * N) * 30.4375) / 30.4375
    months, died = np.minimum(times, seen), times <= seen
    means = compare_restricted_means(
        months,
        died,
        group.astype(int),
        reference=0,
        tau=min(TAU, months[group].max(), months[~group].max()),
    )
    constant = proportional_hazards(months, died, group.astype(float)[:, None]).overall.p_value
    ps = (
        log_rank(months, died, group).p_value,
        weighted_log_rank(months, died, group).p_value,
        weighted_log_rank(months, died, group, LATE).p_value,
        means.difference.p_value,
        constant,
    )
    return [*(p < 0.05 for p in ps), means.difference.low <= truth <= means.difference.high]


def main() -> None:
    print("| scenario | log-rank | MaxCombo | FH(0,1) | RMST | not proportional | coverage of RMST |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, (first, second) in SCENARIOS.items():
        rng, truth = np.random.default_rng(SEED), true_difference(first, second)
        shares = np.mean([tried(rng, first, second, truth) for _ in range(DRAWS)], axis=0) * 100
        print(f"| {name} | {' | '.join(f'{share:.1f}' for share in shares)} |", flush=True)


if __name__ == "__main__":
    main()
