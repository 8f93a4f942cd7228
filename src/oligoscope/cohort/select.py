"""Who is studied: ordered eligibility rules, and the account of all who leave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.errors import DataError
from oligoscope.results.analyses import FLOW
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.study.conditions import parse_condition
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.terms import Pattern, Population
from oligoscope.study.protocol import EligibilityRule, Protocol
from oligoscope.study.rules import Rule, first_that_holds

# Rules that hold in every study, whatever study.yaml says; figures know their names.
QUARANTINED = Text("数据有误而隔离", "Set aside because of faulty data")
AFTER_CUTOFF = Text("治疗开始晚于数据截止日", "Treatment started after the data cut-off")
NOT_TREATED = Text("未开始治疗", "Treatment not started")
PROGRESSION_UNKNOWN = Text("数据未记录是否进展", "The data do not say whether they progressed")
NOT_PROGRESSED = Text("未发生疾病进展", "No progression")
NO_PATTERN = Text("进展模式无法判定", "Progression pattern not assessable")
SHOWN = 10  # patients named in a message
_COLUMNS = (
    "kind",
    "name",
    "n",
    Statistic.N_EXCLUDED,
    Statistic.N_NOT_ASSESSABLE,
    "sentence_zh",
    "sentence_en",
)
_NEVER = pl.lit(value=False)


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One rule and what it did.

    Attributes:
        rule: The rule's id.
        sentence: Why those who fail it left.
        after: The population it is applied to: screened or treated.
        n_before: Patients it was applied to.
        n_excluded: Patients it excluded.
        n_not_assessable: Patients for whom it could not be judged; they stay.
        n_died: Of treated patients it excluded, those who died.
        n_death_known: Of treated patients it excluded, those of whom it is known whether they died.
        in_every_study: It is no rule of this study's own, and no step of the account where it excluded no patient.
    """

    rule: str
    sentence: Text
    after: str
    n_before: int
    n_excluded: int
    n_not_assessable: int
    n_died: int = 0
    n_death_known: int = 0
    in_every_study: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Attrition: screened -> treated -> progressed; `every_step` holds those that excluded no patient, too."""

    n_screened: int
    n_treated: int
    n_progressed: int
    patterns: tuple[tuple[str, int], ...]
    every_step: tuple[FlowStep, ...]

    @property
    def steps(self) -> tuple[FlowStep, ...]:
        """The steps of the account."""
        return tuple(s for s in self.every_step if s.n_excluded or not s.in_every_study)

    @property
    def sizes(self) -> dict[str, int]:
        """Patients of each population, in their order."""
        return {"screened": self.n_screened, "treated": self.n_treated, "progressed": self.n_progressed}

    def frame(self) -> pl.DataFrame:
        """One row a step, as flow.csv holds it; n_screened = all n_excluded + n_progressed."""
        rows: list[dict[str, object]] = []
        for population, n in self.sizes.items():
            rows.append({"kind": "population", "name": population, "n": n})
            rows += [_step_row(s) for s in self.steps if s.after == population]
        rows += [{"kind": "pattern", "name": name, "n": n} for name, n in self.patterns]
        return pl.DataFrame(rows, schema=_COLUMNS, infer_schema_length=None)

    def estimates(self) -> list[Estimate]:
        """The same numbers as Results."""
        keys: dict[str, Any] = {"analysis": FLOW, "unit": Unit.PATIENTS}
        of_pattern = keys | {"population": "progressed", "outcome": "pattern", "n": self.n_progressed}
        return [
            *(Estimate(**keys, population=p, statistic=Statistic.N, value=n, n=n) for p, n in self.sizes.items()),
            *(
                Estimate(
                    **keys, population=step.after, variable=step.rule, statistic=statistic,
                    value=getattr(step, statistic), n=step.n_before,
                )
                for step in self.steps
                for statistic in (Statistic.N_EXCLUDED, Statistic.N_NOT_ASSESSABLE)
            ),
            *(
                Estimate(
                    analysis=FLOW, unit=Unit.EVENTS, population=step.after, outcome=Outcome.OS, variable=step.rule,
                    statistic=Statistic.EVENTS, value=step.n_died, n=step.n_death_known,
                )
                for step in self.steps
                if step.n_death_known
            ),
            *(Estimate(**of_pattern, group=p, statistic=Statistic.N, value=n) for p, n in self.patterns),
        ]  # fmt: skip


@dataclass(frozen=True)
class Cohort:
    """The derived patients with their population, and the Flow that led there."""

    patients: pl.DataFrame
    flow: Flow

    def population(self, name: str) -> pl.DataFrame:
        """Patients of a population; those who progressed were all treated."""
        return self._progressed if name == "progressed" else self._treated

    # Every analysis asks for one of the two.
    @cached_property
    def _progressed(self) -> pl.DataFrame:
        return self.patients.filter(pl.col("population") == Population.PROGRESSED)

    @cached_property
    def _treated(self) -> pl.DataFrame:
        return self.patients.filter(pl.col("population").is_in([Population.PROGRESSED, Population.TREATED]))


def select_cohort(patients: pl.DataFrame, protocol: Protocol, n_quarantined: int = 0) -> Cohort:
    """Apply the rules in order; the first a patient fails is the reason they leave.

    A rule on a column that is absent, or blank for a patient, cannot be judged: the patient stays
    and is counted as not assessable. Treatment and progression are checked for all patients, after the
    study's own rules.

    Args:
        patients: Derived patients.
        protocol: Its eligibility rules.
        n_quarantined: Patients whose rows were set aside before; they are part of those screened.

    Raises:
        DataError: A time of a patient who would be analysed is negative; patient, time and days are named.
    """
    rules = _exclusions(protocol, patients.columns)
    judged = patients.select(
        first_that_holds(rules, lambda rule: pl.lit(rule.place)).alias("place"),
        *(rule.unknown.alias(str(rule.place)) for rule in rules),
    )
    # The place of the rule by which each patient left; of those who stay one beyond the last.
    place = judged["place"].fill_null(len(rules))
    in_treatment = place >= sum(rule.after == "screened" for rule in rules)
    progressed = place == len(rules)
    population = (
        pl.when(progressed).then(pl.lit(Population.PROGRESSED.value))
        .when(in_treatment).then(pl.lit(Population.TREATED.value))
        .otherwise(pl.lit(Population.EXCLUDED.value))
    )  # fmt: skip
    labels = pl.Series([*(rule.label for rule in rules), None], dtype=pl.String)
    selected = patients.with_columns(excluded_because=labels.gather(place), population=population)
    _refuse_negative_times(selected)
    patterns = selected.filter(progressed)["pattern"]
    n_screened, n_progressed = patients.height + n_quarantined, int(progressed.sum())
    steps = [
        FlowStep("quarantined", QUARANTINED, "screened", n_screened, n_quarantined, 0, in_every_study=True),
        *(_counted(rule, place, judged[str(rule.place)], patients) for rule in rules),
        FlowStep(
            "pattern", NO_PATTERN, "progressed", n_progressed, patterns.null_count(), 0, in_every_study=True
        ),
    ]
    flow = Flow(
        n_screened, int(in_treatment.sum()), n_progressed,
        tuple((p.value, int((patterns == p.value).sum())) for p in Pattern),
        tuple(steps),
    )  # fmt: skip
    return Cohort(selected, flow)


@dataclass(frozen=True, slots=True)
class _Exclusion(Rule[str]):
    """Who leaves.

    Attributes:
        text: Why, in both languages.
        after: The population it is applied to: screened or treated.
        unknown: For whom it cannot be judged.
        in_every_study: It is no rule of this study's own.
        place: Which of the rules it is, from 0.
    """

    text: Text = field(kw_only=True)
    after: str = field(kw_only=True)
    unknown: pl.Expr = field(default=_NEVER, kw_only=True)
    in_every_study: bool = field(default=True, kw_only=True)
    place: int = field(default=0, kw_only=True)


def _exclusions(protocol: Protocol, columns: Collection[str]) -> list[_Exclusion]:
    """The study's own rules and those of every study, in their order."""
    start, cutoff = pl.col("treatment_started_on"), pl.lit(protocol.study.data_cutoff, pl.Date)
    own = [_of_study(rule, columns) for rule in protocol.eligibility]
    rules = [
        *(rule for rule in own if rule.after == "screened"),
        _of_every_study("not_treated", NOT_TREATED, start.is_null(), "screened"),
        # Not yet treated when follow-up ends: nothing of theirs can be counted.
        _of_every_study("after_cutoff", AFTER_CUTOFF, start > cutoff, "screened"),
        *(rule for rule in own if rule.after == "treated"),
        _of_every_study(
            "progression_unknown", PROGRESSION_UNKNOWN, pl.col("progressed").is_null(), "treated"
        ),
        _of_every_study("not_progressed", NOT_PROGRESSED, pl.col("progressed") != "yes", "treated"),
    ]
    return [replace(rule, place=place) for place, rule in enumerate(rules)]


