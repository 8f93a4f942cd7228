"""A study of eight patients with the numbers an analysis would report of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.cohort.select import Flow, FlowStep
from oligoscope.questions.question import Chosen
from oligoscope.questions.registry import question_of, with_patients
from oligoscope.report.numbers.patients_found import PatientFiles
from oligoscope.results import analyses
from oligoscope.results.analyses import BASELINE, FLOW, GIVEN_RESPONSE, MATCHING
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.methods import NO_METHOD
from oligoscope.results.results import Estimate, Results
from oligoscope.results.selection import Selection
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.warnings import NO_WARNING
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol
from unit.stored_results import row

ROWS = """
id | population | excluded_because | pattern          | sex    | ecog | pps_days | pps_event | progressed_on
P1 | progressed |                  | oligoprogression | male   | 0    | 400      | 1         | 2021-03-01
P2 | progressed |                  | oligoprogression | female | 1    | 100      | 1         | 2021-02-01
P3 | progressed |                  | oligoprogression | male   |      | 200      | 0         | 2021-08-01
P4 | progressed |                  | systemic         | male   | 1    | 50       | 1         | 2021-02-10
P5 | progressed |                  | systemic         | female | 1    | 183      | 1         | 2021-04-01
P6 | progressed |                  |                  | male   | 0    | 10       | 1         | 2021-04-01
P7 | treated    | progressed       |                  | male   | 0    |          |           |
P8 | excluded   | age              |                  | female | 0    |          |           |
"""
COURSES = """
id | os_days | os_event | pfs_days | pfs_event | best_response | progressing_organs | all_baseline_organs
P1 | 459     | 1        | 59       | 1         | PR            | lung;bone          | lung
P2 | 131     | 1        | 31       | 1         | PD            | bone_marrow        | bone_marrow;lung
P3 | 412     | 0        | 212      | 1         | SD            | lung               | liver
P4 | 90      | 1        | 40       | 1         | PD            | liver              | lung
P5 | 273     | 1        | 90       | 1         | CR            | lung               | lung
P6 | 100     | 1        | 90       | 1         | NE            |                    | lung
P7 | 95      | 1        | 95       | 1         | SD            |                    | lung
P8 |         |          |          |           |               |                    |
"""
BOTH = "oligoprogression vs systemic"
OLIGO = "oligoprogression"
COLUMNS: dict[str, Any] = {"analysis": BASELINE, "population": "progressed", "outcome": "pattern"}
SURVIVAL: dict[str, Any] = {
    "analysis": analyses.SURVIVAL,
    "population": "progressed",
    "outcome": Outcome.PPS,
    "group": OLIGO,
}
MATCHED: dict[str, Any] = {
    "analysis": BASELINE,
    "population": "matched",
    "outcome": "pattern",
    "group": OLIGO,
}
ESTIMATES = (
    row(analysis=FLOW, population="screened", statistic=Statistic.N, value=8, n=8),
    row(analysis=FLOW, variable="age", statistic=Statistic.N_EXCLUDED, value=1, n=8),
    row(analysis=FLOW, population="treated", statistic=Statistic.N, value=7, n=7),
    row(**COLUMNS, group=OLIGO, variable="", statistic=Statistic.N, value=3, n=3),
    row(**COLUMNS, group=OLIGO, level="male", statistic=Statistic.N, value=2, n=3),
    row(**COLUMNS, group=OLIGO, level="male", statistic=Statistic.PERCENT, value=200 / 3, n=3),
    row(**COLUMNS, group=OLIGO, variable="ecog", level="0", statistic=Statistic.N, value=1, n=2),
    row(**COLUMNS, group=OLIGO, variable="pd_l1", statistic=Statistic.MISSING, value=1, n=3, other={"variable": "ecog"}),
    row(**COLUMNS, variable="ecog", statistic=Statistic.P_VALUE, value=0.04, n=4),
    row(**SURVIVAL, statistic=Statistic.N, value=3, n=3),
    row(**SURVIVAL, statistic=Statistic.EVENTS, value=2, n=3),
    row(**SURVIVAL, statistic=at_months(Statistic.SURVIVAL, 6), value=0.6666666666666667, low=0.05, high=0.95, n=2),
    row(**MATCHED, statistic=Statistic.N, value=1.5, low=None, high=None, n=2, warning=NO_WARNING),
    row(analysis=MATCHING, statistic=Statistic.LARGEST_SMD, value=0.1, warning=NO_WARNING, method=NO_METHOD, other={"level": ""}),
    row(analysis=GIVEN_RESPONSE, statistic=Statistic.N_VISITS, value=20, n=20),
)  # fmt: skip
PAIRS = pl.DataFrame(
    {"imputation": ["1", "2", "2"], "patient_id": ["P1", "P1", "P2"], "matched_with": ["P4", "P4", "P5"]}
)


CHOSEN = Chosen(
    Flow(8, 7, 6, (), (FlowStep("age", Text("未满 18 岁", "Under 18"), "screened", 8, 1, 0),)),
    confirmed=False,
    by="pattern",
)


def _read(rows: str) -> pl.DataFrame:
    head, *lines = [[cell.strip() or None for cell in line.split("|")] for line in rows.strip().splitlines()]
    names = ["patient_id", *(str(name) for name in head[1:])]
    return pl.DataFrame(lines, schema=dict.fromkeys(names, pl.String), orient="row")


def patients(n_copies: int = 1) -> pl.DataFrame:
    """The eight, or so many times eight, every cell as text."""
    frame = _read(ROWS).join(_read(COURSES), on="patient_id", maintain_order="left")
    frame = frame.with_columns(treatment_started_on=pl.lit("2021-01-01"))
    if n_copies == 1:
        return frame
    return pl.concat([frame.with_columns(pl.col("patient_id") + f"-{i}") for i in range(n_copies)])


def files(n_copies: int = 1) -> PatientFiles:
    return PatientFiles({"patients.csv": patients(n_copies).lazy()}, PAIRS)


def results(*others: Estimate) -> Results:
    return Results(tuple(with_patients((*ESTIMATES, *others), CHOSEN)))


def made_from(
    analysis: str,
    population: str = "progressed",
    *,
    other_files: dict[str, pl.DataFrame] | None = None,
    **keys: Any,
) -> tuple[MadeFrom, Callable[[Selection | None], str]]:
    """What a number of a question is made from by its rule, and the names of the patients of a selection."""
    own = {name: keys.pop(name) for name in ("by", "imputed", "confirmed") if name in keys}
    estimate = Estimate(
        analysis=question_of(analysis).kind, population=population, **{"statistic": Statistic.N, **keys}
    )
    found = question_of(analysis).made_from(estimate, replace(CHOSEN, **own))
    frames = {name: frame.lazy() for name, frame in (other_files or {}).items()}
    read = PatientFiles({"patients.csv": patients().lazy(), **frames}, PAIRS)

    def names(selection: Selection | None) -> str:
        assert selection is not None
        return " ".join(read.find([selection])[selection].ids)

    return found, names


def protocol(*, synthetic: bool = True) -> Protocol:
    title = {"zh": "八例患者", "en": "Eight patients"}
    analyses = [
        {"kind": "survival", "population": "progressed", "by": "pattern", "outcomes": ["pps"]},
        {"kind": "survival", "population": "progressed", "by": "sex", "outcomes": ["pps"]},
        {"kind": "baseline", "population": "progressed", "where": {"sex": "male"}, "by": "pattern", "variables": ["ecog"]},
    ]  # fmt: skip
    rule = {"id": "age", "keep": "age_years >= 18", "excluded": {"zh": "未满 18 岁", "en": "Under 18"}}
    study = {"title": title, "data_cutoff": "2025-01-01", "synthetic": synthetic}
    return Protocol.model_validate(
        {"study": study, "data": {"patients": {"files": ("patients.csv",)}}, "analyses": analyses, "eligibility": [rule]}
    )  # fmt: skip
