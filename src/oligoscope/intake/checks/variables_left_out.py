"""Findings that only a run can give: variables that a model was to use and could not."""

from __future__ import annotations

from collections.abc import Sequence

from oligoscope.bilingual import Text
from oligoscope.intake.issues import Issue, Issues
from oligoscope.results.results import Estimate
from oligoscope.results.warnings import Warnings


def with_variables_left_out(issues: Issues, left_out: Sequence[Estimate]) -> Issues:
    """The findings, and one for each variable that a model was to use and could not."""
    reasons: dict[tuple[str, Warnings], list[str]] = {}
    for e in left_out:
        reasons.setdefault((e.variable, e.warning), []).append(e.analysis)
    found = []
    for (variable, warning), analyses in reasons.items():
        listed, why = ", ".join(dict.fromkeys(analyses)), warning.printed
        expected = Text(f"{listed}：{why.zh}", f"{listed}: {why.en}")
        found.append(Issue(rule="variable_left_out", table="patients", column=variable, expected=expected))
    return Issues.of([*issues, *found])
