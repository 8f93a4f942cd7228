"""Matching on the propensity score: balance and overlap."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic

MATCHING = Question(
    analyses.MATCHING,
    left_out_as=Statistic.COVARIATE,
    patients="matching.patients:made_from",
    document="matching.section",
)
BALANCE = Question(
    analyses.BALANCE,
    patients="matching.patients:balance_made_from",
)
