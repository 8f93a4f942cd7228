"""Which first event, and how often."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic
from oligoscope.study.analysis_options import UNMATCHED, Options
from oligoscope.study.dictionary.outcomes import Outcome

COMPETING_RISKS = Question(
    analyses.COMPETING_RISKS,
    Text("估计竞争风险", "estimating competing risks"),
    needs=Outcome.PFS,
    options=Options(UNMATCHED, ("where", "variables", "minimum_events")),
    numbers="competing_risks.numbers:answer",
    left_out_as=Statistic.P_VALUE_GRAY,
    patients="competing_risks.patients:made_from",
    document="competing_risks.section",
)
