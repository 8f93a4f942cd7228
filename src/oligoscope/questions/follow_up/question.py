"""How long patients were followed."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.study.analysis_options import UNMATCHED, Options

FOLLOW_UP = Question(
    "follow_up",
    Text("随访时间", "Follow-up"),
    Text("描述随访", "describing follow-up"),
    options=Options(UNMATCHED, ("where",)),
    numbers="follow_up.numbers:answer",
    patients="follow_up.patients:made_from",
    document="follow_up.section",
)
