"""Patients of the flow: those whom no rule before had excluded."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.cohort.patient_terms import followed, had_event, is_level, is_unknown, patients_of
from oligoscope.cohort.select import FlowStep
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.selection import NO_PATIENT, Term
from oligoscope.results.statistics import Statistic


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """A rule was applied to the patients whom no earlier rule had excluded."""
    everyone = patients_of(e.population)
    if e.group:
        return MadeFrom(everyone, everyone.and_(is_level(e.outcome, e.group)))
    steps = [step for step in chosen.flow.steps if step.after == e.population]
    if not e.variable:
        aside = any(step.rule == "quarantined" for step in steps)
        return MadeFrom(everyone, reasons=(Reason.QUARANTINED,)) if aside else MadeFrom(everyone, everyone)
    if e.variable == "quarantined":
        return MadeFrom(everyone, reasons=(Reason.QUARANTINED,))
    place = [step.rule for step in steps].index(e.variable)
    before = [step for step in steps[:place] if step.rule != "quarantined"]
    here = everyone.and_(_not_excluded(before)) if before else everyone
    if e.statistic == Statistic.N_NOT_ASSESSABLE:
        return MadeFrom(here, reasons=(Reason.NOT_JUDGED,)) if e.value else MadeFrom(here, NO_PATIENT)
    if e.variable == "pattern":
        return MadeFrom(here, here.and_(is_unknown("pattern")))
    because = Term("excluded_because", "in", (e.variable,), label=steps[place].sentence)
    if e.statistic == Statistic.EVENTS:
        left = everyone.and_(because, *followed(e.outcome))
        return MadeFrom(left, left.and_(had_event(e.outcome)))
    return MadeFrom(here, here.and_(because))


def _not_excluded(steps: list[FlowStep]) -> Term:
    """Those whom none of these rules excluded."""
    label = Text(
        f"未因以下原因排除：{'、'.join(s.sentence.zh for s in steps)}",
        f"Not excluded because of: {', '.join(s.sentence.en for s in steps)}",
    )
    return Term("excluded_because", "not in", tuple(s.rule for s in steps), label=label)
