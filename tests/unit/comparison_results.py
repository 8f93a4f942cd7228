"""Made results of matching, predictors and the comparisons without immortal time bias, for the rooms that read Results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from oligoscope.results.analyses import (
    BALANCE,
    BASELINE,
    COMPETING_RISKS,
    FOLLOW_UP,
    IMPUTATION,
    LANDMARK,
    MATCHING,
    PREDICTORS,
    SUBGROUPS,
    SURVIVAL,
    TIME_DEPENDENT,
    WEIGHTING,
)
from oligoscope.results.methods import read_method
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, at_months, landmark_at
from oligoscope.results.warnings import read_warnings
from oligoscope.study.dictionary.outcomes import Outcome

OLIGO, SYSTEMIC, NONE = "oligoprogression", "systemic", "no_progression"
VERSUS = f"{OLIGO} vs {SYSTEMIC}"
WORDS = read_method(
    "nearest neighbour, highest score first, 1:1, without replacement, caliper 0.02 on the logit"
)
BETTER = read_method(
    "optimal (most pairs, then least total distance), 1:1, without replacement, caliper 0.02 on the logit"
)
UNBALANCED = read_warnings("unbalanced variable=pd_l1 largest=0.148 limit=0.1")
# Before, mean and largest absolute SMD after.
SMDS = {
    "sex": {"male": (0.227, 0.043, 0.08), "female": (-0.227, 0.043, 0.08)},
    "pd_l1": {"<1%": (-0.181, 0.057, 0.117), "1-49%": (0.135, 0.11, 0.22), ">=50%": (0.053, 0.148, 0.221)},
}
# Univariable and multivariable: OR, low, high, P.
ODDS = {
    ("sex", "male vs female"): ((0.53, 0.34, 0.84, 0.0075), (0.67, 0.36, 1.25, 0.208)),
    ("histology", "squamous vs adenocarcinoma"): ((0.46, 0.33, 0.65, 1e-5), (0.5, 0.35, 0.72, 2e-4)),
    ("pd_l1", "1-49% vs <1%"): ((0.67, 0.45, 0.99, 0.047), (0.72, 0.48, 1.08, 0.113)),
    ("pd_l1", ">=50% vs <1%"): ((0.72, 0.46, 1.14, 0.163), (0.77, 0.49, 1.22, 0.27)),
}


def with_comparisons(results: Results) -> Results:
    """The made study with everything that follows matching; its gate failed, as it does on the paper's margins."""
    estimates = (
        *follow_up(), *imputation(), *matching(), *balance(), *predictors(), *matched(results), *landmarks(),
        *time_dependent(), *competing(), *subgroups(), *weighting(),
    )  # fmt: skip
    return results.plus(estimates, series(results))


def ratio(keys: dict[str, Any], value: float, low: float, high: float, **more: Any) -> Estimate:
    more = {"statistic": Statistic.HAZARD_RATIO} | more
    return Estimate(**keys, value=value, low=low, high=high, **more)


def follow_up() -> Iterator[Estimate]:
    yield Estimate(
        analysis=FOLLOW_UP, population="treated", statistic=Statistic.MEDIAN, value=46.5, low=42.7, high=48.6
    )


def imputation() -> Iterator[Estimate]:
    keys: dict[str, Any] = {"analysis": IMPUTATION, "population": "progressed"}
    few = read_warnings("few_imputations m=5 incomplete_percent=11.9")
    yield Estimate(**keys, statistic=Statistic.IMPUTATIONS, value=5, n=579, warning=few)
    yield Estimate(**keys, variable="pd_l1", statistic=Statistic.PERCENT_MISSING, value=11.9, n=579)
    for group in ("all", OLIGO, SYSTEMIC):
        for level, n in (("<1%", 99.2), ("1-49%", 116.0), (">=50%", 73.8)):
            own: dict[str, Any] = keys | {
                "outcome": "pattern",
                "group": group,
                "variable": "pd_l1",
                "level": level,
            }
            yield Estimate(**own, statistic=Statistic.N, value=n, n=289)
            yield Estimate(**own, statistic=Statistic.PERCENT, value=100 * n / 289, n=289)


def matching() -> Iterator[Estimate]:
    keys: dict[str, Any] = {"analysis": MATCHING, "population": "matched", "group": VERSUS}
    yield Estimate(**keys, statistic=Statistic.N_PAIRS, value=207.4, low=203, high=211, method=WORDS)
    yield Estimate(
        **keys, statistic=Statistic.LARGEST_SMD, level="pd_l1=>=50%", value=0.148, warning=UNBALANCED
    )
    yield Estimate(
        **keys, statistic=Statistic.MAXIMUM_SMD, level="pd_l1=>=50%", value=0.221, warning=UNBALANCED
    )
    keys["variable"] = "next_better_choice"
    yield Estimate(
        **keys, statistic=Statistic.LARGEST_SMD, level="stage=IV", value=0.074, n=208, method=BETTER
    )


