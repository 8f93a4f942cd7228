"""Weights in place of matches: every patient stays, and the groups are balanced by how much each counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.times import Fewest
from oligoscope.cohort.variables import comparison, levels_of, with_reference
from oligoscope.cohort.variables_left_out import left_out_rows
from oligoscope.cohort.weighted_balance import Judgement, judge
from oligoscope.cohort.weighted_groups import Scored, doubts_of, patients_per_column, score_cohorts
from oligoscope.questions.question import Answer, Asked
from oligoscope.questions.weighting.ratios import Comparing, log_rank_row, ratio_rows
from oligoscope.questions.weighting.survival_after import (
    curve_rows,
    curves_of,
    doubly_robust_rows,
    weighted_series,
)
from oligoscope.results.analyses import WEIGHTED_BALANCE, WEIGHTING
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join
from oligoscope.stats.matching.estimated_weights import EstimatedWeights, WeightTarget
from oligoscope.stats.matching.weighting import weigh
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings
from oligoscope.study.weighting_settings import WeightingSettings

Rows = Iterator[dict[str, Any]]


def compare_weighted(
    cohorts: Sequence[pl.DataFrame],
    settings: AnalysisSettings,
    matching: MatchingSettings,
    weighting: WeightingSettings | None = None,
    seed: int = 0,
) -> Answer:
    """Groups compared with weights, for each target population, pooled over imputations.

    The propensity score is fitted for these groups in these patients, in every imputation. Where the weights of a
    target miss the balance set beforehand, no outcome is compared with them, unless `matching.unseal` gives a reason.

    Args:
        cohorts: Completed cohorts.
        settings: population, by, outcomes, minimum_events.
        matching: The covariates of the score, the limit of balance, and the smallest group that is weighted.
        weighting: Which weights, and what the limits know of them; the defaults where it is not given.
        seed: Of the study.

    Returns:
        Estimates: variable=TARGET: effective_n and largest_weight of each group, largest_smd, hazard_ratio of each
        outcome; of the leading target also the log-rank test and survival. variable=aipw: the doubly robust difference.
        Analysis weighted_balance, outcome=TARGET: differences of every level. Where nothing can be weighted,
        hazard_ratio of each outcome without a value. A row for each covariate that cannot be used.
        Series: `km/weighted/…` and `at_risk/weighted/…`.
    """
    weighting = weighting or WeightingSettings()
    keys: dict[str, Any] = {"analysis": WEIGHTING, "population": settings.population}
    # `where` may name a variable that was imputed: not every imputation then holds the same patients.
    groups = with_reference(
        levels_of(settings.by, pl.concat([c[settings.by] for c in cohorts])), settings.reference
    )
    # The score of a variable's own groups cannot hold the variable.
    names = [n for n in matching.covariates if n != settings.by]
    left_out = [*left_out_rows(WEIGHTING, settings.population, cohorts, names)]
    if settings.by in matching.covariates:
        own: dict[str, Any] = keys | {"variable": settings.by, "statistic": Statistic.COVARIATE}
        left_out.append(Estimate(**own, warning=WarningCode.MAKES_THE_GROUPS()))
    scored = attempt(lambda: score_cohorts(cohorts, settings.by, groups, names, matching))
    if isinstance(scored, NoAnswer):
        withheld: dict[str, Any] = keys | {"statistic": Statistic.HAZARD_RATIO, "warning": scored.warning}
        withheld["group"] = comparison(groups) if len(groups) == 2 else ""
        return [*(Estimate(**withheld, outcome=outcome) for outcome in settings.outcomes), *left_out], {}
    asked = _Asked(scored, settings, matching, weighting, groups, names, seed)
    rows, series = [], {}
    for target in weighting.lead_first:
        found, drawn = _of_target(asked, target)
        rows += found
        series |= drawn
    rows += _doubly_robust(asked)
    rows.append(
        {
            "group": comparison(groups),
            "statistic": Statistic.EVENTS_PER_PARAMETER,
            "value": patients_per_column(scored),
        }
    )
    return [*(Estimate(**(keys | row)) for row in rows), *left_out], series


class _Asked:
    """The groups, their scores and the settings."""

    def __init__(
        self,
        scored: list[Scored],
        settings: AnalysisSettings,
        matching: MatchingSettings,
        weighting: WeightingSettings,
        groups: tuple[str, ...],
        names: list[str],
        seed: int,
    ) -> None:
        self.scored, self.settings, self.matching, self.weighting = scored, settings, matching, weighting
        self.groups, self.names, self.seed = groups, names, seed
        self.pair, self.doubts = comparison(groups), doubts_of(scored)
        self.fewest = Fewest(matching.minimum_group, settings.minimum_events)

    def comparing(
        self, target: WeightTarget, doubts: Warnings, made: Sequence[EstimatedWeights] = ()
    ) -> Comparing:
        return Comparing(
            self.settings.by, target, self.weighting, self.fewest, doubts, self.seed, self.scored, made
        )


def _of_target(asked: _Asked, target: WeightTarget) -> tuple[list[dict[str, Any]], dict[str, pl.DataFrame]]:
    """What the weights of one target are worth, whether they balance, and the comparisons with them."""
    truncate = asked.weighting.truncate
    made = attempt(lambda: [s.weights(target, truncate) for s in asked.scored])
    keys: dict[str, Any] = {"variable": target}
    if isinstance(made, NoAnswer):
        return [keys | {"statistic": Statistic.HAZARD_RATIO, "warning": made.warning}], {}
    rows = [keys | row for row in _sizes(asked, made)]
    judged = judge(asked.scored, [m.weighting for m in made], asked.names, asked.matching)
    rows += [keys | {"group": asked.pair} | row for row in judged.balance.gate_rows(judged.doubts)]
    own = {"analysis": WEIGHTED_BALANCE, "outcome": target, "group": asked.pair}
    rows += [own | row for row in judged.balance.level_rows(asked.names)]
    if judged.withheld:
        for outcome in asked.settings.outcomes:
            row = {"outcome": outcome, "group": asked.pair, "statistic": Statistic.HAZARD_RATIO}
            rows.append(keys | row | {"warning": judged.withheld})
        return rows, {}
    comparing = asked.comparing(target, join(asked.doubts, judged.doubts), made)
    series: dict[str, pl.DataFrame] = {}
    for outcome in asked.settings.outcomes:
        at = keys | {"outcome": outcome}
        rows += [at | {"group": asked.pair} | row for row in ratio_rows(comparing, outcome)]
        if target == asked.weighting.lead:
            found, drawn = _curves(asked, comparing, outcome)
            rows += [at | row for row in found]
            series |= drawn
    return rows, series


def _sizes(asked: _Asked, made: Sequence[EstimatedWeights]) -> Rows:
    """Of each group how many patients it is worth and its largest weight; how many weights were cut."""
    for group, first in zip(asked.groups, (True, False), strict=True):
        name = "effective_n_treated" if first else "effective_n_controls"
        sizes = [getattr(m.weighting, name) for m in made]
        size = {"statistic": Statistic.EFFECTIVE_N, "value": float(np.mean(sizes)), "unit": Unit.PATIENTS}
        yield {"group": group, **size}
        own = [m.weighting.weights[s.treated == first] for m, s in zip(made, asked.scored, strict=True)]
        largest = max(float(w.max() / w.mean()) for w in own)
        yield {"group": group, "statistic": Statistic.LARGEST_WEIGHT, "value": largest}
    if asked.weighting.truncate is not None:
        cut = float(np.mean([m.weighting.n_truncated for m in made]))
        yield {"group": asked.pair, "statistic": Statistic.N_TRUNCATED, "value": cut, "unit": Unit.PATIENTS}


def _curves(
    asked: _Asked, comparing: Comparing, outcome: Any
) -> tuple[list[dict[str, Any]], dict[str, pl.DataFrame]]:
    """The log-rank test and the curves of the leading target."""
    rows = [{"group": asked.pair} | log_rank_row(comparing, outcome)]
    curves = attempt(lambda: curves_of(comparing, outcome, asked.groups))
    if isinstance(curves, NoAnswer):
        return rows, {}
    rows += curve_rows(curves, asked.fewest, comparing, outcome)
    name = f"weighted/{asked.settings.population}/{asked.settings.by}/{outcome}"
    return rows, weighted_series(name, curves, comparing, outcome)


def _doubly_robust(asked: _Asked) -> Rows:
    """The difference in survival that is right where either model is; its weights, those of all patients, pass the same gate."""
    judged = attempt(lambda: _judged_for_all(asked))
    if isinstance(judged, NoAnswer):
        withheld, doubts = judged.warning, NO_WARNING
    else:
        withheld, doubts = judged.withheld, judged.doubts
    comparing = asked.comparing("ate", join(asked.doubts, doubts))
    for outcome in asked.settings.outcomes:
        for row in doubly_robust_rows(comparing, outcome, asked.groups, asked.pair, withheld):
            yield {"outcome": outcome} | row


def _judged_for_all(asked: _Asked) -> Judgement:
    """The inverse probability weights of all patients, as the doubly robust difference has them: none is cut."""
    weightings = [weigh(s.treated, s.score.probability, "ate") for s in asked.scored]
    return judge(asked.scored, weightings, asked.names, asked.matching)


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_weighted(asked.cohorts, asked.settings, asked.matching, asked.weighting, asked.seed)
