"""Who was studied: patients screened, treated, progressed, and why the others left."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.results import analyses

FLOW = Question(
    analyses.FLOW,
    patients="flow.patients:made_from",
    document="flow.section",
)
