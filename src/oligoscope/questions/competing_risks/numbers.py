"""Which progression comes first: oligoprogression, systemic progression or death without progression.

Among all treated patients these compete; the share of each is a cumulative incidence (Aalen-Johansen),
not one minus Kaplan-Meier. This answers "systemic early, oligo late" without dividing only those who
progressed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.left_out import why_not_levels
from oligoscope.cohort.populations import PROGRESSED_ONLY, needs_treated
from oligoscope.cohort.variables import as_levels, levels_of
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import COMPETING_RISKS
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, of_statistics
from oligoscope.stats.survival.competing_risks import cause_specific_cox, cumulative_incidence
from oligoscope.stats.survival.fine_gray import fine_gray
from oligoscope.stats.survival.gray import gray_test
from oligoscope.study.keys import Comparison
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

CAUSES = {
    1: "oligoprogression",
    2: "systemic",
    3: "death_without_progression",
    4: "progression_without_pattern",
}
COMPARED = (1, 2)  # causes compared over the levels of a variable
TIMES = (3, 6, 9, 12, 18, 24)  # months


def describe_competing_risks(
    patients: pl.DataFrame, settings: AnalysisSettings
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Cumulative incidence of each first event, and what each variable does to it.

    Args:
        patients: The treated population.
        settings: variables compared by Gray's test, Fine-Gray and cause-specific Cox models.

    Returns:
        group=CAUSE: incidence_N_months with limits; outcome=CAUSE, variable, level: hazard ratios. Series
        "incidence/<population>": cause, months, incidence, low, high.
    """
    keys: dict[str, Any] = {"analysis": COMPETING_RISKS, "population": settings.population}
    if needs_treated(patients):
        return [Estimate(**keys, statistic=Statistic.INCIDENCE, warning=PROGRESSED_ONLY)], {}
    rows = first_events(patients)
    months, cause = rows["months"].to_numpy(), rows["cause"].to_numpy()
    found = [Estimate(**keys, **row) for row in _incidence(months, cause)]
    for variable in settings.variables:
        reason = why_not_levels(rows, variable)
        made = _withheld(variable, reason) if reason else _compare(rows, variable, settings.minimum_events)
        found += [Estimate(**keys, **row) for row in made]
    return found, {f"incidence/{settings.population}": _curves(months, cause)}


def first_events(patients: pl.DataFrame) -> pl.DataFrame:
    """The patients with months to the first event and its cause (0: none yet, at the last adequate scan)."""
    died = (pl.col("pfs_event") == 1) & pl.col("progressed_day").is_null()
    cause = (
        pl.when(pl.col("pfs_event") == 0).then(0)
        .when(died).then(3)
        .when(pl.col("pattern") == "oligoprogression").then(1)
        .when(pl.col("pattern") == "systemic").then(2)
        .otherwise(4)
    )  # fmt: skip
    known = patients.filter(pl.col("pfs_days").is_not_null())
    return known.with_columns(months=pl.col("pfs_days") / DAYS_PER_MONTH, cause=cause.cast(pl.Int64))


def _incidence(months: np.ndarray, cause: np.ndarray) -> Iterator[dict[str, Any]]:
    n = len(months)
    yield {"statistic": Statistic.N, "value": n, "n": n, "unit": Unit.PATIENTS}
    for code, name in CAUSES.items():
        count = int((cause == code).sum())
        if code == 4 and count == 0:
            continue
        yield {"group": name, "statistic": Statistic.EVENTS, "value": count, "n": n, "unit": Unit.EVENTS}
        curve = cumulative_incidence(months, cause, of=code)
        for t in TIMES:
            at = int(np.searchsorted(curve.times, t, side="right")) - 1
            beyond = t > months.max()
            yield {
                "group": name,
                "statistic": at_months(Statistic.INCIDENCE, t),
                "value": None if beyond else (0.0 if at < 0 else float(curve.incidence[at])),
                "low": None if beyond or at < 0 else _or_none(curve.low[at]),
                "high": None if beyond or at < 0 else _or_none(curve.high[at]),
                "n": n,
                "unit": Unit.PROBABILITY,
                "method": Method(MethodPart.AALEN_JOHANSEN, MethodPart.LOG_LOG_LIMITS),
                "warning": WarningCode.BEYOND_FOLLOW_UP() if beyond else NO_WARNING,
            }


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _withheld(variable: str, reason: Warnings) -> Iterator[dict[str, Any]]:
    for code in COMPARED:
        yield {
            "outcome": CAUSES[code], "variable": variable, "statistic": Statistic.P_VALUE_GRAY, "method": Method(MethodPart.GRAY), "warning": reason,
        }  # fmt: skip


