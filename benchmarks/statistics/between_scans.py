"""What dating progression at scans does to a hazard ratio: simulated, 1000 studies of 200 patients a line.

    python benchmarks/statistics/between_scans.py [--studies 1000] [--seed 20250408]

Progression-free times of two groups with a true hazard ratio of 0.6 or 1, scanned every six weeks, or one group every six and the
other every twelve weeks; the last scan is after 24 months. *Weibull*: shape 1.2. *piecewise*: the hazard falls to a third
after six months, which no Weibull model holds. Cox: times as dated at scans; intervals: the Weibull model of the intervals.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.interval_censored import fit_weibull, read_intervals

N, LAST = 200, 24.0
Z = 1.959964
Floats = NDArray[np.float64]


def times_of(shape: str, hazard: Floats, rng: np.random.Generator) -> Floats:
    wait = rng.exponential(size=hazard.size) / hazard  # cumulative hazard in the units of the group
    if shape == "weibull":
        return 9 * wait ** (1 / 1.2)
    early = 1 / 9  # a month, in the first six months; a third of it after them
    return np.where(wait < 6 * early, wait / early, 6 + (wait - 6 * early) / (early / 3))


def seen(times: Floats, weeks: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """The scans between which each time lies; each scan up to four days off its day."""
    left, right = np.zeros(N), np.full(N, np.inf)
    for i in range(N):
        step = weeks[i] * 7 / 30.4375
        scans = np.arange(step, LAST + step, step)
        scans = scans + rng.uniform(-4, 4, scans.size) / 30.4375
        before, after = scans[scans < times[i]], scans[scans >= times[i]]
        left[i] = before[-1] if before.size else 0.0
        right[i] = after[0] if after.size else np.inf
    return left, right


def judge(shape: str, ratio: float, other: int, many: int, seed: int) -> Iterator[str]:
    found: dict[str, list[tuple[float, float]]] = {"Cox, as dated": [], "intervals": []}
    for own in np.random.SeedSequence(seed).spawn(many):
        rng = np.random.default_rng(own)
        first = (np.arange(N) % 2).astype(float)
        left, right = seen(
            times_of(shape, np.where(first == 1, ratio, 1.0), rng),
            np.where(first == 1, 6.0, float(other)),
            rng,
        )
        died = np.isfinite(right)
        months = np.where(died, right, left)
        dated = cox(np.maximum(months, 1e-3), died, first[:, None])
        found["Cox, as dated"].append((float(dated.coefficients[0]), float(dated.standard_errors[0])))
        fit = fit_weibull(read_intervals(left, right), first[:, None])
        found["intervals"].append((float(fit.coefficients[0]), float(fit.standard_errors[0])))
    truth = math.log(ratio)
    for name, pairs in found.items():
        estimates, errors = np.array(pairs).T
        bias = f"{estimates.mean() - truth:+.3f} ({estimates.std(ddof=1) / math.sqrt(many):.3f})"
        held = 100 * np.mean(np.abs(estimates - truth) <= Z * errors)
        yield f"| {shape} | {ratio:g} | 6 and {other} weeks | {name} | {bias} | **{held:.1f}** |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20250408)
    given = parser.parse_args()
    began = time.process_time()
    print("| times | true ratio | scans | method | bias of log HR (its error) | hold, % |")
    print("|---" * 6 + "|", flush=True)
    for shape in ("weibull", "piecewise"):
        for ratio in (1.0, 0.6):
            for other in (6, 12):
                for line in judge(shape, ratio, other, given.studies, given.seed):
                    print(line, flush=True)
    print(f"\n{given.studies} studies a line, {time.process_time() - began:.0f} s of the processor")


if __name__ == "__main__":
    main()
