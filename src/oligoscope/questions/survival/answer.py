"""Survival, of one cohort or pooled over several."""

from __future__ import annotations

from oligoscope.questions.question import Answer, Asked
from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.questions.survival.pooled import compare_survival_pooled


def answer(asked: Asked) -> Answer:
    """Every outcome asked for, in the cohort as it is or over the matched cohorts."""
    if asked.is_matched:
        return compare_survival_pooled(asked.cohorts, asked.settings, asked.cluster)
    return compare_survival(asked.patients, asked.settings)
