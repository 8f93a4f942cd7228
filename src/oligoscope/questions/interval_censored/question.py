"""Progression-free survival as known from assessments: progression lies between two of them."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results.analyses import Analysis
from oligoscope.results.statistics import Statistic
from oligoscope.study.analysis_options import UNMATCHED, Options
from oligoscope.study.dictionary.outcomes import Outcome

INTERVAL_CENSORED = Question(
    Analysis("interval_censored", "区间删失的无进展生存期", "Interval-censored progression-free survival"),
    Text("分析区间删失的无进展生存期", "analysing intervals between assessments"),
    withheld_as=Statistic.MEDIAN_BETWEEN,
    withheld_by=Outcome.PFS,
    options=Options(
        UNMATCHED,
        ("where", "by", "reference", "minimum_events"),
        entry="taken",
        apart_by=("by",),
    ),
    numbers="interval_censored.numbers:answer",
    patients="interval_censored.patients:made_from",
    document="interval_censored.section",
)
