"""How many responded, and the course of every patient."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

RESPONSE_RATE = Question(
    "response_rate",
    Text("疗效", "Response"),
    Text("估计缓解率", "estimating response rates"),
    document="response.section",
)
RESPONSE_SERIES = Question("response_series", Text("病灶变化与病程", "Change of the lesions and course"))
