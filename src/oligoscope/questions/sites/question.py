"""Where it progressed."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.study.analysis_options import UNMATCHED, Options

SITES = Question(
    analyses.SITES,
    Text("描述进展部位", "describing the sites of progression"),
    withheld_by="by",
    options=Options(UNMATCHED, ("where", "by"), apart_by=("by",)),
    numbers="sites.numbers:answer",
    patients="sites.patients:made_from",
    document="sites.section",
)
