"""Measurements of two readers: one decides, and how far they agree is in results.csv."""

from __future__ import annotations

from acceptance.commands import oligoscope, table, write_study
from acceptance.test_broken_input import LESIONS, PATIENTS

MEASUREMENTS = """
    patient_id,lesion_id,assessed_on,diameter_mm,reader
    P1,T1,2021-01-03,40,A
    P1,T1,2021-02-20,20,A
    P2,T1,2021-02-03,30,A
    P2,T1,2021-03-25,42,A
    P1,T1,2021-01-03,40,B
    P1,T1,2021-02-20,35,B
    P2,T1,2021-02-03,30,B
    P2,T1,2021-03-25,42,B
"""
ASSESSMENTS = """
    patient_id,assessed_on,overall_response,reader
    P1,2021-02-20,PR,A
    P2,2021-03-25,SD,A
"""


def test_two_readers_are_compared_with_each_other_and_with_what_they_gave(tmp_path):
    """A: PR and PD by the lesions, PR and SD given; B: SD and PD, none given."""
    tables = {
        "patients": PATIENTS, "lesions": LESIONS, "measurements": MEASUREMENTS, "assessments": ASSESSMENTS,
    }  # fmt: skip
    study = write_study(tmp_path / "study", tables, "response: {reader: A}\n")

    oligoscope("run", study, "--out", tmp_path / "out", "--lang", "en")

    found = table(tmp_path / "out" / "results.csv").rows_by_key(
        ["analysis", "group", "variable", "level", "statistic"], named=True, unique=True
    )
    between = {
        name: float(found["reader_agreement", "A vs B", None, None, name]["value"])
        for name in ("n_visits", "n_agree", "percent_agree")
    }
    assert between == {"n_visits": 2, "n_agree": 1, "percent_agree": 50}
    assert found["reader_agreement", "A vs B", "PR", "SD", "n"]["value"] == "1.0"
    assert found["reader_agreement", "A", "SD", "PD", "n"]["value"] == "1.0"
    assert {key[1] for key in found if key[0] == "reader_agreement"} == {"A", "A vs B"}
    decided = table(tmp_path / "out" / "responses.csv")
    assert decided["overall_response"].to_list() == ["PR", "PD"]
    assert "read by one reader" not in (tmp_path / "out" / "report.en.html").read_text("utf-8")
