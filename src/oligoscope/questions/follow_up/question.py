"""How long patients were followed."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.study.analysis_options import UNMATCHED, Options
from oligoscope.study.dictionary.outcomes import Outcome

FOLLOW_UP = Question(
    analyses.FOLLOW_UP,
    Text("描述随访", "describing follow-up"),
    needs=Outcome.OS,
    options=Options(UNMATCHED, ("where",)),
    numbers="follow_up.numbers:answer",
    patients="follow_up.patients:made_from",
    document="follow_up.section",
)
