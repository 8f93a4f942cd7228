"""What a source suggests after progression, by pattern and time."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

MANAGEMENT = Question(
    "management",
    Text("进展后处理的文献观点", "What a source says on management"),
    numbers="management.numbers:answer",
    patients="management.patients:made_from",
    document="management.section",
)
