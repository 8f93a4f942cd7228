"""What the groups looked like at the start."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

BASELINE = Question(
    "baseline",
    Text("基线特征", "Baseline characteristics"),
    Text("比较基线特征", "comparing baseline"),
    withheld_by="by",
    document="baseline.section",
)
