"""Responses in the data beside those derived."""

from __future__ import annotations

import polars as pl

from oligoscope.questions.readers.numbers import compare_given_responses
from oligoscope.results.statistics import Statistic


def test_pairs_of_responses_come_by_number_and_then_by_name():
    differing = [("SD", "PD"), ("PR", "SD"), ("CR", "PR"), ("PR", "CR"), ("SD", "PD")]
    rows = [{"given_response": g, "overall_response": d} for g, d in (*differing, ("PD", "PD"))]
    responses = pl.DataFrame(rows).with_columns(
        patient_id=pl.lit("P1"), assessed_on=pl.lit("2024-01-01").str.to_date()
    )

    found, _ = compare_given_responses(responses)

    assert [(e.group, e.level, e.value) for e in found if e.statistic == Statistic.N_DIFFER] == [
        ("SD", "PD", 2),
        ("CR", "PR", 1),
        ("PR", "CR", 1),
        ("PR", "SD", 1),
    ]
