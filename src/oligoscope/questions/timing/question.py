"""When which pattern appears."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.study.analysis_options import UNMATCHED, Options

TIMING = Question(
    analyses.TIMING,
    Text("描述进展时间", "describing the months of progression"),
    withheld_by="by",
    options=Options(UNMATCHED, ("where", "by"), entry="ignored", apart_by=("by",)),
    numbers="timing.numbers:answer",
    patients="timing.patients:made_from",
    document="timing.section",
)