def balance() -> Iterator[Estimate]:
    keys: dict[str, Any] = {"analysis": BALANCE, "population": "matched"}
    for variable, levels in SMDS.items():
        for level, values in {"": next(iter(levels.values())), **levels}.items():
            names = (Statistic.SMD_BEFORE, Statistic.SMD_AFTER_ABSOLUTE, Statistic.SMD_AFTER_MAXIMUM)
            for statistic, value in zip(names, values, strict=True):
                yield Estimate(**keys, variable=variable, level=level, statistic=statistic, value=value)


ODDS_RATIOS = (Statistic.ODDS_RATIO_UNIVARIABLE, Statistic.ODDS_RATIO_MULTIVARIABLE)


def predictors() -> Iterator[Estimate]:
    keys: dict[str, Any] = {
        "analysis": PREDICTORS, "population": "progressed", "outcome": "pattern", "group": f"{SYSTEMIC} vs {OLIGO}",
    }  # fmt: skip
    for (variable, level), models in ODDS.items():
        own: dict[str, Any] = keys | {"variable": variable, "level": level}
        for model, (value, low, high, p) in zip(ODDS_RATIOS, models, strict=True):
            yield ratio(own, value, low, high, statistic=model)
            yield Estimate(**own, statistic=model.test, value=p)
        yield Estimate(**own, statistic=Statistic.E_VALUE, value=1.75, low=1.0)
    for model, p in zip(ODDS_RATIOS, (0.122, 0.259), strict=True):
        yield Estimate(
            **keys, variable="pd_l1", statistic=model.test, value=p, method=read_method("Wald, D1")
        )


def matched(results: Results) -> Iterator[Estimate]:
    """Table 1 and survival of the matched, as means over imputations."""
    for e in results.find(analysis=BASELINE, population="progressed"):
        if e.variable in {"", "sex", "pd_l1"} and e.statistic != Statistic.MISSING:
            count = e.statistic == Statistic.N
            method = (
                read_method("chi-square, median P over imputations")
                if e.statistic == Statistic.P_VALUE
                else e.method
            )
            value = (e.value or 0) * 0.7 + 0.1 if count else e.value
            yield replace(e, population="matched", value=value, method=method)
    for e in results.find(analysis=SURVIVAL, population="progressed"):
        pooled = (
            read_method("Kaplan-Meier, log-log limits, pooled on log(-log S)")
            if e.statistic == Statistic.MEDIAN
            else e.method
        )
        yield replace(e, population="matched", method=pooled)
        if e.statistic == Statistic.HAZARD_RATIO:
            yield replace(
                e, population="matched", statistic=Statistic.E_VALUE, value=2.35, low=1.86, high=None
            )


def landmarks() -> Iterator[Estimate]:
    keys: dict[str, Any] = {"analysis": LANDMARK, "population": "treated", "outcome": Outcome.OS}
    for months, p in ((3, 0.073), (6, 0.008), (9, 0.016)):
        own: dict[str, Any] = keys | {"variable": landmark_at(months)}
        for group, n in ((NONE, 700), (OLIGO, 20 * months), (SYSTEMIC, 25 * months)):
            yield Estimate(**own, group=group, statistic=Statistic.N, value=n, n=n)
            yield Estimate(**own, group=group, statistic=Statistic.EVENTS, value=n - 5, n=n)
            yield Estimate(
                **own, group=group, statistic=Statistic.MEDIAN, value=n / 20, low=n / 25, high=n / 15
            )
        yield from pairs(own, p)


def pairs(keys: dict[str, Any], p: float) -> Iterator[Estimate]:
    for group, value in ((VERSUS, 0.6), (f"{OLIGO} vs {NONE}", 3.4), (f"{SYSTEMIC} vs {NONE}", 6.0)):
        yield ratio(keys | {"group": group}, value, value * 0.8, value * 1.3)
        yield Estimate(**keys, group=group, statistic=Statistic.P_VALUE, value=p)


def time_dependent() -> Iterator[Estimate]:
    keys: dict[str, Any] = {"analysis": TIME_DEPENDENT, "population": "treated", "outcome": Outcome.OS}
    for group, n in ((NONE, 54), (OLIGO, 247), (SYSTEMIC, 263)):
        yield Estimate(**keys, group=group, statistic=Statistic.EVENTS, value=n, n=820)
    yield from pairs(keys, 3e-8)


