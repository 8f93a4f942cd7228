"""Do the limits of a matched Cox model hold the truth? Simulated potential outcomes, 1000 studies of 600 patients.

    python benchmarks/statistics/coverage.py [--studies 1000] [--seed 20250408]

Groups follow a logistic model of four covariates; each patient has two survival times, one in either group, from one
Weibull model (shape 1.2) of the same covariates; follow-up ends after 12 to 48 months. A study sees the time in the
group the patient is in, matches 1:1 on its score, and fits a Cox model with standard errors robust to the pairs.

The truth is the marginal hazard ratio of the matched: of as many other studies, matched in the same way, every matched
patient's both times, in one Cox model. It is not the hazard ratio of the Weibull model, which holds between patients
alike in the covariates: that one is farther from 1 (noncollapsibility), and is printed beside it. A line each for
matching on the estimated score with pair-robust limits (what we report), the same with limits from the information
matrix, and on the score that drew the groups, which no analyst knows.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.propensity_matching import match_pairs
from oligoscope.stats.matching.propensity_score import propensity_score
from oligoscope.stats.regression.design_matrix import read_covariates
from oligoscope.stats.survival.cox import cox

N = 600
Z = 1.959964
INTO_GROUP = np.array([0.6, -0.5, 0.4, 0.5])  # log odds ratios of the covariates
ON_HAZARD = np.array([0.5, -0.4, 0.5, 0.3])  # log hazard ratios of the covariates
CALIPERS = (
    MatchingOptions(caliper=0.02, caliper_scale="logit"),
    MatchingOptions(caliper=0.2, caliper_scale="sd_logit"),
)
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Study:
    """Patients with both their survival times (column 0: as a control, 1: as treated) and their end of follow-up."""

    covariates: Floats  # shape (n, 4)
    treated: Bools
    true_logit: Floats
    times: Floats  # shape (n, 2), months
    closed: Floats  # months

    def seen(self, rows: NDArray[np.int64], side: NDArray[np.int64]) -> tuple[Floats, Bools]:
        """Months and death of some patients in the group `side`."""
        times, closed = self.times[rows, side], self.closed[rows]
        return np.minimum(times, closed), times <= closed


@dataclass
class Tally:
    """Log hazard ratios and their standard errors, one a study."""

    estimates: list[float]
    errors: list[float]

    def line(self, name: str, truth: float) -> str:
        estimates, errors = np.array(self.estimates), np.array(self.errors)
        held = 100 * float(np.mean(np.abs(estimates - truth) <= Z * errors))
        spread, mean_error = float(estimates.std(ddof=1)), float(errors.mean())
        bias = f"{estimates.mean() - truth:+.3f} ({spread / math.sqrt(estimates.size):.3f})"
        return (
            f"{name} | {bias} | {spread:.3f} / {mean_error:.3f} = {spread / mean_error:.2f} | **{held:.1f}**"
        )


def draw(rng: np.random.Generator, log_ratio: float, n: int = N) -> Study:
    """One study of n patients: two numbers, two yes/no."""
    covariates = np.column_stack(
        [rng.standard_normal((n, 2)), (rng.random((n, 2)) < [0.5, 0.3]).astype(float)]
    )
    logit = covariates @ INTO_GROUP - 0.35
    hazard = np.exp(covariates @ ON_HAZARD)[:, None] * np.exp([0.0, log_ratio])
    times = 20 * (rng.exponential(size=(n, 2)) / hazard) ** (1 / 1.2)
    treated = rng.random(n) < 1 / (1 + np.exp(-logit))
    return Study(covariates, treated, logit, times, rng.uniform(12, 48, n))


def estimated_logit(study: Study) -> Floats:
    columns = {f"x{i}": study.covariates[:, i] for i in range(4)}
    return propensity_score(study.treated, read_covariates(columns)).logit


def matched_rows(study: Study, logit: Floats, options: MatchingOptions) -> tuple[NDArray[np.int64], Floats]:
    """Matched patients, the treated first, and the number of each one's pair."""
    found = match_pairs(study.treated, logit, options)
    return np.concatenate([found.treated, found.controls]), np.tile(np.arange(found.n_pairs), 2).astype(float)


def true_ratio(studies: Iterator[Study], options: MatchingOptions, *, known_score: bool) -> float:
    """Marginal log hazard ratio: every patient matched, once as treated and once as a control."""
    months, died, design = [], [], []
    for study in studies:
        logit = study.true_logit if known_score else estimated_logit(study)
        rows = matched_rows(study, logit, options)[0]
        for side in (0, 1):
            seen = study.seen(rows, np.full(rows.size, side))
            months.append(seen[0])
            died.append(seen[1])
            design.append(np.full(rows.size, float(side)))
    fit = cox(np.concatenate(months), np.concatenate(died), np.concatenate(design)[:, None])
    return float(fit.coefficients[0])


def fit_matched(study: Study, logit: Floats, options: MatchingOptions) -> tuple[float, float, float]:
    """Log hazard ratio, its pair-robust and its model-based standard error."""
    rows, pairs = matched_rows(study, logit, options)
    side = study.treated[rows].astype(np.int64)
    fit = cox(*study.seen(rows, side), side.astype(float)[:, None], cluster=pairs)
    return float(fit.coefficients[0]), float(fit.errors_of_limits[0]), float(fit.standard_errors[0])


def studies_of(seeds: np.random.SeedSequence, many: int, log_ratio: float, n: int = N) -> Iterator[Study]:
    return (draw(np.random.default_rng(seed), log_ratio, n) for seed in seeds.spawn(many))


def judge(options: MatchingOptions, ratio: float, many: int, seed: int) -> Iterator[str]:
    log_ratio = math.log(ratio)
    own = np.random.SeedSequence(seed)
    known, estimated, plain = Tally([], []), Tally([], []), Tally([], [])
    for study in studies_of(own, many, log_ratio):
        value, robust, model = fit_matched(study, estimated_logit(study), options)
        estimated.estimates.append(value)
        estimated.errors.append(robust)
        plain.estimates.append(value)
        plain.errors.append(model)
        value, robust, _ = fit_matched(study, study.true_logit, options)
        known.estimates.append(value)
        known.errors.append(robust)
    others = [np.random.SeedSequence(seed + 1) for _ in range(2)]
    truth = true_ratio(studies_of(others[0], many, log_ratio), options, known_score=False)
    truth_known = true_ratio(studies_of(others[1], many, log_ratio), options, known_score=True)
    start = f"| {options.caliper} {options.caliper_scale} | {ratio:g}"
    for tally, name, of in (
        (estimated, "estimated score, pair-robust", truth),
        (plain, "estimated score, information matrix", truth),
        (known, "true score, pair-robust", truth_known),
    ):
        yield f"{start} | {math.exp(of):.3f} | {tally.line(name, of)} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20250408)
    given = parser.parse_args()
    began = time.perf_counter()
    print(
        "| caliper | conditional HR | marginal HR | limits | bias of log HR (its error) | sd / mean SE | hold, % |"
    )
    print("|---" * 7 + "|", flush=True)
    for options in CALIPERS:
        for ratio in (1.0, 0.6):
            for line in judge(options, ratio, given.studies, given.seed):
                print(line, flush=True)
    print(f"\n{given.studies} studies a line, {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
