"""Hazard ratios of few events: Firth's penalised likelihood where the ordinary Cox model has none, or too few events.

An ordinary fit that separates (events on one side only) gives a ratio of 0 or infinity with no usable limits; with few events a
variable it is biased away from 1 (Heinze & Schemper, Biometrics 2001, 57:114).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.centres import NO_CENTRES, Centres, fit_cox
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join, of_statistics
from oligoscope.stats.survival.firth_cox import firth_cox
from oligoscope.study.protocol import AnalysisSettings

# Rows times events times columns beyond which the profiles would take minutes; so many are no small sample.
MOST_PRODUCTS = 3_000_000
_COX = Method(MethodPart.COX)


@dataclass(frozen=True, slots=True)
class FirstRatio:
    """The hazard ratio of a model's first column.

    Attributes:
        ratio: It, and its limits.
        log: Its logarithm.
        error: Standard error of the logarithm.
        p_value: Two-sided.
        method: Of the ratio.
        test: Of the P.
        warning: Of both.
    """

    ratio: tuple[float, float, float]
    log: float
    error: float
    p_value: float
    method: Method
    test: Method
    warning: Warnings

    @property
    def fields(self) -> dict[str, Any]:
        """The ratio with its limits, as fields of an estimate."""
        value, low, high = self.ratio
        return {"value": value, "low": low, "high": high, "method": self.method}


def first_ratio(
    months: np.ndarray,
    event: np.ndarray,
    design: np.ndarray,
    entry: np.ndarray | None,
    settings: AnalysisSettings,
    *,
    model: Method = _COX,
    few: Warnings = NO_WARNING,
    centres: Centres = NO_CENTRES,
) -> FirstRatio | NoAnswer:
    """The ratio of the first column by maximum likelihood; by Firth where that separates or has too few events.

    Args:
        months: Follow-up of each row.
        event: Whether it ended in the event.
        design: Columns, the group first.
        entry: Delayed entry in months; None where there is none.
        settings: `small_sample` says whether Firth's method may be used.
        model: The method before its ties and limits.
        few: Why there are too few events for an ordinary model of several variables; blank where there are enough.
        centres: Of each row; with them there is no Firth's method (study.yaml may not ask for both).
    """
    by_firth = settings.small_sample == "firth" and event.sum() * design.size <= MOST_PRODUCTS
    if few:
        return _by_firth(months, event, design, entry, model, _in_place(few)) if by_firth else NoAnswer(few)
    fit = attempt(lambda: fit_cox(months, event, design, centres, entry=entry))
    if isinstance(fit, NoAnswer):
        return fit
    if fit.problem == "separation" and by_firth:
        return _by_firth(months, event, design, entry, model, WarningCode.HAZARDS_BY_FIRTH())
    if not np.isfinite(fit.coefficients[0]):
        return NoAnswer(join(WarningCode.NOT_CONVERGED(), of_statistics(fit.warning)))
    method = centres.cox(model.plus(MethodPart.EFRON))
    ratio = float(fit.hazard_ratios[0]), float(fit.low[0]), float(fit.high[0])
    log, error, p = (float(x[0]) for x in (fit.coefficients, fit.errors_of_limits, fit.p_values))
    warning = of_statistics(fit.warning).of_column(1)
    return FirstRatio(ratio, log, error, p, method, method, warning)


def _in_place(few: Warnings) -> Warnings:
    """That there are too few events, said of a number that is given."""
    given = ({name: ",".join(several) for name, several in part.values} for part in few.parts)
    return join(
        *(WarningCode.FEW_BY_FIRTH(value=values["value"], minimum=values["minimum"]) for values in given)
    )


def _by_firth(
    months: np.ndarray,
    event: np.ndarray,
    design: np.ndarray,
    entry: np.ndarray | None,
    model: Method,
    warning: Warnings,
) -> FirstRatio | NoAnswer:
    fit = attempt(lambda: firth_cox(months, event, design, entry=entry, limits_of=(0,)))
    if isinstance(fit, NoAnswer):
        return fit
    made = model.plus(MethodPart.FIRTH, MethodPart.EFRON)
    ratio = float(fit.hazard_ratios[0]), float(fit.low[0]), float(fit.high[0])
    log, error, p = (float(x[0]) for x in (fit.coefficients, fit.standard_errors, fit.p_values))
    limits, test = made.plus(MethodPart.PROFILE_LIMITS), made.plus(MethodPart.PENALISED_LIKELIHOOD_RATIO)
    return FirstRatio(ratio, log, error, p, limits, test, warning)


def rows_with_test(rows: Iterable[dict[str, Any]], test: Method) -> Iterator[dict[str, Any]]:
    """The rows of a ratio, its P with the method of its test."""
    for row in rows:
        yield row | {"method": test} if row["statistic"] is Statistic.P_VALUE else row
