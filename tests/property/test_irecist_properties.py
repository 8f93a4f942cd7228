"""What holds for every series of iRECIST responses."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from oligoscope.clinical.irecist import CONFIRM_AFTER_DAYS, derive_irecist
from property.histories import STEADY
from spec.sheet import IRECIST_SCHEMA


@st.composite
def series(draw: st.DrawFn) -> list[dict]:
    """Time points of one patient."""
    rows, day, n_new = [], 0, 0
    for k in range(1, draw(st.integers(1, 7)) + 1):
        day += draw(st.sampled_from([14, 27, 28, 42, 56]))
        total = draw(st.sampled_from([None, 0, 4, 60, 70, 90, 100, 105, 120, 125, 130, 140]))
        n_new += draw(st.sampled_from([0, 0, 0, 1]))
        other = draw(st.sampled_from([None, "CR", "NON_CR_NON_UPD", "NON_CR_NON_UPD", "UPD"]))
        rows.append(
            {
                "k": k,
                "day": day,
                "target_sum_um": None if total is None else total * 1000,
                "n_targets": 1,
                "baseline_um": 100_000,
                "target_gone": total == 0,
                "non_target": other,
                "non_target_grew": draw(st.booleans()),
                "new_target_sum_um": draw(st.sampled_from([None, 12_000, 17_000])) if n_new else None,
                "n_new_lesions": n_new,
                "new_non_target_grew": n_new > 0 and draw(st.booleans()),
                "symptom": draw(st.sampled_from([False, False, False, True])),
            }
        )
    return rows


def frame(patients: list[list[dict]]) -> pl.DataFrame:
    rows = [row | {"p": p} for p, found in enumerate(patients) for row in found]
    return pl.DataFrame(rows, schema=IRECIST_SCHEMA)


@STEADY
@given(st.lists(series(), min_size=2, max_size=30))
def test_patients_together_are_as_patients_alone(patients):
    points, found = derive_irecist(frame(patients), len(patients))

    for p, alone in enumerate(patients):
        one_points, one = derive_irecist(frame([alone]), 1)
        together = points.filter(pl.col("p") == p)["irecist_response"]
        assert together.to_list() == one_points["irecist_response"].to_list()
        assert found.drop("p").row(p) == one.drop("p").row(0)


@STEADY
@given(st.lists(series(), min_size=2, max_size=30))
def test_progression_is_confirmed_only_after_an_unconfirmed_one(patients):
    points, found = derive_irecist(frame(patients), len(patients))

    for p, rows in enumerate(patients):
        words = points.filter(pl.col("p") == p)["irecist_response"].to_list()
        patient = found.row(p, named=True)
        assert patient["iprogression_confirmed"] == ("iCPD" in words)
        dated = [row["day"] for row, word in zip(rows, words, strict=True) if word == "iUPD"]
        assert patient["iprogressed_day"] is None or patient["iprogressed_day"] in dated
        if "iCPD" not in words:
            continue
        confirmed = rows[words.index("iCPD")]
        waited = confirmed["day"] - patient["iprogressed_day"]
        assert waited >= CONFIRM_AFTER_DAYS or confirmed["symptom"]
        assert set(words[words.index("iCPD") :]) <= {"iCPD", "NE"}


@STEADY
@given(st.lists(series(), min_size=2, max_size=30), st.integers(1, 7))
def test_a_later_scan_changes_no_earlier_response(patients, n):
    points, _ = derive_irecist(frame(patients), len(patients))
    early, _ = derive_irecist(frame([rows[:n] for rows in patients]), len(patients))

    whole = points.filter(pl.col("k") <= n)
    assert whole["irecist_response"].to_list() == early["irecist_response"].to_list()
