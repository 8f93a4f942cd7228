"""How long patients were followed."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses

FOLLOW_UP = Question(analyses.FOLLOW_UP, Text("描述随访", "describing follow-up"))
