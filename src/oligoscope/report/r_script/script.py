"""analysis.R: every analysis of the study once more in R, from the files of the folder, each number beside ours.

The files of R functions beside this module are also what the tests compare random studies with
(tests/oracle/recompute_settings.R). An analysis has the file of its name, where there is one.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import polars as pl

from oligoscope.csv_files import as_csv
from oligoscope.pipeline import StudyRun
from oligoscope.report.r_script.bundle import bundle_of, columns_of
from oligoscope.report.r_script.calls import kinds_of, levels_of_columns, settings_of
from oligoscope.study.schemas import StudyTables

SCRIPT = "analysis.R"
# Functions that analyses share; `bundle` reads the folder and compares.
SHARED = (
    "columns",
    "times",
    "changing_hazards",
    "pooling",
    "pooled_curves",
    "comparisons",
    "logistic",
    "firth_cox",
    "adjusted_ratios",
    "landmark_pairs",
    "matched_sets",
    "bundle",
)
SURVIVAL_OF_SETS = "matched_survival"
_HEAD = """# The numbers of this folder once more, in R, apart from the program that wrote it.
#
#   Rscript analysis.R
#
# reads results.csv, patients.csv and, where they are here, covariates.csv, definitions.csv, responses.csv, management.csv,
# reader_responses.csv, imputed.csv, scores.csv, weights.csv and matched_pairs.csv; computes every row of results.csv that follows
# from them; and prints each number beside R's with the difference. The values that were drawn for missing ones are taken as they are;
# what was made of them is computed. It ends with status 1 where a number differs by more than 1e-6 of its size.
# It needs R and its package survival, and changes no file.

suppressPackageStartupMessages(library(survival))
if (getRversion() < "4.0.0" || packageVersion("survival") < "3.2.0") stop("R 4.0 and survival 3.2, or later, are needed")
options(warn = -1)
"""
_RUN = """study <- read_folder(STUDY)
study$sealed <- is_sealed(study)
analyse_study(study)
for (a in STUDY$analyses) analyse(study, a)
finish()
"""


def write_r_script(run: StudyRun, tables: StudyTables, folder: Path) -> None:
    """Write analysis.R into the folder of a run's results, and what it reads besides their files."""
    (folder / SCRIPT).write_text(r_script(run), encoding="ascii", newline="\n")
    written = pl.read_csv(folder / "patients.csv", n_rows=0).columns
    for name, table in bundle_of(run, tables, written).items():
        (folder / name).write_bytes(as_csv(table))


def r_script(run: StudyRun) -> str:
    """The code: functions of the analyses that ran, and the settings of the study."""
    analyses = dict.fromkeys(str(e.analysis) for e in run.results.estimates)
    # No outcome is compared after a matching that missed its balance: there is no code for it, either.
    may_compare = run.matched is not None and not run.matched.sealed
    parts = [_functions(name) for name in (*SHARED, *([SURVIVAL_OF_SETS] if may_compare else []), *analyses)]
    names = dict.fromkeys((*run.cohort.patients.columns, *columns_of(run)))
    settings = (
        f"{levels_of_columns(columns_of(run))}\n\n"
        f"KINDS <- {kinds_of(run.cohort.patients.schema, names)}\n\n"
        f"MINIMUM_GROUP <- {run.protocol.matching.minimum_group}\n"
        f"STUDY <- list(\n{settings_of(run)}\n)\n"
    )
    functions = "\n".join(part for part in parts if part)
    return f"{_HEAD}\n{functions}\n# ---- this study ----\n\n{settings}\n{_RUN}"


def _functions(part: str) -> str:
    found = files("oligoscope.report.r_script") / f"{part}.R"
    return found.read_text(encoding="utf-8") if found.is_file() else ""
