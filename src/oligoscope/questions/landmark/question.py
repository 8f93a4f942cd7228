"""Survival by what had happened until then: landmarks, and a time-dependent model."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.study.analysis_options import UNMATCHED, Options
from oligoscope.study.dictionary.outcomes import Outcome

# Both follow patients through no progression and both patterns: their groups and their endpoint are fixed.
FOLLOWED = Options(UNMATCHED, ("where", "minimum_events"), outcomes=(Outcome.OS,), entry="taken")

LANDMARK = Question(
    analyses.LANDMARK,
    Text("界标分析", "comparing from landmarks"),
    withheld_by=Outcome.OS,
    options=FOLLOWED,
    numbers="landmark.numbers:answer",
    patients="landmark.patients:made_from",
    document="landmark.section",
)
TIME_DEPENDENT = Question(
    analyses.TIME_DEPENDENT,
    Text("拟合时依模型", "fitting the time-dependent model"),
    withheld_by=Outcome.OS,
    options=FOLLOWED,
    numbers="landmark.numbers:answer_time_dependent",
    patients="landmark.patients:time_dependent_made_from",
)
