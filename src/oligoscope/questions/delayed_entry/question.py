"""Who came under observation after treatment had started, and which outcomes were over by then."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic

DELAYED_ENTRY = Question(
    analyses.DELAYED_ENTRY,
    withheld_as=Statistic.N_ENTERED_LATE,
    numbers="delayed_entry.numbers:answer",
    patients="delayed_entry.patients:made_from",
    document="delayed_entry.section",
)
