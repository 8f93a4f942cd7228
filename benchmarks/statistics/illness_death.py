"""Do the limits of the illness-death model hold the truth? Simulated courses, 1000 studies of 200 and of 570 patients.

    python benchmarks/statistics/illness_death.py [--studies 1000] [--seed 20250408]

From treatment on constant hazards of oligoprogression, systemic progression and death, each changed by a covariate of two
levels; after a progression a hazard of death that depends on the pattern and the covariate, and, in the second scenario, on the
time since progression and not since treatment (no Markov process). Follow-up ends between 12 and 48 months; in the third scenario
a third of the patients come under observation late. The truth of state occupation is the share in 2,000,000 courses
without censoring; of the ratio, what the hazards were drawn with.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oligoscope.errors import NotEnoughData
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.multi_state import STAYED, occupation

Floats = NDArray[np.float64]
HAZARDS = (
    0.026,
    0.026,
    0.011,
)  # a month: oligoprogression, systemic progression, death (the margins of the demo)
ON_FIRST = (1.2, 0.9, 1.5)  # hazard ratios of the covariate
AFTER, RATIO, ON_DEATH = (
    0.105,
    0.65,
    1.3,
)  # death after systemic progression; oligoprogression against it; the covariate
STATES = ("none", "oligo", "systemic", "dead_none", "dead_oligo", "dead_systemic")
TIMES = (6.0, 12.0, 24.0)


@dataclass(frozen=True)
class Scenario:
    """How courses are drawn and analysed."""

    name: str
    shape: float = 1.0  # of the Weibull time from progression to death
    late: float = 0.0  # share of patients who come under observation after treatment has started
    reset: bool = False


SCENARIOS = (
    Scenario("Markov, clock forward"),
    Scenario("not Markov, clock reset", shape=1.6, reset=True),
    Scenario("Markov, a third entered late", late=1 / 3),
)


def draw(
    rng: np.random.Generator, n: int, scenario: Scenario
) -> tuple[Floats, NDArray[np.int64], Floats, Floats]:
    """Month and kind (1 oligo, 2 systemic, 3 death) of the first event, month of death, covariate."""
    x = rng.integers(0, 2, n).astype(float)
    hazards = np.column_stack([h * r**x for h, r in zip(HAZARDS, ON_FIRST, strict=True)])
    each = rng.exponential(1 / hazards)
    kind, first = each.argmin(axis=1) + 1, each.min(axis=1)
    hazard = AFTER * np.where(kind == 1, RATIO, 1.0) * ON_DEATH**x
    later = (rng.exponential(1.0, n) / hazard) ** (1 / scenario.shape) * (6 ** (1 - 1 / scenario.shape))
    return first, kind, np.where(kind == 3, first, first + later), x


def truth(rng: np.random.Generator, scenario: Scenario, n: int = 2_000_000) -> Floats:
    """Share in each state at each time."""
    first, kind, died, _ = draw(rng, n, scenario)
    shares = []
    for t in TIMES:
        alive = [first > t, *((kind == k) & (first <= t) & (died > t) for k in (1, 2))]
        shares.append([*alive, *((kind == k) & (died <= t) for k in (3, 1, 2))])
    return np.array([[s.mean() for s in states] for states in shares])


def study(rng: np.random.Generator, n: int, scenario: Scenario) -> tuple[Floats, float, bool]:
    """Limits of occupation at each time and state, the estimate of the log ratio, and whether its limits hold."""
    first, kind, died, x = draw(rng, n, scenario)
    end = rng.uniform(12, 48, n)
    late = np.where(rng.random(n) < scenario.late, rng.uniform(0, 9, n), 0.0)
    who = np.arange(n)
    begun = np.minimum(first, end) > late
    progressed = (kind < 3) & (first < end)
    stop = np.minimum(died, end)
    after = progressed & (stop > late)
    rows = (
        np.r_[who[begun], who[after]],
        np.r_[late[begun], np.maximum(first, late)[after]],
        np.r_[np.minimum(first, end)[begun], stop[after]],
        np.r_[np.zeros(begun.sum()), kind[after]],
        np.r_[np.where(first < end, kind, STAYED)[begun], np.where(died < end, kind + 3, STAYED)[after]],
    )
    found = occupation(*rows, STATES)
    limits = np.array([[(s.low, s.high) for s in found.at(t)] for t in TIMES])
    since = first[after] if scenario.reset else np.zeros(after.sum())
    columns = np.column_stack([kind[after] == 1, x[after]]).astype(float)
    entry = np.maximum(first, late)[after] - since
    fit = cox(stop[after] - since, died[after] < end[after], columns, entry=entry)
    return limits, float(fit.coefficients[0]), bool(fit.low[0] <= RATIO <= fit.high[0])


def main() -> None:
    """Print a line of the README for each scenario and size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20250408)
    asked = parser.parse_args()
    began = time.process_time()
    states = "no progression | oligo, alive | systemic, alive | dead, none | dead, oligo | dead, systemic"
    print(f"| scenario | patients | {states} | bias of log HR (its error) | HR, hold, % |")
    print("|---|---|" + "---|" * 8)
    for i, scenario in enumerate(SCENARIOS):
        true = truth(np.random.default_rng([asked.seed, i]), scenario)
        for n in (200, 570):
            rng = np.random.default_rng([asked.seed, i, n])
            held, logs, holds = [], [], []
            for _ in range(asked.studies):
                try:
                    limits, log, hold = study(rng, n, scenario)
                except NotEnoughData:
                    continue
                known = np.isfinite(limits[:, :, 0])
                inside = (limits[:, :, 0] <= true) & (true <= limits[:, :, 1])
                held.append(np.where(known, inside, np.nan))
                logs.append(log - np.log(RATIO))
                holds.append(hold)
            share = 100 * np.nanmean(held, axis=0)
            cells = " | ".join(", ".join(f"{v:.1f}" for v in share[:, s]) for s in range(len(STATES)))
            error = np.std(logs) / np.sqrt(len(logs))
            print(
                f"| {scenario.name} | {n} | {cells} | {np.mean(logs):+.3f} ({error:.3f}) | **{100 * np.mean(holds):.1f}** |",
                flush=True,
            )
    print(f"{time.process_time() - began:.0f} s of the processor")


if __name__ == "__main__":
    main()
