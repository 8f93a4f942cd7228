"""Where it progressed."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

SITES = Question(
    "sites",
    Text("进展部位", "Sites of progression"),
    Text("描述进展部位", "describing the sites of progression"),
    withheld_by="by",
    document="sites.section",
)
