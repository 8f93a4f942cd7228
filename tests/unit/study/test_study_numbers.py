"""Study numbers: made once, the same in any order of rows, and put wherever a text holds a hospital number."""

from __future__ import annotations

import random

import polars as pl
import pytest

from oligoscope.bilingual import Text
from oligoscope.errors import DataError
from oligoscope.study.study_numbers import UNKNOWN, StudyNumbers

HOSPITAL = [f"ZY{2019004100 + 37 * i}" for i in range(300)]


def numbers(ids: list[str] = HOSPITAL, seed: int = 1) -> StudyNumbers:
    return StudyNumbers().extended(ids, seed)


def test_the_order_of_the_rows_changes_no_number():
    shuffled = random.Random(3).sample(HOSPITAL, len(HOSPITAL))

    assert numbers(shuffled) == numbers()
    assert list(numbers(shuffled).of) == list(numbers().of)


def test_each_patient_has_a_number_of_their_own_that_is_no_hospital_number():
    found = numbers([*HOSPITAL, "SN1000", "SN9999"]).of

    assert len(set(found.values())) == len(HOSPITAL) + 2
    assert not set(found.values()) & set(found)
    assert {len(number) for number in found.values()} == {6}


def test_numbers_do_not_follow_the_hospital_numbers():
    """Spearman's correlation with the order of admission is that of chance: below 3/sqrt(n)."""
    drawn = pl.Series([int(numbers().of[name][2:]) for name in HOSPITAL])
    frame = pl.DataFrame({"admitted": range(len(HOSPITAL)), "number": drawn})

    assert abs(frame.select(pl.corr("admitted", "number", method="spearman")).item()) < 3 / 300**0.5


def test_one_hospital_number_does_not_give_its_study_number():
    """It depends on all patients together, and on the seed."""
    alone, other_seed = numbers(HOSPITAL[:1]).of, numbers(seed=2).of

    assert alone[HOSPITAL[0]] != numbers().of[HOSPITAL[0]]
    assert sum(other_seed[name] == number for name, number in numbers().of.items()) < 5


def test_patients_who_are_added_leave_the_others_their_numbers_and_are_not_the_last_ones():
    before = numbers(HOSPITAL[:250])
    after = before.extended(HOSPITAL, 1)
    new = [int(after.of[name][2:]) for name in HOSPITAL[250:]]

    assert {name: after.of[name] for name in HOSPITAL[:250]} == before.of
    assert min(new) < max(int(number[2:]) for number in before.of.values()) - 3000


def test_more_patients_than_four_digits_hold_get_five():
    found = numbers([f"H{i:06d}" for i in range(6000)]).of

    assert len(set(found.values())) == 6000
    assert {len(number) for number in found.values()} == {7}


def test_texts_lose_hospital_numbers_and_names_but_no_other_number():
    known = StudyNumbers({"ZY2019004100": "SN1", "8001234": "SN2", "欧阳春晓": "SN3", "12": "SN4"})
    texts = {
        "zy2019004100-L01": "SN1-L01",
        "欧阳春晓的CT": "SN3的CT",
        "row 12, day 12": "row 12, day 12",
        "8001234 and 18001234": "SN2 and 18001234",
        "0.80012345": "0.80012345",
    }

    assert known.in_words(list(texts)) == list(texts.values())
    assert known.in_words(Text("欧阳春晓", "8001234")) == Text("SN3", "SN2")
    assert known.in_words({"8001234": ("8001234.xlsx",)}) == {"8001234": ("SN2.xlsx",)}
    left_out = StudyNumbers({}, frozenset({"ZY2019004100"}))
    assert left_out.in_words("ZY2019004100?") == f"{UNKNOWN}?"


def test_a_patient_whom_the_key_lacks_is_named():
    with pytest.raises(DataError, match="lacks 1 patient: H9"):
        StudyNumbers({"H1": "SN1"}).column(pl.Series(["H1", "H9"]))


def test_a_study_number_is_taken_for_its_patient():
    known = StudyNumbers({"H1": "SN1", "SN1x": "SN2"})

    assert known.hospital_number("SN2") == "SN1x"
    assert known.hospital_number("H1") == "H1"
    assert known.hospital_number("unknown") == "unknown"


def test_the_digits_of_a_study_number_are_no_hospital_number():
    """Texts are searched for hospital numbers: one within a study number would be found there."""
    ids = [f"{n:05d}" for n in range(10_000, 14_000)]

    known = StudyNumbers().extended(ids, 1)

    assert not {number.removeprefix("SN") for number in known.of.values()} & set(ids)


@pytest.mark.parametrize("number", ["zy2019001", "X-ZY2019001-X", "12"])
def test_a_study_number_that_holds_a_hospital_number_in_any_form_is_found(number: str):
    known = StudyNumbers({"H1": number, "H2": "SN12"})

    assert known.that_hold_hospital_numbers(["ZY2019001", "12"]) == {number}


def test_codes_stay_whatever_patients_are_called():
    known = StudyNumbers({"target": "SN1", "Median": "SN2"})

    assert known.in_words(["target", "the target lesion", "median"], codes_stay=True) == [
        "target", "the SN1 lesion", "median",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "form", [str, str.lower, str.title, lambda number: number[1:], lambda number: f"{number[2:]}"]
)
def test_a_patient_who_is_called_as_a_study_number_would_be_gets_another(form):
    """The seed draws the same numbers again, the patient's own number among them."""
    ids = [f"H{i}" for i in range(40)]
    drawn = next(iter(StudyNumbers().extended(ids, 1).of.values()))

    known = StudyNumbers().extended([*ids, form(drawn)], 1)

    assert known.that_hold_hospital_numbers([]) == frozenset()
    assert len(set(known.of.values())) == 41
