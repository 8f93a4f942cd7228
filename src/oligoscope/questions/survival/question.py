"""How long: survival by group, before and after matching."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit

SURVIVAL = Question(
    analyses.SURVIVAL,
    Text("估计生存", "estimating survival"),
    withheld_as=Statistic.HAZARD_RATIO,
    withheld_by="outcomes",
    empty_as=(Statistic.MEDIAN, Unit.MONTHS),
)
