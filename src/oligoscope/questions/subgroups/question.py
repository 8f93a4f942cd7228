"""Whether a hazard ratio is the same in all kinds of patients."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic
from oligoscope.study.analysis_options import OUTCOMES, UNMATCHED, Options

SUBGROUPS = Question(
    analyses.SUBGROUPS,
    Text("亚组比较", "comparing in subgroups"),
    withheld_as=Statistic.HAZARD_RATIO,
    withheld_by="outcomes",
    options=Options(
        UNMATCHED,
        (
            "where",
            "by",
            "reference",
            "outcomes",
            "variables",
            "minimum_events",
            "minimum_events_per_variable",
            "small_sample",
            "adjust_for",
        ),
        entry="taken",
        needs=("outcomes", "variables"),
        outcomes=OUTCOMES,
        two_groups=True,
        apart_by=("by", "outcomes", "variables"),
    ),
    numbers="subgroups.numbers:answer",
    left_out_as=Statistic.P_VALUE_INTERACTION,
    patients="subgroups.patients:made_from",
    document="subgroups.section",
)
