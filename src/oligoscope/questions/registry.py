"""The questions of a study, in the order of the report. A new one is a folder beside this file, and a line here."""

from __future__ import annotations

from oligoscope.questions.baseline.question import BASELINE
from oligoscope.questions.competing_risks.question import COMPETING_RISKS
from oligoscope.questions.definitions.question import RECLASSIFICATION
from oligoscope.questions.flow.question import FLOW
from oligoscope.questions.follow_up.question import FOLLOW_UP
from oligoscope.questions.imputation.question import IMPUTATION
from oligoscope.questions.landmark.question import LANDMARK, TIME_DEPENDENT
from oligoscope.questions.management.question import MANAGEMENT
from oligoscope.questions.matching.question import BALANCE, MATCHING
from oligoscope.questions.predictors.question import PREDICTORS
from oligoscope.questions.question import Question
from oligoscope.questions.readers.question import GIVEN_RESPONSE, READER_AGREEMENT
from oligoscope.questions.response.question import RESPONSE_RATE, RESPONSE_SERIES
from oligoscope.questions.sites.question import SITES
from oligoscope.questions.subgroups.question import SUBGROUPS
from oligoscope.questions.survival.question import SURVIVAL
from oligoscope.questions.timing.question import TIMING
from oligoscope.questions.weighting.question import WEIGHTING

QUESTIONS: tuple[Question, ...] = (
    FLOW,
    FOLLOW_UP,
    BASELINE,
    IMPUTATION,
    MATCHING,
    BALANCE,
    PREDICTORS,
    SITES,
    TIMING,
    SURVIVAL,
    RESPONSE_RATE,
    RESPONSE_SERIES,
    LANDMARK,
    TIME_DEPENDENT,
    COMPETING_RISKS,
    SUBGROUPS,
    WEIGHTING,
    RECLASSIFICATION,
    GIVEN_RESPONSE,
    READER_AGREEMENT,
    MANAGEMENT,
)
_BY_KIND: dict[str, Question] = {question.kind: question for question in QUESTIONS}


def question_of(kind: str) -> Question:
    """The question that study.yaml names.

    Raises:
        KeyError: There is none of that name.
    """
    return _BY_KIND[kind]
