"""Rules over lesions and their measurements."""

from __future__ import annotations

import pytest


def test_a_lesion_in_many_rows_is_one_lesion_and_may_leave_cells_blank(check):
    checked = check(
        lesions="""
            patient_id | lesion_id | role   | organ | station
            P1         | L1        | target | lung  |
            P1         | L1        |        | lung  |
            P1         | L1        | target |       |
            P2         | L1        | target | liver |
        """
    )

    assert checked.issues.items == ()
    assert checked.tables.lesions.select("lesion_id", "role", "organ", "source_row").rows() == [
        ("L1", "target", "lung", 2),
        ("L1", "target", "liver", 5),
    ]


def test_a_lesion_that_contradicts_itself_takes_its_patient_out(check):
    checked = check(
        lesions="patient_id | lesion_id | role\nP1 | L1 | target\nP1 | L1 | non_target\nP2 | L1 | target\n"
    )

    assert checked.found("lesion_conflict") == [("lesions.csv", 2, "role", "target / non_target")]
    assert checked.column("patients", "patient_id") == ["P2"]


@pytest.mark.parametrize("role", ["", "tumour"])
def test_a_lesion_without_a_readable_role_takes_its_patient_out(check, role):
    checked = check(lesions=f"patient_id | lesion_id | role\nP1 | L1 | {role}\nP2 | L1 | target\n")

    assert checked.rules == {"value_blank" if not role else "value_unreadable", "patient_left_out"}
    assert {i.patient_id for i in checked.issues} == {"P1"}
    assert checked.column("patients", "patient_id") == ["P2"]


def test_a_measured_lesion_that_was_never_declared_takes_its_patient_out(check):
    checked = check(lesions="patient_id | lesion_id | role\nP2 | L1 | target\n")

    assert [row for _, row, _, _ in checked.found("lesion_undeclared")] == [2, 3]
    assert checked.column("patients", "patient_id") == ["P2"]


def test_a_new_lesion_is_not_there_at_baseline_and_losing_its_row_loses_the_patient(check):
    lesions = (
        "patient_id | lesion_id | role\nP1 | L1 | target\nP1 | N1 | new\nP2 | L1 | target\nP2 | N1 | new\n"
    )
    header = "patient_id | lesion_id | assessed_on | diameter_mm | state\n"
    targets = "P1 | L1 | 2020-01-01 | 50 |\nP2 | L1 | 2020-02-01 | 41 |\n"

    early = check(
        lesions=lesions,
        measurements=header + targets + "P1 | N1 | 2020-01-10 | 12 |\nP2 | N1 | 2020-01-10 | | absent\n",
    )
    assert early.found("new_lesion_at_baseline") == [("measurements.csv", 4, "assessed_on", "2020-01-10")]
    assert early.column("patients", "patient_id") == ["P2"]

    lost = check(
        lesions=lesions,
        measurements=header + targets + "P1 | N1 | 2020-03-10 | 12? |\nP2 | N1 | 2020-04-10 | 12 |\n",
    )
    assert lost.rules == {"value_unreadable", "patient_left_out"}
    assert lost.column("patients", "patient_id") == ["P2"]


def test_a_new_node_below_10_mm_is_listed_once(check):
    """RECIST 1.1, 3.1; EORTC RECIST questions, new lymph node lesions."""
    checked = check(
        lesions="""
            patient_id | lesion_id | role   | organ
            P1         | N1        | new    | lymph_node
            P1         | N2        | new    | lymph_node
            P1         | N3        | new    | lung
            P1         | N4        | new    | lymph_node
            P1         | T1        | target | lymph_node
        """,
        measurements="""
            patient_id | lesion_id | assessed_on | diameter_mm | state  | modality
            P1         | T1        | 2020-01-01  | 15          |        |
            P1         | T1        | 2020-03-01  | 8           |        |
            P1         | N1        | 2020-03-01  | 8           |        | ct
            P1         | N1        | 2020-04-01  | 9.9         |        | ct
            P1         | N1        | 2020-05-01  | 10          |        | ct
            P1         | N2        | 2020-03-01  |             | absent |
            P1         | N3        | 2020-03-01  | 8           |        |
            P1         | N4        | 2020-03-01  | 8           |        | fdg_pet
        """,
    )

    assert checked.found("small_new_node") == [("measurements.csv", 4, "diameter_mm", "8")]
    assert checked.issues.quarantined == ()


