"""Matching on the propensity score: balance and overlap."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.results import analyses

MATCHING = Question(analyses.MATCHING)
BALANCE = Question(analyses.BALANCE)
