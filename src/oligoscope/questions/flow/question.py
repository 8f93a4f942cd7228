"""Who was studied: patients screened, treated, progressed, and why the others left."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

FLOW = Question(
    "flow",
    Text("患者筛选", "Patients"),
    patients="flow.patients:made_from",
    document="flow.section",
)
