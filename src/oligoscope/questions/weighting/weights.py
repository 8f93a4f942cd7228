"""What each patient counts in each target population, for those who compute the ratios again."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.variables import levels_of, with_reference
from oligoscope.cohort.weighted_groups import Scored, score_cohorts
from oligoscope.stats.matching.estimated_weights import WeightTarget
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings
from oligoscope.study.weighting_settings import WeightingSettings


def weights_of(
    cohorts: Sequence[pl.DataFrame],
    settings: AnalysisSettings,
    matching: MatchingSettings,
    weighting: WeightingSettings,
) -> list[pl.DataFrame]:
    """The weights of every completed cohort: imputation, patient_id, target, weight; none where nothing can be weighted.

    Args:
        cohorts: Completed cohorts of the patients asked about.
        settings: The grouping and its reference.
        matching: The covariates of the score.
        weighting: Which weights, and how many are cut.
    """
    words = pl.concat([c[settings.by] for c in cohorts])
    groups = with_reference(levels_of(settings.by, words), settings.reference)
    names = [n for n in matching.covariates if n != settings.by]
    scored = attempt(lambda: score_cohorts(cohorts, settings.by, groups, names, matching))
    if isinstance(scored, NoAnswer):
        return []
    rows = []
    for target in weighting.lead_first:
        found = attempt(lambda target=target: _weights(scored, target, weighting.truncate))
        rows += [] if isinstance(found, NoAnswer) else found
    return rows


def _weights(scored: Sequence[Scored], target: WeightTarget, truncate: float | None) -> list[pl.DataFrame]:
    return [
        one.cohort.select(
            imputation=pl.lit(number),
            patient_id=pl.col("patient_id").cast(pl.String),
            target=pl.lit(target),
            weight=pl.Series(one.weights(target, truncate).weighting.weights),
        )
        for number, one in enumerate(scored, 1)
    ]
