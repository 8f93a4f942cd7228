"""What was missing and how it was completed."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.study.vocabulary import Text

IMPUTATION = Question("imputation", Text("缺失值与插补", "Missing values and imputation"))