def _compare(rows: pl.DataFrame, variable: str, minimum_events: int) -> Iterator[dict[str, Any]]:
    """Gray's test over the levels; for two levels subdistribution and cause-specific hazard ratios.

    Of the patients in whom the variable is known: `n` says how many these are.
    """
    rows = rows.drop_nulls(variable)
    months, cause = rows["months"].to_numpy(), rows["cause"].to_numpy()
    words = as_levels(rows[variable])
    levels = levels_of(variable, words)
    for code in COMPARED:
        keys: dict[str, Any] = {"outcome": CAUSES[code], "variable": variable, "n": rows.height}
        test = attempt(lambda c=code: gray_test(months, cause, words.to_numpy(), of=c))
        if isinstance(test, NoAnswer):
            yield {
                **keys,
                "statistic": Statistic.P_VALUE_GRAY,
                "method": Method(MethodPart.GRAY),
                "warning": test.warning,
            }
            continue
        yield {
            **keys,
            "statistic": Statistic.P_VALUE_GRAY,
            "value": test.p_value,
            "method": Method(MethodPart.GRAY),
        }
        if len(levels) == 2:
            first = (words == levels[0]).to_numpy()
            yield from _ratios(
                keys | {"level": Comparison.of(*levels)}, months, cause, first, code, minimum_events
            )


def _ratios(
    keys: dict[str, Any],
    months: np.ndarray,
    cause: np.ndarray,
    first: np.ndarray,
    code: int,
    minimum_events: int,
) -> Iterator[dict[str, Any]]:
    events = min(int(((cause == code) & first).sum()), int(((cause == code) & ~first).sum()))
    if events < minimum_events:
        sparse = WarningCode.TOO_FEW_EVENTS(minimum=minimum_events)
        yield {
            **keys,
            "statistic": Statistic.SUBDISTRIBUTION_HAZARD_RATIO,
            "method": Method(MethodPart.FINE_GRAY),
            "warning": sparse,
        }
        return
    design = first.astype(float)[:, None]
    models = (
        (Statistic.SUBDISTRIBUTION_HAZARD_RATIO, Method(MethodPart.FINE_GRAY), fine_gray),
        (Statistic.CAUSE_SPECIFIC_HAZARD_RATIO, Method(MethodPart.CAUSE_SPECIFIC_COX), cause_specific_cox),
    )
    for statistic, method, model in models:
        fit = attempt(lambda fitted=model: fitted(months, cause, design, of=code))
        if isinstance(fit, NoAnswer):
            yield {**keys, "statistic": statistic, "method": method, "warning": fit.warning}
            continue
        yield {
            **keys, "statistic": statistic, "value": float(fit.hazard_ratios[0]), "low": float(fit.low[0]),
            "high": float(fit.high[0]), "method": method, "warning": of_statistics(fit.warning),
        }  # fmt: skip
        yield {
            **keys,
            "statistic": statistic.test,
            "value": float(fit.p_values[0]),
            "method": method,
        }


def _curves(months: np.ndarray, cause: np.ndarray) -> pl.DataFrame:
    frames = []
    for code, name in CAUSES.items():
        if code == 4 and not (cause == code).any():
            continue
        curve = cumulative_incidence(months, cause, of=code)
        frames.append(
            pl.DataFrame(
                {
                    "cause": name,
                    "months": np.r_[0.0, curve.times],
                    "incidence": np.r_[0.0, curve.incidence],
                    "low": np.r_[0.0, curve.low],
                    "high": np.r_[0.0, curve.high],
                }
            )
        )
    return pl.concat(frames)


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return describe_competing_risks(asked.patients, asked.settings)
