"""What goes with the pattern."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic

PREDICTORS = Question(
    analyses.PREDICTORS,
    Text("拟合影响因素模型", "fitting predictors of the pattern"),
    withheld_as=Statistic.ODDS_RATIO_MULTIVARIABLE,
    withheld_by="by",
)
