"""Which first event, and how often."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses

COMPETING_RISKS = Question(analyses.COMPETING_RISKS, Text("估计竞争风险", "estimating competing risks"))
