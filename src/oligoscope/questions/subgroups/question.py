"""Whether a hazard ratio is the same in all kinds of patients."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

SUBGROUPS = Question(
    "subgroups",
    Text("亚组分析", "Subgroups"),
    Text("亚组比较", "comparing in subgroups"),
    withheld_as="hazard_ratio",
    withheld_by="outcomes",
    document="subgroups.section",
)
