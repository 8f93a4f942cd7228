"""Hazard ratios of states from day to day besides the crude ones of maximum likelihood: adjusted, and by Firth's method."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.adjusted_ratios import Followed, adjusted_rows
from oligoscope.cohort.attempts import NoAnswer
from oligoscope.cohort.centres import centres_of
from oligoscope.cohort.small_samples import first_ratio
from oligoscope.cohort.times import Fewest
from oligoscope.questions.landmark.states import PAIRS, STATES
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.stats.arrays import Floats
from oligoscope.stats.survival.time_dependent import states_design
from oligoscope.study.keys import Comparison
from oligoscope.study.protocol import AnalysisSettings

_STATES = Method(MethodPart.COX_OF_STATES)


def adjusted_states(
    rows: pl.DataFrame, covariates: Floats, settings: AnalysisSettings, fewest: Fewest
) -> Iterator[dict[str, Any]]:
    """The ratio of each two states adjusted for covariates, all states in one model.

    Args:
        rows: A row a patient and state, of `start_stop`, of the patients in whom the covariates are known.
        covariates: Columns of the model besides the states, shape (m, k).
        settings: Of the events a variable, and of Firth's method.
        fewest: Patients and events of a state that is compared.
    """
    n = rows["patient_id"].n_unique()
    of_state = {s: rows.filter(pl.col("state") == s) for s in STATES}
    for pair in PAIRS:
        both = [of_state[s] for s in pair]
        sparse = fewest.why_not(
            (own["patient_id"].n_unique() for own in both), (int(own["event"].sum()) for own in both)
        )
        months, event, entry, design = _model(rows, *pair)
        followed = Followed(months, event, design, covariates, entry, n, centres_of(rows))
        keys = {"group": Comparison.of(*pair)}
        yield from (keys | row for row in adjusted_rows(followed, settings, _STATES, sparse))


def states_by_firth(
    rows: pl.DataFrame, pair: tuple[str, str], settings: AnalysisSettings
) -> Iterator[dict[str, Any]]:
    """The crude ratio of two states by Firth's method, of a model whose likelihood has no maximum."""
    months, event, entry, design = _model(rows, *pair)
    found = first_ratio(months, event, design, entry, settings, model=_STATES)
    ratio = {"statistic": Statistic.HAZARD_RATIO, "warning": found.warning}
    if isinstance(found, NoAnswer):
        yield ratio
        return
    yield ratio | found.fields
    yield {"statistic": Statistic.P_VALUE, "value": found.p_value, "method": found.test}


def _model(rows: pl.DataFrame, first: str, second: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, Floats]:
    """Months, event, entry and the columns of the states against the second, that of the first state first."""
    others = (first, *(s for s in STATES if s not in {first, second}))
    stop, event, start, state = (rows[name].to_numpy() for name in ("stop", "event", "start", "state"))
    return stop, event, start, states_design(state, others)
