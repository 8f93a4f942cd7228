"""SDTM domains to tables: small domains as text, cells parted by |. Rules: docs/sdtm.md."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs
import pytest

from oligoscope.intake.issues import Issues
from oligoscope.intake.period import day_of
from oligoscope.intake.readers import read_tables
from oligoscope.intake.sdtm.sdtm_dates import period
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import StudyTables

DM = """
    USUBJID | SEX | AGE | AGEU  | ARM  | RFSTDTC
    P1      | M   | 61  | YEARS | Drug | 2020-01-10
"""
TU = """
    USUBJID | TULNKID | TUTESTCD | TUSTRESC   | TULOC                  | TUDTC
    P1      | T01     | TUMIDENT | TARGET     | LUNG                   | 2020-01-02
    P1      | T02     | TUMIDENT | TARGET     | MEDIASTINAL LYMPH NODE | 2020-01-02
    P1      | NT01    | TUMIDENT | NON-TARGET | PLEURAL EFFUSION       | 2020-01-02
    P1      | NEW01   | TUMIDENT | NEW        | BRAIN                  | 2020-03-01
"""
TR = """
    USUBJID | TRLNKID | TRTESTCD | TRSTRESC    | TRSTRESN | TRSTRESU | TRSTAT | TRDTC
    P1      | T01     | LDIAM    | 30.5        | 30.5     | mm       |        | 2020-01-02
    P1      | T01     | LPERP    | 20          | 20       | mm       |        | 2020-01-02
    P1      | T02     | LDIAM    | 25          | 25       | mm       |        | 2020-01-02
    P1      | T02     | LPERP    | 18          | 18       | mm       |        | 2020-01-02
    P1      | NT01    | TUMSTATE | PRESENT     |          |          |        | 2020-01-02
    P1      | NEW01   | TUMSTATE | UNEQUIVOCAL |          |          |        | 2020-03-01
"""


class Study:
    """Domains in a folder, read and validated."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(
        self, sdtm: dict[str, Any] | None = None, reader: str | None = None, **domains: str
    ) -> StudyTables:
        for name, text in {"dm": DM, "tu": TU, "tr": TR, **domains}.items():
            _frame(text).write_csv(self.folder / f"{name}.csv")
        protocol = Protocol.model_validate(
            {"study": {}, "data": {"sdtm": sdtm or {}}, "response": {"reader": reader}}
        )
        tables, self.issues = validate_tables(read_tables(protocol, self.folder), protocol)
        return tables

    issues: Issues = Issues()

    def found(self, rule: str) -> list[tuple[str, int | None, str, str | None]]:
        """Source, row, column and value of each finding of one rule."""
        return [(i.source, i.row, i.column, i.value) for i in self.issues if i.rule == rule]


def _frame(text: str) -> pl.DataFrame:
    rows = [[cell.strip() or None for cell in line.split("|")] for line in text.strip().splitlines()]
    return pl.DataFrame(rows[1:], schema={str(name): pl.String for name in rows[0]}, orient="row")


def _tr(*lines: str) -> str:
    return "\n".join([TR.rstrip(), *lines])


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


