"""What the groups looked like at the start."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.study.analysis_options import ANY_POPULATION, Options

BASELINE = Question(
    analyses.BASELINE,
    Text("比较基线特征", "comparing baseline"),
    withheld_by="by",
    options=Options(
        ANY_POPULATION, ("where", "by", "variables", "exact_p"), describes_start=True, apart_by=("by",)
    ),
    numbers="baseline.pooled:answer",
    patients="baseline.patients:made_from",
    document="baseline.section",
)
