"""Weights in place of matches."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic
from oligoscope.study.analysis_options import OUTCOMES, UNMATCHED, Options

WEIGHTING = Question(
    analyses.WEIGHTING,
    Text("加权比较", "comparing with weights"),
    withheld_as=Statistic.HAZARD_RATIO,
    withheld_by="outcomes",
    options=Options(
        UNMATCHED,
        ("where", "by", "reference", "outcomes", "minimum_events"),
        entry="taken",
        needs=("outcomes",),
        outcomes=OUTCOMES,
        two_groups=True,
        completed=True,
        propensity=True,
        apart_by=("by",),
    ),
    numbers="weighting.numbers:answer",
    left_out_as=Statistic.COVARIATE,
    patients="weighting.patients:made_from",
    document="weighting.section",
)
WEIGHTED_BALANCE = Question(
    analyses.WEIGHTED_BALANCE,
    patients="weighting.patients:balance_made_from",
)
