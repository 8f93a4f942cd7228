"""RECIST 1.1 (Eisenhauer 2009): tables 1 and 2, and the rules of section 4.3, as patient tables."""

from __future__ import annotations

import pytest

from oligoscope.study.protocol import ResponseSettings
from spec.patient_tables import derive, study_tables


def check(table) -> None:
    assert table.derived == table.expected


def test_table_1_every_row(patient_table):
    """Table 1: target, non-target and new lesions to the overall response; each row from baseline."""
    rows = [
        # target now (of 100), non-target, new, overall
        ("0", "absent", "", "CR"),
        ("0", "present", "", "PR"),
        ("0", "not_evaluated", "", "PR"),
        ("60", "present", "", "PR"),
        ("60", "absent", "", "PR"),
        ("60", "not_evaluated", "", "PR"),
        ("90", "present", "", "SD"),
        ("90", "absent", "", "SD"),
        ("90", "not_evaluated", "", "SD"),
        ("not_evaluated", "present", "", "NE"),
        ("not_evaluated", "not_evaluated", "", "NE"),
        ("130", "absent", "", "PD"),
        ("130", "present", "unequivocal", "PD"),
        ("60", "unequivocal_progression", "", "PD"),
        ("not_evaluated", "unequivocal_progression", "", "PD"),
        ("0", "absent", "unequivocal", "PD"),
        ("not_evaluated", "present", "unequivocal", "PD"),
    ]
    for target, other, new, overall in rows:
        check(
            patient_table(
                f"""
                scan | T1       | N1      | NEW1  | -> overall
                base | 100      | present |       |
                42   | {target} | {other} | {new} | {overall}
                """
            )
        )


@pytest.mark.parametrize(
    ("other", "overall"),
    [
        ("absent", "CR"),
        ("present", "NON_CR_NON_PD"),
        ("not_evaluated", "NE"),
        ("unequivocal_progression", "PD"),
    ],
)
def test_table_2_non_target_disease_only(patient_table, other, overall):
    """Table 2."""
    check(
        patient_table(
            f"""
            scan | N1      | -> overall
            base | present |
            42   | {other} | {overall}
            """
        )
    )


def test_a_new_lesion_is_progression_whatever_the_sum(patient_table):
    """Table 1, last row."""
    check(
        patient_table("""
            scan | T1 | NEW1        | -> overall
            base | 50 |             |
            42   | 20 |             | PR
            84   | 10 | unequivocal | PD
        """)
    )


def test_thresholds_are_inclusive_and_exact(patient_table):
    """41.0 to 28.7 mm is -30 %, 53.5 to 64.2 mm is +20 %; binary fractions say otherwise."""
    check(
        patient_table("""
            scan | T1   | T2   | -> target
            base | 10.0 | 31.0 |
            42   | 14.3 | 14.4 | PR
        """)
    )
    check(
        patient_table("""
            scan | T1   | T2   | -> target
            base | 34.5 | 25.0 |
            42   | 31.5 | 22.0 | SD
            84   | 21.4 | 42.8 | PD
        """)
    )


def test_growth_needs_both_20_percent_and_5_mm_over_the_nadir(patient_table):
    """4.3.1: relative and absolute increase; the nadir includes baseline."""
    check(
        patient_table("""
            scan | T1 | -> target
            base | 20 |
            42   | 18 | SD
            84   | 22 | SD
            126  | 23 | PD
        """)
    )
    check(
        patient_table("""
            scan | T1 | -> target
            base | 60 |
            42   | 50 | SD
            84   | 59 | SD
            126  | 60 | PD
        """)
    )


def test_progression_outranks_response(patient_table):
    """60 % below baseline and 100 % over the nadir at once."""
    check(
        patient_table("""
            scan | T1  | -> target
            base | 100 |
            42   | 20  | PR
            84   | 40  | PD
        """)
    )


def test_nodes_below_10_mm_are_normal_though_the_sum_is_not_zero(patient_table):
    """4.3.1: complete response with nodes."""
    check(
        patient_table("""
            scan | T1node | T2 | -> target
            base | 20     | 30 |
            42   | 9.9    | 0  | CR
            84   | 10     | 0  | PR
        """)
    )


def test_too_small_counts_5_mm_and_absent_counts_0(patient_table):
    """4.3.2."""
    check(
        patient_table("""
            scan | T1        | -> target
            base | 12        |
            42   | too_small | PR
            84   | absent    | CR
        """)
    )


