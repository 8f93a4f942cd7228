"""Weights in place of matches."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic

WEIGHTING = Question(
    analyses.WEIGHTING,
    Text("加权比较", "comparing with weights"),
    withheld_as=Statistic.HAZARD_RATIO,
    withheld_by="outcomes",
)
