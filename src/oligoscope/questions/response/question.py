"""How many responded, and the course of every patient."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.study.analysis_options import UNMATCHED, Options

RESPONSE_RATE = Question(
    "response_rate",
    Text("疗效", "Response"),
    Text("估计缓解率", "estimating response rates"),
    options=Options(UNMATCHED, ("where", "by")),
    numbers="response.numbers:answer",
    patients="response.patients:made_from",
    document="response.section",
)
RESPONSE_SERIES = Question(
    "response_series",
    Text("病灶变化与病程", "Change of the lesions and course"),
    numbers="response.series:answer",
    patients="response.patients:series_made_from",
)
