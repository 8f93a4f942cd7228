"""What a question of the study is: its name, what it does with the settings, and where its numbers are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.results.analyses import (
    BASELINE,
    RECLASSIFICATION,
    RESPONSE_RATE,
    SURVIVAL,
    TIME_DEPENDENT,
    Analysis,
)
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings

NO_PATIENTS = "no_patients"
Answer = tuple[list[Estimate], Mapping[str, pl.DataFrame]]


@dataclass(frozen=True)
class Asked:
    """One analysis of study.yaml, with the patients it is asked of.

    Attributes:
        settings: The analysis; its population as Results name it (`progressed:systemic`).
        patients: The patients, one row each, as selected.
        definitions: Labels of all patients under every definition.
        matching: How groups are matched and scores are made.
        cohorts: The completed or matched cohorts, one an imputation; empty where the analysis needs none.
        completed: Where the cohorts are matched, the completed cohorts they were matched in.
        cluster: The column of the matched set, where partners are compared with each other.
    """

    settings: AnalysisSettings
    patients: pl.DataFrame
    definitions: pl.DataFrame
    matching: MatchingSettings
    cohorts: tuple[pl.DataFrame, ...] = ()
    completed: tuple[pl.DataFrame, ...] = ()
    cluster: str | None = None

    @property
    def is_matched(self) -> bool:
        """Whether the patients were matched, in every imputation."""
        return bool(self.completed)


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of analysis.

    Attributes:
        kind: As study.yaml and results.csv name it.
        stage: What the progress line says while it runs; None where study.yaml does not ask for it.
        withheld_as: The statistic of the row that says why it gave nothing.
        withheld_by: The outcome of that row: one for each of its `outcomes`, its grouping, or a fixed word.
        empty_as: The statistic and unit of the row, with n = 0, where there are no patients; None: as `withheld_as`.
    """

    kind: Analysis
    stage: Text | None = None
    withheld_as: Statistic = Statistic.N
    withheld_by: Literal["outcomes", "by", ""] | Outcome = ""
    empty_as: tuple[Statistic, Unit] | None = None

    def answer(self, asked: Asked) -> Answer:
        """Its numbers and series; the module that computes them is loaded when it is first asked."""
        module, function = NUMBERS.get(self.kind, (f"{self.kind}.numbers", "answer"))
        return getattr(import_module(f"oligoscope.questions.{module}"), function)(asked)

    def withheld(self, settings: AnalysisSettings, reason: str) -> list[Estimate]:
        """The rows that say why it gave nothing."""
        if self.withheld_by == "outcomes":
            outcomes = settings.outcomes
        else:
            outcomes = (settings.by if self.withheld_by == "by" else self.withheld_by,)
        row: dict[str, Any] = {"statistic": self.withheld_as}
        if self.empty_as is not None and reason == NO_PATIENTS:
            row = {"statistic": self.empty_as[0], "unit": self.empty_as[1], "n": 0}
        keys: dict[str, Any] = {"analysis": self.kind, "population": settings.population, "warning": reason}
        return [Estimate(**keys, outcome=outcome, **row) for outcome in outcomes]


# Kinds that share a folder, whose folder has another name, or whose numbers lie in several files.
NUMBERS: dict[str, tuple[str, str]] = {
    BASELINE: ("baseline.answer", "answer"),
    SURVIVAL: ("survival.answer", "answer"),
    RESPONSE_RATE: ("response.numbers", "answer"),
    RECLASSIFICATION: ("definitions.numbers", "answer"),
    TIME_DEPENDENT: ("landmark.numbers", "answer_time_dependent"),
}
