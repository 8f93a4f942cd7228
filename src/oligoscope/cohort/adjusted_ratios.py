"""A hazard ratio adjusted for covariates, beside the crude one: in the patients in whom all of the covariates are known.

Covariates are named in study.yaml (`adjust_for`) and are known when the follow-up that is compared starts. Where a covariate does
not vary among the patients of a model (men, among men) it is not in it: there is nothing to adjust for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer
from oligoscope.cohort.centres import NO_CENTRES, Centres, centres_of
from oligoscope.cohort.events_per_variable import sparse_per_variable, too_few_per_variable
from oligoscope.cohort.match import read_covariate
from oligoscope.cohort.small_samples import first_ratio
from oligoscope.cohort.times import entry_of
from oligoscope.cohort.variables_left_out import why_left_out
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join
from oligoscope.stats.arrays import Floats
from oligoscope.stats.regression.design_matrix import design_matrix
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

# On a log scale in a Cox model, a day at least: hazards after progression go with its ratio, not with its difference.
ON_LOG_SCALE = "months_to_progression"
_OF = "adjust_for:"  # begins the names of the covariates' columns, which may be those of others
ADJUSTED = MethodPart.ADJUSTED_FOR_COVARIATES


def on_model_scale(values: pl.Series) -> pl.Series:
    """A covariate as a model holds it."""
    return values.clip(lower_bound=1 / DAYS_PER_MONTH).log() if values.name == ON_LOG_SCALE else values


@dataclass(frozen=True, slots=True)
class Adjusting:
    """What the ratios of an analysis are adjusted for.

    Attributes:
        names: Covariates that can be used.
        left_out: Those that cannot, with the reason.
    """

    names: tuple[str, ...]
    left_out: dict[str, Warnings]

    @classmethod
    def of(cls, patients: pl.DataFrame, settings: AnalysisSettings) -> Adjusting:
        """The covariates of the settings; one that is not known of some is used in those in whom it is."""
        known = {name: why_left_out((patients[[name]].drop_nulls(),), name) for name in settings.adjust_for}
        left_out = {name: why for name, why in known.items() if why} if patients.height else {}
        return cls(tuple(name for name in settings.adjust_for if name not in left_out), left_out)

    @property
    def columns(self) -> dict[str, pl.Expr]:
        """The covariates as columns of their own beside those of a comparison."""
        return {f"{_OF}{name}": pl.col(name) for name in self.names}

    @property
    def left_out_rows(self) -> Iterator[dict[str, Any]]:
        """A row without value for each covariate that cannot be used."""
        for name, why in self.left_out.items():
            yield {"variable": name, "statistic": Statistic.COVARIATE, "warning": why}

    def known(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows in which every covariate is known."""
        return rows.drop_nulls([*self.columns]) if self.names else rows

    def design(self, rows: pl.DataFrame, without: Sequence[str] = ()) -> Floats:
        """The columns of a model: numbers as they are, levels but the first; none of what does not vary.

        Args:
            rows: Of `known`.
            without: Covariates that the model holds already.
        """
        names = [name for name in self.names if name not in without]
        read = [read_covariate(on_model_scale(rows[f"{_OF}{name}"].alias(name))) for name in names]
        return np.asarray(design_matrix(read).values) if read else np.empty((rows.height, 0))


@dataclass(frozen=True, slots=True)
class Followed:
    """Rows of a comparison: follow-up, and the columns of the model, the first that of the ratio.

    Attributes:
        months: When each ends.
        event: Whether it ended in the event.
        own: What is compared, shape (m, k).
        covariates: What is adjusted for, shape (m, l).
        entry: When each comes under observation; None where all do at the start.
        n: Patients.
        centres: Of each row.
    """

    months: np.ndarray
    event: np.ndarray
    own: Floats
    covariates: Floats
    entry: np.ndarray | None
    n: int
    centres: Centres = NO_CENTRES

    @classmethod
    def of_first(cls, rows: pl.DataFrame, first: str, covariates: Floats) -> Followed:
        """Rows of `survival_rows`, a row a patient: the first group against the other, and these columns of its covariates."""
        months, event = rows["months"].to_numpy(), rows["event"].to_numpy()
        own = (rows["group"] == first).to_numpy().astype(float)[:, None]
        return cls(months, event, own, covariates, entry_of(rows), rows.height, centres_of(rows))


def adjusted_rows(
    rows: Followed, settings: AnalysisSettings, model: Method, sparse: Warnings, doubt: Warnings = NO_WARNING
) -> Iterator[dict[str, Any]]:
    """Events per variable, the adjusted ratio and its P; or the row that says why there is none.

    Args:
        rows: The patients in whom all covariates are known.
        settings: `minimum_events_per_variable`; `small_sample` for a model with fewer.
        model: What is adjusted, as the method names it.
        sparse: Why the groups are not compared; blank where they are.
        doubt: What is said of the ratio.
    """
    model = model.plus(ADJUSTED)
    keys: dict[str, Any] = {"n": rows.n}
    ratio = keys | {"statistic": Statistic.HAZARD_RATIO_ADJUSTED}
    withheld = ratio | {"method": rows.centres.cox(model.plus(MethodPart.EFRON))}
    if why := sparse or (NO_WARNING if rows.covariates.shape[1] else WarningCode.NO_COVARIATES()):
        yield withheld | {"warning": why}
        return
    design = np.column_stack([rows.own, rows.covariates])
    per_variable = float(rows.event.sum()) / design.shape[1]
    yield keys | {"statistic": Statistic.EVENTS_PER_PARAMETER, "value": per_variable}
    few = too_few_per_variable(per_variable, settings.minimum_events_per_variable)
    found = first_ratio(
        rows.months, rows.event, design, rows.entry, settings, model=model, few=few, centres=rows.centres
    )
    if isinstance(found, NoAnswer):
        yield withheld | {"warning": found.warning}
        return
    said = NO_WARNING if few else sparse_per_variable(per_variable)
    yield ratio | found.fields | {"warning": join(found.warning, said, doubt)}
    yield keys | {"statistic": Statistic.P_VALUE_ADJUSTED, "value": found.p_value, "method": found.test}
