"""Hazard ratios of the time-dependent model by period of follow-up, where they change with time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.changing_hazards import PERIOD, period_keys, periods_of
from oligoscope.cohort.times import ratio_of
from oligoscope.questions.landmark.states import PAIRS, STATES
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.stats.survival.time_dependent import piecewise_states_cox
from oligoscope.study.keys import Comparison
from oligoscope.study.protocol import AnalysisSettings

_METHOD = Method(MethodPart.COX_OF_STATES, MethodPart.COX_BY_PERIOD, MethodPart.EFRON, MethodPart.WALD_LIMITS)


def by_period(rows: pl.DataFrame, settings: AnalysisSettings) -> Iterator[dict[str, Any]]:
    """A ratio of each two states in each period, and whether the ratios differ between periods.

    Args:
        rows: A row a patient and state, of `start_stop`.
        settings: period_ends; minimum_events of a state in a period.
    """
    start, stop, event, state = (rows[name].to_numpy() for name in ("start", "stop", "event", "state"))
    n, periods, change = rows["patient_id"].n_unique(), periods_of(settings), None
    for first, second in PAIRS:
        others = [s for s in STATES if s != second]
        found = attempt(
            lambda o=others: piecewise_states_cox(start, stop, event, state, o, settings.period_ends)
        )
        at = others.index(first)
        for k, (begin, end) in enumerate(periods):
            keys = {"group": Comparison.of(first, second)} | period_keys(begin, end, n, _METHOD)
            if isinstance(found, NoAnswer):
                yield {**keys, "warning": found.warning}
            elif min(found.n_events[at, k], found.n_events[-1, k]) < settings.minimum_events:
                yield {**keys, "warning": WarningCode.TOO_FEW_EVENTS(minimum=settings.minimum_events)}
            else:
                yield {**keys, **ratio_of(found.fit, at * len(periods) + k)}
        change = None if isinstance(found, NoAnswer) else found.change
    if change is not None:  # of the whole model, which is the same whichever state is the reference
        tested = Method(MethodPart.LIKELIHOOD_RATIO_OF_PERIODS)
        yield {
            "variable": PERIOD,
            "statistic": Statistic.P_VALUE,
            "value": change.p_value,
            "n": n,
            "method": tested,
        }
