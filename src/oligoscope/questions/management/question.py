"""What a source suggests after progression, by pattern and time."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.results import analyses

MANAGEMENT = Question(
    analyses.MANAGEMENT,
    numbers="management.numbers:answer",
    patients="management.patients:made_from",
    document="management.section",
)
