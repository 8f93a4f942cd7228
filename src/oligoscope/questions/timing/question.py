"""When which pattern appears."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses

TIMING = Question(
    analyses.TIMING,
    Text("描述进展时间", "describing the months of progression"),
    withheld_by="by",
)
