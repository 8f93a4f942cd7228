"""How often 95 % limits of weighted comparisons hold the truth, and how far the estimates are from it.

    PYTHONPATH=src python benchmarks/statistics/weighted_limits.py

prints the two tables of docs/methods-matching.md ("Weights: what the limits are worth"). The studies are drawn from SEED.

First table: hazard ratios. Seven covariates (age and six of two levels) decide group and hazard; a third is censored. The
truth of each target is the weighted Cox model of 400,000 patients with their true scores. Second table: survival at 12 months,
where the model of the score, of the outcome, of neither or of both takes a bent line for a straight one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from oligoscope.errors import DataError
from oligoscope.stats.matching.estimated_weights import WeightTarget, estimate_weights
from oligoscope.stats.matching.propensity_score import propensity_score
from oligoscope.stats.matching.weighting import weigh
from oligoscope.stats.regression.design_matrix import Covariate
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.doubly_robust import doubly_robust_survival, pseudo_survival
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.stats.survival.weighted_comparison import score_residuals, stacked_error

SEED, STUDIES, BOOTSTRAPPED, RESAMPLES, LARGE = 20261127, 1000, 300, 100, 400_000
Z = 1.959963984540054
TARGETS: tuple[WeightTarget, ...] = ("overlap", "ate", "att", "entropy_ate", "entropy_att")
Floats = NDArray[np.float64]


class Study(NamedTuple):
    """Patients as columns; `score` is the true one."""

    x: Floats
    treated: NDArray[np.bool_]
    score: Floats
    months: Floats
    died: NDArray[np.bool_]

    def rows(self, at: NDArray[np.intp]) -> Study:
        return Study(*(column[at] for column in self))

    @property
    def covariates(self) -> list[Covariate]:
        return [Covariate(f"x{i}", column) for i, column in enumerate(self.x.T)]


def draw(rng: np.random.Generator, n: int, ratio: float) -> Study:
    """A cohort as those of the paper: a quarter to a third of the patients in the first group."""
    two = rng.random((n, 6)) < (0.5, 0.8, 0.4, 0.6, 0.2, 0.35)
    x = np.column_stack([rng.normal(size=n), two])
    score = 1 / (1 + np.exp(-(x @ (0.4, 0.5, 0.6, -0.5, 0.4, -0.9, 0.5) - 1.5)))
    treated = rng.random(n) < score
    hazard = np.exp(x @ (0.3, 0.3, 0.4, 0.3, -0.4, 0.7, -0.3) + math.log(ratio) * treated) / 18
    event = rng.exponential(size=n) / hazard
    censored = rng.uniform(6, 36, n)
    return Study(x, treated, score, np.minimum(event, censored), event <= censored)


def log_ratio(study: Study, weights: Floats) -> tuple[float, float]:
    """The log hazard ratio and its robust error."""
    fit = cox(
        study.months,
        study.died,
        study.treated.astype(float)[:, None],
        weights=weights,
        cluster=np.arange(weights.size),
    )
    assert fit.robust_standard_errors is not None
    return float(fit.coefficients[0]), float(fit.robust_standard_errors[0])


def truths(ratio: float) -> dict[WeightTarget, float]:
    """By the true scores; entropy balancing has the target that its name ends in. No effect is none in any target."""
    if ratio == 1:
        return dict.fromkeys(TARGETS, 0.0)
    large = draw(np.random.default_rng(SEED), LARGE, ratio)
    plain = {
        t: log_ratio(large, weigh(large.treated, large.score, t).weights)[0]
        for t in ("overlap", "ate", "att")
    }
    return {t: plain[t.removeprefix("entropy_")] for t in TARGETS}  # type: ignore[index]


def estimates(study: Study) -> dict[WeightTarget, tuple[float, float, float]]:
    """Of each target the log hazard ratio, its robust error and the error by stacked equations."""
    covariates = study.covariates
    score = propensity_score(study.treated, covariates)
    found: dict[WeightTarget, tuple[float, float, float]] = {}
    for target in TARGETS:
        try:
            made = estimate_weights(study.treated, covariates, score, target)
        except DataError:
            continue
        w = made.weighting.weights
        beta, robust = log_ratio(study, w)
        residuals = score_residuals(study.months, study.died, study.treated.astype(float), w, beta)
        found[target] = (beta, robust, stacked_error(residuals, w, np.arange(w.size), made.shift))
    return found


def ratios_alone(study: Study, targets: tuple[WeightTarget, ...]) -> dict[WeightTarget, float]:
    covariates = study.covariates
    score = propensity_score(study.treated, covariates)
    made = {t: estimate_weights(study.treated, covariates, score, t).weighting.weights for t in targets}
    return {t: log_ratio(study, w)[0] for t, w in made.items()}


def hazard_ratios(n: int, ratio: float, bootstrapped: tuple[WeightTarget, ...]) -> None:
    rng, truth = np.random.default_rng([SEED, n, round(100 * ratio)]), truths(ratio)
    errors: dict[WeightTarget, list[tuple[float, ...]]] = defaultdict(list)
    again: dict[WeightTarget, list[tuple[float, ...]]] = defaultdict(list)
    for number in range(STUDIES):
        study = draw(rng, n, ratio)
        found = estimates(study)
        for target, one in found.items():
            errors[target].append((one[0] - truth[target], *one[1:]))
        if number >= BOOTSTRAPPED or not bootstrapped:
            continue
        drawn: dict[WeightTarget, list[float]] = defaultdict(list)
        for _ in range(RESAMPLES):
            for target, beta in ratios_alone(study.rows(rng.integers(0, n, n)), bootstrapped).items():
                drawn[target].append(beta)
        for target, betas in drawn.items():
            again[target].append((found[target][0] - truth[target], float(np.std(betas, ddof=1))))
    for target in TARGETS:
        table = np.array(errors[target])
        parts = [f"{n}", f"{ratio:g}", target, f"{math.exp(truth[target]):.2f}", f"{table[:, 0].mean():+.3f}"]
        parts.append(f"{table[:, 0].std(ddof=1):.3f}")
        for column in (1, 2):
            parts += [f"{table[:, column].mean():.3f}", f"{covers(table[:, 0], table[:, column]):.1f}"]
        if target in again:
            own = np.array(again[target])
            parts += [f"{own[:, 1].mean():.3f}", f"{covers(own[:, 0], own[:, 1]):.1f}"]
        else:
            parts += ["", ""]
        parts.append(f"{STUDIES - len(table)}")
        print("| " + " | ".join(parts) + " |", flush=True)


def covers(error: Floats, standard: Floats) -> float:
    return 100 * float(np.mean(np.abs(error) <= Z * standard))


# ---- survival at 12 months ------------------------------------------------------------------------------------

AT = 12.0


def draw_bent(rng: np.random.Generator, n: int, *, score_is_bent: bool, outcome_is_bent: bool) -> Study:
    """A measured covariate and one of two levels; what is bent has a curve that a linear model lacks."""
    x = np.column_stack([rng.uniform(-1, 1, n), rng.random(n) < 0.5]).astype(float)
    logit = 0.8 * x[:, 1] + (2.5 * np.exp(x[:, 0]) - 3.2 if score_is_bent else 1.2 * x[:, 0] - 0.4)
    score = 1 / (1 + np.exp(-logit))
    treated = rng.random(n) < score
    alive = 0.4 + 0.1 * x[:, 1] + 0.1 * treated
    alive = alive + (0.5 * np.maximum(x[:, 0], 0) - 0.12 if outcome_is_bent else 0.25 * x[:, 0])
    event = rng.exponential(size=n) * AT / -np.log(alive)
    censored = rng.uniform(6, 36, n)
    return Study(x, treated, score, np.minimum(event, censored), event <= censored)


def survival_at(study: Study, inside: NDArray[np.bool_], weights: Floats | None = None) -> float:
    own = None if weights is None else weights[inside]
    curve = kaplan_meier(study.months[inside], study.died[inside], weights=own)
    at = int(np.searchsorted(curve.times, AT, side="right"))
    return float(curve.survival[at - 1]) if at else 1.0


def doubly_robust(n: int, *, score_wrong: bool, outcome_wrong: bool) -> None:
    rng = np.random.default_rng([SEED, n, score_wrong, outcome_wrong])
    found = []
    for _ in range(STUDIES):
        study = draw_bent(rng, n, score_is_bent=score_wrong, outcome_is_bent=outcome_wrong)
        g, e = study.treated, propensity_score(study.treated, study.covariates).probability
        weights = weigh(g, e, "ate").weights
        pseudo = np.empty(n)
        for inside in (g, ~g):
            pseudo[inside] = pseudo_survival(study.months[inside], study.died[inside], AT)
        one = doubly_robust_survival(pseudo, g, e, study.x)
        crude = survival_at(study, g) - survival_at(study, ~g)
        weighted = survival_at(study, g, weights) - survival_at(study, ~g, weights)
        found.append((crude - 0.1, weighted - 0.1, one.difference - 0.1, one.standard_error))
    table = np.array(found)
    words = ["wrong" if wrong else "right" for wrong in (score_wrong, outcome_wrong)]
    bias = [f"{table[:, i].mean():+.3f}" for i in range(3)]
    rest = (
        f"{table[:, 2].std(ddof=1):.3f}",
        f"{table[:, 3].mean():.3f}",
        f"{covers(table[:, 2], table[:, 3]):.1f}",
    )
    print("| " + " | ".join((f"{n}", *words, *bias, *rest)) + " |", flush=True)


def main() -> None:
    print(
        "| n | Conditional HR | Target | True HR | Bias (log HR) | SD of log HR | Robust: mean error | coverage, % | "
        "Stacked: mean error | coverage, % | Bootstrap: mean error | coverage, % | Not given |\n|"
        + "---|"
        * 13
    )
    hazard_ratios(150, 0.6, ())
    hazard_ratios(300, 1, ("overlap", "ate"))
    hazard_ratios(300, 0.6, ())
    print(
        "\n| n | Score model | Outcome model | Bias: crude | Bias: weighted Kaplan-Meier | Bias: doubly robust | SD | "
        "Mean error | Coverage, % |\n|" + "---|" * 9
    )
    for n in (150, 300):
        for score_wrong, outcome_wrong in ((False, False), (True, False), (False, True), (True, True)):
            doubly_robust(n, score_wrong=score_wrong, outcome_wrong=outcome_wrong)


if __name__ == "__main__":
    main()