def _cells(frame: pl.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    return frame.select(names).rows()


def test_tumours_become_lesions(study):
    tables = study.read()

    assert _cells(tables.lesions, "lesion_id", "role", "organ", "station", "is_node", "diffuse_kind") == [
        ("NEW01", "new", "brain", None, False, None),
        ("NT01", "non_target", "pleura", None, False, "malignant_effusion"),
        ("T01", "target", "lung", None, False, None),
        ("T02", "target", "lymph_node", "mediastinal", True, None),
    ]


def test_a_node_is_measured_by_its_short_axis_and_any_other_lesion_by_its_longest(study):
    """RECIST 1.1, 4.1."""
    tables = study.read()

    assert _cells(
        tables.measurements, "lesion_id", "diameter_mm", "state", "certainty", "source", "source_row"
    ) == [
        ("NEW01", None, None, "unequivocal", "tr.csv", 7),
        ("NT01", None, "present", None, "tr.csv", 6),
        ("T01", 30.5, "measured", None, "tr.csv", 2),
        ("T02", 18.0, "measured", None, "tr.csv", 5),
    ]


def test_the_test_diameter_comes_before_all_others(study):
    tables = study.read(tr=_tr("P1 | T01 | DIAMETER | 29 | 29 | mm | | 2020-01-02"))

    assert tables.measurements.filter(pl.col("lesion_id") == "T01")["diameter_mm"].to_list() == [29]


def test_a_node_without_a_short_axis_takes_the_longest_diameter_and_says_so(study):
    tables = study.read(
        tr=TR.replace(
            "P1      | T02     | LPERP    | 18          | 18       | mm       |        | 2020-01-02\n", ""
        )
    )

    assert tables.measurements.filter(pl.col("lesion_id") == "T02")["diameter_mm"].to_list() == [25]
    assert study.found("node_without_short_axis") == [("tr.csv", 4, "TRTESTCD", "LDIAM")]


def test_lengths_in_centimetres_are_read_exactly_and_unknown_units_are_not_guessed(study):
    tables = study.read(tr=_tr(
        "P1 | T01 | LDIAM | 2.87 | 2.87 | cm | | 2020-03-01",
        "P1 | T02 | LPERP | 1    | 1    | in | | 2020-03-01",
    ))  # fmt: skip

    assert tables.measurements.filter(pl.col("assessed_on") == date(2020, 3, 1))["diameter_um"].to_list() == [
        None,
        28_700,
    ]
    assert study.found("value_unreadable") == [("tr.csv", 9, "TRSTRESN", "1 in")]


@pytest.mark.parametrize(
    ("cells", "state", "diameter"),
    [
        ("|  |    | NOT DONE", "not_evaluated", None),
        ("TOO SMALL TO MEASURE |   |    |", "too_small", None),
        ("ABSENT |   |    |", "absent", None),
        ("0 | 0 | mm |", "measured", 0),
        ("UNEQUIVOCAL PROGRESSION |  |  |", "unequivocal_progression", None),
        ("NOT EVALUABLE |  |  |", "not_evaluated", None),
    ],
)
def test_words_become_states(study, cells, state, diameter):
    tables = study.read(tr=_tr(f"P1 | T01 | LDIAM | {cells} | 2020-03-01"))

    found = tables.measurements.filter((pl.col("lesion_id") == "T01") & (pl.col("assessed_day") > 0))
    assert _cells(found, "state", "diameter_mm") == [(state, diameter)]


@pytest.mark.parametrize("cells", ["<5 | | mm |", "COMPARABLE | | |"])
def test_a_word_that_is_not_known_is_never_guessed(study, cells):
    study.read(tr=_tr(f"P1 | T01 | LDIAM | {cells} | 2020-03-01"))

    assert [row for _, row, _, _ in study.found("value_unreadable")] == [8]


def test_an_original_result_too_small_keeps_the_standard_diameter_beside_it(study):
    """SDTM guide, RECIST 1.1 supplement: TRORRES in words, TRSTRESN standardised to 5."""
    tables = study.read(tr="""
        USUBJID | TRLNKID | TRTESTCD | TRORRES              | TRSTRESC | TRSTRESN | TRDTC
        P1      | T01     | LDIAM    | TOO SMALL TO MEASURE | 5        | 5        | 2020-03-01
    """)  # fmt: skip

    assert _cells(tables.measurements, "state", "diameter_mm") == [("too_small", 5.0)]


def test_a_state_and_a_size_of_one_scan_are_one_row(study):
    tables = study.read(tr=_tr("P1 | T01 | TUMSTATE | PRESENT | | | | 2020-01-02"))

    found = tables.measurements.filter(pl.col("lesion_id") == "T01")
    assert _cells(found, "state", "diameter_mm") == [("present", 30.5)]


def test_two_sizes_of_one_scan_stay_two_and_are_queried(study):
    study.read(tr=_tr("P1 | T01 | LDIAM | 31 | 31 | mm | | 2020-01-02"))

    found = study.found("row_conflict")
    assert [(source, row, value) for source, row, _, value in found] == [
        ("tr.csv", 2, "30.5"),
        ("tr.csv", 8, "31"),
    ]


def test_not_done_without_a_date_needs_no_row(study):
    """SDTM guide, RECIST 1.1 supplement: scans that were not performed have no TRDTC."""
    tables = study.read(tr=_tr("P1 | T01 | LDIAM | | | | NOT DONE | "))

    assert tables.measurements.height == 4
    assert study.found("not_done_undated") == [("tr.csv", 8, "TRDTC", None)]


def test_the_parts_of_a_split_tumour_are_fragments_of_it(study):
    """SDTM guide, RECIST 1.1 supplement: T01 splits into T01.1 and T01.2."""
    tables = study.read(
        tu=TU
        + "    P1 | T01.1 | TUSPLIT | TARGET | LUNG | 2020-03-01\n    P1 | T01.2 | TUSPLIT | TARGET | LUNG | 2020-03-01",
        tr=_tr(
            "P1 | T01.1 | LDIAM | 12 | 12 | mm | | 2020-03-01",
            "P1 | T01.2 | LDIAM | 9 | 9 | mm | | 2020-03-01",
        ),
    )

    found = tables.measurements.filter((pl.col("lesion_id") == "T01") & (pl.col("assessed_day") > 0))
    assert tables.lesions.height == 4
    assert _cells(found, "fragment", "diameter_mm") == [("1", 12.0), ("2", 9.0)]


def test_of_merged_tumours_the_first_carries_the_diameter(study):
    """SDTM guide, RECIST 1.1 supplement: T01 and T03 merge into T01/T03."""
    tables = study.read(
        tu=TU
        + "    P1 | T03 | TUMIDENT | TARGET | LUNG | 2020-01-02\n    P1 | T01/T03 | TUMERGE | TARGET | LUNG | 2020-03-01",
        tr=_tr(
            "P1 | T03 | LDIAM | 15 | 15 | mm | | 2020-01-02",
            "P1 | T01/T03 | LDIAM | 40 | 40 | mm | | 2020-03-01",
        ),
    )

    found = tables.measurements.filter(
        (pl.col("assessed_day") > 0) & pl.col("lesion_id").is_in(["T01", "T03"])
    )
    assert _cells(found.sort("lesion_id"), "lesion_id", "diameter_mm", "state", "merged_into") == [
        ("T01", 40.0, "measured", None),
        ("T03", None, "merged", "T01"),
    ]


def test_sums_are_derived_and_not_copied(study):
    study.read(tr=_tr("P1 |  | SUMDIAM | 48.5 | 48.5 | mm | | 2020-01-02"))

    assert study.found("domain_rows_unused") == [("tr.csv", None, "TRTESTCD", "SUMDIAM")]


READERS_TU = """
    USUBJID | TULNKID | TUTESTCD | TUSTRESC   | TULOC | TUEVAL               | TUEVALID
    P1      | T01     | TUMIDENT | TARGET     | LUNG  | INVESTIGATOR         |
    P1      | T01     | TUMIDENT | NON-TARGET | LIVER | INDEPENDENT ASSESSOR | RADIOLOGIST 1
"""
READERS_TR = """
    USUBJID | TRLNKID | TRTESTCD | TRSTRESC | TRSTRESN | TRDTC      | TREVAL               | TREVALID
    P1      | T01     | LDIAM    | 30       | 30       | 2020-01-02 | INVESTIGATOR         |
    P1      | T01     | TUMSTATE | PRESENT  |          | 2020-01-02 | INDEPENDENT ASSESSOR | RADIOLOGIST 1
"""
READERS_RS = """
    USUBJID | RSTESTCD | RSSTRESC      | RSSTAT   | RSDTC      | RSEVAL               | RSEVALID
    P1      | OVRLRESP | SD            |          | 2020-03-01 | INVESTIGATOR         |
    P1      | OVRLRESP | NON-CR/NON-PD |          | 2020-03-01 | INDEPENDENT ASSESSOR | RADIOLOGIST 1
    P1      | OVRLRESP |               | NOT DONE | 2020-05-01 | INDEPENDENT ASSESSOR | RADIOLOGIST 1
    P1      | TRGRESP  | SD            |          | 2020-03-01 | INVESTIGATOR         |
"""


@pytest.mark.parametrize(
    ("reader", "role", "responses"),
    [("INVESTIGATOR", "target", ["SD"]), ("RADIOLOGIST 1", "non_target", ["NON_CR_NON_PD", "NE"])],
)
def test_a_lesion_of_one_name_is_each_readers_own(study, reader, role, responses):
    tables = study.read(reader=reader, tu=READERS_TU, tr=READERS_TR, rs=READERS_RS)

    assert tables.lesions["role"].to_list() == [role]
    assert set(tables.measurements["reader"]) | set(tables.assessments["reader"]) == {reader}
    assert tables.assessments["overall_response"].to_list() == responses


@pytest.mark.parametrize("reader", [None, "RADIOLOGIST 3"])
def test_of_several_readers_one_must_be_chosen(study, reader):
    study.read(reader=reader, tu=READERS_TU, tr=READERS_TR)

    assert {i.expected.en for i in study.issues if i.rule == "reader_not_chosen"} == {
        "the readers are: INVESTIGATOR, RADIOLOGIST 1"
    }


# ---- patients --------------------------------------------------------------------------------------


def test_a_patient_is_described_in_four_domains_and_every_value_keeps_its_place(study):
    tables = study.read(
        {"treatment": ["drug"], "levels": {"arm": {"treated": ["Drug"]}, "regimen": {"chemo_io": ["Drug"]}}},
        ex="""
            USUBJID | EXTRT | EXSTDTC    | EXENDTC
            P1      | DRUG  | 2020-01-12 | 2020-01-12
            P1      | DRUG  | 2020-04-01 |
            P1      | OTHER | 2020-06-01 | 2020-06-01
        """,
        ds="""
            USUBJID | DSDECOD | DSSTDTC
            P1      | OTHER   | 2020-07-01
            P1      | DEATH   | 2020-09-30
        """,
    )

    assert _cells(
        tables.patients,
        "sex",
        "age_years",
        "arm",
        "treatment_started_on",
        "last_dose_on",
        "died_on",
        "last_known_alive_on",
    ) == [("male", 61.0, "treated", date(2020, 1, 10), date(2020, 4, 1), date(2020, 9, 30), date(2020, 7, 1))]
    assert _cells(tables.treatments, "line", "regimen", "started_on", "ended_on") == [
        (1, "chemo_io", date(2020, 1, 12), date(2020, 4, 1))
    ]


def test_the_clock_may_start_with_the_first_dose(study):
    ex = "USUBJID | EXTRT | EXSTDTC\nP1 | A | 2020-01-11\nP1 | B | 2020-01-15"

    starts = [
        study.read({"start": "first_dose", "treatment": which}, ex=ex).patients["treatment_started_on"].item()
        for which in ([], ["B"])
    ]

    assert starts == [date(2020, 1, 11), date(2020, 1, 15)]


def test_a_death_comes_from_the_first_domain_that_dates_it(study):
    dm = DM.replace("RFSTDTC", "RFSTDTC | DTHDTC").replace("2020-01-10", "2020-01-10 | 2020-10-01")
    dd = "USUBJID | DDDTC\nP1 | 2020-10-05"

    assert study.read(dm=dm, dd=dd).patients["died_on"].to_list() == [date(2020, 10, 1)]
    assert study.found("death_dates_differ") == [("dm.csv", 2, "DTHDTC", "2020-10-01")]
    assert study.read(dd=dd).patients["died_on"].to_list() == [date(2020, 10, 5)]
    assert study.found("death_from_record") == [("dd.csv", None, "DDDTC", None)]


def test_a_finding_about_a_death_names_its_own_domain_and_row(study):
    study.read(ds="USUBJID | DSDECOD | DSSTDTC\nP1 | RANDOMIZED | 2020-01-10\nP1 | DEATH | 2020-02-30")

    assert study.found("value_unreadable") == [("ds.csv", 3, "DTHDTC", "2020-02-30")]


def test_columns_may_be_joined_from_any_domain(study):
    _frame("USUBJID | QSTESTCD | QSSTRESC\nP1 | ECOG101 | 1\nP1 | OTHER | 5").write_csv(
        study.folder / "qs.csv"
    )
    join = {
        "file": "qs.csv",
        "key": "USUBJID",
        "columns": {"ecog": "QSSTRESC"},
        "where": {"QSTESTCD": ["ECOG101"]},
    }

    assert study.read({"join": [join]}).patients["ecog"].to_list() == [1]


def test_an_age_in_months_is_not_read_as_years(study):
    tables = study.read(dm=DM.replace("YEARS", "MONTHS"))

    assert tables.patients["age_years"].to_list() == [None]
    assert study.found("value_ignored") == [("dm.csv", 2, "AGE", "61 MONTHS")]


# ---- partial dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "middle", "last"),
    [
        ("2021-02", "2021-02-01", "2021-02-15", "2021-02-28"),
        ("2021", "2021-01-01", "2021-07-01", "2021-12-31"),
        ("2021---15", "2021-01-01", "2021-07-01", "2021-12-31"),
    ],
)
def test_a_partial_date_is_taken_by_rule(text, first, middle, last):
    span = period(text)

    assert span is not None
    assert [str(day_of(span, rule)) for rule in ("first", "middle", "last", "missing")] == [
        first,
        middle,
        last,
        "None",
    ]


