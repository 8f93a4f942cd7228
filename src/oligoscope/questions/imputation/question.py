"""What was missing and how it was completed."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

IMPUTATION = Question(
    "imputation",
    Text("缺失值与插补", "Missing values and imputation"),
    patients="imputation.patients:made_from",
    document="imputation.section",
)
