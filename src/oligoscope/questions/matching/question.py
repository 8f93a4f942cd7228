"""Matching on the propensity score: balance and overlap."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

MATCHING = Question(
    "matching",
    Text("匹配", "Matching"),
    left_out_as="covariate",
    patients="matching.patients:made_from",
    document="matching.section",
)
BALANCE = Question(
    "balance",
    Text("匹配前后的均衡性", "Balance before and after matching"),
    patients="matching.patients:balance_made_from",
)
