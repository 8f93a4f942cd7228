"""analysis.R and the two files it reads besides those of every run: the study's own columns, and the values drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from itertools import chain
from pathlib import Path

import polars as pl

from oligoscope.csv_files import as_csv
from oligoscope.pipeline import StudyRun
from oligoscope.report.r_script.calls import WRITERS, Calls, Kind, calls_of
from oligoscope.report.r_script.r_text import r_texts
from oligoscope.results.analyses import LANDMARK, WEIGHTING

SCRIPT, COVARIATES, IMPUTED = "analysis.R", "covariates.csv", "imputed.csv"
# The files of functions that the calls of each kind need.
_FUNCTIONS: Mapping[Kind, tuple[str, ...]] = {
    "survival": ("curves", "survival"),
    "landmark": ("curves", "landmark"),
    "predictors": ("pooling", "predictors"),
    "baseline": ("baseline",),
    "definitions": ("curves", "definitions"),
    "weighting": ("curves", "pooling", "weighting"),
    "survival of sets": ("curves", "pooling", "sets", "matched"),
    "baseline of sets": ("sets", "baseline"),
}
_HEAD = """# The main analyses of this folder once more, in R, apart from the program that wrote it.
#
#   Rscript analysis.R
#
# reads patients.csv (and definitions.csv, covariates.csv, imputed.csv and matched_pairs.csv where they are here), computes each number and prints it
# beside that of results.csv with the difference. It ends with status 1 where one differs by more than 1e-6 of its size.
# It needs R and its package survival, and changes no file.
"""


def write_r_script(run: StudyRun, folder: Path) -> None:
    """Write analysis.R into the folder of a run's results, and what it reads besides their files."""
    (folder / SCRIPT).write_text(r_script(run), encoding="ascii", newline="\n")
    written = pl.read_csv(folder / "patients.csv", n_rows=0).columns
    own = covariates(run, written)
    if own.width > 1:
        (folder / COVARIATES).write_bytes(as_csv(own))
    drawn = drawn_values(run)
    if drawn.height:
        (folder / IMPUTED).write_bytes(as_csv(drawn))


def r_script(run: StudyRun) -> str:
    """The code: functions of the analyses that ran, and their calls."""
    calls = list(_calls(run))
    parts = dict.fromkeys(chain.from_iterable(_FUNCTIONS[found.kind] for _, found in calls))
    functions = "\n".join(_functions(name) for name in ("common", *parts))
    schema = run.cohort.patients.schema
    yes_no = r_texts(name for name in _columns_of(run) if schema.get(name) == pl.Boolean)
    begin = f"YES_NO <- {yes_no}  # columns of true and false\n"
    body = "\n".join(f"# {title}\n" + "\n".join(found.lines) + "\n" for title, found in calls)
    return f"{_HEAD}\n{begin}\n{functions}\n# ---- the analyses of this study ----\n\n{body}\nfinish()\n"


def _calls(run: StudyRun) -> Iterable[tuple[str, Calls]]:
    for number, settings in enumerate(run.protocol.analyses, 1):
        found = calls_of(run, settings)
        if found is not None:
            yield f"analyses[{number}] of study.yaml: {settings.kind}, {settings.population}", found


def _functions(part: str) -> str:
    return (files("oligoscope.report.r_script") / f"{part}.R").read_text(encoding="utf-8")


def _columns_of(run: StudyRun) -> tuple[str, ...]:
    """The columns that the analyses of the script name."""
    named = chain.from_iterable(
        (a.by, *a.where, *a.variables) for a in run.protocol.analyses if a.kind in WRITERS
    )
    weighs = any(a.kind == WEIGHTING for a in run.protocol.analyses)
    named = (*named, *(run.protocol.matching.covariates if weighs else ()))
    return tuple(name for name in dict.fromkeys(named) if name in run.cohort.patients.columns)


def covariates(run: StudyRun, written: Iterable[str]) -> pl.DataFrame:
    """A row a patient: the columns that analyses name and patients.csv does not hold.

    Args:
        run: The study.
        written: The columns of patients.csv.
    """
    needs_day = any(a.kind == LANDMARK for a in run.protocol.analyses)
    patients, known = run.cohort.patients, {*written}
    dated = {"treatment_started_on", "progressed_on", "progressed_day"} <= set(patients.columns)
    undated = needs_day and dated and _is_undated(patients)
    names = [n for n in (*_columns_of(run), *(("progressed_day",) if undated else ())) if n not in known]
    return patients.select("patient_id", *names)


def _is_undated(patients: pl.DataFrame) -> bool:
    """Whether a day of progression is known that the dates do not give."""
    days = (pl.col("progressed_on") - pl.col("treatment_started_on")).dt.total_days()
    return (
        not patients.select(
            (pl.col("progressed_day") == days).eq_missing(other=True) | pl.col("progressed_day").is_null()
        )
        .to_series()
        .all()
    )


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
