"""Labels that the study team has given, beside what the rules would say."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.results.analyses import TEAM_LABELS as ANALYSIS
from oligoscope.results.statistics import Statistic

TEAM_LABELS = Question(
    ANALYSIS,
    withheld_as=Statistic.N_ALIKE,
    numbers="team_labels.numbers:answer",
    patients="team_labels.patients:made_from",
    document="team_labels.section",
)
