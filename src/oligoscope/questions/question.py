"""What a question of the study is: its name, what it does with the settings, and where its numbers are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.results.analyses import Analysis
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import WarningCode, Warnings
from oligoscope.study.analysis_options import Options
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings, Protocol
from oligoscope.study.schemas import StudyTables
from oligoscope.study.weighting_settings import WeightingSettings

# The list of questions is read for `oligoscope new`, which derives, draws and prints nothing.
if TYPE_CHECKING:
    from oligoscope.clinical.patients import Derived
    from oligoscope.cohort.select import Cohort, Flow
    from oligoscope.printing.document_parts import Parts

NO_PATIENTS = WarningCode.NO_PATIENTS()
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
        weighting: How weights are made.
        seed: That of the study.
        window_days: Days about the first progression within which a scan shows the pattern.
    """

    settings: AnalysisSettings
    patients: pl.DataFrame
    definitions: pl.DataFrame
    matching: MatchingSettings
    cohorts: tuple[pl.DataFrame, ...] = ()
    completed: tuple[pl.DataFrame, ...] = ()
    cluster: str | None = None
    weighting: WeightingSettings = field(default_factory=WeightingSettings)
    seed: int = 0
    window_days: int = 0

    @property
    def is_matched(self) -> bool:
        """Whether the patients were matched, in every imputation."""
        return bool(self.completed)


@dataclass(frozen=True)
class Records:
    """A whole study before any analysis: what the questions read that are asked of every study.

    Attributes:
        protocol: The settings.
        tables: Validated tables.
        derived: What the clinical rules made of them.
        cohort: Patients with their population.
    """

    protocol: Protocol
    tables: StudyTables
    derived: Derived
    cohort: Cohort


@dataclass(frozen=True, slots=True)
class Chosen:
    """How the patients of an analysis were chosen and grouped: what its rule for patients knows beside the number.

    Attributes:
        flow: Who left, at which rule.
        confirmed: Whether a response counts only where it was confirmed.
        by: The column whose levels are the groups.
        imputed: Variables of which values were drawn before the groups were matched.
        entries: Whether the study says when patients came under observation.
        variables: Those of the analysis, of a model that takes the patients in whom all of them are known.
        adjusted_for: Covariates beside which an adjusted ratio is given, in the patients in whom all of them are known.
    """

    flow: Flow
    confirmed: bool
    by: str
    imputed: frozenset[str] = frozenset()
    entries: bool = False
    variables: tuple[str, ...] = ()
    adjusted_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a study.

    Attributes:
        kind: As study.yaml and results.csv name it.
        stage: What the progress line says while it runs; None where study.yaml does not ask for it.
        withheld_as: The statistic of the row that says why it gave nothing.
        withheld_by: The outcome of that row: one for each of its `outcomes`, its grouping, or a fixed word.
        needs: The outcome without which it has no answer, where it is not named by `withheld_by`.
        empty_as: The statistic and unit of the row, with n = 0, where there are no patients; None: as `withheld_as`.
        options: What it honours, as a kind of analysis of study.yaml; None where study.yaml does not ask for it.
        numbers: `module:function` below `questions/` that makes its numbers, from `Asked` where study.yaml asks for it,
            else from `Records`; blank where the numbers come with the cohort.
        patients: `module:function` below `questions/`: its rule for the patients that a number is made from; blank: they are not
            named, and the page of numbers says so.
        left_out_as: The statistic of the row that says why a variable is not in its model; None where it has no such row.
        document: The module of its folder that holds the `PARTS` it gives to the document; questions of one folder share them.
    """

    kind: Analysis
    stage: Text | None = None
    withheld_as: Statistic = Statistic.N
    withheld_by: Literal["outcomes", "by", ""] | Outcome = ""
    needs: Outcome | None = None
    empty_as: tuple[Statistic, Unit] | None = None
    document: str = ""

    options: Options | None = None
    numbers: str = ""
    patients: str = ""
    left_out_as: Statistic | None = None

    @property
    def rests_on(self) -> Outcome | None:
        """The one outcome that it is about, whatever study.yaml asks for."""
        return self.withheld_by if isinstance(self.withheld_by, Outcome) else self.needs

    def load(self) -> Callable[[Any], Answer]:
        """What makes its numbers; no module of theirs is loaded before."""
        return _loaded(self.numbers)

    def answer(self, asked: Asked | Records) -> Answer:
        """Its numbers and series."""
        return self.load()(asked)

    def made_from(self, estimate: Estimate, chosen: Chosen) -> MadeFrom:
        """The patients that one of its numbers is made from, by the rule in its folder."""
        return (
            _loaded(self.patients)(estimate, chosen) if self.patients else MadeFrom(reasons=(Reason.NO_RULE,))
        )

    def parts(self) -> Parts:
        """What it gives to the document; the module is loaded when it is first asked.

        Raises:
            ValueError: Another question of its folder gives the parts of both.
        """
        if not self.document:
            raise ValueError(f"{self.kind} has no parts of its own")
        return _loaded(f"{self.document}:PARTS")

    def withheld(self, settings: AnalysisSettings, reason: Warnings) -> list[Estimate]:
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


def _loaded(place: str) -> Any:
    """What is at `module:name` below `questions/`."""
    module, name = place.split(":")
    return getattr(import_module(f"oligoscope.questions.{module}"), name)
