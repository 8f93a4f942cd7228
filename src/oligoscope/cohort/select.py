"""Who is studied: ordered eligibility rules, and the account of everybody who leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.errors import DataError
from oligoscope.results.analyses import FLOW
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.study.conditions import parse_condition
from oligoscope.study.protocol import EligibilityRule, Protocol
from oligoscope.study.vocabulary import Pattern, Population

# Rules that hold in every study, whatever study.yaml says; figures know their names.
QUARANTINED = Text("数据有误而隔离", "Set aside because of faulty data")
AFTER_CUTOFF = Text("治疗开始晚于数据截止日", "Treatment started after the data cut-off")
NOT_TREATED = Text("未开始治疗", "Treatment not started")
NOT_PROGRESSED = Text("未发生疾病进展", "No progression")
NO_PATTERN = Text("进展模式无法判定", "Progression pattern not assessable")
SHOWN = 10  # patients named in a message


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One rule and what it did.

    Attributes:
        rule: The rule's id.
        sentence: Why those who fail it left.
        after: The population it is applied to: screened or treated.
        n_before: Patients it looked at.
        n_excluded: Patients it excluded.
        n_not_assessable: Patients for whom it could not be judged; they stay.
    """

    rule: str
    sentence: Text
    after: str
    n_before: int
    n_excluded: int
    n_not_assessable: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Attrition: screened -> treated -> progressed."""

    n_screened: int
    n_treated: int
    n_progressed: int
    patterns: tuple[tuple[str, int], ...]
    steps: tuple[FlowStep, ...]

    def frame(self) -> pl.DataFrame:
        """One row a step, as flow.csv holds it; n_screened = all n_excluded + n_progressed."""
        rows: list[dict[str, object]] = [_row("population", "screened", self.n_screened)]
        for after, name, n in (
            ("screened", "treated", self.n_treated),
            ("treated", "progressed", self.n_progressed),
        ):
            rows += [_step_row(s) for s in self.steps if s.after == after]
            rows.append(_row("population", name, n))
        rows += [_step_row(s) for s in self.steps if s.after == "progressed"]
        rows += [_row("pattern", name, n) for name, n in self.patterns]
        return pl.DataFrame(rows, infer_schema_length=None)

    def estimates(self) -> list[Estimate]:
        """The same numbers as Results."""
        sizes = {"screened": self.n_screened, "treated": self.n_treated, "progressed": self.n_progressed}
        found = [
            Estimate(analysis=FLOW, population=p, statistic=Statistic.N, value=n, n=n, unit=Unit.PATIENTS)
            for p, n in sizes.items()
        ]
        for step in self.steps:
            for statistic in (Statistic.N_EXCLUDED, Statistic.N_NOT_ASSESSABLE):
                found.append(
                    Estimate(
                        analysis=FLOW,
                        population=step.after,
                        variable=step.rule,
                        statistic=statistic,
                        value=getattr(step, statistic),
                        n=step.n_before,
                        unit=Unit.PATIENTS,
                    )
                )
        return found + [
            Estimate(
                analysis=FLOW,
                population="progressed",
                outcome="pattern",
                group=group,
                statistic=Statistic.N,
                value=n,
                n=self.n_progressed,
                unit=Unit.PATIENTS,
            )
            for group, n in self.patterns
        ]


@dataclass(frozen=True)
class Cohort:
    """The derived patients with their population, and the Flow that led there."""

    patients: pl.DataFrame
    flow: Flow

    def population(self, name: str) -> pl.DataFrame:
        """Patients of a population; those who progressed were all treated."""
        wanted = (
            [Population.PROGRESSED] if name == "progressed" else [Population.TREATED, Population.PROGRESSED]
        )
        return self.patients.filter(pl.col("population").is_in(wanted))


def select_cohort(patients: pl.DataFrame, protocol: Protocol, n_quarantined: int = 0) -> Cohort:
    """Apply the rules in order; the first a patient fails is the reason they leave.

    A rule on a column that is absent, or blank for a patient, cannot be judged: the patient stays
    and is counted as not assessable. Treatment and progression are asked of everybody, after the
    study's own rules.

    Args:
        patients: Derived patients.
        protocol: Its eligibility rules.
        n_quarantined: Patients whose rows were set aside before; they are part of those screened.

    Raises:
        DataError: A time of a patient who would be analysed is negative; patient, time and days are named.
    """
    count = _Attrition(patients, n_quarantined)
    for rule in protocol.eligibility:
        if rule.after == "screened":
            count.apply(rule.id, _text(rule), "screened", *_judge(patients, rule))
    count.ask("not_treated", NOT_TREATED, "screened", patients["treatment_started_on"].is_null())
    count.ask("after_cutoff", AFTER_CUTOFF, "screened", _starts_after(patients, protocol.study.data_cutoff))
    in_treatment = count.reason.is_null()
    for rule in protocol.eligibility:
        if rule.after == "treated":
            count.apply(rule.id, _text(rule), "treated", *_judge(patients, rule))
    count.ask("not_progressed", NOT_PROGRESSED, "treated", patients["progressed"] != "yes")
    progressed = count.reason.is_null()
    population = (
        pl.when(progressed).then(pl.lit(Population.PROGRESSED.value))
        .when(in_treatment).then(pl.lit(Population.TREATED.value))
        .otherwise(pl.lit(Population.EXCLUDED.value))
    )  # fmt: skip
    selected = patients.with_columns(count.reason, population=population)
    _refuse_negative_times(selected)
    patterns = selected.filter(progressed)["pattern"]
    count.note("pattern", NO_PATTERN, "progressed", int(progressed.sum()), patterns.null_count())
    flow = Flow(
        patients.height + n_quarantined, int(in_treatment.sum()), int(progressed.sum()),
        tuple((p.value, int((patterns == p.value).sum())) for p in Pattern), tuple(count.steps),
    )  # fmt: skip
    return Cohort(selected, flow)


def _starts_after(patients: pl.DataFrame, cutoff: date | None) -> pl.Series:
    """Who was not yet treated when follow-up ends: nothing about them can be counted."""
    start = pl.col("treatment_started_on")
    return patients.select(late=(start > pl.lit(cutoff, pl.Date)).fill_null(value=False))["late"]


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


class _Attrition:
    """The reason each patient left, so far, and the steps that led there."""

    def __init__(self, patients: pl.DataFrame, n_quarantined: int) -> None:
        self.reason = pl.Series("excluded_because", [None] * patients.height, dtype=pl.String)
        self.steps: list[FlowStep] = []
        self.note("quarantined", QUARANTINED, "screened", patients.height + n_quarantined, n_quarantined)

    def apply(self, rule: str, sentence: Text, after: str, fails: pl.Series, unknown: pl.Series) -> None:
        here = self.reason.is_null()
        n_out, n_unknown = int((here & fails).sum()), int((here & unknown).sum())
        self.steps.append(FlowStep(rule, sentence, after, int(here.sum()), n_out, n_unknown))
        self.reason = self.reason.set(here & fails, rule)

    def ask(self, rule: str, sentence: Text, after: str, fails: pl.Series) -> None:
        """A rule of every study: it makes no step where nobody fails it."""
        if (self.reason.is_null() & fails).any():
            self.apply(rule, sentence, after, fails, fails & ~fails)

    def note(self, rule: str, sentence: Text, after: str, n_before: int, n_out: int) -> None:
        if n_out:
            self.steps.append(FlowStep(rule, sentence, after, n_before, n_out, 0))


def _text(rule: EligibilityRule) -> Text:
    return Text(rule.excluded.zh, rule.excluded.en)


def _judge(patients: pl.DataFrame, rule: EligibilityRule) -> tuple[pl.Series, pl.Series]:
    """Who fails the rule, and for whom it cannot be judged."""
    condition = parse_condition(rule.keep)
    if not condition.columns <= set(patients.columns):
        nobody = pl.Series([False] * patients.height, dtype=pl.Boolean)
        return nobody, ~nobody
    verdict = patients.select(v=condition.to_expr())["v"]
    return ~verdict.fill_null(True), verdict.is_null()


def _row(kind: str, name: str, n: int) -> dict[str, object]:
    return {
        "kind": kind, "name": name, "n": n, Statistic.N_EXCLUDED: None, Statistic.N_NOT_ASSESSABLE: None,
        "sentence_zh": None, "sentence_en": None,
    }  # fmt: skip


def _step_row(step: FlowStep) -> dict[str, object]:
    return {
        "kind": "exclusion", "name": step.rule, "n": step.n_before, Statistic.N_EXCLUDED: step.n_excluded,
        Statistic.N_NOT_ASSESSABLE: step.n_not_assessable, "sentence_zh": step.sentence.zh, "sentence_en": step.sentence.en,
    }  # fmt: skip
