"""A Cox model of each transition, and of death after one pattern against death after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.events_per_variable import sparse_per_variable, too_few_per_variable
from oligoscope.cohort.model_levels import columns_of_levels
from oligoscope.cohort.times import PROPORTIONALITY, Fewest, changes_with_time, proportionality, ratio_of
from oligoscope.cohort.variables import is_levels, levels_of
from oligoscope.questions.illness_death.states import DEATH, NONE, OLIGO, SYSTEMIC, Transition
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, Warnings, join, of_statistics
from oligoscope.stats.survival.cox import CoxFit, cox
from oligoscope.study.keys import Comparison
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Follow:
    """Patients at risk of a transition, on its clock: months, event, entry and the columns of the model, a row each."""

    months: np.ndarray
    event: np.ndarray
    entry: np.ndarray
    columns: np.ndarray

    @property
    def n(self) -> int:
        return len(self.months)

    @property
    def events(self) -> int:
        return int(self.event.sum())


@dataclass(frozen=True, slots=True)
class Models:
    """The models of one analysis.

    Attributes:
        rows: One a patient and state (`course`).
        columns: (variable, level, column) of the models, a number a patient, NaN where the variable is unknown.
        settings: minimum_events_per_variable and clock.
        fewest: Patients and events that a model needs.
    """

    rows: pl.DataFrame
    columns: tuple[tuple[str, str, np.ndarray], ...]
    settings: AnalysisSettings
    fewest: Fewest

    @classmethod
    def of(
        cls,
        rows: pl.DataFrame,
        patients: pl.DataFrame,
        variables: Sequence[str],
        settings: AnalysisSettings,
        fewest: Fewest,
    ) -> Models:
        """Models of the variables, in the patients in whom all of them are known."""
        columns = []
        for name in variables:
            values = patients[name]
            levels = levels_of(name, values) if is_levels(values) else None
            unknown = values.is_null().to_numpy()
            for level, column in columns_of_levels(values, name, levels):
                columns.append((name, level, np.where(unknown, np.nan, column)))
        return cls(rows, tuple(columns), settings, fewest)

    def of_transition(self, transition: Transition) -> Rows:
        """The hazard ratio of each level in the model with all variables; nothing where no variable is asked for."""
        if not self.columns:
            return
        here = self.rows.filter(pl.col("state") == transition.start)
        data = self._follow(
            here, (here["entered"] == transition.enters).fill_null(False), after=transition.start != NONE
        )
        keys: dict[str, Any] = {"outcome": transition.end, "group": transition.start, "n": data.n}
        few = self.fewest.why_not((data.n,), (data.events,))
        per_variable = data.events / len(self.columns)
        yield {**keys, "statistic": Statistic.EVENTS_PER_PARAMETER, "value": per_variable}
        few = few or too_few_per_variable(per_variable, self.settings.minimum_events_per_variable)
        fit = (
            NoAnswer(few)
            if few
            else attempt(lambda: cox(data.months, data.event, data.columns, entry=data.entry))
        )
        keys["method"] = self._method(transition.start)
        levels = [(v, level) for v, level, _ in self.columns]
        if isinstance(fit, NoAnswer):
            yield from (
                {
                    **keys,
                    "variable": v,
                    "level": level,
                    "statistic": Statistic.HAZARD_RATIO,
                    "warning": fit.warning,
                }
                for v, level in levels
            )
            return
        constant = proportionality(data.months, data.event, data.columns, data.entry)
        doubt = join(sparse_per_variable(per_variable), changes_with_time(constant))
        for i, (variable, level) in enumerate(levels):
            own = {**keys, "variable": variable, "level": level}
            yield from _ratio(own, fit, i, doubt, Statistic.HAZARD_RATIO, Statistic.P_VALUE)
        if constant is not None:
            yield {**keys, "statistic": PROPORTIONALITY, "value": constant, "method": _TESTED}

    def after_progression(self) -> Rows:
        """Death after oligoprogression against death after systemic progression: alone, and with the variables.

        One model of both states with one baseline hazard on the clock, the state a covariate.
        """
        here = self.rows.filter(pl.col("state").is_in([OLIGO, SYSTEMIC]))
        first, died = (here["state"] == OLIGO).to_numpy(), here["entered"].is_not_null()
        group = Comparison.of(OLIGO, SYSTEMIC)
        keys: dict[str, Any] = {"outcome": DEATH, "group": group, "method": self._method(OLIGO)}
        data = self._follow(here, died, after=True, known=False)
        yield from self._compare(keys, data, first, Statistic.HAZARD_RATIO, Statistic.P_VALUE)
        if self.columns:
            data = self._follow(here, died, after=True)
            kept = first[self._known(here)]
            adjusted = Statistic.HAZARD_RATIO_ADJUSTED
            yield from self._compare(keys, data, kept, adjusted, adjusted.test, adjust=True)

    def _compare(
        self,
        keys: dict[str, Any],
        data: _Follow,
        first: np.ndarray,
        ratio: Statistic,
        test: Statistic,
        *,
        adjust: bool = False,
    ) -> Rows:
        keys = keys | {"n": data.n}
        few = self.fewest.why_not_two(data.event, first)
        columns = (
            np.column_stack([first.astype(float), data.columns]) if adjust else first.astype(float)[:, None]
        )
        doubt = NO_WARNING
        if adjust:
            per_variable = data.events / columns.shape[1]
            yield {**keys, "statistic": Statistic.EVENTS_PER_PARAMETER, "value": per_variable}
            few = few or too_few_per_variable(per_variable, self.settings.minimum_events_per_variable)
            doubt = sparse_per_variable(per_variable)
        fit = (
            NoAnswer(few) if few else attempt(lambda: cox(data.months, data.event, columns, entry=data.entry))
        )
        if isinstance(fit, NoAnswer):
            yield {**keys, "statistic": ratio, "warning": fit.warning}
            return
        if adjust:
            yield from _ratio(keys, fit, 0, doubt, ratio, test)
            return
        constant = proportionality(data.months, data.event, columns, data.entry)
        yield from _ratio(keys, fit, 0, changes_with_time(constant), ratio, test)
        if constant is not None:
            yield {**keys, "statistic": PROPORTIONALITY, "value": constant, "method": _TESTED}

    def _known(self, here: pl.DataFrame) -> np.ndarray:
        """Rows of patients in whom every variable is known."""
        return np.all(np.isfinite(self._columns_of(here)), axis=1)

    def _columns_of(self, here: pl.DataFrame) -> np.ndarray:
        patient = here["patient"].to_numpy()
        return np.column_stack([np.empty((here.height, 0)), *(c[patient] for _, _, c in self.columns)])

    def _follow(self, here: pl.DataFrame, event: pl.Series, *, after: bool, known: bool = True) -> _Follow:
        """Follow-up in a state on its clock; days are subtracted before they become months, so that ties stay ties."""
        since = here["progressed"].to_numpy() if after and self.settings.clock == "reset" else 0.0
        kept = self._known(here) if known else np.ones(here.height, bool)
        start, stop = ((here[name].to_numpy() - since)[kept] / DAYS_PER_MONTH for name in ("start", "stop"))
        return _Follow(stop, event.to_numpy().astype(bool)[kept], start, self._columns_of(here)[kept])

    def _method(self, state: str) -> Method:
        clock = MethodPart.SINCE_TREATMENT
        if state != NONE and self.settings.clock == "reset":
            clock = MethodPart.SINCE_PROGRESSION
        return Method(MethodPart.COX_OF_TRANSITION, clock, MethodPart.EFRON, MethodPart.WALD_LIMITS)


_TESTED = Method(MethodPart.GRAMBSCH_THERNEAU)


def _ratio(
    keys: dict[str, Any], fit: CoxFit, i: int, doubt: Warnings, ratio: Statistic, test: Statistic
) -> Rows:
    """A ratio with its P; of a column that has none the reason."""
    warning = join(of_statistics(fit.warning).of_column(i + 1), doubt)
    yield {**keys, "statistic": ratio, **ratio_of(fit, i), "warning": warning}
    if np.isfinite(fit.p_values[i]):
        yield {**keys, "statistic": test, "value": float(fit.p_values[i])}