def _of_every_study(rule: str, text: Text, leaves: pl.Expr, after: str) -> _Exclusion:
    return _Exclusion(rule, text.en, leaves, text=text, after=after)


def _of_study(rule: EligibilityRule, columns: Collection[str]) -> _Exclusion:
    condition, text = parse_condition(rule.keep), Text(rule.excluded.zh, rule.excluded.en)
    known = condition.columns <= set(columns)
    keep = condition.to_expr() if known else pl.lit(None, pl.Boolean)
    return _Exclusion(
        rule.id, text.en, ~keep, text=text, after=rule.after, unknown=keep.is_null(), in_every_study=False
    )


def _counted(rule: _Exclusion, place: pl.Series, unknown: pl.Series, patients: pl.DataFrame) -> FlowStep:
    """What a rule did to the patients still left, and who of the treated ones it excluded died."""
    here, out = place >= rule.place, place == rule.place
    counts = (int(which.sum()) for which in (here, out, here & unknown))
    step = FlowStep(rule.label, rule.text, rule.after, *counts, in_every_study=rule.in_every_study)
    if rule.after != "treated" or "os_event" not in patients.columns:
        return step
    died = patients["os_event"].filter(out).drop_nulls()
    return replace(step, n_died=int(died.sum()), n_death_known=died.len())


def _refuse_negative_times(patients: pl.DataFrame) -> None:
    analysed = patients.filter(pl.col("population") != Population.EXCLUDED.value)
    found = [
        f"  patient {patient}  {column} = {days}"
        for column in (c for c in analysed.columns if c.endswith("_days"))
        for patient, days in analysed.filter(pl.col(column) < 0).select("patient_id", column).iter_rows()
    ]
    if found:
        raise DataError(
            "A time counted from treatment start cannot be negative:\n"
            + "\n".join(found[:SHOWN])
            + (f"\n  … and {len(found) - SHOWN} more" if len(found) > SHOWN else "")
            + "\nCompare these patients' dates with the day their treatment started."
        )


def _step_row(step: FlowStep) -> dict[str, object]:
    counts = (step.n_before, step.n_excluded, step.n_not_assessable)
    texts = (step.sentence.zh, step.sentence.en)
    return dict(zip(_COLUMNS, ("exclusion", step.rule, *counts, *texts), strict=True))
