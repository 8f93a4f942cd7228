"""What the choice of a definition does."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.study.analysis_options import CHANGING, UNMATCHED, Options

ACQUIRED_OR_NOT = (
    "acquired_or_not"  # the variable of rows that compare acquired resistance with every other label
)
RECLASSIFICATION = Question(
    analyses.RECLASSIFICATION,
    Text("比较各定义", "comparing the definitions"),
    options=Options(UNMATCHED, ("where", "minimum_events", *CHANGING), entry="taken"),
    numbers="definitions.numbers:answer",
    patients="definitions.patients:made_from",
    document="definitions.section",
)
