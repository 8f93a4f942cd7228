"""From treatment through progression to death."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic
from oligoscope.study.analysis_options import UNMATCHED, Options
from oligoscope.study.dictionary.outcomes import Outcome

ILLNESS_DEATH = Question(
    analyses.ILLNESS_DEATH,
    Text("拟合疾病—死亡模型", "fitting the illness-death model"),
    withheld_as=Statistic.OCCUPATION,
    needs=Outcome.PFS,
    options=Options(
        UNMATCHED,
        ("where", "variables", "minimum_events", "minimum_events_per_variable", "clock"),
        entry="taken",
    ),
    numbers="illness_death.numbers:answer",
    left_out_as=Statistic.HAZARD_RATIO,
    patients="illness_death.patients:made_from",
    document="illness_death.section",
)
