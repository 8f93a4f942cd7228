"""How many responded, and the course of every patient."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.study.analysis_options import UNMATCHED, Options

RESPONSE_RATE = Question(
    analyses.RESPONSE_RATE,
    Text("估计缓解率", "estimating response rates"),
    options=Options(UNMATCHED, ("where", "by"), entry="ignored"),
    numbers="response.numbers:answer",
    patients="response.patients:made_from",
    document="response.section",
)
RESPONSE_SERIES = Question(
    analyses.RESPONSE_SERIES,
    numbers="response.series:answer",
    patients="response.patients:series_made_from",
)
