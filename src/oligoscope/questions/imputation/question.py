"""What was missing and how it was completed."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.results import analyses

IMPUTATION = Question(
    analyses.IMPUTATION,
    patients="imputation.patients:made_from",
    document="imputation.section",
)
