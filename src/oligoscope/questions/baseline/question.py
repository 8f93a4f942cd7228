"""What the groups looked like at the start."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses

BASELINE = Question(
    analyses.BASELINE,
    Text("比较基线特征", "comparing baseline"),
    withheld_by="by",
)
