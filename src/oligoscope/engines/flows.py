"""The account of all partitions from the accounts of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from oligoscope.bilingual import Text
from oligoscope.cohort.select import (
    AFTER_CUTOFF,
    NO_PATTERN,
    NOT_PROGRESSED,
    NOT_TREATED,
    QUARANTINED,
    Flow,
    FlowStep,
)
from oligoscope.study.protocol import Protocol


def add_flows(flows: Sequence[Flow], protocol: Protocol) -> Flow:
    """Sums; a step that no patient of a partition failed is not in its account, but was applied to its patients."""
    lines = [_in_line(flow, protocol) for flow in flows]
    steps = [_sum([line[i] for line in lines]) for i in range(len(lines[0]))]
    optional = {step.sentence for step in _optional_steps(flows[0])}
    return Flow(
        sum(f.n_screened for f in flows),
        sum(f.n_treated for f in flows),
        sum(f.n_progressed for f in flows),
        tuple((name, sum(dict(f.patterns)[name] for f in flows)) for name, _ in flows[0].patterns),
        tuple(s for s in steps if s.n_excluded or s.sentence not in optional),
    )


def _optional_steps(flow: Flow) -> tuple[FlowStep, ...]:
    """Steps that exist only where a patient failed them, as they would be with none excluded."""

    def without_patients(rule: str, sentence: Text, after: str, n_before: int) -> FlowStep:
        return FlowStep(rule, sentence, after, n_before, 0, 0)

    return (
        without_patients("quarantined", QUARANTINED, "screened", flow.n_screened),
        without_patients(
            "not_treated", NOT_TREATED, "screened", flow.n_treated + _n_out(flow, "after_cutoff")
        ),
        without_patients("after_cutoff", AFTER_CUTOFF, "screened", flow.n_treated),
        without_patients("not_progressed", NOT_PROGRESSED, "treated", flow.n_progressed),
        without_patients("pattern", NO_PATTERN, "progressed", flow.n_progressed),
    )


def _n_out(flow: Flow, rule: str) -> int:
    return sum(s.n_excluded for s in flow.steps if s.rule == rule)


def _in_line(flow: Flow, protocol: Protocol) -> list[FlowStep]:
    """Every step the study can have, in order."""
    rules = {after: sum(r.after == after for r in protocol.eligibility) for after in ("screened", "treated")}
    given = list(flow.steps)
    quarantined, not_treated, after_cutoff, not_progressed, pattern = _optional_steps(flow)

    def given_or(default: FlowStep) -> FlowStep:
        there = given and given[0].sentence == default.sentence and given[0].rule == default.rule
        return given.pop(0) if there else default

    line = [given_or(quarantined)]
    line += [given.pop(0) for _ in range(rules["screened"])]
    line += [given_or(not_treated), given_or(after_cutoff)]
    line += [given.pop(0) for _ in range(rules["treated"])]
    return [*line, given_or(not_progressed), given_or(pattern)]


def _sum(steps: list[FlowStep]) -> FlowStep:
    return replace(
        steps[0],
        n_before=sum(s.n_before for s in steps),
        n_excluded=sum(s.n_excluded for s in steps),
        n_not_assessable=sum(s.n_not_assessable for s in steps),
    )
