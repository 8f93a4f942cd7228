"""Where it progressed."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses

SITES = Question(
    analyses.SITES,
    Text("描述进展部位", "describing the sites of progression"),
    withheld_by="by",
)