def test_targets_beyond_five_and_beyond_two_in_an_organ_are_listed(check):
    """RECIST 1.1, 3.1: at most five, at most two an organ; all lymph nodes are one organ."""
    organs = ["lung", "lung", "liver", "lymph_node", "", "lymph_node"]
    stations = ["", "", "", "hilar", "axillary", "mediastinal"]
    lesions = "".join(
        f"P1 | T{i} | target | {o} | {s}\n" for i, (o, s) in enumerate(zip(organs, stations, strict=True))
    )
    measured = "".join(f"P1 | T{i} | 2020-01-01 | 20\n" for i in range(6))

    checked = check(
        lesions="patient_id | lesion_id | role | organ | station\n" + lesions,
        measurements="patient_id | lesion_id | assessed_on | diameter_mm\n" + measured,
    )

    assert checked.found("too_many_targets") == [("lesions.csv", 2, "role", "6")]
    assert checked.found("too_many_targets_in_organ") == [("lesions.csv", 5, "organ", "3 × lymph_node")]
    assert checked.issues.quarantined == ()
    assert checked.column("lesions", "is_node") == [False, False, False, True, True, True]


def test_small_late_and_missing_baselines_are_listed(check):
    """RECIST 1.1, 3.1 and 3.2: nodes from 15 mm, others from 10 mm or twice a thick slice; within 28 days."""
    checked = check(
        patients="patient_id | treatment_started_on\nP1 | 2020-02-10\n",
        lesions="""
            patient_id | lesion_id | role       | organ      | soft_tissue
            P1         | N14       | target     | lymph_node |
            P1         | N15       | target     | lymph_node |
            P1         | L9        | target     | lung       |
            P1         | L10       | target     | lung       |
            P1         | THICK     | target     | liver      |
            P1         | OLD       | target     | kidney     |
            P1         | LATE      | target     | bone       | no
            P1         | UNSEEN    | target     | skin       |
            P1         | X         | non_target | brain      |
        """,
        measurements="""
            patient_id | lesion_id | assessed_on | diameter_mm | slice_mm | state
            P1         | N14       | 2020-02-10  | 14.9        |          |
            P1         | N15       | 2020-02-01  | 15          |          |
            P1         | L9        | 2020-01-01  | 30          |          |
            P1         | L9        | 2020-02-01  | 9.9         |          |
            P1         | L10       | 2020-01-13  | 10          | 5        |
            P1         | THICK     | 2020-02-01  | 15          | 8        |
            P1         | OLD       | 2020-01-12  | 30          |          |
            P1         | LATE      | 2020-02-11  | 30          |          |
            P1         | X         | 2020-02-01  |             |          | present
        """,
    )

    assert checked.found("small_target_node") == [("measurements.csv", 2, "diameter_mm", "14.9")]
    assert checked.found("small_target") == [
        ("measurements.csv", 5, "diameter_mm", "9.9"),
        ("measurements.csv", 7, "diameter_mm", "15"),
    ]
    assert checked.found("early_baseline") == [("measurements.csv", 8, "assessed_on", "2020-01-12")]
    assert [value for *_, value in checked.found("no_baseline")] == ["LATE"]
    assert [value for *_, value in checked.found("lesion_never_measured")] == ["UNSEEN"]
    assert [value for *_, value in checked.found("target_in_bone")] == ["LATE"]
    assert checked.issues.quarantined == ()


def test_state_and_diameter_are_compared_and_a_row_with_neither_is_never_absent(check):
    checked = check(
        measurements="""
            patient_id | lesion_id | assessed_on | diameter_mm | state
            P1         | L1        | 2020-01-01  | 50          |
            P1         | L1        | 2020-03-01  | 7           | absent
            P1         | L1        | 2020-05-01  | 0           | absent
            P1         | L1        | 2020-07-01  |             | measured
            P1         | L1        | 2020-09-01  |             |
            P2         | L1        | 2020-02-01  | 41          | measured
        """
    )

    assert [row for _, row, _, _ in checked.found("absent_with_diameter")] == [3]
    assert [row for _, row, _, _ in checked.found("measured_without_diameter")] == [5]
    assert [row for _, row, _, _ in checked.found("nothing_recorded")] == [6]
    assert checked.column("measurements", "state") == [
        "measured",
        "absent",
        "absent",
        "measured",
        "not_evaluated",
        "measured",
    ]


@pytest.mark.parametrize(
    ("state", "size", "rule"),
    [
        ("unequivocal_progression", "", "target_progression_without_size"),
        ("present", "", "target_without_size"),
        ("increased", "", "target_without_size"),
        ("too_small", "", None),
        ("absent", "", None),
        ("unequivocal_progression", "60", None),
    ],
)
def test_a_target_that_was_seen_needs_a_size(check, state, size, rule):
    """RECIST 1.1, 4.3.1: targets are judged by their sum."""
    checked = check(
        measurements=f"""
            patient_id | lesion_id | assessed_on | diameter_mm | state
            P1         | L1        | 2020-01-01  | 50          |
            P1         | L1        | 2020-03-01  | {size}      | {state}
            P2         | L1        | 2020-02-01  | 41.0        |
        """
    )

    found = [(i.rule, i.row, i.patient_id) for i in checked.issues]
    assert found == ([] if rule is None else [(rule, 3, "P1")])


