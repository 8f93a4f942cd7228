"""Survival by what had happened until then: landmarks, and a time-dependent model."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.study.dictionary.outcomes import Outcome

LANDMARK = Question(
    "landmark",
    Text("界标分析", "Landmark analysis"),
    Text("界标分析", "comparing from landmarks"),
    withheld_by=Outcome.OS,
)
TIME_DEPENDENT = Question(
    "time_dependent",
    Text("时依 Cox 模型", "Time-dependent Cox model"),
    Text("拟合时依模型", "fitting the time-dependent model"),
    withheld_by=Outcome.OS,
)
