"""What the choice of a definition does."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses

RECLASSIFICATION = Question(
    analyses.RECLASSIFICATION,
    Text("比较各定义", "comparing the definitions"),
)
