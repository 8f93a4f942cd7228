"""A made study for the rooms that only read Results: the counts of Huang 2025, curves drawn from a seed.

The counts are the paper's Table 1 before matching; follow-up times are drawn, so curves and their
estimates look like the paper's without being it. Nothing here is computed by the package.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from oligoscope.results import analyses
from oligoscope.results.analyses import RESPONSE_RATE, SURVIVAL
from oligoscope.results.methods import read_method
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.units import Unit
from oligoscope.results.warnings import read_warnings
from oligoscope.study.protocol import Protocol
from oligoscope.study.study_presets import PRESETS
from unit.comparison_results import with_comparisons

OLIGO, SYSTEMIC = "oligoprogression", "systemic"
VERSUS = f"{OLIGO} vs {SYSTEMIC}"
SIZES = {"all": 579, OLIGO: 289, SYSTEMIC: 290}
TABLE_1 = {
    "age_60": {">=60": (163, 151), "<60": (126, 139)},
    "sex": {"male": (255, 232), "female": (34, 58)},
    "smoking": {"ever": (233, 211), "never": (56, 79)},
    "ecog": {"0": (43, 40), "1": (246, 250)},
    "brain_metastasis": {"yes": (22, 31), "no": (267, 259)},
    "histology": {"squamous": (200, 148), "adenocarcinoma": (89, 142)},
    "stage": {"IIIC": (67, 49), "IV": (222, 241)},
    "pd_l1": {"<1%": (94, 118), "1-49%": (116, 100), ">=50%": (71, 63)},  # 17 missing
}
MISSING = {"pd_l1": (8, 9)}
FLOW = {
    "screened": (1204, {"age": 17, "stage": 148, "regimen": 231, "driver": 76, "measurable": 21, "ecog": 34}),
    "treated": (677, {"progressed": 98}),
    "progressed": (579, {}),
}
MEDIANS = {"pfs": (7.5, 5.0), "os": (20.0, 10.5), "pps": (11.8, 5.4)}
TIMES = (0, 6, 12, 18, 24, 30, 36, 42, 48)


def flow() -> Iterator[Estimate]:
    for population, (n, exclusions) in FLOW.items():
        yield Estimate(analysis=analyses.FLOW, population=population, statistic=Statistic.N, value=n, n=n)
        for rule, k in exclusions.items():
            keys: dict[str, Any] = {"analysis": analyses.FLOW, "population": population, "variable": rule}
            yield Estimate(**keys, statistic=Statistic.N_EXCLUDED, value=k)
            yield Estimate(**keys, statistic=Statistic.N_NOT_ASSESSABLE, value=12 if rule == "driver" else 0)
    for group in (OLIGO, SYSTEMIC):
        keys: dict[str, Any] = {
            "analysis": analyses.FLOW,
            "population": "progressed",
            "outcome": "pattern",
            "group": group,
        }
        yield Estimate(**keys, statistic=Statistic.N, value=SIZES[group])


BASELINE: dict[str, Any] = {"analysis": analyses.BASELINE, "population": "progressed", "outcome": "pattern"}


def baseline() -> Iterator[Estimate]:
    for group, n in SIZES.items():
        yield Estimate(**BASELINE, group=group, statistic=Statistic.N, value=n, n=n)
    for variable, levels in TABLE_1.items():
        yield from categories(variable, levels)
    yield from numbers()


def categories(variable: str, levels: dict[str, tuple[int, int]]) -> Iterator[Estimate]:
    counts = np.array(list(levels.values()))
    known = counts.sum(axis=0)
    for level, (a, b) in levels.items():
        groups = {"all": (a + b, known.sum()), OLIGO: (a, known[0]), SYSTEMIC: (b, known[1])}
        for group, (k, n) in groups.items():
            keys: dict[str, Any] = {
                **BASELINE,
                "group": group,
                "variable": variable,
                "level": level,
                "n": int(n),
            }
            yield Estimate(**keys, statistic=Statistic.N, value=float(k))
            yield Estimate(**keys, statistic=Statistic.PERCENT, value=100 * k / n, unit=Unit.PERCENT)
        p, q = a / known[0], b / known[1]
        smd = (p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
        yield Estimate(
            **BASELINE,
            group=VERSUS,
            variable=variable,
            level=level,
            statistic=Statistic.SMD,
            value=float(smd),
        )
    missing = MISSING.get(variable, (0, 0))
    for group, k in zip(SIZES, (sum(missing), *missing), strict=True):
        yield Estimate(**BASELINE, group=group, variable=variable, statistic=Statistic.MISSING, value=k)
    test: Any = stats.chi2_contingency(counts, correction=False)
    keys: dict[str, Any] = {**BASELINE, "group": VERSUS, "variable": variable}
    yield Estimate(
        **keys, statistic=Statistic.P_VALUE, value=float(test.pvalue), method=read_method("chi-square")
    )
    yield Estimate(**keys, statistic=Statistic.SMD, value=float(np.sqrt(test.statistic / 579) * 2))


def numbers() -> Iterator[Estimate]:
    for group, middle, low, high in (("all", 71, 48, 101), (OLIGO, 66.5, 45, 94.25), (SYSTEMIC, 77, 52, 108)):
        keys: dict[str, Any] = {**BASELINE, "group": group, "variable": "baseline_sum_mm"}
        yield Estimate(
            **keys, statistic=Statistic.MEDIAN, value=middle, low=low, high=high, n=SIZES[group], unit=Unit.MM
        )
    keys: dict[str, Any] = {**BASELINE, "group": VERSUS, "variable": "baseline_sum_mm"}
    yield Estimate(**keys, statistic=Statistic.P_VALUE, value=0.00021, method=read_method("Mann-Whitney U"))
    yield Estimate(**keys, statistic=Statistic.SMD, value=-0.281)


def drawn(median: float, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Follow-up in months and whether it ended in the event."""
    rng = np.random.default_rng(seed)
    event, end = rng.weibull(1.1, n) * median / np.log(2) ** (1 / 1.1), rng.uniform(20, 52, n)
    return np.round(np.minimum(event, end), 2), event <= end


