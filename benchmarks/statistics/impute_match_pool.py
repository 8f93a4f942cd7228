"""Do limits hold the truth after imputation, matching and pooling together? Simulated, 400 studies of 600 patients a line.

    python benchmarks/statistics/impute_match_pool.py [--studies 400] [--seed 20250408]

The studies of coverage.py (conditional hazard ratio 0.6); of the third covariate a quarter of the values go missing, more often
with a high first covariate and in those who died. It is imputed by logistic regression from the group, the other covariates,
death and the Nelson-Aalen estimate; each version is matched (`within`), or all on the mean score (`across`), fitted by Cox
with limits robust to the pairs, and pooled by Rubin's rules with the degrees of freedom of the program.
The truth is that of coverage.py: the marginal hazard ratio of the matched, without missing values.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator

import numpy as np
from coverage import Floats, Study, Tally, draw, estimated_logit, matched_rows, studies_of, true_ratio

from oligoscope.stats.imputation.chained_equations import impute_by_chained_equations
from oligoscope.stats.imputation.imputation_columns import auxiliary, binary, continuous
from oligoscope.stats.imputation.rubin import PooledEstimate, pool
from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.propensity_score import propensity_score
from oligoscope.stats.regression.design_matrix import read_covariates
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.nelson_aalen import nelson_aalen

RATIO = 0.6
WAYS = (
    MatchingOptions(caliper=0.02, caliper_scale="logit"),
    MatchingOptions(caliper=0.2, caliper_scale="sd_logit", method="optimal"),
)


def with_missing(study: Study, rng: np.random.Generator) -> Floats:
    """The third covariate with a quarter of its values missing at random given what stays."""
    _, died = study.seen(np.arange(study.treated.size), study.treated.astype(np.int64))
    logit = -1.5 + 0.6 * study.covariates[:, 0] + 0.6 * died
    values = study.covariates[:, 2].copy()
    values[rng.random(values.size) < 1 / (1 + np.exp(-logit))] = np.nan
    return values


def versions_of(study: Study, values: Floats, m: int, seed: np.random.SeedSequence) -> list[Floats]:
    """The covariates of each completed version."""
    months, died = study.seen(np.arange(values.size), study.treated.astype(np.int64))
    columns = [
        *(continuous(f"x{i}", study.covariates[:, i]) for i in (0, 1)),
        binary("x2", values),
        binary("x3", study.covariates[:, 3]),
        binary("treated", study.treated.astype(float)),
        binary("died", died.astype(float)),
        auxiliary("hazard", nelson_aalen(months, died)),
    ]
    done = impute_by_chained_equations(columns, m=m, seed=seed)
    found = []
    for i in range(m):
        completed = study.covariates.copy()
        completed[:, 2] = done.completed_numbers(i)["x2"]
        found.append(completed)
    return found


def logit_of(study: Study, covariates: Floats) -> Floats:
    columns = {f"x{i}": covariates[:, i] for i in range(4)}
    return propensity_score(study.treated, read_covariates(columns)).logit


def pooled(study: Study, logits: list[Floats], options: MatchingOptions) -> PooledEstimate:
    estimates, variances, events = [], [], []
    for logit in logits:
        rows, pairs = matched_rows(study, logit, options)
        side = study.treated[rows].astype(np.int64)
        months, died = study.seen(rows, side)
        fit = cox(months, died, side.astype(float)[:, None], cluster=pairs)
        estimates.append(float(fit.coefficients[0]))
        variances.append(float(fit.errors_of_limits[0]) ** 2)
        events.append(int(died.sum()))
    return pool(estimates, variances, max(min(events) - 1, 1))


def judge(options: MatchingOptions, many: int, seed: int) -> Iterator[str]:
    studies = studies_of(np.random.SeedSequence(seed + 1), many, math.log(RATIO))
    truth = true_ratio(studies, options, known_score=False)
    tallies: dict[str, tuple[Tally, list[bool]]] = {}

    def add(name: str, found: PooledEstimate) -> None:
        tally, held = tallies.setdefault(name, (Tally([], []), []))
        tally.estimates.append(found.estimate)
        tally.errors.append(found.standard_error)
        held.append(found.low <= truth <= found.high)

    for own in np.random.SeedSequence(seed).spawn(many):
        rng, draws = np.random.default_rng(own), own.spawn(1)[0]
        study = draw(rng, math.log(RATIO))
        versions = versions_of(study, with_missing(study, rng), 20, draws)
        logits = [logit_of(study, v) for v in versions]
        add("none missing", pooled(study, [estimated_logit(study)], options))
        for m in (5, 20):
            add(f"within, m = {m}", pooled(study, logits[:m], options))
            mean = np.mean(logits[:m], axis=0)
            add(f"across, m = {m}", pooled(study, [mean], options))
    for name, (tally, held) in tallies.items():
        estimates, errors = np.array(tally.estimates), np.array(tally.errors)
        spread = float(estimates.std(ddof=1))
        bias = f"{estimates.mean() - truth:+.3f} ({spread / math.sqrt(many):.3f})"
        shown = f"{spread:.3f} / {errors.mean():.3f} = {spread / errors.mean():.2f}"
        matching = f"{options.method} {options.caliper} {options.caliper_scale}"
        yield f"| {matching} | {name} | {bias} | {shown} | **{100 * np.mean(held):.1f}** |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studies", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20250408)
    given = parser.parse_args()
    began = time.process_time()
    print("| matching | missing values | bias of log HR (its error) | sd / mean SE | hold, % |")
    print("|---" * 5 + "|", flush=True)
    for options in WAYS:
        for line in judge(options, given.studies, given.seed):
            print(line, flush=True)
    print(f"\n{given.studies} studies a line, {time.process_time() - began:.0f} s of the processor")


if __name__ == "__main__":
    main()
