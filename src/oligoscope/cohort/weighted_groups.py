"""The groups of a comparison with weights: who is in the first, their covariates and their score, in every imputation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oligoscope.cohort.events_per_variable import of_scores, too_few_for_score
from oligoscope.cohort.match import read_covariate
from oligoscope.cohort.matching_gate import require_two_large_groups
from oligoscope.cohort.times import entry_of, survival_rows
from oligoscope.cohort.variables import as_levels
from oligoscope.cohort.variables_left_out import usable_everywhere
from oligoscope.errors import NotEnoughData
from oligoscope.results.warnings import WarningCode, Warnings, of_statistics
from oligoscope.stats.matching.estimated_weights import EstimatedWeights, WeightTarget, estimate_weights
from oligoscope.stats.matching.propensity_score import PropensityScore, propensity_score
from oligoscope.stats.regression.design_matrix import Covariate, design_matrix
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import MatchingSettings


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One completed cohort with its score.

    Attributes:
        cohort: The patients.
        treated: Who is in the first group.
        covariates: Of the score.
        score: That of the first group.
    """

    cohort: pl.DataFrame
    treated: NDArray[np.bool_]
    covariates: tuple[Covariate, ...]
    score: PropensityScore

    @property
    def design(self) -> NDArray[np.float64]:
        """The columns of the score."""
        return design_matrix(self.covariates).values

    def weights(self, target: WeightTarget, truncate: float | None = None) -> EstimatedWeights:
        """As `estimate_weights`."""
        return estimate_weights(self.treated, self.covariates, self.score, target, truncate)

    def drawn(self, at: NDArray[np.intp]) -> Scored:
        """The same of a sample of the patients, with a score of its own; columns that do not vary in it are left out."""
        covariates = tuple(Covariate(c.name, c.values[at], c.levels) for c in self.covariates)
        treated = self.treated[at]
        return Scored(self.cohort[at], treated, covariates, propensity_score(treated, covariates))

    def followed(self, by: str, outcome: Outcome, weights: NDArray[np.float64]) -> Followed:
        """The patients of whom the time is known and whose weight is above 0."""
        rows = survival_rows(self.cohort, by, outcome, beside={"place": pl.int_range(pl.len())})
        kept = weights[rows["place"].to_numpy()] > 0
        rows = rows if kept.all() else rows.filter(pl.Series(kept))
        place = rows["place"].to_numpy()
        return Followed(rows, place, self.treated[place], weights[place])


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Patients with a time and a weight.

    Attributes:
        rows: group, months, event, and entry where the study gives entries.
        place: Which row of the cohort each is.
        first: Who is in the first group.
        weights: Above 0.
    """

    rows: pl.DataFrame
    place: NDArray[np.int64]
    first: NDArray[np.bool_]
    weights: NDArray[np.float64]

    @property
    def months(self) -> NDArray[np.float64]:
        return self.rows["months"].to_numpy()

    @property
    def event(self) -> NDArray[np.bool_]:
        return self.rows["event"].to_numpy()

    @property
    def entry(self) -> NDArray[np.float64] | None:
        return entry_of(self.rows)


def score_cohorts(
    cohorts: Sequence[pl.DataFrame],
    by: str,
    groups: tuple[str, ...],
    covariates: Sequence[str],
    matching: MatchingSettings,
) -> list[Scored]:
    """The score of the first group in every cohort, as matching fits it.

    Raises:
        NotEnoughData: Not two groups, a group too small, no covariate that can be used, or too many of them.
    """
    require_two_large_groups("Weighting", cohorts, by, groups, matching.minimum_group)
    found = []
    for cohort in cohorts:
        names = usable_everywhere((cohort,), covariates)
        if not names:
            raise NotEnoughData("Weighting needs a covariate that can be used.", WarningCode.NO_COVARIATES())
        treated = (as_levels(cohort[by]) == groups[0]).to_numpy()
        read = tuple(read_covariate(cohort[n]) for n in names)
        found.append(Scored(cohort, treated, read, propensity_score(treated, read)))
    if few := too_few_for_score(patients_per_column(found), matching.minimum_events_per_variable):
        raise NotEnoughData(f"The propensity score is not used: {few.printed.en}.", few)
    return found


def patients_per_column(scored: Sequence[Scored]) -> float:
    """Patients of the smaller group over the columns of the score, the smallest of the imputations."""
    return of_scores([s.treated for s in scored], [s.score for s in scored])


def doubts_of(scored: Sequence[Scored]) -> Warnings:
    """What is doubtful about the scores."""
    return of_statistics(*(doubt for s in scored for doubt in s.score.warnings))
