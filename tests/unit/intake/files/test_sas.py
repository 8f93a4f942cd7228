"""SAS data sets. pyreadstat cannot write one; this one was written by R (haven 2.5.1):

x <- data.frame(SUBJID = c("001", "002", "003"), SEX = c("男", "女", "男"), AGE = c(61, 55, NA),
                STARTED = as.Date(c("2020-03-04", NA, "2021-12-31")), TPS = c(0.5, 80, 12.25))
attr(x$AGE, "label") <- "Age, years"; attr(x$SEX, "label") <- "性别"
haven::write_sas(x, "made.sas7bdat")
"""

from __future__ import annotations

import base64
import gzip
from contextlib import suppress
from datetime import date

import pytest

from oligoscope.intake.files.sheet import UnreadableError
from oligoscope.intake.files.statistics_files import SAS, read_statistics_file
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import LimitSettings, Protocol

WRITTEN = gzip.decompress(base64.b64decode(
    "H4sIAAAAAAACA+3avy8DYRgH8KeqVIlUItLBj0Ya6SDyHiI1uZMeQYm4k3RkECRiIJqa1GYwiX9BDEYDi0QsRjEQGwsSfwASP+p671tt37RIlE"
    "R8Px2evt/3nvdNL7mkb3JEGUd3qxO7tTUnBxtuqjhW1n1N3poOomZykEIfqs0ZGZrh7xuI6GHN1Azd9BdCn0j18+vUWEvsUstUSWolL1GJFHe3"
    "MYUpw8yqnVbtiszOL8UJAAAAAAAAAAAAAAAAAADgP/JYH6KLKj4KOnNnD0Xuk7pmRB5NBw5eAiIPS/l+Ja9zUh4XuSqtHyqQP3ry5/sF8niBHA"
    "AAAACK6/Upafut/giVFmF/lTzf6g9RWZF+/zNvT0alPPX3vJRKyCmN0/u67bGDqqVxnTTOJrZKsvekXqwXEPsERW2lcrt2knRMoBexRjgrk98D"
    "NsZ7BwesCww9Slq/ToapjZl6mMxRg24S29drO0Ta9FSrf3lqcmHRfj9Yv7ekel3Sfg+Wr9zHxqz7lI/rswW8+eOkBE88/EkO/mQwptxu7tlfEy"
    "P2YTkROxOH5qsextqvt3b57BBPTx9X+KypMtaR7hWp2nDOr0oEcfAGAAAAAAAA+HFvX2MI0ABAAAA="
))  # fmt: skip


def test_cells_dates_and_blanks_of_a_data_set():
    sheet = read_statistics_file(WRITTEN, SAS)

    assert sheet.frame.select(sheet.headers).rows() == [
        ("001", "男", "61", "2020-03-04", "0.5"),
        ("002", "女", "55", None, "80"),
        ("003", "男", None, "2021-12-31", "12.25"),
    ]
    assert sheet.declared.labels == {"SEX": "性别", "AGE": "Age, years"}


def test_a_data_set_is_a_table_of_a_study(tmp_path):
    (tmp_path / "pat.sas7bdat").write_bytes(WRITTEN)
    (tmp_path / "pd.csv").write_text("patient_id,best_response\n001,SD\n", encoding="utf-8")
    columns = {
        "patient_id": "SUBJID",
        "age_years": "AGE",
        "treatment_started_on": "STARTED",
        "pd_l1_tps": "TPS",
    }
    data = {
        "patients": {"files": ["pat.sas7bdat"], "columns": columns},
        "progressions": {"files": ["pd.csv"]},
    }
    protocol = Protocol.model_validate({"study": {}, "data": data})
    tables, issues = validate_tables(read_tables(protocol, tmp_path), protocol)

    assert not issues.errors
    assert not issues.quarantined
    assert tables.patients.select(*columns, "sex").rows() == [
        ("001", 61.0, date(2020, 3, 4), 0.5, "male"),
        ("002", 55.0, None, 80.0, "female"),
        ("003", None, date(2021, 12, 31), 12.25, "male"),
    ]


@pytest.mark.parametrize("kept", [100, 288, 5000, 12_000])
def test_a_data_set_that_is_cut_off_is_refused_in_a_sentence_or_read(kept):
    with suppress(UnreadableError):
        read_statistics_file(WRITTEN[:kept], SAS)


def test_a_limit_holds_for_a_data_set():
    with pytest.raises(UnreadableError, match=r"limits\.rows"):
        read_statistics_file(WRITTEN, SAS, limits=LimitSettings(rows=2))
