"""Overall responses in the words of the criteria, and what they count as."""

from __future__ import annotations

import pytest

from oligoscope.clinical.response_rows import as_criteria_say
from oligoscope.study.protocol import ResponseSettings
from spec.lesion_drawings import lesion_tables
from spec.patient_tables import derive, study_tables
from spec.sheet import read_drawing

PSEUDOPROGRESSION = """
    scan | T1 | N1
    base | 50 | present
    42   | 62 | present
    77   | 30 | present
    161  | 36 | present
    196  | 42 | present
"""
WITHOUT_TARGETS = """
    scan | N1      | NEW1
    base | present |
    42   | present | unequivocal
    77   | present | absent
    119  | present |
"""


@pytest.fixture
def derived():
    def of(drawing: str):
        tables = study_tables(**lesion_tables(read_drawing(drawing)))
        return derive(tables, response=ResponseSettings(criteria="irecist"))

    return of


def test_responses_are_written_in_the_words_of_irecist(derived):
    """What an iUPD counts as, once it is resolved, is not what the scan showed."""
    found = derived(PSEUDOPROGRESSION)

    written = as_criteria_say(found.responses, "irecist")
    assert written["overall_response"].to_list() == ["iUPD", "iPR", "iUPD", "iCPD"]
    assert found.responses["overall_response"].to_list() == ["NE", "PR", "PD", "PD"]
    assert as_criteria_say(found.responses, "recist_1_1") is found.responses
    patient = found.patients.row(0, named=True)
    assert (patient["best_response"], patient["progressed_day"]) == ("PR", 161)
    assert (patient["iprogressed_day"], patient["iconfirmed_day"]) == (161, 196)


def test_without_targets_isd_counts_as_non_cr_non_pd(derived):
    """Seymour 2017, note to table 3."""
    found = derived(WITHOUT_TARGETS)

    assert found.responses["irecist_response"].to_list() == ["iUPD", "iSD", "iSD"]
    assert found.patients["best_response"].item() == "NON_CR_NON_PD"


def test_the_pattern_under_irecist_is_that_of_the_confirmed_block(derived):
    found = derived(PSEUDOPROGRESSION)

    assert found.patients["progressed_on"].item() is not None
    assert found.lesions_at_progression.filter(progressing=True)["lesion_id"].to_list() == ["T1"]
