"""Bias and coverage of imputation and pooling over simulated data sets whose truth is known.

    python benchmarks/statistics/imputation_simulation.py [data sets]

Each data set is drawn from a known model, values are deleted at random given what stays (MAR), and the model is
fitted three ways: before deletion, to complete rows only, and to m = 5 imputations pooled by Rubin's rules.
Prints the numbers of docs/methods-imputation.md. About 75 s of processor time for 500 data sets (OPENBLAS_NUM_THREADS=1).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from oligoscope.stats.imputation.chained_equations import impute_by_chained_equations
from oligoscope.stats.imputation.imputation_columns import Column, auxiliary, binary, continuous, factor
from oligoscope.stats.imputation.rubin import pool
from oligoscope.stats.regression.multinomial import fit_multinomial
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.nelson_aalen import nelson_aalen

Data = dict[str, np.ndarray]
Analysis = tuple[np.ndarray, np.ndarray, float]  # estimates, variances, complete-data degrees of freedom
LEVELS = (0, 1, 2)
M = 5


@dataclass(frozen=True)
class Scenario:
    """How data are made, which values go missing, how the rest is imputed and analysed, and what is true."""

    name: str
    draw: Callable[[np.random.Generator], Data]
    delete: Callable[[Data, np.random.Generator], Data]
    columns: Callable[[Data], list[Column]]
    analyse: Callable[[Data], Analysis]
    truth: dict[str, float]


def logistic(score: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-score))


def without(data: Data, name: str, chance: np.ndarray, rng: np.random.Generator) -> Data:
    return data | {name: np.where(rng.random(chance.size) < chance, np.nan, data[name])}


def levels(values: np.ndarray) -> np.ndarray:
    """Codes as labels, None where missing."""
    return np.array([None if np.isnan(v) else int(v) for v in values], dtype=object)


# --- a survey like nhanes2: a number, a yes/no and another number are incomplete -------------------------------------
SURVEY = {"chl: 40-59": 35.0, "chl: 60-99": 60.0, "chl: bmi": 5.0, "bmi, mean": 26.6}


def draw_survey(rng: np.random.Generator, n: int = 200) -> Data:
    age = rng.choice(3, n, p=[12 / 25, 7 / 25, 6 / 25])
    centre = np.array([28.0, 26.0, 24.5])
    bmi = rng.normal(centre[age], 4)
    hyp = rng.random(n) < logistic(-2 + 1.2 * (age == 1) + 1.8 * (age == 2) + 0.1 * (bmi - 26))
    chl = rng.normal(20 + 35 * (age == 1) + 60 * (age == 2) + 5 * bmi + 10 * hyp, 30)
    return {"age": age.astype(float), "bmi": bmi, "hyp": hyp.astype(float), "chl": chl}


def delete_survey(data: Data, rng: np.random.Generator) -> Data:
    young = data["age"] == 0
    data = without(data, "chl", np.where(young, 0.35, 0.2), rng)
    seen = np.nan_to_num((data["chl"] - 170) / 50)
    data = without(data, "bmi", logistic(-1.2 + 0.8 * seen) * ~np.isnan(data["chl"]), rng)
    return without(data, "hyp", np.where(young, 0.3, 0.15), rng)


def survey_columns(method: str) -> Callable[[Data], list[Column]]:
    def columns(data: Data) -> list[Column]:
        return [
            factor("age", levels(data["age"]), LEVELS),
            continuous("bmi", data["bmi"], method),  # type: ignore[arg-type]
            binary("hyp", data["hyp"]),
            continuous("chl", data["chl"], method),  # type: ignore[arg-type]
        ]

    return columns


def analyse_survey(data: Data) -> Analysis:
    n = data["age"].size
    x = np.column_stack([np.ones(n), data["age"] == 1, data["age"] == 2, data["bmi"], data["hyp"]])
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ (x.T @ data["chl"])
    variance = float(np.sum((data["chl"] - x @ beta) ** 2)) / (n - 5) * np.diag(inverse)
    estimates = np.append(beta[1:4], data["bmi"].mean())
    return estimates, np.append(variance[1:4], data["bmi"].var(ddof=1) / n), n - 5


# --- a factor of three levels, missing where the outcome says so -------------------------------------------------------
LOG_ODDS = {"middle": 0.5, "high": 1.0}


def draw_factor(rng: np.random.Generator, n: int = 579) -> Data:
    x, z = rng.normal(size=n), (rng.random(n) < 0.4).astype(float)
    f = np.digitize(0.8 * x + z + rng.logistic(size=n), [0.0, 1.3]).astype(float)
    y = rng.random(n) < logistic(-0.7 + 0.5 * (f == 1) + 1.0 * (f == 2) - 0.4 * x + 0.3 * z)
    return {"x": x, "z": z, "f": f, "y": y.astype(float)}


def delete_factor(data: Data, rng: np.random.Generator) -> Data:
    return without(data, "f", logistic(-1.8 + 1.5 * data["y"] + data["x"]), rng)


def factor_columns(ordered: bool) -> Callable[[Data], list[Column]]:
    def columns(data: Data) -> list[Column]:
        f = factor("f", levels(data["f"]), LEVELS, ordered=ordered)
        return [continuous("x", data["x"]), binary("z", data["z"]), f, binary("y", data["y"])]

    return columns


def analyse_factor(data: Data) -> Analysis:
    n = data["x"].size
    design = np.column_stack([np.ones(n), data["f"] == 1, data["f"] == 2, data["x"], data["z"]])
    fit = fit_multinomial(design, data["y"].astype(int), np.ones(n), 2, tolerance=1e-12)
    share = float(np.mean(data["f"] == 2))
    variances = np.diag(np.linalg.inv(fit.information))[1:3]
    return (
        np.append(fit.coefficients[1:3, 0], share),
        np.append(variances, share * (1 - share) / n),
        n - 5,
    )


# --- the same factor with a survival outcome ---------------------------------------------------------------------------
LOG_HAZARDS = {"middle": -0.3, "high": -0.7}


def draw_survival(rng: np.random.Generator, n: int = 579) -> Data:
    x, z = rng.normal(size=n), (rng.random(n) < 0.4).astype(float)
    f = np.digitize(0.8 * x + z + rng.logistic(size=n), [0.0, 1.3]).astype(float)
    rate = 0.06 * np.exp(-0.3 * (f == 1) - 0.7 * (f == 2) + 0.3 * x)
    months, end = rng.exponential(1 / rate), rng.uniform(6, 48, n)
    return {"x": x, "z": z, "f": f, "months": np.minimum(months, end), "died": (months <= end).astype(float)}


def delete_survival(data: Data, rng: np.random.Generator) -> Data:
    chance = logistic(-1.8 + data["x"] + 1.2 * data["died"] - 0.03 * data["months"])
    return without(data, "f", chance, rng)


def survival_columns(data: Data) -> list[Column]:
    hazard = nelson_aalen(data["months"], data["died"])
    f = factor("f", levels(data["f"]), LEVELS)
    return [
        continuous("x", data["x"]),
        binary("z", data["z"]),
        f,
        binary("died", data["died"]),
        auxiliary("H", hazard),
    ]


def analyse_survival(data: Data) -> Analysis:
    fit = cox(data["months"], data["died"], np.column_stack([data["f"] == 1, data["f"] == 2, data["x"]]))
    return fit.coefficients[:2], fit.standard_errors[:2] ** 2, fit.n_events - 3


def mean_of(draw: Callable[[np.random.Generator, int], Data], name: str, value: float) -> float:
    return float(np.mean(draw(np.random.default_rng(1), 2_000_000)[name] == value))


def scenarios() -> list[Scenario]:
    odds = LOG_ODDS | {"share of high": mean_of(draw_factor, "f", 2)}
    survey = (draw_survey, delete_survey)
    made = (draw_factor, delete_factor)
    survey_truth = SURVEY | {"bmi, mean": float(np.dot([12 / 25, 7 / 25, 6 / 25], [28, 26, 24.5]))}
    return [
        Scenario(
            "survey (n 200), norm + logistic", *survey, survey_columns("norm"), analyse_survey, survey_truth
        ),
        Scenario(
            "survey (n 200), pmm + logistic", *survey, survey_columns("pmm"), analyse_survey, survey_truth
        ),
        Scenario("logistic (n 579), multinomial", *made, factor_columns(False), analyse_factor, odds),
        Scenario("logistic (n 579), proportional odds", *made, factor_columns(True), analyse_factor, odds),
        Scenario(
            "Cox (n 579), multinomial",
            draw_survival,
            delete_survival,
            survival_columns,
            analyse_survival,
            LOG_HAZARDS,
        ),
    ]


def one_data_set(scenario: Scenario, seed: np.random.SeedSequence) -> np.ndarray:
    """Estimate, standard error, low and high of each quantity before deletion, of complete rows, and imputed."""
    rng = np.random.default_rng(seed)
    whole = scenario.draw(rng)
    data = scenario.delete(whole, rng)
    columns = scenario.columns(data)
    kept = ~np.any([np.isnan(values) for values in data.values()], axis=0)
    rows = {name: values[kept] for name, values in data.items()}
    done = impute_by_chained_equations(columns, m=M, seed=seed.spawn(1)[0])
    versions = [scenario.analyse(data | done.completed_numbers(i)) for i in range(M)]
    ways = [[scenario.analyse(whole)], [scenario.analyse(rows)], versions]
    return np.array([[summary(way, j) for j in range(len(scenario.truth))] for way in ways])


def summary(analyses: list[Analysis], j: int) -> list[float]:
    pooled = pool([a[0][j] for a in analyses], [a[1][j] for a in analyses], analyses[0][2])
    return [pooled.estimate, pooled.standard_error, pooled.low, pooled.high, pooled.fmi]


def run(scenario: Scenario, n: int) -> None:
    began = time.perf_counter()
    found = np.array([one_data_set(scenario, seed) for seed in np.random.SeedSequence(2025).spawn(n)])
    for j, (name, truth) in enumerate(scenario.truth.items()):
        for way, label in enumerate(("before deletion", "complete rows", "imputed")):
            estimate, error, low, high, fmi = found[:, way, j].T
            covered = 100 * np.mean((low <= truth) & (truth <= high))
            bias, of = estimate.mean() - truth, estimate.std(ddof=1)
            missing = f"{fmi.mean():.2f}" if label == "imputed" else ""
            print(
                f"| {scenario.name} | {name} | {truth:.3f} | {label} | {bias:+.3f} ({of / np.sqrt(n):.3f}) "
                f"| {of:.3f} | {error.mean():.3f} | {covered:.1f} | {missing} |"
            )
    print(f"{scenario.name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    print(
        "| data, imputation | quantity | truth | analysed | bias (simulation error) | sd | mean SE | covered, % | FMI |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for scenario in scenarios():
        run(scenario, n)


if __name__ == "__main__":
    main()
