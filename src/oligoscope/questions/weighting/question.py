"""Weights in place of matches."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

WEIGHTING = Question(
    "weighting",
    Text("倾向评分加权", "Weighting"),
    Text("加权比较", "comparing with weights"),
    withheld_as="hazard_ratio",
    withheld_by="outcomes",
    document="weighting.section",
)
