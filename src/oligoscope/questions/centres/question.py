"""At how many centres the patients were treated, and how the comparisons take them into account."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic

CENTRES = Question(
    analyses.CENTRES,
    withheld_as=Statistic.N_CENTRES,
    numbers="centres.numbers:answer",
    patients="centres.patients:made_from",
    document="centres.section",
)
