"""Which method and caliper should a study have that states none? The same simulated studies, matched in several ways.

    python benchmarks/statistics/matching_choices.py [--studies 1000] [--seed 20250408] [--beside-r 100]

Studies of 60, 200 and 600 patients as in coverage.py (four covariates, both potential survival times, the hazard ratio
0.6 between patients alike in the covariates), each matched 1:1 on its estimated score in every way of `WAYS`. A line each:
pairs; the studies that give an estimate at all (5 pairs, and 5 deaths in either group: fewer are withheld); of these the
largest absolute SMD of a covariate and how many stay within 0.1; and of the log hazard ratio the bias, its spread beside
the standard error robust to the pairs, and how many limits hold the truth (t of pairs - 1 with 30 pairs or fewer). The
truth is the marginal log hazard ratio of the patients matched in that way: of as many other studies, every matched
patient's both times in one Cox model.

With --beside-r the first studies of each size are matched and fitted in R, too (matching_choices.R: MatchIt, for
optimal matching of 60 patients the assignment of lpSolve; coxph), and the estimates are set beside ours.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from coverage import Floats, Study, estimated_logit, studies_of, true_ratio
from scipy import stats

from oligoscope.cohort.matched_sets import degrees_of_sets
from oligoscope.stats.matching.balance import balance
from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.propensity_matching import match_pairs
from oligoscope.stats.regression.design_matrix import read_covariates
from oligoscope.stats.survival.cox import cox

SIZES = (60, 200, 600)
RATIO = 0.6
WAYS = {
    "nearest, 0.02 on the logit": MatchingOptions("nearest", caliper=0.02, caliper_scale="logit"),
    "nearest, 0.2 SD": MatchingOptions("nearest", caliper=0.2, caliper_scale="sd_logit"),
    "nearest in random order, 0.2 SD": MatchingOptions(
        "nearest", order="random", caliper=0.2, caliper_scale="sd_logit", seed=1
    ),
    "optimal, 0.02 on the logit": MatchingOptions("optimal", caliper=0.02, caliper_scale="logit"),
    "optimal, 0.1 SD": MatchingOptions("optimal", caliper=0.1, caliper_scale="sd_logit"),
    "optimal, 0.2 SD": MatchingOptions("optimal", caliper=0.2, caliper_scale="sd_logit"),
}
LIMIT = 0.1
FEWEST = 5  # pairs, and deaths in either group: minimum_group and minimum_events


@dataclass
class Tally:
    """What the studies of one size gave under one way: a number a study, of those without an estimate NaN."""

    pairs: list[int] = field(default_factory=list)
    largest: list[float] = field(default_factory=list)
    estimates: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    reach: list[float] = field(default_factory=list)

    def line(self, truth: float) -> str:
        estimates, errors, reach = map(np.array, (self.estimates, self.errors, self.reach))
        given = np.isfinite(estimates)
        found, error = estimates[given], errors[given]
        largest = np.array(self.largest)[given]
        held = 100 * float(np.mean(np.abs(found - truth) <= reach[given]))
        spread = float(found.std(ddof=1))
        return (
            f"{np.mean(self.pairs):.1f} | {100 * given.mean():.1f} | {np.median(largest):.3f} | {100 * np.mean(largest <= LIMIT):.1f} | "
            f"{math.exp(truth):.3f} | {found.mean() - truth:+.3f} ({spread / math.sqrt(found.size):.3f}) | "
            f"{spread:.3f} / {error.mean():.3f} | **{held:.1f}**"
        )


def fit(study: Study, logit: Floats, options: MatchingOptions, tally: Tally) -> None:
    """Match one study, judge the balance and fit the Cox model, as a run does."""
    found = match_pairs(study.treated, logit, options)
    rows = np.concatenate([found.treated, found.controls])
    side = study.treated[rows].astype(np.int64)
    months, died = study.seen(rows, side)
    tally.pairs.append(found.n_pairs)
    few = found.n_pairs < FEWEST or min(died[side == 1].sum(), died[side == 0].sum()) < FEWEST
    if few:
        for values in (tally.largest, tally.estimates, tally.errors, tally.reach):
            values.append(math.nan)
        return
    covariates = read_covariates({f"x{i}": study.covariates[:, i] for i in range(4)})
    smd = [abs(row.smd) for row in balance(covariates, study.treated, found.weights).rows]
    pairs = np.tile(np.arange(found.n_pairs), 2).astype(float)
    model = cox(months, died, side.astype(float)[:, None], cluster=pairs)
    error = float(model.errors_of_limits[0])
    quantile = stats.t.ppf(0.975, degrees_of_sets(math.inf, found.n_pairs)[0])
    tally.largest.append(max(smd))
    tally.estimates.append(float(model.coefficients[0]))
    tally.errors.append(error)
    tally.reach.append(float(quantile * error))


def judge(size: int, many: int, seed: int) -> Iterator[tuple[str, Tally, float]]:
    """Every way of matching the same studies, and the truth from others."""
    log_ratio = math.log(RATIO)
    tallies = {name: Tally() for name in WAYS}
    for study in studies_of(np.random.SeedSequence((seed, size)), many, log_ratio, size):
        logit = estimated_logit(study)
        for name, options in WAYS.items():
            fit(study, logit, options, tallies[name])
    for name, options in WAYS.items():
        others = studies_of(np.random.SeedSequence((seed + 1, size)), many, log_ratio, size)
        yield name, tallies[name], true_ratio(others, options, known_score=False)


def beside_r(size: int, many: int, seed: int, ours: dict[str, Tally]) -> Iterator[str]:
    """The first studies of a size in R: mean number of pairs and the difference of the log hazard ratios."""
    log_ratio, frames = math.log(RATIO), []
    for number, study in enumerate(studies_of(np.random.SeedSequence((seed, size)), many, log_ratio, size)):
        months, died = study.seen(np.arange(size), study.treated.astype(np.int64))
        columns = {f"x{i}": study.covariates[:, i] for i in range(4)}
        frames.append(pl.DataFrame({"study": [number] * size, **columns, "treated": study.treated.astype(int), "months": months, "died": died.astype(int)}))  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        table, answer = Path(folder) / "studies.csv", Path(folder) / "answer.csv"
        pl.concat(frames).write_csv(table, float_precision=17)
        script = Path(__file__).with_suffix(".R")
        subprocess.run(["Rscript", str(script), str(table), str(answer)], check=True)
        found = pl.read_csv(answer, null_values="NA")
    for way in found["way"].unique(maintain_order=True):
        theirs = found.filter(pl.col("way") == way).sort("study")
        tally = ours[way]
        estimates = np.array(tally.estimates[:many])
        both = np.isfinite(estimates) & theirs["estimate"].is_not_null().to_numpy()
        apart = np.abs(estimates[both] - theirs["estimate"].to_numpy()[both])
        errors = np.abs(np.array(tally.errors[:many])[both] - theirs["error"].to_numpy()[both])
        yield (
            f"| {size} | {way} | {both.sum()} of {many} | {np.mean(tally.pairs[:many]):.1f} | {theirs['pairs'].mean():.1f} | "
            f"{(apart < 1e-6).sum()} | {apart.mean():.4f} | {errors.mean():.4f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20250408)
    parser.add_argument("--beside-r", type=int, default=0, help="studies of each size that R matches, too")
    given = parser.parse_args()
    began, of_size = time.process_time(), {}
    print(
        "| patients | matched by | pairs | estimate given, % | largest SMD, median | within 0.1, % | marginal HR | bias of log HR (its error) | "
        "sd / mean SE | hold, % |"
    )
    print("|---" * 10 + "|", flush=True)
    for size in SIZES:
        of_size[size] = {}
        for name, tally, truth in judge(size, given.studies, given.seed):
            of_size[size][name] = tally
            print(f"| {size} | {name} | {tally.line(truth)} |", flush=True)
    print(f"\n{given.studies} studies a line, {time.process_time() - began:.0f} s of the processor")
    if given.beside_r:
        print(
            "\n| patients | matched by | estimates in both | pairs, ours | pairs, R | equal to 1e-6 | mean difference of log HR | of its SE |"
        )
        print("|---" * 8 + "|", flush=True)
        for size in SIZES:
            for line in beside_r(size, given.beside_r, given.seed, of_size[size]):
                print(line, flush=True)


if __name__ == "__main__":
    main()