@pytest.mark.parametrize("text", ["2021-02-03", "2021-13", "2021-02-03T10:00", "unknown", "--02-03"])
def test_what_is_no_month_or_year_is_left_to_validation(text):
    assert period(text) is None


@pytest.mark.parametrize(
    ("rule", "day"), [("first", date(2020, 3, 1)), ("middle", date(2020, 3, 15)), ("last", date(2020, 3, 31))]
)
def test_the_rule_is_applied_and_every_use_is_listed(study, rule, day):
    tables = study.read({"partial_dates": rule}, tr=_tr("P1 | T01 | LDIAM | 20 | 20 | mm | | 2020-03"))

    assert tables.measurements.filter(pl.col("source_row") == 8)["assessed_on"].to_list() == [day]
    assert study.found("partial_date") == [("tr.csv", 8, "TRDTC", "2020-03")]


def test_a_partial_date_taken_as_missing_takes_its_row_out(study):
    study.read({"partial_dates": "missing"}, tr=_tr("P1 | T01 | LDIAM | 20 | 20 | mm | | 2020-03"))

    assert study.found("value_blank") == [("tr.csv", 8, "TRDTC", None)]


def test_the_recorded_study_day_decides_a_partial_date(study):
    """Study day 1 is DM.RFSTDTC; a day outside the month that is written decides nothing."""
    tables = study.read(tr="""
        USUBJID | TRLNKID | TRTESTCD | TRSTRESN | TRDTC   | TRDY
        P1      | T01     | LDIAM    | 30       | 2020-01 | -2
        P1      | T02     | LPERP    | 18       | 2020-01 | 1
        P1      | T01     | LDIAM    | 20       | 2020-03 | 200
    """)  # fmt: skip

    assert tables.measurements["assessed_on"].to_list() == [
        date(2020, 1, 8),
        date(2020, 3, 15),
        date(2020, 1, 10),
    ]


