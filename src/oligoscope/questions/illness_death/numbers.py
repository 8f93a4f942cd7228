"""From treatment through oligoprogression or systemic progression to death: states over time, and what speeds each step.

Every treated patient is in the state that is known at the time, so that no group is credited with time that its members
had to survive (no immortal time), and death without progression competes with both progressions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.risk_sets import doubts_of_entry
from oligoscope.cohort.times import Fewest, why_not_all_treated
from oligoscope.cohort.variables_left_out import why_left_out
from oligoscope.questions.illness_death.course import course
from oligoscope.questions.illness_death.question import ILLNESS_DEATH
from oligoscope.questions.illness_death.states import (
    MODELLED,
    NO_PATTERN,
    NONE,
    REPORTED_AT,
    UNKNOWN,
    Transition,
    states_of,
)
from oligoscope.questions.illness_death.transitions import Models
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.stats.survival.multi_state import STAYED, InState, Occupation, occupation
from oligoscope.stats.survival.rates import rate
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

_OCCUPATION = Method(MethodPart.AALEN_JOHANSEN, MethodPart.JACKKNIFE_OF_PATIENTS, MethodPart.LOG_LOG_LIMITS)
_MEAN = Method(MethodPart.IN_EACH_STATE, MethodPart.JACKKNIFE_OF_PATIENTS, MethodPart.PLAIN_LIMITS)
_RATE = Method(MethodPart.EVENTS_OVER_TIME, MethodPart.POISSON_LIMITS)
_PER = 100  # patient-months of a rate


def describe_states(
    patients: pl.DataFrame, settings: AnalysisSettings, minimum_group: int = 0
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """State occupation, mean months in each state, and of each transition its rate and its Cox model.

    Args:
        patients: The treated population.
        settings: variables of the models, minimum_events, minimum_events_per_variable, clock.
        minimum_group: The fewest patients that are described by more than their number.

    Returns:
        group=STATE: occupation_N_months, restricted_mean_N_months. outcome=WHERE TO, group=FROM WHERE: n, events, rate, and by
        variable and level the hazard ratio of the transition. outcome=death, group="oligoprogression vs systemic": the hazard
        ratio of death after one and after the other, and the adjusted one. Series "occupation/<population>": state, months,
        share; "occupation_limits/<population>": state, months (whole), share, low, high; "at_risk/occupation/<population>":
        group (the state), months, n_at_risk.
    """
    keys: dict[str, Any] = {"analysis": ILLNESS_DEATH.kind, "population": settings.population}
    if why := _why_none(patients):
        return [Estimate(**keys, statistic=Statistic.OCCUPATION, warning=why)], {}
    rows = course(patients)
    if rows.is_empty():
        return [Estimate(**keys, statistic=Statistic.OCCUPATION, warning=WarningCode.NO_PATIENTS())], {}
    fewest = Fewest(minimum_group, settings.minimum_events)
    states = states_of(
        has_unknown=(rows["entered"] == NO_PATTERN).any() or (rows["state"] == NO_PATTERN).any()
    )
    found = _occupation(rows, states)
    n = found.n
    small = WarningCode.GROUP_TOO_SMALL(minimum=minimum_group) if n < minimum_group else NO_WARNING
    numbers = [{"statistic": Statistic.N, "value": n, "n": n, "unit": Unit.PATIENTS}]
    numbers += _states(found, states, small, _doubts(rows))
    reasons = {v: why_left_out((patients.drop_nulls(v),), v) for v in settings.variables}
    numbers += [
        {"variable": v, "statistic": Statistic.HAZARD_RATIO, "warning": why}
        for v, why in reasons.items()
        if why
    ]
    usable = [v for v, why in reasons.items() if not why]
    models = Models.of(rows, patients, usable, settings, fewest)
    for transition in (*MODELLED, *(UNKNOWN if NO_PATTERN in states else ())):
        numbers += _counts(rows, transition, small)
        numbers += models.of_transition(transition) if transition in MODELLED else ()
    numbers += models.after_progression()
    estimates = [Estimate(**keys | row) for row in numbers]
    if fewest.why_not((n,), (int(rows["entered"].is_not_null().sum()),)):
        return estimates, {}
    return estimates, _series(found, states, settings.population)


def _why_none(patients: pl.DataFrame) -> Warnings:
    if patients[Outcome.OS.days].null_count() == patients.height > 0:
        return WarningCode.NO_FOLLOW_UP()
    return why_not_all_treated(patients)


def _occupation(rows: pl.DataFrame, states: tuple[str, ...]) -> Occupation:
    place = {state: i for i, state in enumerate(states)}
    return occupation(
        rows["patient"].to_numpy(),
        rows["start"].to_numpy() / DAYS_PER_MONTH,
        rows["stop"].to_numpy() / DAYS_PER_MONTH,
        rows["state"].replace_strict(place).to_numpy(),
        rows["entered"].replace_strict(place, default=None).fill_null(STAYED).to_numpy(),
        states,
    )


def _doubts(rows: pl.DataFrame) -> Warnings:
    """Where patients entered late: times at which no patient was at risk of the first event."""
    first = rows.filter(pl.col("state") == NONE)
    entry = first["start"].to_numpy() / DAYS_PER_MONTH
    if not entry.any():
        return NO_WARNING
    months, event = first["stop"].to_numpy() / DAYS_PER_MONTH, first["entered"].is_not_null().to_numpy()
    return doubts_of_entry((kaplan_meier(months, event, entry=entry),))


def _states(
    found: Occupation, states: tuple[str, ...], small: Warnings, doubts: Warnings
) -> Iterator[dict[str, Any]]:
    """Of each state the share at set months, and the mean months up to the last of them within follow-up."""
    horizon = max((t for t in REPORTED_AT if t <= found.last), default=0)
    means = found.mean_months(horizon) if horizon else None
    at = {t: found.at(t) for t in REPORTED_AT}
    for i, state in enumerate(states):
        keys: dict[str, Any] = {"group": state, "n": found.n}
        for t, shares in at.items():
            own = keys | {"statistic": at_months(Statistic.OCCUPATION, t), "unit": Unit.PROBABILITY}
            beyond = WarningCode.BEYOND_FOLLOW_UP() if t > found.last else NO_WARNING
            yield own | {"method": _OCCUPATION} | _value(shares[i], small or beyond, doubts)
        if means is not None:
            own = keys | {"statistic": at_months(Statistic.RESTRICTED_MEAN, horizon), "unit": Unit.MONTHS}
            yield own | {"method": _MEAN} | _value(means[i], small, doubts)


def _value(found: InState, withheld: Warnings, doubts: Warnings) -> dict[str, Any]:
    if withheld:
        return {"warning": withheld}
    return {"value": found.value, "low": found.low, "high": found.high, "warning": doubts}


def _counts(rows: pl.DataFrame, transition: Transition, small: Warnings) -> Iterator[dict[str, Any]]:
    """Patients at risk of a transition, those who made it, and how many that is in 100 patient-months."""
    here = rows.filter(pl.col("state") == transition.start)
    n, events = here["patient"].n_unique(), int((here["entered"] == transition.enters).sum())
    keys: dict[str, Any] = {"outcome": transition.end, "group": transition.start, "n": n}
    yield {**keys, "statistic": Statistic.N, "value": n, "unit": Unit.PATIENTS}
    yield {**keys, "statistic": Statistic.EVENTS, "value": events, "unit": Unit.EVENTS}
    keys |= {"statistic": Statistic.RATE, "unit": Unit.PER_100_MONTHS, "method": _RATE}
    months = float((here["stop"] - here["start"]).sum()) / DAYS_PER_MONTH
    if small or not months:
        yield keys | {"warning": small or WarningCode.NO_PATIENTS()}
        return
    found = rate(events, months)
    yield keys | {"value": _PER * found.value, "low": _PER * found.low, "high": _PER * found.high}


def _series(found: Occupation, states: tuple[str, ...], population: str) -> dict[str, pl.DataFrame]:
    """Steps of each state; its limits and the numbers at risk at every whole month."""
    whole = np.arange(int(found.last) + 1, dtype=float)
    at = [found.at(float(t)) for t in whole]
    start = np.zeros((1, len(states)))
    start[0, 0] = 1.0
    shares = np.concatenate([start, found.shares])
    steps = [
        pl.DataFrame({"state": state, "months": np.r_[0.0, found.times], "share": shares[:, i]})
        for i, state in enumerate(states)
    ]
    limits = [
        pl.DataFrame(
            {"state": state, "months": whole}
            | {
                name: np.array([getattr(shares[i], part) for shares in at])
                for name, part in (("share", "value"), ("low", "low"), ("high", "high"))
            }
        )
        for i, state in enumerate(states)
    ]
    at_risk = [
        pl.DataFrame({"group": state, "months": np.r_[whole, whole[-1] + 1], "n_at_risk": found.present(np.r_[whole, whole[-1] + 1])[:, i]})
        for i, state in enumerate(states[: len(states) // 2])
    ]  # fmt: skip
    return {
        f"occupation/{population}": pl.concat(steps),
        f"occupation_limits/{population}": pl.concat(limits).with_columns(
            pl.col("low", "high").fill_nan(None)
        ),
        f"at_risk/occupation/{population}": pl.concat(at_risk),
    }


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return describe_states(asked.patients, asked.settings, asked.matching.minimum_group)
