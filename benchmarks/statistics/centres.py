"""Patients of several centres: what do ignoring them, strata, clusters and a frailty do to a hazard ratio?

    python benchmarks/statistics/centres.py [--studies 300] [--seed 20251127]

Studies of 300 patients in 4, 8 or 20 centres of unequal size; exponential times, a hazard ratio of 0.7 within each centre, about a third
censored. Centres differ in hazard by a log-normal factor (sd 0.5 of its logarithm, so that the gamma frailty of the model is not the
truth). "Like shares": the group is as frequent in each centre. "Other shares": it is the more frequent, the higher the hazard of the centre
(log odds 1 for a factor e), so that centres confound. Limits hold where they contain the ratio within centres.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.frailty import frailty_cox

Floats = NDArray[np.float64]
Study = tuple[Floats, Floats, Floats, Floats]  # months, death, group, centre
PATIENTS, CENTRES, RATIO, SPREAD = 300, (4, 8, 20), 0.7, 0.5
Z = 1.959963984540054


def draw(rng: np.random.Generator, centres: int, confounding: float) -> Study:
    """One study; every centre has a patient."""
    sizes = rng.dirichlet(np.full(centres, 3.0))
    centre = np.concatenate([np.arange(centres), rng.choice(centres, PATIENTS - centres, p=sizes)])
    effect = SPREAD * rng.standard_normal(centres)
    group = (rng.random(PATIENTS) < special.expit(confounding * effect[centre])).astype(float)
    times = 12 * rng.exponential(size=PATIENTS) / np.exp(effect[centre] + math.log(RATIO) * group)
    closed = rng.uniform(6, 36, PATIENTS)
    return np.minimum(times, closed), (times <= closed).astype(float), group, centre.astype(float)


def ignored(study: Study) -> Iterator[tuple[str, float, float, float]]:
    months, died, group, _ = study
    fit = cox(months, died, group)
    yield "ignored", float(fit.coefficients[0]), float(fit.standard_errors[0]), Z


def strata(study: Study) -> Iterator[tuple[str, float, float, float]]:
    months, died, group, centre = study
    fit = cox(months, died, group, strata=centre)
    yield "strata", float(fit.coefficients[0]), float(fit.standard_errors[0]), Z


def cluster(study: Study) -> Iterator[tuple[str, float, float, float]]:
    months, died, group, centre = study
    fit = cox(months, died, group, cluster=centre)
    estimate, error = float(fit.coefficients[0]), float(fit.errors_of_limits[0])
    yield "cluster, normal", estimate, error, Z
    yield "cluster, t", estimate, error, float(special.stdtrit(len(np.unique(centre)) - 1, 0.975))


def frailty(study: Study) -> Iterator[tuple[str, float, float, float]]:
    months, died, group, centre = study
    fit = frailty_cox(months, died, group, centre).model
    yield "frailty", float(fit.coefficients[0]), float(fit.standard_errors[0]), Z


METHODS: tuple[Callable[[Study], Iterator[tuple[str, float, float, float]]], ...] = (
    ignored, strata, cluster, frailty,
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--studies", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20251127)
    arguments = parser.parse_args()
    begun = time.process_time()
    print("| group | centres | method | bias of log HR (its error) | sd / mean SE | hold, % |")
    print("|---|---|---|---|---|---|")
    for shares, confounding in (("like shares", 0.0), ("other shares", 1.0)):
        for centres in CENTRES:
            found: dict[str, list[tuple[float, float, bool]]] = {}
            for child in np.random.SeedSequence([arguments.seed, centres]).spawn(arguments.studies):
                study = draw(np.random.default_rng(child), centres, confounding)
                for method in METHODS:
                    try:
                        answers = list(method(study))
                    except NotEnoughData:
                        continue
                    for name, estimate, error, reach in answers:
                        holds = abs(estimate - math.log(RATIO)) <= reach * error
                        found.setdefault(name, []).append((estimate, error, holds))
            for name, numbers in found.items():
                estimates, errors, held = (np.array(column) for column in zip(*numbers, strict=True))
                spread = float(estimates.std(ddof=1))
                bias = f"{estimates.mean() - math.log(RATIO):+.3f} ({spread / math.sqrt(len(estimates)):.3f})"
                print(
                    f"| {shares} | {centres} | {name} | {bias} | {spread:.3f} / {errors.mean():.3f} | **{100 * held.mean():.1f}** |"
                )
    print(f"\n{arguments.studies} studies a line, {time.process_time() - begun:.0f} s of processor time.")


if __name__ == "__main__":
    main()
