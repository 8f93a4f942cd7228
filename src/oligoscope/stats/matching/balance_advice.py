"""Where the limit of balance was missed: which other choice, tried in a declared order, balances better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import NotEnoughData, UsageError
from oligoscope.stats.arrays import Bools, Floats
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.matching.balance import balance
from oligoscope.stats.matching.balance_gate import BalanceVerdict, judge_balance
from oligoscope.stats.matching.matching_options import CaliperScale, MatchingOptions
from oligoscope.stats.matching.optimal_matching import MOST_CANDIDATES
from oligoscope.stats.matching.propensity_matching import Matching, match_pairs
from oligoscope.stats.regression.design_matrix import Covariate

# Calipers tried, from the usual to the strict; 0.2 SD: Austin 2011, 0.02: Huang 2025.
CALIPERS: tuple[tuple[float, CaliperScale], ...] = (
    (0.2, "sd_logit"),
    (0.1, "sd_logit"),
    (0.05, "sd_logit"),
    (0.02, "sd_logit"),
    (0.02, "logit"),
    (0.01, "logit"),
    (0.02, "probability"),
    (0.01, "probability"),
    (0.005, "probability"),
)


@dataclass(frozen=True, slots=True, eq=False)
class ScoredCohort:
    """One completed cohort, ready to match: groups, scores, covariates, and a label to match exactly on or None."""

    treated: Bools
    logit: Floats
    covariates: tuple[Covariate, ...]
    exact: ArrayLike | None = None


@dataclass(frozen=True, slots=True)
class TriedChoice:
    """A choice and how it balanced.

    Attributes:
        options: What was tried.
        n_pairs: In each imputation.
        verdict: On the balance; None where there is none.
        problem: Why there is none; None otherwise.
    """

    options: MatchingOptions
    n_pairs: tuple[int, ...]
    verdict: BalanceVerdict | None
    problem: Remark | None = None


@dataclass(frozen=True, slots=True)
class BetterChoice:
    """What was found apart from the choice of the study.

    Attributes:
        asked: The choice of the study.
        tried: Others in the declared order, up to the first that passes.
        better: That one; if none passes, the one that balances best, if better than asked; else None.
    """

    asked: TriedChoice
    tried: tuple[TriedChoice, ...]
    better: TriedChoice | None


def try_matching(
    cohorts: Sequence[ScoredCohort], options: MatchingOptions, limit: float
) -> tuple[TriedChoice, tuple[Matching, ...]]:
    """Match every cohort in one way and judge the balance; no pairs, or too many candidates, is stated as a problem."""
    matchings: tuple[Matching, ...] = ()
    try:
        matchings = tuple(match_pairs(c.treated, c.logit, options, c.exact) for c in cohorts)
        n_pairs = tuple(found.n_pairs for found in matchings)
        found = [
            balance(c.covariates, c.treated, matching.weights)
            for c, matching in zip(cohorts, matchings, strict=True)
        ]
        return TriedChoice(options, n_pairs, judge_balance(found, limit)), matchings
    except NotEnoughData as error:
        problem = Remark.of(Doubt(error.warning or Doubt.NO_ANSWER))
    except UsageError:
        problem = Remark.of(Doubt.TOO_MANY_TO_PAIR, most=MOST_CANDIDATES)
    return TriedChoice(options, tuple(found.n_pairs for found in matchings), None, problem), matchings


def next_better_choice(
    cohorts: Sequence[ScoredCohort],
    asked: TriedChoice,
    limit: float,
    choices: Sequence[MatchingOptions] | None = None,
) -> BetterChoice:
    """Try other choices for the same cohorts, in order, until one passes; no outcome is read.

    Args:
        cohorts: The completed cohorts, one an imputation.
        asked: The choice of the study, as `try_matching` found it in these cohorts.
        limit: Of the balance.
        choices: Others, in order; by default those of `alternatives`.
    """
    tried: list[TriedChoice] = []
    for other in alternatives(asked.options) if choices is None else choices:
        tried.append(try_matching(cohorts, other, limit)[0])
        if _passes(tried[-1]):
            return BetterChoice(asked, tuple(tried), tried[-1])
    return BetterChoice(asked, tuple(tried), _best(asked, tried))


def alternatives(options: MatchingOptions) -> tuple[MatchingOptions, ...]:
    """The choices that are tried: another order or method, other calipers, each also optimal; last replacement.

    Ratio, seed and replacement are kept, except that in the end controls may be used again.
    """
    same = [
        replace(options, order="descending", method="nearest"),
        replace(options, order="ascending", method="nearest"),
        replace(options, method="optimal"),
    ]
    calipers = [
        replace(options, method=method, caliper=width, caliper_scale=scale)
        for width, scale in CALIPERS
        for method in (options.method, "optimal")
    ]
    again = [replace(options, replace=True)]
    distinct = {other.choice: other for other in [*same, *calipers, *again]}
    return tuple(other for choice, other in distinct.items() if choice != options.choice)


def _best(asked: TriedChoice, tried: Sequence[TriedChoice]) -> TriedChoice | None:
    """The one that balances best, if better than asked."""
    judged = [choice for choice in tried if choice.verdict is not None]
    best = min(judged, key=_largest, default=asked)
    return best if _largest(best) < _largest(asked) else None


def _passes(choice: TriedChoice) -> bool:
    return choice.verdict is not None and choice.verdict.passed


def _largest(choice: TriedChoice) -> float:
    return np.inf if choice.verdict is None else choice.verdict.largest
