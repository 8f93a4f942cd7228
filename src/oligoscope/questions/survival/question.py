"""How long: survival by group, before and after matching."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.study.analysis_options import ANY_POPULATION, CHANGING, OUTCOMES, Options

SURVIVAL = Question(
    analyses.SURVIVAL,
    Text("估计生存", "estimating survival"),
    withheld_as=Statistic.HAZARD_RATIO,
    withheld_by="outcomes",
    empty_as=(Statistic.MEDIAN, Unit.MONTHS),
    options=Options(
        ANY_POPULATION,
        (
            "where",
            "by",
            "reference",
            "outcomes",
            "minimum_events",
            "minimum_events_per_variable",
            "small_sample",
            *CHANGING,
        ),
        entry="taken",
        needs=("outcomes",),
        outcomes=OUTCOMES,
        apart_by=("by", "outcomes"),
        of_unmatched=("small_sample", "minimum_events_per_variable"),
    ),
    numbers="survival.pooled:answer",
    patients="survival.patients:made_from",
    document="survival.section",
)
