"""Survival by what had happened until then: landmarks, and a time-dependent model."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.study.dictionary.outcomes import Outcome

LANDMARK = Question(
    analyses.LANDMARK,
    Text("界标分析", "comparing from landmarks"),
    withheld_by=Outcome.OS,
)
TIME_DEPENDENT = Question(
    analyses.TIME_DEPENDENT,
    Text("拟合时依模型", "fitting the time-dependent model"),
    withheld_by=Outcome.OS,
)
