"""What goes with the pattern."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

PREDICTORS = Question(
    "predictors",
    Text("进展模式的影响因素", "Predictors of the pattern"),
    Text("拟合影响因素模型", "fitting predictors of the pattern"),
    withheld_as="odds_ratio_multivariable",
    withheld_by="by",
    document="predictors.section",
)
