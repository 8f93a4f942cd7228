"""What the choice of a definition does."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

RECLASSIFICATION = Question(
    "reclassification",
    Text("各定义的比较", "Definitions side by side"),
    Text("比较各定义", "comparing the definitions"),
    document="definitions.section",
)
