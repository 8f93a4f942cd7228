"""How many pairs, and what balance, does the caliper of Huang 2025 give in cohorts with the paper's own margins?

Each cohort has the paper's 289 and 290 patients and, in either group, exactly the counts of its Table 1 before
matching, dealt out independently of each other (the paper prints no joint counts). The seven variables of its
score are fitted by logistic regression, and patients are matched 1:1 within 0.02 on the logit and on the
probability, greedily and optimally.

    python benchmarks/statistics/matching_margins.py [--cohorts 100] [--seed 20250408]
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np

from oligoscope.cohort.matching_method import matching_method
from oligoscope.published.paper import read_published
from oligoscope.stats.matching.balance import Denominator, balance
from oligoscope.stats.matching.balance_advice import ScoredCohort, next_better_choice
from oligoscope.stats.matching.balance_gate import judge_balance
from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.propensity_matching import Matching, match_pairs
from oligoscope.stats.matching.propensity_score import propensity_score
from oligoscope.stats.regression.design_matrix import read_covariates

VARIABLES = ("age_60", "sex", "stage", "smoking", "histology", "brain_metastasis", "pd_l1")
GROUPS = ("oligoprogression", "systemic")
PAIRS_OF_THE_PAPER = 234
LIMIT = 0.1

Margins = dict[str, dict[str, dict[str, int]]]  # variable, group, level: patients


@dataclass
class Tally:
    """What the cohorts gave under one choice."""

    n_pairs: list[int]
    largest_before_sd: list[float]
    largest_after_sd: list[float]

    def line(self, name: str) -> str:
        """One row of the table in docs/methods-matching.md."""
        over = [
            sum(size > LIMIT for size in sizes) for sizes in (self.largest_before_sd, self.largest_after_sd)
        ]
        enough = sum(n >= PAIRS_OF_THE_PAPER for n in self.n_pairs)
        pairs = f"{min(self.n_pairs)} to {max(self.n_pairs)} ({np.median(self.n_pairs):g})"
        return f"| {name} | {pairs} | {enough} | {over[0]} | {over[1]} |"


def read_margins() -> Margins:
    """Counts of Table 1 before matching, by variable, group and level."""
    margins: Margins = {}
    for printed in read_published("huang2025").results.estimates:
        if printed.analysis == "baseline" and printed.variable in VARIABLES and printed.group in GROUPS:
            levels = margins.setdefault(printed.variable, {}).setdefault(printed.group, {})
            levels[str(printed.level)] = int(printed.value or 0)
    return margins


def deal_cohort(margins: Margins, rng: np.random.Generator) -> ScoredCohort:
    """One cohort with these margins, every variable dealt independently within each group."""
    columns = {
        name: np.concatenate(
            [
                rng.permutation(np.repeat(list(margins[name][g]), list(margins[name][g].values())))
                for g in GROUPS
            ]
        )
        for name in VARIABLES
    }
    sizes = [sum(margins["sex"][group].values()) for group in GROUPS]
    treated = np.repeat([True, False], sizes)
    covariates = read_covariates(columns)
    return ScoredCohort(treated, propensity_score(treated, covariates).logit, covariates)


def tally(cohorts: list[ScoredCohort], options: MatchingOptions) -> Tally:
    """Match every cohort and judge its balance, over the SD before and the SD after matching."""
    found = Tally([], [], [])
    for cohort in cohorts:
        matching = match_pairs(cohort.treated, cohort.logit, options)
        found.n_pairs.append(matching.n_pairs)
        found.largest_before_sd.append(judge(cohort, matching, "unmatched"))
        found.largest_after_sd.append(judge(cohort, matching, "matched"))
    return found


def judge(cohort: ScoredCohort, matching: Matching, denominator: Denominator) -> float:
    """The largest absolute SMD of any level."""
    found = balance(cohort.covariates, cohort.treated, matching.weights, denominator=denominator)
    return judge_balance([found], LIMIT).largest


def advise(cohorts: list[ScoredCohort]) -> None:
    """What is offered where the paper's own choice fails, and how often that passes."""
    offers: dict[str, int] = {}
    for cohort in cohorts:
        advice = next_better_choice([cohort], MatchingOptions(), LIMIT)
        if advice.asked.verdict is None or advice.asked.verdict.passed:
            continue
        better = advice.better
        passes = better is not None and better.verdict is not None and better.verdict.passed
        words = (
            "none is better"
            if better is None
            else f"{matching_method(better.options)}{'' if passes else ' (fails, by less)'}"
        )
        offers[words] = offers.get(words, 0) + 1
    for words, n in sorted(offers.items(), key=lambda offer: -offer[1]):
        print(f"{n:4d}  {words}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cohorts", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20250408)
    asked = parser.parse_args()
    begun = time.perf_counter()
    rng, margins = np.random.default_rng(asked.seed), read_margins()
    cohorts = [deal_cohort(margins, rng) for _ in range(asked.cohorts)]
    print(f"{asked.cohorts} cohorts, seed {asked.seed}")
    print(
        f"| choice | pairs: range (median) | cohorts with {PAIRS_OF_THE_PAPER} pairs or more "
        f"| some level above {LIMIT}, SD before matching | the same, SD after |"
    )
    for scale in ("logit", "probability"):
        for method in ("nearest", "optimal"):
            options = MatchingOptions(method, caliper_scale=scale)
            print(tally(cohorts, options).line(f"{method}, 0.02 on the {scale}"))
    print("Where nearest, 0.02 on the logit fails, the next better choice:")
    advise(cohorts)
    print(f"{time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
