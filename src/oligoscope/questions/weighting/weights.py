"""What each patient counts in each target population, for those who compute the ratios again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.match import read_covariate
from oligoscope.cohort.variables import as_levels, levels_of, with_reference
from oligoscope.cohort.variables_left_out import usable_everywhere
from oligoscope.stats.matching.propensity_score import propensity_score
from oligoscope.stats.matching.weighting import Target, weigh
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings


def weights_of(
    cohorts: Sequence[pl.DataFrame], settings: AnalysisSettings, matching: MatchingSettings
) -> list[pl.DataFrame]:
    """The weights of every completed cohort: imputation, patient_id, target, weight; none where nothing can be weighted.

    Args:
        cohorts: Completed cohorts of the patients asked about.
        settings: The grouping and its reference.
        matching: The covariates of the score.
    """
    found = attempt(lambda: _weights(cohorts, settings, matching))
    return [] if isinstance(found, NoAnswer) else found


def _weights(
    cohorts: Sequence[pl.DataFrame], settings: AnalysisSettings, matching: MatchingSettings
) -> list[pl.DataFrame]:
    words = pl.concat([c[settings.by] for c in cohorts])
    groups = with_reference(levels_of(settings.by, words), settings.reference)
    names = [n for n in matching.covariates if n != settings.by]
    rows = []
    for number, cohort in enumerate(cohorts, 1):
        first = (as_levels(cohort[settings.by]) == groups[0]).to_numpy()
        covariates = [read_covariate(cohort[n]) for n in usable_everywhere((cohort,), names)]
        score = propensity_score(first, covariates)
        rows += [
            cohort.select(
                imputation=pl.lit(number),
                patient_id=pl.col("patient_id").cast(pl.String),
                target=pl.lit(target),
                weight=pl.Series(weigh(first, score.probability, target).weights),
            )
            for target in get_args(Target)
        ]
    return rows
