"""Match the groups on the propensity score, in every completed cohort, and judge the balance.

The gate is set beforehand: the largest standardised difference over levels, averaged over the
imputations, must not exceed `balance_limit`. Where it does, other choices are tried on the same scores
(no outcome is read) and the first that passes is named; the choice asked for is still what runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from oligoscope.bilingual import OwnText
from oligoscope.cohort.coded_levels import codes_of
from oligoscope.cohort.complete import CompletedCohorts
from oligoscope.cohort.events_per_variable import of_scores, too_few_for_score
from oligoscope.cohort.matched_sets import WEIGHT, are_weighted, sizes_of_groups, spread, with_sets
from oligoscope.cohort.matching_gate import require_two_large_groups, too_few_to_judge
from oligoscope.cohort.matching_method import matching_method
from oligoscope.cohort.variables import as_levels, comparison, is_levels, levels_of
from oligoscope.cohort.variables_left_out import usable_everywhere
from oligoscope.errors import NotEnoughData
from oligoscope.results.analyses import BALANCE, MATCHING
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import (
    NO_WARNING,
    WarningCode,
    Warnings,
    join,
    of_missed_balance,
    of_statistics,
)
from oligoscope.stats.doubts import Remark
from oligoscope.stats.matching.balance import BalanceRow, balance
from oligoscope.stats.matching.balance_advice import (
    BetterChoice,
    ScoredCohort,
    TriedChoice,
    next_better_choice,
    try_matching,
)
from oligoscope.stats.matching.balance_gate import BalanceVerdict
from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.propensity_matching import Matching, join_labels
from oligoscope.stats.matching.propensity_score import PropensityScore, common_support, propensity_score
from oligoscope.stats.regression.design_matrix import Covariate, read_covariates
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import Level, LevelOf, OwnColumn
from oligoscope.study.protocol import Bilingual, MatchingSettings, Protocol

SEED_STAGE = 2


@dataclass(frozen=True)
class MatchedCohorts:
    """The matched patients of each completed cohort.

    Attributes:
        cohorts: Matched patients with `_pair` (a number a matched set) and `_weight`; with replacement also `_sets`
            and `_shares` (see `matched_sets`).
        completed: The completed cohorts they were matched in, with `_logit` and `_probability`.
        pairs: imputation, order, patient_id, matched_with, distance.
        balance: imputation, variable, level, smd_before, smd_after, variance_ratio_before, _after.
        verdict: Of the gate; None where no patient could be matched.
        advice: Another choice that balances better, where the gate failed.
        estimates, series: For Results.
    """

    cohorts: tuple[pl.DataFrame, ...]
    completed: tuple[pl.DataFrame, ...]
    pairs: pl.DataFrame
    balance: pl.DataFrame
    verdict: BalanceVerdict | None
    advice: BetterChoice | None
    estimates: tuple[Estimate, ...]
    series: dict[str, pl.DataFrame]

    @property
    def missed(self) -> Warnings:
        """Why the groups are not balanced, and why estimates are given all the same; blank where they are balanced."""
        found = (e for e in self.estimates if e.statistic == Statistic.LARGEST_SMD and not e.variable)
        return of_missed_balance(next((e.warning for e in found if e.value is not None), NO_WARNING))

    @property
    def sealed(self) -> Warnings:
        """Why no outcome is compared after this matching; blank where it may be."""
        return NO_WARNING if self.missed.has(WarningCode.UNSEALED) else self.missed


def match_cohorts(completed: CompletedCohorts, protocol: Protocol, by: str) -> MatchedCohorts:
    """Match the first group of `by` (its treated side) with the second, in every imputation.

    Raises:
        NotEnoughData: `by` does not have exactly two groups here, or one of them is smaller than
            `minimum_group` (see `matching_gate`).
    """
    settings = protocol.matching
    groups = levels_of(by, as_levels(completed.cohorts[0][by]))
    require_two_large_groups("Matching", completed.cohorts[:1], by, groups, settings.minimum_group)
    scores, scored = _score(completed, settings, by, groups)
    per_variable = of_scores([c.treated for c in scored], scores)
    if few := too_few_for_score(per_variable, settings.minimum_events_per_variable):
        raise NotEnoughData(f"The propensity score is not used: {few.printed.en}.", few)
    options = _options(protocol)
    choice, matchings = try_matching(scored, options, settings.balance_limit)
    frames = tuple(
        c.with_columns(_logit=pl.Series(s.logit), _probability=pl.Series(s.probability))
        for c, s in zip(completed.cohorts, scores, strict=True)
    )
    all_matched = len(matchings) == len(frames) and all(m.n_pairs for m in matchings)
    problem = NO_WARNING if all_matched else _problem(choice.problem, matchings)
    found = zip(frames, matchings, strict=True) if all_matched else ()
    cohorts = tuple(with_sets(frame, matching) for frame, matching in found)
    table = _balance_table(scored, matchings)
    few = too_few_to_judge(matchings, settings.minimum_group)
    failed = choice.verdict is None or not (choice.verdict.passed or few)
    advice = next_better_choice(scored, choice, settings.balance_limit) if failed else None
    cautions, covariates = _cautions(scores, scored, matchings), settings.covariates
    estimates = (
        *_estimates(
            choice,
            matchings,
            cautions,
            names_of_rows(table, covariates),
            comparison(groups),
            advice,
            problem,
            few or _unsealed(settings),
        ),
        Estimate(
            analysis=MATCHING,
            population=MATCHED,
            group=comparison(groups),
            statistic=Statistic.EVENTS_PER_PARAMETER,
            value=per_variable,
        ),
        *sizes_of_groups(matchings, scored[0].treated, groups),
        *(() if choice.verdict is None else _smd_estimates(table, covariates, few)),
    )
    return MatchedCohorts(
        cohorts, frames, _pairs(frames, matchings), table, choice.verdict, advice, estimates, _series(frames, cohorts, by)
    )  # fmt: skip


def _problem(problem: Remark | None, matchings: tuple[Matching, ...]) -> Warnings:
    """No patient was matched in some imputation, or the matching itself could not be done."""
    if matchings and not all(m.n_pairs for m in matchings):
        return WarningCode.NO_PAIRS()
    return of_statistics(problem) or WarningCode.NO_PAIRS()


def _cautions(
    scores: list[PropensityScore], scored: list[ScoredCohort], matchings: tuple[Matching, ...]
) -> Warnings:
    """Of the score, of the overlap of the groups (the worst imputation), and of the matching."""
    overlaps = [common_support(c.treated, c.logit) for c in scored]
    worst = max(overlaps, key=lambda o: float(o.outside.mean()))
    doubts = [doubt for found in (*scores, worst, *matchings) for doubt in found.warnings]
    return of_statistics(*doubts).without(WarningCode.NO_PAIRS)


def _score(
    completed: CompletedCohorts, settings: MatchingSettings, by: str, groups: tuple[str, ...]
) -> tuple[list[PropensityScore], list[ScoredCohort]]:
    scores, scored = [], []
    complete, first = [n for n in settings.covariates if n not in completed.imputed], completed.cohorts[0]
    # What is the same in every version is read once.
    same = {n: read_covariate(first[n]) for n in usable_everywhere((first,), complete)}
    for cohort in completed.cohorts:
        covariates = _covariates(cohort, settings.covariates, completed.imputed, same)
        treated = (as_levels(cohort[by]) == groups[0]).to_numpy()
        score = propensity_score(treated, covariates)
        exact = (
            join_labels(*(as_levels(cohort[c]).to_list() for c in settings.exact)) if settings.exact else None
        )
        scores.append(score)
        scored.append(ScoredCohort(treated, score.logit, covariates, exact))
    if settings.imputations == "across":
        mean = np.mean([s.logit for s in scores], axis=0)
        scored = [ScoredCohort(c.treated, mean, c.covariates, c.exact) for c in scored]
    return scores, scored


def _covariates(
    cohort: pl.DataFrame, names: tuple[str, ...], imputed: tuple[str, ...], same: Mapping[str, Covariate]
) -> tuple[Covariate, ...]:
    """The covariates that were recorded and vary; of any other Results give the reason.

    Raises:
        NotEnoughData: None is left.
    """
    drawn = usable_everywhere((cohort,), [n for n in names if n in imputed])
    found = {**same, **{n: read_covariate(cohort[n]) for n in drawn}}
    if not found:
        raise NotEnoughData(
            "No covariate is recorded for all patients and varies: no score.", WarningCode.NO_COVARIATE()
        )
    return tuple(found[n] for n in names if n in found)


def read_covariate(values: pl.Series) -> Covariate:
    """A column as levels or as numbers, none of them missing."""
    if not is_levels(values):
        return read_covariates({values.name: values.cast(pl.Float64).to_numpy()})[0]
    levels = levels_of(values.name, values)
    return Covariate(values.name, codes_of(values, levels), levels)


def _options(protocol: Protocol) -> MatchingOptions:
    s = protocol.matching
    seed = int(np.random.SeedSequence(protocol.study.seed, spawn_key=(SEED_STAGE,)).generate_state(1)[0])
    return MatchingOptions(s.method, s.ratio, s.replace, s.order, s.caliper, s.caliper_scale, seed)


def _pairs(frames: tuple[pl.DataFrame, ...], matchings: tuple[Matching, ...]) -> pl.DataFrame:
    schema = {
        "imputation": pl.Int64, "order": pl.Int64, "patient_id": pl.String, "matched_with": pl.String, "distance": pl.Float64,
    }  # fmt: skip
    rows = [pl.DataFrame(schema=schema)]
    for i, (frame, m) in enumerate(zip(frames, matchings, strict=False), start=1):
        both = (frame["patient_id"].gather(at) for at in (m.treated, m.controls))
        columns = (np.full(m.n_pairs, i), m.order, *both, m.distances)
        rows.append(pl.DataFrame(dict(zip(schema, columns, strict=True)), schema=schema))
    return pl.concat(rows)


def _balance_table(scored: list[ScoredCohort], matchings: tuple[Matching, ...]) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for i, (cohort, before) in enumerate(zip(scored, _balance_before(scored), strict=True)):
        after = [None] * len(before)
        if i < len(matchings) and matchings[i].n_pairs:
            after = balance(cohort.covariates, cohort.treated, matchings[i].weights).rows
        rows += [
            {
                "imputation": i + 1, "variable": row.variable, "level": None if row.level is None else str(row.level),
                "kind": row.kind,
                Statistic.SMD_BEFORE: row.smd, Statistic.SMD_AFTER: now and now.smd,
                Statistic.VARIANCE_RATIO_BEFORE: row.variance_ratio, Statistic.VARIANCE_RATIO_AFTER: now and now.variance_ratio,
            }
            for row, now in zip(before, after, strict=True)
        ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _balance_before(scored: list[ScoredCohort]) -> Iterator[list[BalanceRow]]:
    """Of each cohort; a covariate that was complete is one object in all of them, and is computed once."""
    found: dict[int, tuple[BalanceRow, ...]] = {}
    for cohort in scored:
        for one in cohort.covariates:
            if id(one) not in found:
                found[id(one)] = balance([one], cohort.treated).rows
        yield [row for one in cohort.covariates for row in found[id(one)]]


def _estimates(
    choice: TriedChoice, matchings: tuple[Matching, ...], cautions: Warnings,
    names: Mapping[str, str], group: str, advice: BetterChoice | None, problem: Warnings, beside: Warnings,
) -> Iterator[Estimate]:  # fmt: skip
    """Pairs, and the differences that are judged.

    Args:
        beside: Why balance that is missed withholds nothing; or that there are too few patients, who can miss balance but not show it.
    """
    method, verdict = matching_method(choice.options), choice.verdict
    keys: dict[str, Any] = {"analysis": MATCHING, "population": MATCHED, "group": group}
    n_pairs = [m.n_pairs for m in matchings] or [0]
    yield Estimate(
        **keys,
        **spread(n_pairs),
        statistic=Statistic.N_PAIRS,
        unit=Unit.PAIRS,
        method=method,
        warning=cautions,
    )
    n_sets = [int(np.unique(m.treated).size) for m in matchings] or [0]
    if n_sets != n_pairs:  # of one to one, pairs and sets are the same
        yield Estimate(**keys, **spread(n_sets), statistic=Statistic.N_SETS, unit=Unit.SETS, method=method)
    if verdict is None:
        yield Estimate(**keys, statistic=Statistic.LARGEST_SMD, warning=problem or WarningCode.NO_PAIRS())
        return
    failed, m = NO_WARNING if verdict.passed else _unbalanced(verdict, names), verdict.n_imputations
    by_draws = WarningCode.VERDICT_BY_DRAWS(m=m) if verdict.is_by_draws else NO_WARNING
    few = beside if beside.has(WarningCode.TOO_FEW_IN_GROUP) else NO_WARNING
    of_largest = join(failed, beside if failed else few, NO_WARNING if few else by_draws)
    judged = (
        (Statistic.LARGEST_SMD, verdict.largest, verdict.largest_name, of_largest),
        (Statistic.MAXIMUM_SMD, verdict.maximum, verdict.maximum_name, join(failed, few)),
    )
    for statistic, value, name, warning in judged:
        own: dict[str, Any] = keys | {"statistic": statistic, "value": value, "level": names.get(name, name)}
        yield Estimate(**own, method=method, warning=warning)
    if verdict.monte_carlo_error is not None:
        yield Estimate(
            **keys,
            statistic=Statistic.MONTE_CARLO_ERROR_OF_SMD,
            value=verdict.monte_carlo_error,
            method=Method(MethodPart.JACKKNIFE_OVER(m=m)),
        )
    if advice is not None and advice.better is not None and advice.better.verdict is not None:
        better = advice.better.verdict
        yield Estimate(
            **keys, variable="next_better_choice", statistic=Statistic.LARGEST_SMD, value=better.largest,
            level=names.get(better.largest_name, better.largest_name),
            n=int(np.mean(advice.better.n_pairs)), method=matching_method(advice.better.options),
            warning=NO_WARNING if better.passed else _unbalanced(better, names),
        )  # fmt: skip


def _unsealed(settings: MatchingSettings) -> Warnings:
    """The reason of study.yaml for which estimates are given though the balance was missed."""
    if settings.unseal is None:
        return NO_WARNING
    return WarningCode.UNSEALED(reason=reason_in_sentence(settings.unseal))


def reason_in_sentence(reason: Bilingual) -> tuple[str, str]:
    """Why estimates are given though the balance was missed, as it ends inside sentences: Chinese, English."""
    zh, en = (words.strip().rstrip(".。") for words in (reason.zh, reason.en))
    return zh, en


def _unbalanced(verdict: BalanceVerdict, names: Mapping[str, str]) -> Warnings:
    name = names.get(verdict.largest_name, verdict.largest_name)
    variable = name.variable if isinstance(name, LevelOf) else name
    return WarningCode.UNBALANCED(variable=variable, largest=f"{verdict.largest:.3f}", limit=verdict.limit)


def names_of_rows(table: pl.DataFrame, covariates: tuple[str, ...]) -> dict[str, str]:
    """The keys of the variables and levels that are judged, by the names that the table of balance gives them."""
    own = {str(name): name for name in covariates}
    rows = table.select("variable", "level").unique(maintain_order=True).iter_rows()
    pairs = ((own.get(str(v), str(v)), level) for v, level in rows)
    keys = [LevelOf.of(v, Level.of(v, level)) if level else _whole(v) for v, level in pairs]
    return {str(key): key for key in keys}


def _whole(variable: str) -> str:
    """A variable as a key that cannot be mistaken for a level of another."""
    is_clear = "=" not in variable or isinstance(variable, OwnColumn)
    return variable if is_clear else OwnColumn.of(variable, OwnText(variable, variable), {})


def _smd_estimates(
    table: pl.DataFrame, covariates: tuple[str, ...], few: Warnings = NO_WARNING
) -> Iterator[Estimate]:
    """SMD of every level and variable before and after, mean and largest over the imputations; after, with why none is judged."""
    keys, own_names = ["variable", "level", "kind"], {str(name): name for name in covariates}
    mean = table.group_by(keys, maintain_order=True).agg(
        pl.col(Statistic.SMD_BEFORE).mean(),
        pl.col(Statistic.SMD_AFTER).mean(),
        pl.col(Statistic.SMD_AFTER).abs().max().alias("largest"),
        pl.col(Statistic.SMD_AFTER).abs().mean().alias("absolute"),
        pl.col(Statistic.VARIANCE_RATIO_BEFORE).mean(),
        pl.col(Statistic.VARIANCE_RATIO_AFTER).mean(),
    )
    for row in mean.iter_rows(named=True):
        own: dict[str, Any] = {
            "analysis": BALANCE,
            "population": MATCHED,
            "variable": (variable := own_names.get(row["variable"]) or str(row["variable"])),
            "level": Level.of(variable, row["level"]) if row["level"] else "",
        }
        for statistic, why in ((Statistic.SMD_BEFORE, NO_WARNING), (Statistic.SMD_AFTER, few)):
            is_opposite = row[statistic] is not None and np.isnan(row[statistic])
            reason = WarningCode.INFINITE_IN_BOTH_DIRECTIONS() if is_opposite else why
            signed = None if is_opposite else row[statistic]
            yield Estimate(**own, statistic=statistic, value=signed, warning=reason)
        yield Estimate(**own, statistic=Statistic.SMD_AFTER_ABSOLUTE, value=row["absolute"], warning=few)
        yield Estimate(**own, statistic=Statistic.SMD_AFTER_MAXIMUM, value=row["largest"], warning=few)
        for statistic in (Statistic.VARIANCE_RATIO_BEFORE, Statistic.VARIANCE_RATIO_AFTER):
            if row[statistic] is not None:
                yield Estimate(**own, statistic=statistic, value=row[statistic])


def _series(
    frames: tuple[pl.DataFrame, ...], cohorts: tuple[pl.DataFrame, ...], by: str
) -> dict[str, pl.DataFrame]:
    """Scores of the first imputation before and after, for the picture of overlap."""
    first = frames[0].select(group=as_levels(frames[0][by]), probability="_probability", logit="_logit")
    found = {"propensity/before": first}
    if cohorts:
        # Weights only where they are not all 1, so that the picture counts patients wherever it can.
        weights = {"weight": pl.col(WEIGHT)} if are_weighted(cohorts) else {}
        found["propensity/after"] = cohorts[0].select(
            group=as_levels(cohorts[0][by]), probability="_probability", logit="_logit", **weights
        )
    return found