def test_a_death_known_to_the_month_is_not_put_before_a_later_day_of_that_month(study):
    ds = "USUBJID | DSDECOD | DSSTDTC\nP1 | OTHER | 2020-09-20\nP1 | DEATH | 2020-09"

    assert study.read(ds=ds).patients["died_on"].to_list() == [date(2020, 9, 20)]
    assert study.found("alive_after_death") == []


# ---- files and words -------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_domains_are_found_by_name_in_any_format_and_case(study, suffix):
    study.read()
    frame = _frame(TR).rename(str.lower)
    (study.folder / "tr.csv").unlink()
    if suffix == "parquet":
        frame.with_columns(pl.col("trstresn").cast(pl.Float32)).write_parquet(study.folder / "TR.parquet")
    else:
        frame.write_csv(study.folder / "TR.CSV")
    protocol = Protocol.model_validate({"study": {}, "data": {"sdtm": {}}})

    tables, _ = validate_tables(read_tables(protocol, study.folder), protocol)

    assert tables.measurements["diameter_um"].to_list() == [None, None, 30_500, 18_000]


def _as_dataset_json(frame: pl.DataFrame, name: str, path: Path) -> None:
    """Dataset-JSON 1.1: numbers are numbers, dates ISO texts; `.ndjson` has a line a row."""
    numbers = [c for c in frame.columns if c.endswith("STRESN") or c == "AGE"]
    frame = frame.with_columns(pl.col(numbers).cast(pl.Float64))
    columns = [
        {
            "itemOID": f"IT.{name}.{c}",
            "name": c,
            "label": c,
            "dataType": "double" if c in numbers else "string",
        }
        for c in frame.columns
    ]
    about = {
        "datasetJSONVersion": "1.1.0",
        "name": name,
        "records": frame.height,
        "columns": columns,
    }
    rows = [
        [("" if c is None and n not in numbers else c) for n, c in row.items()] for row in frame.to_dicts()
    ]
    text = (
        "\n".join(map(json.dumps, (about, *rows)))
        if path.suffix == ".ndjson"
        else json.dumps({**about, "rows": rows})
    )
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("ending", ["json", "ndjson"])
def test_domains_in_dataset_json_are_the_tables_of_the_same_domains_in_csv(tmp_path, ending):
    of_csv, of_json = Study(tmp_path / "csv"), tmp_path / "json"
    of_csv.folder.mkdir()
    of_json.mkdir()
    ds = "USUBJID | DSDECOD | DSSTDTC\nP1 | DEATH | 2020-09-20"
    expected = of_csv.read(ds=ds)
    for name, text in {"DM": DM, "TU": TU, "TR": TR, "DS": ds}.items():
        _as_dataset_json(_frame(text), name, of_json / f"{name.lower()}.{ending}")
    protocol = Protocol.model_validate({"study": {}, "data": {"sdtm": {}}})
    tables, issues = validate_tables(read_tables(protocol, of_json), protocol)

    assert not issues.errors
    assert [(i.rule, i.row) for i in issues] == [(i.rule, i.row) for i in of_csv.issues]
    for name in ("patients", "lesions", "measurements"):
        read, wanted = (getattr(t, name).select(~cs.starts_with("source")) for t in (tables, expected))
        assert read.equals(wanted), name


