"""How alike the groups are at the first progression, and survival after it adjusted for what is known then.

Matching and weighting compare patients by what was known at treatment start; survival after progression is counted from the
progression on, and what is known on that day may differ between the groups (Hernan & Robins 2016: time zero).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.times import Fewest
from oligoscope.cohort.variables import as_levels, comparison, levels_of, why_not_two
from oligoscope.cohort.variables_left_out import left_out_rows, why_left_out
from oligoscope.cohort.weighted_balance import judge
from oligoscope.cohort.weighted_groups import Scored, doubts_of, score_cohorts
from oligoscope.errors import NotEnoughData
from oligoscope.questions.at_progression.description import describe_groups, differences
from oligoscope.questions.at_progression.ratios import all_patients, compare, matched_sets
from oligoscope.questions.at_progression.variables import AFTER_PROGRESSION, OF_THE_GROUPS
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import AT_PROGRESSION
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode, Warnings, join
from oligoscope.stats.arrays import Floats
from oligoscope.stats.matching.weighting import Target, weigh
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import MatchingSettings

TARGETS: tuple[Target, ...] = ("ate", "att", "overlap")


def compare_at_progression(asked: Asked) -> list[Estimate]:
    """Description, standardised differences and hazard ratios of the two patterns, on the day of the first progression.

    Returns:
        outcome=pattern: of each group and variable n, percent, median, mean, sd, missing; of variables that may be adjusted
        for smd_before, and of matched patients smd_after with its mean and largest size over the imputations.
        outcome=pps: hazard_ratio and hazard_ratio_adjusted with their P; of all patients also with variable=ate|att|overlap by
        the weights of the score. Covariates that cannot be used are rows of their own with the reason.
    """
    settings = asked.settings
    keys: dict[str, Any] = {"analysis": AT_PROGRESSION, "population": settings.population}
    groups = levels_of(settings.by, pl.concat([as_levels(c[settings.by]) for c in asked.cohorts]))
    if why := why_not_two(groups):
        row = keys | {"outcome": Outcome.PPS, "statistic": Statistic.HAZARD_RATIO_ADJUSTED}
        return [Estimate(**row, warning=why)]
    declared = asked.matching.covariates_at_progression
    names = tuple(n for n in declared if not _left_out(asked.cohorts, n))
    found = [Estimate(**keys, outcome=settings.by, **row) for row in _described(asked, groups, names)]
    ratios = [Estimate(**keys, outcome=Outcome.PPS, **row) for row in _compared(asked, groups, names)]
    of = [n for n in declared if n not in names]
    left_out = left_out_rows(AT_PROGRESSION, settings.population, asked.cohorts, of)
    return [*found, *ratios, *left_out]


def _left_out(cohorts: Sequence[pl.DataFrame], name: str) -> bool:
    """Whether a covariate cannot be used; one that is not known of some is used in those in whom it is."""
    why = why_left_out(cohorts, name)
    return bool(why) and not why.has(WarningCode.MISSING_AND_NOT_IMPUTED)


def _described(asked: Asked, groups: tuple[str, ...], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    by = asked.settings.by
    more = [n for n in (*OF_THE_GROUPS, *AFTER_PROGRESSION) if n in asked.patients.columns]
    observed = (asked.patients.filter(pl.col(by).is_not_null()),)
    cohorts = asked.cohorts if asked.is_matched else observed
    yield from describe_groups(cohorts, by, groups, [*names, *more])
    before = asked.completed or asked.cohorts
    matched = asked.cohorts if asked.is_matched else None
    yield from differences(before, matched, by, groups, names)


def _compared(asked: Asked, groups: tuple[str, ...], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    settings, matching = asked.settings, asked.matching
    fewest = Fewest(matching.minimum_group, settings.minimum_events)
    limit = settings.minimum_events_per_variable
    keys: dict[str, Any] = {"group": comparison(groups)}
    if asked.is_matched:
        sets = matched_sets(asked.cohorts, settings.by, names, asked.cluster)
        yield from (keys | row for row in compare(sets, groups[0], fewest, limit))
        return
    plain = all_patients(asked.cohorts, settings.by, names)
    yield from (keys | row for row in compare(plain, groups[0], fewest, limit))
    by = settings.by
    scored = attempt(lambda: score_cohorts(asked.cohorts, by, groups, matching.covariates, matching))
    for target in TARGETS:
        keys["variable"] = target
        weights = (
            scored
            if isinstance(scored, NoAnswer)
            else attempt(lambda t=target, s=scored: _weights(s, t, matching))
        )
        if isinstance(weights, NoAnswer):
            for statistic in (Statistic.HAZARD_RATIO, Statistic.HAZARD_RATIO_ADJUSTED):
                yield keys | {"statistic": statistic, "warning": weights.warning}
            continue
        found, doubts = weights
        weighed = all_patients(asked.cohorts, settings.by, names, found, doubts)
        rows = compare(weighed, groups[0], fewest, limit)
        yield from (keys | row for row in rows if row["statistic"] != Statistic.EVENTS_PER_PARAMETER)


def _weights(
    scored: Sequence[Scored], target: Target, matching: MatchingSettings
) -> tuple[list[Floats], Warnings]:
    """The weights of each cohort, the score taken as known, and what is doubtful about them.

    Raises:
        NotEnoughData: The weighted groups are too small, or miss the balance set beforehand.
    """
    weightings = [weigh(s.treated, s.score.probability, target) for s in scored]
    judged = judge(scored, weightings, matching.covariates, matching)
    if judged.withheld:
        raise NotEnoughData("Nothing is compared with these weights.", judged.withheld)
    return [np.asarray(w.weights) for w in weightings], join(doubts_of(scored), judged.doubts)


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_at_progression(asked), {}
