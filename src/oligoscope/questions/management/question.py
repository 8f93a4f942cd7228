"""What a source suggests after progression, by pattern and time."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.results import analyses

MANAGEMENT = Question(analyses.MANAGEMENT)
