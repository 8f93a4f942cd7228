"""The questions of a study, in the order of the report. A new one is a folder beside this file, and a line here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from oligoscope.bilingual import Language, Text
from oligoscope.questions.at_progression.question import AT_PROGRESSION
from oligoscope.questions.baseline.question import BASELINE
from oligoscope.questions.centres.question import CENTRES
from oligoscope.questions.competing_risks.question import COMPETING_RISKS
from oligoscope.questions.definitions.question import RECLASSIFICATION
from oligoscope.questions.delayed_entry.question import DELAYED_ENTRY
from oligoscope.questions.flow.question import FLOW
from oligoscope.questions.follow_up.question import FOLLOW_UP
from oligoscope.questions.illness_death.question import ILLNESS_DEATH
from oligoscope.questions.imputation.question import IMPUTATION
from oligoscope.questions.interval_censored.question import INTERVAL_CENSORED
from oligoscope.questions.landmark.question import LANDMARK, LANDMARK_AFTER_PROGRESSION, TIME_DEPENDENT
from oligoscope.questions.management.question import MANAGEMENT
from oligoscope.questions.matching.question import BALANCE, MATCHING
from oligoscope.questions.predictors.question import PREDICTORS
from oligoscope.questions.question import Chosen, Question
from oligoscope.questions.readers.question import GIVEN_RESPONSE, READER_AGREEMENT
from oligoscope.questions.response.question import RESPONSE_RATE, RESPONSE_SERIES
from oligoscope.questions.restricted_means.question import RESTRICTED_MEANS
from oligoscope.questions.sites.question import SITES
from oligoscope.questions.subgroups.question import SUBGROUPS
from oligoscope.questions.survival.question import SURVIVAL
from oligoscope.questions.team_labels.question import TEAM_LABELS
from oligoscope.questions.timing.question import TIMING
from oligoscope.questions.weighting.question import WEIGHTED_BALANCE, WEIGHTING
from oligoscope.results.analyses import Analysis
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.study.analysis_options import Options
from oligoscope.study.protocol import Protocol
from oligoscope.study.study_file import read_study_file

if TYPE_CHECKING:
    from oligoscope.printing.document_parts import Parts

QUESTIONS: tuple[Question, ...] = (
    FLOW,
    FOLLOW_UP,
    DELAYED_ENTRY,
    CENTRES,
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
    LANDMARK_AFTER_PROGRESSION,
    COMPETING_RISKS,
    ILLNESS_DEATH,
    INTERVAL_CENSORED,
    RESTRICTED_MEANS,
    SUBGROUPS,
    WEIGHTING,
    WEIGHTED_BALANCE,
    AT_PROGRESSION,
    RECLASSIFICATION,
    TEAM_LABELS,
    GIVEN_RESPONSE,
    READER_AGREEMENT,
    MANAGEMENT,
)
# Asked of every study, whatever study.yaml says, in the order of their rows.
ALWAYS: tuple[Question, ...] = (
    TEAM_LABELS, GIVEN_RESPONSE, READER_AGREEMENT, MANAGEMENT, RESPONSE_SERIES, DELAYED_ENTRY, CENTRES,
)  # fmt: skip
KINDS: dict[str, Options] = {q.kind: q.options for q in QUESTIONS if q.options is not None}
KIND_NAMES: dict[str, Text] = {q.kind: q.kind.printed for q in QUESTIONS if q.options is not None}
LEFT_OUT_AS: dict[Analysis, Statistic] = {
    q.kind: q.left_out_as for q in QUESTIONS if q.left_out_as is not None
}
_BY_KIND: dict[str, Question] = {question.kind: question for question in QUESTIONS}


def question_of(kind: str) -> Question:
    """The question of that name.

    Raises:
        KeyError: There is none of that name.
    """
    return _BY_KIND[kind]


def analysis_named(kind: str) -> Analysis:
    """The analysis of that name in results.csv.

    Raises:
        KeyError: No question has it.
    """
    return question_of(kind).kind


def read_protocol(path: Path, language: Language = "en") -> Protocol:
    """The settings of a study, which may ask for any of these questions; as `read_study_file`."""
    return read_study_file(path, KINDS, language)[0]


def with_patients(estimates: Iterable[Estimate], chosen: Chosen) -> list[Estimate]:
    """The estimates with the patients that each is made from, by the rule of its question."""
    return [replace(e, patients=question_of(e.analysis).made_from(e, chosen)) for e in estimates]


def document_parts() -> list[tuple[str, Parts]]:
    """(kind, parts) of each folder of questions, in the order of the list; loads what draws and prints."""
    return [(question.kind, question.parts()) for question in QUESTIONS if question.document]
