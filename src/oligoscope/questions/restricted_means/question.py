"""How much longer, on average, up to a horizon."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results.analyses import Analysis
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.study.analysis_options import OUTCOMES, UNMATCHED, Options

RESTRICTED_MEANS = Question(
    Analysis("restricted_means", "限制性平均生存时间", "Restricted mean survival time"),
    Text("比较限制性平均生存时间", "comparing restricted means"),
    withheld_as=Statistic.RESTRICTED_MEAN_DIFFERENCE,
    withheld_by="outcomes",
    empty_as=(Statistic.RESTRICTED_MEAN_DIFFERENCE, Unit.MONTHS),
    options=Options(
        UNMATCHED,
        ("where", "by", "reference", "outcomes", "minimum_events"),
        entry="taken",
        needs=("outcomes",),
        outcomes=OUTCOMES,
        two_groups=True,
        apart_by=("by", "outcomes"),
    ),
    numbers="restricted_means.numbers:answer",
    patients="restricted_means.patients:made_from",
    document="restricted_means.section",
)
