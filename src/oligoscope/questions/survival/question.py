"""How long: survival by group, before and after matching."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

SURVIVAL = Question(
    "survival",
    Text("生存结局", "Survival"),
    Text("估计生存", "estimating survival"),
    withheld_as="hazard_ratio",
    withheld_by="outcomes",
    empty_as=("median", "months"),
    document="survival.section",
)
