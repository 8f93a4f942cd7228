"""Agreement of responses: between readers, and of given with derived ones."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question

GIVEN_RESPONSE = Question(
    "given_response",
    Text("原有评效与推导疗效", "Given and derived responses"),
    numbers="readers.given_response:answer",
    patients="readers.patients:of_given_responses",
    document="readers.section",
)
READER_AGREEMENT = Question(
    "reader_agreement",
    Text("各阅片者的一致性", "Agreement by reader"),
    numbers="readers.numbers:answer",
    patients="readers.patients:of_readers",
)