def test_a_target_sized_by_another_modality_that_day_has_its_size(check):
    checked = check(
        measurements="""
            patient_id | lesion_id | assessed_on | diameter_mm | state   | modality
            P1         | L1        | 2020-01-01  | 50          |         | ct
            P1         | L1        | 2020-03-01  | 40          |         | ct
            P1         | L1        | 2020-03-01  |             | present | fdg_pet
            P2         | L1        | 2020-02-01  | 41.0        |         | ct
        """
    )

    assert checked.issues.items == ()


OTHER = """
    patient_id | lesion_id | role       | organ  | is_node
    P1         | L1        | target     | lung   |
    P1         | N1        | non_target | pleura | {node}
    P2         | L1        | target     | liver  |
"""
TARGETS = """
    patient_id | lesion_id | assessed_on | diameter_mm | state
    P1         | L1        | 2020-01-01  | 50          |
    P1         | L1        | 2020-03-01  | 50          |
    P2         | L1        | 2020-02-01  | 41.0        |
"""


@pytest.mark.parametrize(
    ("node", "before", "later", "rule"),
    [
        ("no", "absent", "present", "absent_at_baseline"),
        ("no", "absent", "unequivocal_progression", "absent_at_baseline"),
        ("no", "absent", "absent", None),
        ("no", "absent", "not_evaluated", None),
        ("no", "present", "absent", None),
        ("no", "not_evaluated", "present", "other_without_baseline"),
        ("no", None, "present", "other_without_baseline"),
        ("no", None, "absent", "other_without_baseline"),
        ("no", None, "not_evaluated", None),
        ("yes", "absent", "8", None),
        ("yes", "absent", "12", "absent_at_baseline"),
        ("yes", "8", "10", "normal_at_baseline"),
        ("yes", "8", "9.9", None),
        ("yes", "10", "12", None),
        ("no", "8", "12", None),
    ],
)
def test_a_non_target_was_there_at_baseline(check, node, before, later, rule):
    """RECIST 1.1, 4.3.5: what was absent at baseline and appears is a new lesion."""

    def row(day: str, word: str | None) -> str:
        size, state = (word, "") if word and word.replace(".", "").isdigit() else ("", word)
        return "" if word is None else f"            P1 | N1 | {day} | {size} | {state}\n"

    checked = check(
        lesions=OTHER.format(node=node),
        measurements=TARGETS + row("2020-01-02", before) + row("2020-03-02", later),
    )

    assert [(i.rule, i.patient_id, i.value) for i in checked.issues] == (
        [] if rule is None else [(rule, "P1", later if rule == "normal_at_baseline" else "N1")]
    )


def test_a_target_absent_at_baseline_that_appears_is_listed_too(check):
    checked = check(
        measurements=TARGETS.replace(
            "50          |\n    P1         | L1        | 2020-03-01",
            "0           |\n    P1         | L1        | 2020-03-01",
        )
    )

    assert ("measurements.csv", 3, "lesion_id", "L1") in checked.found("absent_at_baseline")


def test_an_early_baseline_of_a_non_target_is_listed_as_a_targets_is(check):
    checked = check(
        lesions=OTHER.format(node="no"),
        measurements=TARGETS + "            P1 | N1 | 2019-11-01 | | present\n",
    )

    assert checked.found("early_baseline") == [("measurements.csv", 5, "assessed_on", "2019-11-01")]


@pytest.mark.parametrize(
    ("into", "other", "found"),
    [
        ("L2", "20", False),
        ("L9", "20", True),
        ("L1", "20", True),
        ("", "20", True),
        ("N1", "20", True),
        ("L2", "absent", True),
        ("L2", "merged", True),
    ],
)
def test_a_lesion_merges_into_one_that_is_there(check, into, other, found):
    """RECIST 1.1, 4.3.2: the other lesion carries the whole."""
    size, state = (other, "") if other.isdigit() else ("", other)
    back = "L1" if other == "merged" else ""

    checked = check(
        lesions="patient_id | lesion_id | role | organ\nP1 | L1 | target | lung\nP1 | L2 | target | lung\nP1 | N1 | non_target | lung\n",
        measurements=(
            "patient_id | lesion_id | assessed_on | diameter_mm | state | merged_into\n"
            "P1 | L1 | 2020-01-02 | 20 | |\nP1 | L2 | 2020-01-02 | 20 | |\nP1 | N1 | 2020-01-02 | | present |\n"
            f"P1 | L1 | 2020-03-02 | | merged | {into}\nP1 | L2 | 2020-03-02 | {size} | {state} | {back}\nP1 | N1 | 2020-03-02 | | present |\n"
        ),
    )

    rows = [issue.row for issue in checked.issues if issue.rule == "merged_into_nothing"]
    assert rows == ([5, 6] if other == "merged" else [5] if found else [])