def test_a_domain_that_is_not_there_is_an_error_with_its_name(tmp_path):
    protocol = Protocol.model_validate({"study": {}, "data": {"sdtm": {}}})

    _, issues = validate_tables(read_tables(protocol, tmp_path), protocol)

    assert [(i.rule, i.table) for i in issues.errors] == [
        ("file_unreadable", "lesions"), ("file_unreadable", "measurements"), ("file_unreadable", "patients"),
    ]  # fmt: skip


def test_two_files_of_one_domain_are_not_chosen_from(study):
    _frame(DM).write_parquet(study.folder / "dm.parquet")
    study.read()

    assert [i.expected.en for i in study.issues.errors] == [
        "the domain dm has several files (dm.csv, dm.parquet); name one of them under data.sdtm.files"
    ]


@pytest.mark.parametrize(
    ("location", "organ", "station"),
    [
        ("LUNG", "lung", None),
        ("Right Upper Lobe", "lung", None),
        ("LYMPH NODE", "lymph_node", None),
        ("AXILLARY LYMPH NODE", "lymph_node", "axillary"),
        ("LYMPH NODE - HILAR", "lymph_node", "10"),
        ("LYMPH NODE - SUPRACLAVICULAR", "lymph_node", "1"),
        ("BONE - RIB", "bone", None),
        ("BONE - SOMEWHERE", "bone", None),
        ("ABDOMINAL CAVITY", "ABDOMINAL CAVITY", None),
    ],
)
def test_locations_are_organs_and_stations(study, location, organ, station):
    tu = f"USUBJID | TULNKID | TUSTRESC | TULOC\nP1 | T01 | TARGET | {location}"
    tr = "USUBJID | TRLNKID | TRTESTCD | TRSTRESC | TRSTRESN | TRDTC\nP1 | T01 | LDIAM | 30 | 30 | 2020-01-02"
    tables = study.read(tu=tu, tr=tr)

    assert _cells(tables.lesions, "organ", "station", "is_node") == [(organ, station, organ == "lymph_node")]
    assert [i.value for i in study.issues if i.rule == "place_unknown"] == [organ] * (organ == location)


