"""Comparisons without immortal time: landmark analysis and a time-dependent Cox model.

The pattern is known only at progression. Grouping from treatment start by what happened later hands
the later group guaranteed survival. Here every patient of the treated population is grouped only by
what was known at the time: at a fixed landmark, or from day to day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.adjusted_ratios import Adjusting
from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.centres import centre_column, centres_of, fit_cox
from oligoscope.cohort.times import (
    DAYS_PER_MONTH,
    PROPORTIONALITY,
    Fewest,
    changes_with_time,
    entry_column,
    entry_of,
    proportionality,
    ratio_of,
    why_not_all_treated,
)  # fmt: skip
from oligoscope.questions.landmark.curves import curves_of, describe_curves, series_of
from oligoscope.questions.landmark.pairs import adjust_pair, compare_pair
from oligoscope.questions.landmark.periods import by_period
from oligoscope.questions.landmark.state_ratios import adjusted_states, states_by_firth
from oligoscope.questions.landmark.states import NONE, PAIRS, STATES
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import LANDMARK, TIME_DEPENDENT
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, landmark_at
from oligoscope.results.units import Unit
from oligoscope.results.warnings import join, of_statistics
from oligoscope.stats.survival.episodes import split_at_change, start_at_landmark
from oligoscope.stats.survival.time_dependent import states_design
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import Comparison
from oligoscope.study.protocol import AnalysisSettings

LANDMARKS = (3, 6, 9)  # months


def compare_at_landmarks(
    patients: pl.DataFrame, settings: AnalysisSettings, minimum_group: int = 0
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Survival from each landmark by what had happened until then, among those still followed.

    Patients who died or were lost before the landmark are left out of it, and so are those whose
    progression had no pattern.

    Args:
        patients: The treated population.
        settings: Names the population; `minimum_events` withholds sparse comparisons; with `adjust_for` each ratio is also given
            adjusted.
        minimum_group: The fewest patients of a group that is described by more than its size.
    """
    fewest = Fewest(minimum_group, settings.minimum_events)
    keys: dict[str, Any] = {"analysis": LANDMARK, "population": settings.population, "outcome": Outcome.OS}
    if why := why_not_all_treated(patients):
        return [Estimate(**keys, statistic=Statistic.N, warning=why)], {}
    found: list[Estimate] = []
    series: dict[str, pl.DataFrame] = {}
    adjusting = Adjusting.of(patients, settings)
    for months in LANDMARKS:
        rows = _at_landmark(patients, months, adjusting)
        here: dict[str, Any] = keys | {"variable": landmark_at(months)}
        curves = curves_of(rows, STATES)
        compared = _compared(rows, settings, fewest, adjusting)
        found += [Estimate(**here | row) for row in (*describe_curves(curves, STATES, fewest), *compared)]
        series |= series_of(f"landmark/{settings.population}/{months}", curves, fewest)
    found += [Estimate(**keys | row) for row in adjusting.left_out_rows]
    return found, series


def _at_landmark(patients: pl.DataFrame, months: int, adjusting: Adjusting) -> pl.DataFrame:
    """Columns group, months (from the landmark), event and covariates, which may be blank; patients still at risk at it."""
    day = months * DAYS_PER_MONTH
    before = (pl.col("progressed_day") <= day).fill_null(False)
    group = pl.when(~before).then(pl.lit(NONE)).otherwise(pl.col("pattern"))
    months_alive, event = pl.col("os_days") / DAYS_PER_MONTH, pl.col("os_event")
    own = {"group": group, "months": months_alive, "event": event}
    own |= entry_column(patients, Outcome.OS) | centre_column(patients)
    rows = patients.select(**own, **adjusting.columns).drop_nulls([*own])
    if not (rows["months"] > months).any():
        return rows.clear()
    left = start_at_landmark(
        rows["months"].to_numpy(), rows["event"].to_numpy(), months, entry=entry_of(rows)
    )
    later = {} if left.entry is None else {"entry": pl.Series(left.entry)}
    return rows.filter(pl.Series(left.kept)).with_columns(months=pl.Series(left.months), **later)


def _compared(
    rows: pl.DataFrame, settings: AnalysisSettings, fewest: Fewest, adjusting: Adjusting
) -> Iterator[dict]:
    for first, second in PAIRS:
        yield from compare_pair(rows, first, second, settings, fewest)
        if settings.adjust_for:
            keys = {"group": Comparison.of(first, second)}
            yield from (keys | row for row in adjust_pair(rows, first, second, settings, fewest, adjusting))


def fit_time_dependent(
    patients: pl.DataFrame, settings: AnalysisSettings, minimum_group: int = 0
) -> list[Estimate]:
    """Hazard of death after oligoprogression and after systemic progression, from the day each is known.

    Start-stop rows: no progression until the first progression, then its pattern (Therneau; the
    Mantel-Byar idea as a Cox model). A death on the day of progression counts as after it.
    """
    keys: dict[str, Any] = {
        "analysis": TIME_DEPENDENT,
        "population": settings.population,
        "outcome": Outcome.OS,
    }
    if why := why_not_all_treated(patients):
        return [Estimate(**keys, statistic=Statistic.HAZARD_RATIO, warning=why)]
    rows, fewest = start_stop(patients), Fewest(minimum_group, settings.minimum_events)
    found = [*_time_dependent(rows, settings, fewest)]
    if settings.adjust_for:
        adjusting = Adjusting.of(patients, settings)
        covariates = patients.select("patient_id", **adjusting.columns)
        more = adjusting.known(rows.join(covariates, on="patient_id", how="left", maintain_order="left"))
        found += [*adjusted_states(more, adjusting.design(more), settings, fewest), *adjusting.left_out_rows]
    return [Estimate(**keys | row) for row in found]


