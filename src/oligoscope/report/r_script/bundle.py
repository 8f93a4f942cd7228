"""The files that analysis.R reads besides those of every run: columns, values drawn, scores, weights, readers' responses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import polars as pl

from oligoscope.clinical.patients import derive_for_each_reader
from oligoscope.cohort.centres import CENTRE, number_of
from oligoscope.cohort.matched_sets import WEIGHT
from oligoscope.pipeline import StudyRun, only_where
from oligoscope.questions.weighting.weights import weights_of
from oligoscope.results.analyses import READER_AGREEMENT, WEIGHTING
from oligoscope.study.conditions import parse_condition
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.schemas import StudyTables

COVARIATES, IMPUTED, SCORES, WEIGHTS = "covariates.csv", "imputed.csv", "scores.csv", "weights.csv"
READERS = "reader_responses.csv"
# Columns that R reads of every study, where the patients have them.
_ALWAYS = (
    "progressed", "progressed_day", "new_therapy_day", "reported_response", "pattern_by_rule", "resistance_by_rule", "entry_days",
    *(outcome.entry for outcome in Outcome),
)  # fmt: skip


def bundle_of(run: StudyRun, tables: StudyTables, written: Iterable[str]) -> dict[str, pl.DataFrame]:
    """The files by name; those without a row are left out.

    Args:
        run: The study.
        tables: Its records, of which readers' responses are derived again.
        written: The columns of patients.csv.
    """
    own = covariates(run, written)
    files = {IMPUTED: drawn_values(run), SCORES: scores(run), WEIGHTS: weights(run)}
    files[READERS] = reader_responses(run, tables)
    found = {COVARIATES: own} if own.width > 1 else {}
    return found | {name: table for name, table in files.items() if table.height}


def columns_of(run: StudyRun) -> tuple[str, ...]:
    """The columns that the analyses of the script name."""
    named = chain.from_iterable((a.by, *a.where, *a.variables, *a.adjust_for) for a in run.protocol.analyses)
    judged = chain.from_iterable(parse_condition(r.keep).columns for r in run.protocol.eligibility)
    m = run.protocol.matching
    of_matching = m.covariates, m.exact, m.covariates_at_progression
    centre = (CENTRE,) if number_of(run.cohort.patients) else ()
    every = dict.fromkeys((*named, *chain(*of_matching), *sorted(judged), *centre))
    return tuple(name for name in every if name in run.cohort.patients.columns)


def covariates(run: StudyRun, written: Iterable[str]) -> pl.DataFrame:
    """A row a patient: the columns that analyses read and patients.csv does not hold.

    Args:
        run: The study.
        written: The columns of patients.csv.
    """
    patients, known = run.cohort.patients, {*written}
    always = (name for name in _ALWAYS if name in patients.columns)
    names = [name for name in dict.fromkeys((*columns_of(run), *always)) if name not in known]
    return patients.select("patient_id", *names)


def drawn_values(run: StudyRun) -> pl.DataFrame:
    """Every value that was drawn for a missing one: population, grouping, imputation, patient_id, variable, value."""
    rows = []
    for (population, by), found in run.completed.items():
        observed = run.cohort.population(population)
        for variable in found.imputed:
            lacking = observed.filter(pl.col(variable).is_null())["patient_id"]
            for number, cohort in enumerate(found.cohorts, 1):
                drawn = cohort.filter(pl.col("patient_id").is_in(lacking.implode()))
                rows.append(
                    drawn.select(
                        population=pl.lit(population),
                        grouping=pl.lit(by),
                        imputation=pl.lit(number),
                        patient_id=pl.col("patient_id").cast(pl.String),
                        variable=pl.lit(variable),
                        value=pl.col(variable).cast(pl.String),
                    )
                )
    return pl.concat(rows) if rows else pl.DataFrame()


def scores(run: StudyRun) -> pl.DataFrame:
    """The propensity score of each patient who could be matched: imputation, patient_id, logit, probability."""
    completed = () if run.matched is None else run.matched.completed
    rows = [
        cohort.select(
            imputation=pl.lit(number),
            patient_id=pl.col("patient_id").cast(pl.String),
            logit="_logit",
            probability="_probability",
        )
        for number, cohort in enumerate(completed, 1)
    ]
    return pl.concat(rows) if rows else pl.DataFrame()


def weights(run: StudyRun) -> pl.DataFrame:
    """What each patient counts: analysis, patients, grouping, imputation, patient_id, target, weight.

    Of the matching those of all sets of a patient together; of weights in place of matches those of each target population.
    """
    rows = [*_of_matching(run), *_of_weighting(run)]
    return pl.concat(rows) if rows else pl.DataFrame()


def _of_matching(run: StudyRun) -> Iterator[pl.DataFrame]:
    for number, cohort in enumerate(() if run.matched is None else run.matched.cohorts, 1):
        yield cohort.select(
            analysis=pl.lit("matching"),
            patients=pl.lit("progressed"),
            grouping=pl.lit("pattern"),
            imputation=pl.lit(number),
            patient_id=pl.col("patient_id").cast(pl.String),
            target=pl.lit(""),
            weight=WEIGHT,
        )


def _of_weighting(run: StudyRun) -> Iterator[pl.DataFrame]:
    for settings in run.protocol.analyses:
        found = run.completed.get((settings.population, settings.by))
        if settings.kind != WEIGHTING or found is None:
            continue
        cohorts = [only_where(c, settings) for c in found.cohorts]
        keys = {"analysis": WEIGHTING, "patients": settings.patients, "grouping": settings.by}
        named = {name: pl.lit(str(word)) for name, word in keys.items()}
        for rows in weights_of(cohorts, settings, run.protocol.matching, run.protocol.weighting):
            yield rows.select(**named, **{name: pl.col(name) for name in rows.columns})


def reader_responses(run: StudyRun, tables: StudyTables) -> pl.DataFrame:
    """What each reader said of each visit: reader, patient_id, assessed_day, given_response, overall_response."""
    if not run.results.find(analysis=READER_AGREEMENT):
        return pl.DataFrame()
    columns = ("reader", "patient_id", "assessed_day", "given_response", "overall_response")
    return derive_for_each_reader(tables, run.protocol).select(columns)
