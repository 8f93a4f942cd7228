"""Which first event, and how often."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

COMPETING_RISKS = Question(
    "competing_risks",
    Text("竞争风险", "Competing risks"),
    Text("估计竞争风险", "estimating competing risks"),
    document="competing_risks.section",
)