def competing() -> Iterator[Estimate]:
    keys: dict[str, Any] = {"analysis": COMPETING_RISKS, "population": "treated"}
    yield Estimate(**keys, statistic=Statistic.N, value=820, n=820)
    for group, n, value in (
        (OLIGO, 289, 0.26),
        (SYSTEMIC, 290, 0.31),
        ("death_without_progression", 54, 0.05),
    ):
        yield Estimate(**keys, group=group, statistic=Statistic.EVENTS, value=n, n=820)
        for months in (3, 6, 9, 12, 18, 24):
            at = value * months / 24
            yield ratio(
                keys | {"group": group},
                at,
                at * 0.9,
                at * 1.1,
                statistic=at_months(Statistic.INCIDENCE, months),
            )
    for cause, value, p in ((OLIGO, 1.6, 2e-4), (SYSTEMIC, 0.61, 0.3)):
        own: dict[str, Any] = keys | {"outcome": cause, "variable": "histology"}
        yield Estimate(**own, statistic=Statistic.P_VALUE_GRAY, value=p, method=read_method("Gray's test"))
        own["level"] = "squamous vs adenocarcinoma"
        for name in (Statistic.SUBDISTRIBUTION_HAZARD_RATIO, Statistic.CAUSE_SPECIFIC_HAZARD_RATIO):
            yield ratio(own, value, value * 0.8, value * 1.3, statistic=name)
            yield Estimate(**own, statistic=name.test, value=p)


def subgroups() -> Iterator[Estimate]:
    keys: dict[str, Any] = {
        "analysis": SUBGROUPS,
        "population": "progressed",
        "outcome": Outcome.PPS,
        "group": VERSUS,
    }
    for level, n, value in (("male", 487, 0.55), ("female", 92, 0.67)):
        own: dict[str, Any] = keys | {"variable": "sex", "level": level, "n": n}
        yield ratio(own, value, value * 0.8, value * 1.3)
    yield Estimate(**keys, variable="sex", statistic=Statistic.P_VALUE_INTERACTION, value=0.46, n=579)
    sparse: dict[str, Any] = keys | {
        "variable": "stage",
        "level": "IIIC",
        "n": 7,
        "warning": read_warnings("too_few_events minimum=5"),
    }
    yield Estimate(**sparse, statistic=Statistic.HAZARD_RATIO)


def weighting() -> Iterator[Estimate]:
    keys: dict[str, Any] = {"analysis": WEIGHTING, "population": "progressed"}
    for target in ("ate", "att", "overlap"):
        for group, n in ((OLIGO, 270.8), (SYSTEMIC, 274.7)):
            yield Estimate(**keys, variable=target, group=group, statistic=Statistic.EFFECTIVE_N, value=n)
        own: dict[str, Any] = keys | {"variable": target, "outcome": Outcome.PPS, "group": VERSUS}
        yield ratio(own, 0.58, 0.48, 0.7)
        yield Estimate(**own, statistic=Statistic.P_VALUE, value=3e-8)


def series(results: Results) -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng(7)
    found = {
        k.replace("/progressed/", "/matched/"): v for k, v in results.series.items() if "/progressed/" in k
    }
    groups = [OLIGO] * 60 + [SYSTEMIC] * 60
    scores = pl.DataFrame(
        {"group": groups, "probability": rng.uniform(0.2, 0.8, 120), "logit": rng.normal(size=120)}
    )
    found |= {"propensity/before": scores, "propensity/after": scores[20:100]}
    found["imputation/levels"] = pl.DataFrame(
        [
            {"variable": "pd_l1", "imputation": i, "group": group, "level": level, "n": n + i}
            for i in range(6)
            for group in ("all", OLIGO, SYSTEMIC)
            for level, n in (("<1%", 99), ("1-49%", 116), (">=50%", 73))
        ]
    )
    found["imputation/trace"] = pl.DataFrame(
        [
            {
                "variable": v,
                "imputation": i,
                "iteration": t,
                "mean": rng.normal(1, 0.1),
                "sd": rng.normal(0.8, 0.05),
            }
            for v in ("pd_l1", "smoking")
            for i in range(1, 6)
            for t in range(1, 11)
        ]
    )
    steps = np.linspace(0, 60, 40)
    for months in (3, 6, 9):
        curves = [
            pl.DataFrame({"group": [group] * 40, "months": steps, "survival": np.exp(-steps / scale)})
            for group, scale in ((NONE, 40), (OLIGO, 12), (SYSTEMIC, 7))
        ]
        found[f"landmark/treated/{months}"] = pl.concat(curves)
    rises = {OLIGO: 0.36, SYSTEMIC: 0.35, "death_without_progression": 0.07}
    found["incidence/treated"] = pl.concat(
        pl.DataFrame({"cause": [cause] * 40, "months": steps, "incidence": (at := top * (1 - np.exp(-steps / 9))),
                      "low": at * 0.9, "high": at * 1.1})
        for cause, top in rises.items()
    )  # fmt: skip
    return found
