"""What the choice of a definition does."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.study.vocabulary import Text

RECLASSIFICATION = Question(
    "reclassification",
    Text("各定义的比较", "Definitions side by side"),
    Text("比较各定义", "comparing the definitions"),
)
