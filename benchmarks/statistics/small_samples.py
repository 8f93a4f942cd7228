"""Do limits hold the truth in single-centre cohorts: few pairs, and Cox models with few events a variable?

    python benchmarks/statistics/small_samples.py [--pairs 2000] [--studies 300] [--seed 20250408]

Pairs: exponential times, a marginal hazard ratio known by construction (a Gaussian copula of correlation 0.5 within pairs
leaves the margins as they are), a quarter to a third censored. Limits by the variance robust to the pairs, by its jackknife
(each pair left out once: (k - 1) / k of the sum of squares around the estimate of all; Lipsitz, Dear & Zhao, Biometrics 1994, 50:842), with the normal
distribution and with t of pairs - 1.

Models: a group (a third of the patients) and two covariates, log hazard ratios as below; most patients are censored, so that
there are few events a variable. Limits of the group's ratio by Wald, and by the profile of Firth's penalised likelihood.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.firth_cox import firth_cox

Floats = NDArray[np.float64]
RATIO = 0.6
CORRELATION = 0.5
PAIRS = (6, 10, 20, 30)
MODELS = (
    (40, 0.06),
    (40, 0.14),
    (80, 0.03),
    (80, 0.07),
    (80, 0.14),
    (150, 0.04),
    (150, 0.08),
)  # patients, a quarter of the latest censoring
COVARIATES = (0.5, 0.5)  # log hazard ratios: one number, one yes/no


@dataclass
class Tally:
    """Limits of one method over the studies that have them."""

    truth: float
    estimates: list[float] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    def add(self, estimate: float, low: float, high: float) -> None:
        """One study, on the log scale."""
        self.estimates.append(estimate)
        self.held.append(low <= self.truth <= high)
        self.widths.append(high - low)

    def cells(self, of: int) -> str:
        """Studies without a ratio, bias and its error, cover, median width."""
        found = np.array(self.estimates)
        error = found.std(ddof=1) / math.sqrt(found.size)
        none = 100 * (1 - found.size / of)
        return (
            f"{none:.1f} | {found.mean() - self.truth:+.3f} ({error:.3f}) | "
            f"**{100 * np.mean(self.held):.1f}** | {np.median(self.widths):.2f}"
        )


def draw_pairs(rng: np.random.Generator, pairs: int, ratio: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Months, death, group, and the number of each patient's pair."""
    shared, own = rng.standard_normal(pairs), rng.standard_normal((2, pairs))
    normal = math.sqrt(CORRELATION) * shared + math.sqrt(1 - CORRELATION) * own
    times = -np.log(special.ndtr(-normal)) / np.array([[ratio], [1.0]]) * 12
    closed = rng.uniform(6, 48, (2, pairs))
    group = np.repeat([1.0, 0.0], pairs)
    pair = np.tile(np.arange(pairs), 2).astype(float)
    return np.minimum(times, closed).ravel(), (times <= closed).ravel().astype(float), group, pair


def pair_limits(study: tuple[Floats, Floats, Floats, Floats]) -> tuple[float, float, float] | None:
    """Log ratio, its standard error robust to the pairs and by the jackknife; None where there is none."""
    months, died, group, pair = study
    try:
        fit = cox(months, died, group, cluster=pair)
        if fit.not_estimable or fit.robust_standard_errors is None:
            return None
        estimate, numbers = float(fit.coefficients[0]), np.unique(pair)
        left = [cox(months[pair != p], died[pair != p], group[pair != p]) for p in numbers]
    except NotEnoughData:
        return None
    without = np.array([f.coefficients[0] for f in left])
    if not np.isfinite(without).all():
        return None
    k = numbers.size
    jackknife = math.sqrt((k - 1) / k * float(((without - estimate) ** 2).sum()))
    return estimate, float(fit.robust_standard_errors[0]), jackknife


