"""Whether a hazard ratio is the same in all kinds of patients."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic

SUBGROUPS = Question(
    analyses.SUBGROUPS,
    Text("亚组比较", "comparing in subgroups"),
    withheld_as=Statistic.HAZARD_RATIO,
    withheld_by="outcomes",
)