def product_limit(group: str, months: np.ndarray, died: np.ndarray) -> pl.DataFrame:
    rows, survival, variance = [(group, 0.0, 1.0, 1.0, 1.0, len(months), 0, 0)], 1.0, 0.0
    for t in np.unique(months):
        at_risk, d = int((months >= t).sum()), int(((months == t) & died).sum())
        c = int(((months == t) & ~died).sum())
        survival *= 1 - d / at_risk
        if d and at_risk > d:
            variance += d / (at_risk * (at_risk - d))
        low, high = survival, survival
        if 0 < survival < 1:
            width = 1.96 * np.sqrt(variance) / abs(np.log(survival))
            low, high = (float(survival ** np.exp(sign * width)) for sign in (1, -1))
        rows.append((group, float(t), survival, low, high, at_risk, d, c))
    names = ["group", "months", "survival", "low", "high", "n_at_risk", "n_events", "n_censored"]
    return pl.DataFrame(rows, schema=names, orient="row")


def at_risk_rows(group: str, months: np.ndarray, died: np.ndarray) -> pl.DataFrame:
    rows = [
        (
            group,
            float(t),
            int((months >= t).sum()),
            int((died & (months <= t)).sum()),
            int((~died & (months < t)).sum()),
        )
        for t in TIMES
    ]
    return pl.DataFrame(rows, schema=["group", "months", "n_at_risk", "n_events", "n_censored"], orient="row")


def survival() -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    found, series = [], {}
    for i, (outcome, medians) in enumerate(MEDIANS.items()):
        keys: dict[str, Any] = {"analysis": SURVIVAL, "population": "progressed", "outcome": outcome}
        curves, tables = [], []
        for j, (group, median) in enumerate(zip((OLIGO, SYSTEMIC), medians, strict=True)):
            months, died = drawn(median, SIZES[group], 10 * i + j)
            if outcome == "pfs":
                died[:] = True  # everyone progressed
            curves.append(product_limit(group, months, died))
            tables.append(at_risk_rows(group, months, died))
            found += estimates_of(keys | {"group": group}, curves[-1], len(months), int(died.sum()), median)
        found += comparison(keys | {"group": VERSUS}, hazard_ratio=(0.64, 0.55, 0.76))
        series[f"km/progressed/pattern/{outcome}"] = pl.concat(curves)
        series[f"at_risk/progressed/pattern/{outcome}"] = pl.concat(tables)
    return found, series