def start_stop(patients: pl.DataFrame) -> pl.DataFrame:
    """One row a patient and state: patient_id, state, start, stop (months), event; NONE first."""
    change, end = pl.col("progressed_day"), pl.col("os_days")
    over = (change <= end).fill_null(False)
    # After a progression without a pattern the state is unknown: the patient leaves there.
    leaves = over & pl.col("pattern").is_null()
    # Half a day keeps a state that begins on the last day of follow-up from having no length.
    last = pl.when(leaves).then(change.clip(0)).when(over).then(pl.max_horizontal(end, change + 0.5))
    rows = patients.filter(end > 0).select(
        "patient_id",
        "pattern",
        *centre_column(patients),
        months=last.otherwise(end) / DAYS_PER_MONTH,
        event=pl.when(leaves).then(0).otherwise(pl.col("os_event")),
        changed=pl.when(over & ~leaves).then(change / DAYS_PER_MONTH).cast(pl.Float64),
        **entry_column(patients, Outcome.OS),
    )
    if "entry" in rows.columns:
        rows = rows.filter((pl.col("entry") == 0) | (pl.col("entry") < pl.col("months")))
    if rows.is_empty():
        return rows.select("patient_id", "event", state="pattern", start="months", stop="months")
    cut = split_at_change(
        *(rows[name].to_numpy() for name in ("months", "event", "changed")), entry=entry_of(rows)
    )
    state = pl.Series(cut.state)
    return rows[cut.patient].select(
        "patient_id",
        *centre_column(rows),
        state=pl.when(state == 1).then(pl.col("pattern")).otherwise(pl.lit(NONE)),
        start=pl.Series(cut.entry),
        stop=pl.Series(cut.months),
        event=pl.Series(cut.died).cast(pl.Int8),
    )[np.argsort(cut.state, kind="stable")]


def _time_dependent(rows: pl.DataFrame, settings: AnalysisSettings, fewest: Fewest) -> Iterator[dict]:
    event = rows["event"].to_numpy()
    centres = centres_of(rows)
    method = centres.cox(Method(MethodPart.COX_OF_STATES, MethodPart.EFRON))
    of_state = {s: rows.filter(pl.col("state") == s) for s in STATES}
    events = {s: int(own["event"].sum()) for s, own in of_state.items()}
    sizes = {s: own["patient_id"].n_unique() for s, own in of_state.items()}
    n = rows["patient_id"].n_unique()
    start, stop = rows["start"].to_numpy(), rows["stop"].to_numpy()
    state, constant = rows["state"].to_numpy(), None
    for own, count in events.items():
        yield {"group": own, "statistic": Statistic.EVENTS, "value": count, "n": n, "unit": Unit.EVENTS}
    for first, second in PAIRS:
        keys: dict[str, Any] = {"group": Comparison.of(first, second), "n": n, "method": method}
        ratio = keys | {"statistic": Statistic.HAZARD_RATIO}
        pair = (first, second)
        if sparse := fewest.why_not((sizes[s] for s in pair), (events[s] for s in pair)):
            yield ratio | {"warning": sparse}
            continue
        others = [s for s in STATES if s != second]
        fit = attempt(lambda o=others: fit_cox(stop, event, states_design(state, o), centres, entry=start))
        if not isinstance(fit, NoAnswer) and fit.problem == "separation" and settings.small_sample == "firth":
            yield from (keys | row for row in states_by_firth(rows, pair, settings))
            continue
        if isinstance(fit, NoAnswer):
            yield ratio | {"warning": fit.warning}
            continue
        # One test of the whole model, which is the same whichever state is the reference.
        if constant is None:
            constant = proportionality(stop, event, states_design(state, others), start, centres.strata)
        at = others.index(first)
        warning = join(of_statistics(fit.warning).of_column(at + 1), changes_with_time(constant))
        yield ratio | ratio_of(fit, at) | {"warning": warning}
        yield {**keys, "statistic": Statistic.P_VALUE, "value": float(fit.p_values[at])}
    if constant is not None:
        tested = centres.within(Method(MethodPart.GRAMBSCH_THERNEAU_OF_STATES))
        yield {"statistic": PROPORTIONALITY, "value": constant, "n": n, "method": tested}
    if changes_with_time(constant):
        yield from by_period(rows, settings)


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_at_landmarks(asked.patients, asked.settings, asked.matching.minimum_group)


def answer_time_dependent(asked: Asked) -> Answer:
    """The same with the state of each day."""
    return fit_time_dependent(asked.patients, asked.settings, asked.matching.minimum_group), {}
