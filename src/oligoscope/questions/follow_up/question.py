"""How long patients were followed."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

FOLLOW_UP = Question(
    "follow_up",
    Text("随访时间", "Follow-up"),
    Text("描述随访", "describing follow-up"),
    document="follow_up.section",
)