def estimates_of(
    keys: dict[str, Any], curve: pl.DataFrame, n: int, events: int, median: float
) -> list[Estimate]:
    found = [
        Estimate(**keys, statistic=Statistic.N, value=n, n=n),
        Estimate(**keys, statistic=Statistic.EVENTS, value=events, n=n),
        Estimate(
            **keys,
            statistic=Statistic.MEDIAN,
            value=median,
            low=median * 0.91,
            high=median * 1.1,
            n=n,
            unit=Unit.MONTHS,
        ),
    ]
    for t in (6, 12, 24):
        last = curve.filter(pl.col("months") <= t).tail(1).row(0, named=True)
        limits: dict[str, Any] = {"value": last["survival"], "low": last["low"], "high": last["high"]}
        found.append(Estimate(**keys, statistic=at_months(Statistic.SURVIVAL, t), **limits, n=n))
    return found


def comparison(keys: dict[str, Any], hazard_ratio: tuple[float, float, float]) -> list[Estimate]:
    value, low, high = hazard_ratio
    return [
        Estimate(
            **keys,
            statistic=Statistic.HAZARD_RATIO,
            value=value,
            low=low,
            high=high,
            n=579,
            method=read_method("Cox, Efron ties"),
        ),
        Estimate(
            **keys,
            variable="log_rank",
            statistic=Statistic.P_VALUE,
            value=3e-8,
            n=579,
            method=read_method("log-rank"),
        ),
        Estimate(
            **keys, variable="cox", statistic=Statistic.P_VALUE, value=4e-8, n=579, method=read_method("Wald")
        ),
    ]


def response_rates() -> Iterator[Estimate]:
    keys: dict[str, Any] = {
        "analysis": RESPONSE_RATE,
        "population": "progressed",
        "outcome": "best_response",
    }
    counts = {OLIGO: (4, 180, 83, 22, 0), SYSTEMIC: (1, 118, 92, 76, 3)}
    for group, cells in counts.items():
        n = sum(cells)
        for level, k in zip(("CR", "PR", "SD", "PD", "NE"), cells, strict=True):
            yield Estimate(**keys, group=group, level=level, statistic=Statistic.N, value=k, n=n)
            yield Estimate(
                **keys, group=group, level=level, statistic=Statistic.PERCENT, value=100 * k / n, n=n
            )
        for rate, k in (("orr", sum(cells[:2])), ("dcr", sum(cells[:3]))):
            limits = stats.binomtest(k, n).proportion_ci(0.95, "exact")
            yield Estimate(
                **keys, group=group, variable=rate, statistic=Statistic.PERCENT, unit=Unit.PERCENT, n=n,
                value=100 * k / n, low=100 * limits.low, high=100 * limits.high, method=read_method("Clopper-Pearson"),
            )  # fmt: skip
    for rate, p in (("orr", 4e-8), ("dcr", 0.0002)):
        yield Estimate(
            **keys,
            group=VERSUS,
            variable=rate,
            statistic=Statistic.P_VALUE,
            value=p,
            method=read_method("chi-square"),
        )


@pytest.fixture(scope="session")
def made_results() -> Results:
    """Results of a study like the paper's."""
    estimates, series = survival()
    return Results((*flow(), *baseline(), *estimates, *response_rates())).plus(series=series)


@pytest.fixture(scope="session")
def sparse_results(made_results: Results) -> Results:
    """The same study where one group is too sparse: its hazard ratios and P are withheld."""
    withheld = {"hazard_ratio", "p_value"}
    nothing: dict[str, Any] = {
        "value": None,
        "low": None,
        "high": None,
        "warning": read_warnings("too_few_events minimum=5"),
    }
    return Results(
        tuple(
            replace(e, **nothing) if e.analysis == SURVIVAL and e.statistic in withheld else e
            for e in made_results.estimates
        ),
        made_results.series,
    )


@pytest.fixture(scope="session")
def made_protocol() -> Protocol:
    """The protocol of the paper's preset, marked synthetic."""
    title = {
        "zh": "驱动基因阴性非小细胞肺癌的进展模式",
        "en": "Progression patterns in driver-negative NSCLC",
    }
    study = {"title": title, "preset": "huang2025", "data_cutoff": "2025-04-08", "synthetic": True}
    data = {"patients": {"files": ("patients.csv",)}}
    return Protocol.model_validate({"study": study, "data": data, **PRESETS["huang2025"]})


@pytest.fixture(scope="session")
def compared_results(made_results: Results) -> Results:
    """The same study with the comparisons after matching."""
    return with_comparisons(made_results)
