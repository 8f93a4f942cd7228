"""What documents are made from holds study numbers: series, findings, settings, names of files and lists of patients."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.errors import DataError
from oligoscope.report.numbered import (
    numbered_files,
    numbered_issues,
    numbered_record,
    numbered_results,
    numbered_settings,
)
from oligoscope.report.numbers.patients_found import PatientFiles
from oligoscope.results.results import Results
from oligoscope.results.selection import PATIENTS_FILE
from oligoscope.study.protocol import Protocol
from oligoscope.study.study_numbers import StudyNumbers

# In the order of the hospital numbers the study numbers fall.
NUMBERS = StudyNumbers({"ZY2019001": "SN9", "ZY2019002": "SN5", "ZY2019003": "SN1"})
IDS = list(NUMBERS.of)


def test_series_of_patients_are_in_the_order_of_study_numbers():
    series = {
        "spider/treated": pl.DataFrame({"patient_id": [IDS[0], IDS[0], IDS[2]], "day": [0, 42, 0]}),
        "swimmer/treated": pl.DataFrame({"patient_id": IDS, "follow_up_months": [9.0, 4.0, 4.0]}),
        "km/all": pl.DataFrame({"months": [1.0]}),
    }

    found = numbered_results(Results(series=series), NUMBERS).series

    assert found["spider/treated"].rows() == [("SN1", 0), ("SN9", 0), ("SN9", 42)]
    assert found["swimmer/treated"]["patient_id"].to_list() == ["SN9", "SN1", "SN5"]
    assert found["km/all"].equals(series["km/all"])


def test_a_series_with_a_patient_whom_the_key_lacks_is_refused():
    with pytest.raises(DataError):
        numbered_results(Results(series={"x": pl.DataFrame({"patient_id": ["ZY2019999"]})}), NUMBERS)


def test_findings_name_no_hospital_number_in_any_of_their_words():
    rows = [
        {"patient_id": IDS[0], "source": "ZY2019001.xlsx", "expected_en": "is it ZY2019002?", "value": None},
        {"patient_id": "ZY2019077", "source": "m.csv", "expected_en": "no patient ZY2019077", "value": None},
    ]

    first, second = numbered_issues(rows, NUMBERS) or (None, None)
    assert first is not None
    assert second is not None

    assert first == {"patient_id": "SN9", "source": "SN9.xlsx", "expected_en": "is it SN5?", "value": None}
    assert second["patient_id"] is None
    assert second["expected_en"] == "no patient ***"


def test_settings_and_names_of_files_are_the_users_words():
    protocol = Protocol.model_validate({
        "study": {"title": {"zh": "不含 ZY2019003", "en": "Without ZY2019003"}},
        "data": {"patients": {"files": ["p.csv"]}},
    })  # fmt: skip

    assert numbered_settings(protocol, NUMBERS).study.title.printed.en == "Without SN1"
    assert numbered_settings(protocol, StudyNumbers()) is protocol
    record = numbered_record({"inputs": {"ZY2019002.csv": "ab"}, "seed": 1}, NUMBERS)
    assert record == {"inputs": {"SN5.csv": "ab"}, "seed": 1}


def test_lists_of_patients_are_in_the_order_of_study_numbers():
    frame = pl.LazyFrame({"patient_id": IDS, "sex": ["a", "b", "c"]})
    pairs = pl.DataFrame({"imputation": ["1"], "patient_id": [IDS[0]], "matched_with": [IDS[1]]})

    found = numbered_files(PatientFiles({PATIENTS_FILE: frame, "definitions.csv": frame}, pairs), NUMBERS)

    assert found.frames[PATIENTS_FILE].collect().rows() == [("SN1", "c"), ("SN5", "b"), ("SN9", "a")]
    assert found.pairs is not None
    assert found.pairs.rows() == [("1", "SN9", "SN5")]
