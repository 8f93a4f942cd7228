"""A progression that was read otherwise than the lesions show is a finding, with both."""

from __future__ import annotations

from typing import Any

import pytest

from oligoscope.engines.contradictions import contradictions_in
from oligoscope.study.schemas import StudyTables
from spec.patient_tables import protocol, study_tables


def study(read: dict[str, Any] | None, *sizes: float) -> StudyTables:
    """One target lesion of the lung measured at baseline and every 56 days."""
    rows = [
        {
            "patient_id": "A",
            "lesion_id": "L",
            "assessed_day": 56 * k,
            "diameter_mm": size,
            "state": "measured",
        }
        for k, size in enumerate(sizes)
    ]
    return study_tables(
        patients=[{"patient_id": "A", "last_known_alive_day": 400}],
        lesions=[{"patient_id": "A", "lesion_id": "L", "role": "target", "organ": "lung", "is_node": False, "is_primary": False}],
        measurements=rows,
        **({} if read is None else {"progressions": [{"patient_id": "A", **read}]}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("read", "sizes", "said"),
    [
        ({"progressed_day": 112, "n_progressing_lesions": 1}, (50, 50, 70), None),
        ({"progressed_day": 112}, (50, 50, 70), None),
        (None, (50, 50, 70), None),
        (
            {"progressed_day": 56, "n_progressing_lesions": 8, "progressing_organs": "liver"}, (50, 50, 70),
            "read: day 56, 8 lesions, systemic progression; derived from the lesions: day 112, 1 lesion, oligoprogression",
        ),
        (
            {"progressed_day": 112, "n_progressing_lesions": 7}, (50, 50, 70),
            "read: day 112, 7 lesions, systemic progression; derived from the lesions: day 112, 1 lesion, oligoprogression",
        ),
        (
            {"progressed_day": 112, "n_progressing_lesions": 1}, (50, 50, 50),
            "read: day 112, 1 lesion, oligoprogression; derived from the lesions: no progression",
        ),
        (
            {"best_response": "SD"}, (50, 50, 70),
            "read: no progression; derived from the lesions: day 112, 1 lesion, oligoprogression",
        ),
        ({"best_response": "SD"}, (50, 50, 50), None),
    ],
)  # fmt: skip
def test_what_was_read_beside_what_was_derived(read, sizes, said):
    found = contradictions_in(study(read, *sizes), protocol(progression={"preset": "astro_estro5"}))

    assert [issue.expected.en for issue in found] == ([] if said is None else [said])
    assert all(issue.rule == "read_and_derived_differ" and issue.row == 2 for issue in found)
    assert all("判读" in issue.expected.zh for issue in found)


def test_patients_without_lesions_are_not_compared():
    tables = study_tables(
        patients=[{"patient_id": "A"}], progressions=[{"patient_id": "A", "progressed_day": 50}]
    )

    assert contradictions_in(tables, protocol()) == []
