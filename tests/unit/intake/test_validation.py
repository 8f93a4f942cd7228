"""The whole way from files to trusted tables: errors, and nothing dropped silently."""

from __future__ import annotations

from datetime import date

import polars as pl

from oligoscope.study.schemas import TABLES, typed_schema


def test_a_sound_study_has_no_findings_and_typed_tables(check):
    checked = check()

    assert checked.issues.items == ()
    for name, table in TABLES.items():
        frame = getattr(checked.tables, name)
        assert {c: frame.schema[c] for c in typed_schema(table)} == typed_schema(table)
    columns = (
        "patient_id",
        "source",
        "source_row",
        "assessed_on",
        "assessed_day",
        "diameter_mm",
        "diameter_um",
        "state",
    )
    assert checked.tables.measurements.select(columns).row(3) == (
        "P2", "measurements.csv", 5, date(2020, 4, 1), 51, 28.7, 28700, "measured",
    )  # fmt: skip


def test_a_patient_in_two_rows_is_an_error_even_where_the_rows_agree(check):
    checked = check(patients="patient_id | sex\nP1 | male\nP2 | female\nP1 | male\n")

    assert checked.found("patient_repeated") == [
        ("patients.csv", 2, "patient_id", "P1"),
        ("patients.csv", 4, "patient_id", "P1"),
    ]
    assert checked.tables.patients.height == 0
    assert "rows 2, 4" in checked.issues.message("en")


def test_several_readers_need_a_choice(check):
    text = """
        patient_id | lesion_id | assessed_on | diameter_mm | reader
        P1         | L1        | 2020-01-01  | 50          | A
        P1         | L1        | 2020-01-01  | 52          | B
        P2         | L1        | 2020-02-01  | 41          | A
    """

    assert check(measurements=text).found("reader_not_chosen") == [
        ("measurements.csv", None, "response.reader", None)
    ]
    assert check(measurements=text, settings={"response": {"reader": "A"}}).issues.items == ()
    assert check(measurements=text, settings={"response": {"reader": "C"}}).rules == {"reader_not_chosen"}


def test_a_patient_the_chosen_reader_did_not_read_is_listed(check):
    """Nothing is dropped in silence: neither another reader's patient nor a row without a reader."""
    text = """
        patient_id | lesion_id | assessed_on | diameter_mm | reader
        P1         | L1        | 2020-01-01  | 50          | A
        P1         | L1        | 2020-03-01  | 50          | {blank}
        P2         | L1        | 2020-02-01  | 41          | {other}
        P2         | L1        | 2020-04-01  | 41          | {other}
    """

    def found(blank: str, other: str) -> list[tuple]:
        rows = text.format(blank=blank, other=other)
        return check(measurements=rows, settings={"response": {"reader": "A"}}).found("reader_left_out")

    assert found("A", "A") == []
    assert found("A", "B") == [("measurements.csv", 4, "reader", "B")]
    assert found("A", "") == [("measurements.csv", 4, "reader", None)]
    assert found("", "A") == [("measurements.csv", 3, "reader", None)]


def test_the_order_of_rows_does_not_change_what_is_found(check, folder):
    text = (folder / "measurements.csv").read_text("utf-8").splitlines()
    first = check()
    (folder / "measurements.csv").write_text("\n".join([text[0], *reversed(text[1:])]), encoding="utf-8")
    second = check()

    key = ["patient_id", "assessed_on"]
    drop = ["source_row"]
    assert (
        first.tables.measurements.drop(drop).sort(key).equals(second.tables.measurements.drop(drop).sort(key))
    )


def test_nothing_is_dropped_silently(check):
    """Every row that left stands in a finding, or its patient does."""
    checked = check(
        measurements="""
            patient_id | lesion_id | assessed_on | diameter_mm
            P1         | L1        | 2020-01-01  | 50
            P1         | L1        | 2020-03-01  | ?
            P1         | L1        | 2020-05-01  | 30
            P1         | L1        | 2020-05-01  | 31
            P2         | L7        | 2020-02-01  | 41
            P9         | L1        | 2020-02-01  | 41
        """
    )

    kept = set(checked.column("measurements", "source_row"))
    named = {i.row for i in checked.issues if i.table == "measurements"}
    assert kept | named == set(range(2, 8))
    assert kept.isdisjoint(named)


def test_third_party_data_are_read_with_the_mapping_of_a_study(shared_path, check):
    """OpenTrialReporting torivumab: small target nodes are wrong there, the rest is sound."""
    folder = shared_path("data", "torivumab_nsclc", "raw")
    lesions = str(folder / "tumor_measurements.csv")
    nodes = ("axillary", "hilar", "mediastinal", "supraclavicular")
    columns = {"patient_id": "SUBJECT_ID", "lesion_id": "LESION_ID"}
    checked = check(
        sources={
            "patients": {
                "files": [str(folder / "demographics.csv")],
                "columns": {
                    "patient_id": "SUBJECT_ID",
                    "treatment_started_on": "RAND_DATE",
                    "birth_date": "BIRTHDATE",
                },
                "join": [
                    {
                        "file": str(folder / "death.csv"),
                        "key": "SUBJECT_ID",
                        "columns": {"died_on": "DEATH_DATE"},
                    }
                ],
            },
            "lesions": {
                "files": [lesions],
                "columns": {**columns, "role": ("NEW_LESION", "LESION_TYPE"), "organ": "ANATOMICAL_LOCATION"},
                "levels": {
                    "role": {"new": ("Y",), "": ("N",)},
                    "organ": {"lymph_node": tuple(f"Lymph node - {n}" for n in nodes)},
                },
            },
            "measurements": {
                "files": [lesions],
                "columns": {
                    **columns,
                    "assessed_on": "ASSESSMENT_DATE",
                    "diameter_mm": "LONGEST_DIAMETER_MM",
                    "state": "RESPONSE_CATEGORY",
                },
                "levels": {"state": {"unequivocal_progression": ("Unequivocal PD",)}},
            },
        }
    )

    assert checked.rules == {
        "small_target_node",
        "too_many_targets_in_organ",  # lobes and sides of the lung are one organ
        "value_ignored",
    }  # a histology of "Non-squamous" is none of ours
    assert {c for _, _, c, _ in checked.found("value_ignored")} == {"HISTOLOGY"}
    assert len(checked.found("small_target_node")) == 11
    assert (checked.tables.patients.height, checked.tables.measurements.height) == (450, 7686)
    assert dict(checked.tables.lesions["role"].value_counts().iter_rows()) == {
        "target": 881,
        "non_target": 393,
        "new": 38,
    }
    assert checked.tables.measurements.filter(pl.col("state") == "unequivocal_progression").height == 78
