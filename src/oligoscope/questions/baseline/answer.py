"""The baseline table, of one cohort or pooled over several."""

from __future__ import annotations

from oligoscope.questions.baseline.numbers import compare_baseline
from oligoscope.questions.baseline.pooled import compare_baseline_pooled
from oligoscope.questions.question import Answer, Asked


def answer(asked: Asked) -> Answer:
    """The table of the cohort as it is, or over the matched cohorts."""
    if asked.is_matched:
        return compare_baseline_pooled(asked.cohorts, asked.settings, asked.completed), {}
    return compare_baseline(asked.patients, asked.settings), {}
