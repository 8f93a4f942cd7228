"""A condition on columns: computed as it is printed, blank cells included."""

from __future__ import annotations

import pickle

import polars as pl
import pytest

from oligoscope.report.numbers.patients_found import PatientFiles
from oligoscope.results.selection import NO_PATIENT, Selection, Term
from unit.eight_patients import files

MALE, ZERO = Term("sex", "in", ("male",)), Term("ecog", "in", ("0",))
LATE = Term("progressed_on", ">", ("91.3125",), since="treatment_started_on")


@pytest.mark.parametrize(
    ("term", "printed", "ids"),
    [
        (Term("ecog", "in", ("0", "1")), "ecog in [0, 1]", "P1 P2 P4 P5 P6 P7 P8"),
        (Term("excluded_because", "not in", ("age",)), "excluded_because != age", "P1 P2 P3 P4 P5 P6 P7"),
        (Term("ecog", "is blank"), "ecog is blank", "P3"),
        (Term("pps_days", "is not blank"), "pps_days is not blank", "P1 P2 P3 P4 P5 P6"),
        (Term("pps_days", ">=", ("183",)), "pps_days >= 183", "P1 P3 P5"),
        (LATE, "(progressed_on - treatment_started_on) > 91.3125", "P3"),
        (Term("pps_days", "> or blank", ("183",)), "(pps_days > 183 or pps_days is blank)", "P1 P3 P7 P8"),
        (Term("sex", "in", (">=50%",)), 'sex == ">=50%"', ""),
    ],
)
def test_a_term_finds_whom_it_says(term, printed, ids):
    selection = Selection(((term,),))

    assert selection.text() == printed
    assert " ".join(files().find([selection])[selection].ids) == ids


def test_a_word_is_found_among_words():
    frame = pl.DataFrame({"patient_id": ["A", "B", "C"], "organs": ["lung;bone", "bone_marrow", None]})
    bone = Selection(((Term("organs", "has", ("bone",)),),))

    found = PatientFiles({"patients.csv": frame.lazy()}).find([bone])

    assert found[bone].ids == ("A",)


def test_ways_are_printed_with_what_they_share_once():
    selection = Selection().and_(MALE).either([(ZERO,), (LATE,)])

    assert (
        selection.text()
        == "sex == male and ((ecog == 0) or ((progressed_on - treatment_started_on) > 91.3125))"
    )
    assert files().find([selection])[selection].ids == ("P1", "P3", "P6", "P7")


def test_a_column_of_another_file_is_joined_by_patient_and_named():
    other = pl.DataFrame({"patient_id": ["P2", "P1"], "tier": ["late", "early"]})
    both = PatientFiles({"patients.csv": files().frames["patients.csv"], "management.csv": other.lazy()})
    late = Selection(((Term("tier", "in", ("late",), file="management.csv"),),))

    assert late.text() == "[management.csv] tier == late"
    assert both.find([late])[late].ids == ("P2",)
    assert files().lacking(late.terms()) == [("management.csv", "tier")]


def test_a_selection_without_ways_has_no_patient():
    assert files().find([NO_PATIENT])[NO_PATIENT].counts == (0,)


def test_a_selection_is_sent_to_another_process_without_its_hash():
    """Texts have other hashes there."""
    selection = Selection(((MALE, ZERO),))
    before = pickle.dumps(selection)

    assert hash(selection) == hash(pickle.loads(before))
    assert pickle.dumps(selection) == before
    assert selection == Selection(((MALE, ZERO),))
    assert selection != Selection(((MALE, ZERO),), matched=True)