def test_a_studys_own_words_come_before_cdiscs(study):
    tables = study.read({"levels": {"organ": {"pleura": ["LUNG"]}}})

    assert tables.lesions["organ"].to_list()[2:] == ["pleura", "lymph_node"]


def test_new_lesions_may_be_recorded_in_tr_and_roles_in_another_column(study):
    tu = "USUBJID | TULNKID | TUORRES | TUGRPID | TULOC\nP1 | A | Target - Lung | TARGET | LUNG\nP1 | N | Target - Lung | TARGET | LUNG"
    tr = "USUBJID | TRLNKID | TRTESTCD | TRSTRESC | TRSTRESN | TRDTC\nP1 | A | LDIAM | 30 | 30 | 2020-01-02\nP1 | N | LDIAM | 12 | 12 | 2020-03-01\nP1 | N | NEWLSN | Y | | 2020-03-01"

    tables = study.read({"columns": {"role": "TUGRPID"}, "tests": {"new": ["NEWLSN"]}}, tu=tu, tr=tr)

    assert _cells(tables.lesions, "lesion_id", "role") == [("A", "target"), ("N", "new")]
    assert study.found("domain_rows_unused") == []


def test_a_table_given_beside_the_domains_takes_the_place_of_theirs(study):
    (study.folder / "lines.csv").write_text("patient_id,line,started_on\nP1,2,2020-08-01\n", encoding="utf-8")
    study.read(ex="USUBJID | EXTRT | EXSTDTC\nP1 | A | 2020-01-11")
    protocol = Protocol.model_validate(
        {"study": {}, "data": {"sdtm": {}, "treatments": {"files": ["lines.csv"]}}}
    )

    tables, _ = validate_tables(read_tables(protocol, study.folder), protocol)

    assert tables.treatments["line"].to_list() == [2]


@pytest.mark.parametrize(
    ("settings", "there"), [({}, False), ({"missing": []}, True), ({"missing": ["."]}, True)]
)
def test_na_of_r_is_a_blank_cell_unless_the_study_says_otherwise(study, settings, there):
    """R's write.csv writes NA; without this the reader NA is one of several, and a death on NA cannot be read."""
    tr = TR.replace("TRSTAT", "TREVALID").replace("mm       |  ", "mm       | NA")

    tables = study.read(
        settings, dm=DM.replace("RFSTDTC", "RFSTDTC | DTHDTC").replace("2020-01-10", "2020-01-10 | NA"), tr=tr
    )

    assert bool(study.found("value_unreadable")) is there
    assert there or tables.measurements["reader"].null_count() == tables.measurements.height
    assert there or tables.measurements.height == 4
