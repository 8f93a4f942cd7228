"""Where it progressed."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.study.vocabulary import Text

SITES = Question(
    "sites",
    Text("进展部位", "Sites of progression"),
    Text("描述进展部位", "describing the sites of progression"),
    withheld_by="by",
)