def simulate_pairs(studies: int, seed: int) -> None:
    """Print the table of few pairs."""
    print("| pairs | hazard ratio | limits | no ratio, % | bias of log HR (its error) | hold, % | width |")
    print("|---|---|---|---|---|---|---|")
    for k in PAIRS:
        for ratio in (1.0, RATIO):
            rng = np.random.default_rng([seed, k, round(100 * ratio)])
            normal, t = 1.959963984540054, float(special.stdtrit(k - 1, 0.975))
            tallies = {
                name: Tally(math.log(ratio))
                for name in ("pair-robust, normal", "pair-robust, t", "jackknife, normal", "jackknife, t")
            }
            for _ in range(studies):
                found = pair_limits(draw_pairs(rng, k, ratio))
                if found is None:
                    continue
                estimate, robust, jackknife = found
                reaches = (normal * robust, t * robust, normal * jackknife, t * jackknife)
                for tally, reach in zip(tallies.values(), reaches, strict=True):
                    tally.add(estimate, estimate - reach, estimate + reach)
            for name, tally in tallies.items():
                print(f"| {k} | {ratio:g} | {name} | {tally.cells(studies)} |", flush=True)


def draw_model(rng: np.random.Generator, n: int, closing: float) -> tuple[Floats, Floats, Floats]:
    """Months, event, and the columns; censored evenly up to four times `closing`, early beside a mean time to the event of 1."""
    columns = np.column_stack([rng.random(n) < 1 / 3, rng.standard_normal(n), rng.random(n) < 0.4])
    line = columns @ np.array([math.log(RATIO), *COVARIATES])
    times = rng.exponential(size=n) / np.exp(line)
    closed = rng.uniform(0, 4 * closing, n)
    return np.minimum(times, closed), (times <= closed).astype(float), columns.astype(float)


def simulate_models(studies: int, seed: int) -> None:
    """Print the table of Cox models."""
    print(
        "| patients | events a variable | model | no ratio, % | bias of log HR (its error) | hold, % | width |"
    )
    print("|---|---|---|---|---|---|---|")
    for n, closing in MODELS:
        rng = np.random.default_rng([seed, n, round(100 * closing)])
        ordinary, firth, events = Tally(math.log(RATIO)), Tally(math.log(RATIO)), []
        for _ in range(studies):
            months, died, columns = draw_model(rng, n, closing)
            events.append(int(died.sum()))
            for tally, fit in ((ordinary, _ordinary), (firth, _firth)):
                found = _or_none(fit, months, died, columns)
                if found is not None:
                    tally.add(*found)
        per_variable = np.mean(events) / 3
        for name, tally in (("ordinary, Wald", ordinary), ("Firth, profile", firth)):
            print(f"| {n} | {per_variable:.1f} | {name} | {tally.cells(studies)} |", flush=True)


def _or_none(
    fit: Callable[[Floats, Floats, Floats], tuple[float, float, float] | None],
    months: Floats,
    died: Floats,
    columns: Floats,
) -> tuple[float, float, float] | None:
    try:
        return fit(months, died, columns)
    except NotEnoughData:
        return None


def _ordinary(months: Floats, died: Floats, columns: Floats) -> tuple[float, float, float] | None:
    fit = cox(months, died, columns)
    if fit.not_estimable:
        return None
    return float(fit.coefficients[0]), math.log(fit.low[0]), math.log(fit.high[0])


def _firth(months: Floats, died: Floats, columns: Floats) -> tuple[float, float, float] | None:
    fit = firth_cox(months, died, columns, limits_of=(0,))
    low = math.log(fit.low[0]) if fit.low[0] > 0 else -math.inf
    return float(fit.coefficients[0]), low, math.log(fit.high[0]) if fit.high[0] < math.inf else math.inf


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", type=int, default=2000, help="studies of pairs a line")
    parser.add_argument("--studies", type=int, default=300, help="studies of models a line")
    parser.add_argument("--seed", type=int, default=20250408)
    asked = parser.parse_args()
    _timed(lambda: simulate_pairs(asked.pairs, asked.seed))
    _timed(lambda: simulate_models(asked.studies, asked.seed))


def _timed(act: Callable[[], None]) -> None:
    began = time.process_time()
    act()
    print(f"{time.process_time() - began:.0f} s of the processor")


if __name__ == "__main__":
    main()
