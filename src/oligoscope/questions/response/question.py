"""How many responded, and the course of every patient."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses

RESPONSE_RATE = Question(analyses.RESPONSE_RATE, Text("估计缓解率", "estimating response rates"))
RESPONSE_SERIES = Question(analyses.RESPONSE_SERIES)
