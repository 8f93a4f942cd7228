"""Comparability at progression."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic
from oligoscope.study.analysis_options import Options
from oligoscope.study.dictionary.outcomes import Outcome

AT_PROGRESSION = Question(
    analyses.AT_PROGRESSION,
    Text("比较进展时的患者", "comparing patients at progression"),
    withheld_as=Statistic.HAZARD_RATIO_ADJUSTED,
    withheld_by=Outcome.PPS,
    options=Options(
        ("progressed", "matched"),
        ("where", "minimum_events", "minimum_events_per_variable"),
        entry="taken",
        outcomes=(Outcome.PPS,),
        completed=True,
        propensity=True,
    ),
    numbers="at_progression.numbers:answer",
    left_out_as=Statistic.COVARIATE,
    patients="at_progression.patients:made_from",
    document="at_progression.section",
)
