"""What the report says of survival by what had happened until then."""

from __future__ import annotations

import pytest

from oligoscope.printing.blocks import FigureBlock, Heading, Notice, Numbering, Paragraph, TableBlock
from oligoscope.printing.document_parts import Draft
from oligoscope.questions.landmark.section import landmark_section, only_progressed
from oligoscope.results.analyses import LANDMARK
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.protocol import AnalysisSettings, Protocol
from unit.stored_results import withheld

WHOLE = {"group": "", "variable": "", "level": ""}


@pytest.fixture
def asked(made_protocol: Protocol) -> Protocol:
    kinds = ("landmark", "time_dependent")
    analyses = tuple(AnalysisSettings(kind=kind, population="treated") for kind in kinds)
    return made_protocol.model_copy(update={"analyses": analyses})


def test_both_ways_are_in_words_then_in_one_table_and_one_figure(asked, compared_results):
    blocks = [b for b in landmark_section(Draft(asked, compared_results, Numbering())) if b is not None]

    assert [type(b) for b in blocks] == [Heading, Paragraph, Paragraph, TableBlock, FigureBlock]


def test_without_patients_free_of_progression_the_reason_is_given_and_the_limitation_stated(asked):
    why = WarningCode.ONLY_PROGRESSED_PATIENTS()
    results = Results((withheld(why, analysis=LANDMARK, statistic=Statistic.N, other=WHOLE),))

    heading, notice = landmark_section(Draft(asked, results, Numbering()))

    assert isinstance(heading, Heading)
    assert isinstance(notice, Notice)
    assert why.printed.en in notice.text.en
    assert len(list(only_progressed(asked, results))) == 1
