"""Agreement of responses: between readers, and of given with derived ones."""

from __future__ import annotations

from oligoscope.questions.question import Question
from oligoscope.results import analyses

GIVEN_SERIES = "given_response/disagreements"  # the visits that differ
GIVEN_RESPONSE = Question(
    analyses.GIVEN_RESPONSE,
    numbers="readers.numbers:answer_given",
    patients="readers.patients:of_given_responses",
    document="readers.section",
)
READER_AGREEMENT = Question(
    analyses.READER_AGREEMENT,
    numbers="readers.numbers:answer",
    patients="readers.patients:of_readers",
)
