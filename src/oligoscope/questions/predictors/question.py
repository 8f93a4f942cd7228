"""What goes with the pattern."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic
from oligoscope.study.analysis_options import UNMATCHED, Options

PREDICTORS = Question(
    analyses.PREDICTORS,
    Text("拟合影响因素模型", "fitting predictors of the pattern"),
    withheld_as=Statistic.ODDS_RATIO_MULTIVARIABLE,
    withheld_by="by",
    options=Options(
        UNMATCHED,
        ("where", "by", "reference", "variables", "minimum_events", "minimum_events_per_variable"),
        entry="ignored",
        needs=("variables",),
        two_groups=True,
        completed=True,
        apart_by=("by", "variables"),
    ),
    numbers="predictors.numbers:answer",
    left_out_as=Statistic.ODDS_RATIO_MULTIVARIABLE,
    patients="predictors.patients:made_from",
    document="predictors.section",
)