def test_a_partial_sum_shows_progression_but_never_response_and_is_no_nadir(patient_table):
    """4.4.2, the worked example, and the nadir after it."""
    check(
        patient_table("""
            scan | T1 | T2 | T3            | -> target
            base | 20 | 20 | 10            |
            42   | 45 | 35 | not_evaluated | PD
        """)
    )
    check(
        patient_table("""
            scan | T1 | T2            | -> target
            base | 60 | 40            |
            42   | 48 | 32            | SD
            84   | 40 | not_evaluated | NE
            126  | 54 | 36            | SD
        """)
    )
    check(
        patient_table(
            """
            scan | T1 | T2            | -> target
            base | 20 | 20            |
            42   | 60 | not_evaluated | NE
            """,
            partial_sum_pd=False,
        )
    )


def test_a_lesion_without_a_row_was_not_evaluated(patient_table):
    """Silence is not absence."""
    check(
        patient_table("""
            scan | T1 | T2 | -> target
            base | 30 | 30 |
            42   | 10 |    | NE
        """)
    )


def test_split_fragments_add_and_a_merged_lesion_is_not_missing(patient_table):
    """4.4.1: fragments of a split lesion; coalesced lesions."""
    check(
        patient_table("""
            scan | T1    | T2        | -> target
            base | 30    | 20        |
            42   | 12+10 | 12        | PR
            84   | 40    | merged:T1 | PR
            126  | 41    | merged:T1 | PD
        """)
    )


def test_once_partial_response_until_progression(patient_table):
    """EORTC questions: 100, 70, 70, 80, 80, 80; the literal reading is a setting."""
    drawing = """
        scan | T1  | -> target
        base | 100 |
        42   | 70  | PR
        84   | 70  | PR
        126  | 80  | {later}
        168  | 80  | {later}
    """
    check(patient_table(drawing.format(later="PR")))
    check(patient_table(drawing.format(later="SD"), pr_continues_until_pd=False))


def test_any_disease_after_a_complete_response_is_progression(patient_table):
    """Table 3, footnote; below 5 mm too; but not where the overall response was only PR."""
    check(
        patient_table("""
            scan | T1 | -> overall
            base | 20 |
            42   | 0  | CR
            84   | 4  | PD
        """)
    )
    check(
        patient_table("""
            scan | T1 | N1      | -> overall
            base | 20 | present |
            42   | 0  | present | PR
            84   | 4  | present | PR
            126  | 6  | present | PD
        """)
    )


def test_an_equivocal_lesion_confirmed_later_was_progression_from_the_first_scan(patient_table):
    """4.3.5; one that is gone again was nothing."""
    check(
        patient_table("""
            scan | T1 | NEW1        | -> overall
            base | 50 |             |
            42   | 48 | equivocal   | PD
            84   | 48 | unequivocal | PD
        """)
    )
    check(
        patient_table("""
            scan | T1 | NEW1        | -> overall
            base | 50 |             |
            42   | 48 | equivocal   | SD
            84   | 48 | absent      | SD
            126  | 48 | unequivocal | PD
        """)
    )


def test_scans_of_different_lesions_within_the_window_are_one_time_point():
    """A chest CT and a brain MRI a week later; apart where the window is shorter."""
    tables = study_tables(
        patients=[{"patient_id": "A"}],
        lesions=[
            {"patient_id": "A", "lesion_id": "T1", "role": "target", "organ": "lung"},
            {"patient_id": "A", "lesion_id": "T2", "role": "target", "organ": "brain"},
        ],
        measurements=[
            {"patient_id": "A", "lesion_id": lesion, "assessed_day": day, "diameter_mm": size}
            for lesion, day, size in [
                ("T1", -7, 50),
                ("T2", -5, 50),
                ("T1", 42, 30),
                ("T2", 49, 30),
                ("T1", 84, 30),
                ("T2", 84, 29),
            ]
        ],
    )

    together = derive(tables).responses
    apart = derive(tables, response=ResponseSettings(scan_window_days=3)).responses

    assert together["overall_response"].to_list() == ["PR", "PR"]
    assert together["sum_mm"].to_list() == [60, 59]
    assert apart["overall_response"].to_list() == ["NE", "NE", "PR"]
