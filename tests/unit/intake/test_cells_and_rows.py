"""Rules over single cells and over the rows of one table."""

from __future__ import annotations

from datetime import date


def test_an_unreadable_decisive_cell_takes_its_row_out(check):
    checked = check(
        measurements="""
            patient_id | lesion_id | assessed_on | diameter_mm | state
            P1         | L1        | 2020-01-01  | 50          |
            P1         | L1        | 2020-13-40  | 30          |
            P1         | L1        | 2020-04-01  | 12..5       |
            P1         | L1        | 2020-05-01  | 4000        |
            P1         | L1        | 2020-06-01  | -8          |
            P1         | L1        | 2020-07-01  | 20          | odd
            P1         |           | 2020-08-01  | 20          |
            P1         | L1        |             | 20          |
            P2         | L1        | 2020-02-01  | 41          |
        """
    )

    assert checked.found("value_unreadable") == [
        ("measurements.csv", 3, "assessed_on", "2020-13-40"),
        ("measurements.csv", 4, "diameter_mm", "12..5"),
        ("measurements.csv", 7, "state", "odd"),
    ]
    assert checked.found("value_out_of_range") == [
        ("measurements.csv", 5, "diameter_mm", "4000"),
        ("measurements.csv", 6, "diameter_mm", "-8"),
    ]
    assert [(r, c) for _, r, c, _ in checked.found("value_blank")] == [(8, "lesion_id"), (9, "assessed_on")]
    assert {i.patient_id for i in checked.issues.quarantined} == {"P1"}
    assert checked.column("measurements", "source_row") == [2, 10]
    assert checked.column("patients", "patient_id") == ["P1", "P2"]


def test_an_unreadable_cell_that_decides_nothing_becomes_missing(check):
    checked = check(
        patients="patient_id | treatment_started_on | ecog | sex\nP1 | 2020-01-10 | 9 | X\nP2 | 2020-02-10 | 1 | f\n",
        sources={"patients": {"levels": {"sex": {"female": ("F",)}}}},
    )

    assert checked.found("value_ignored") == [
        ("patients.csv", 2, "ecog", "9"),
        ("patients.csv", 2, "sex", "X"),
    ]
    assert checked.issues.quarantined == ()
    assert checked.tables.patients.select("ecog", "sex").rows() == [(None, None), (1, "female")]


def test_words_for_missing_are_missing_where_the_study_names_them(check):
    text = "patient_id | treatment_started_on | died_on | last_known_alive_on\nP1 | 2020-01-10 | 9X | 2021-01-10\nP2 | 2020-02-10 | 尚早 | 2021-01-10\n"

    assert len(check(patients=text).found("value_unreadable")) == 2
    checked = check(patients=text, sources={"patients": {"missing": ("9x", "尚早")}})
    assert checked.issues.items == ()
    assert checked.column("patients", "died_on") == [None, None]


def test_a_row_with_more_cells_than_the_header_is_left_out(check, folder):
    (folder / "measurements.csv").write_text(
        "patient_id,lesion_id,assessed_on,diameter_mm\nP1,L1,2020-01-01,50\nP1,L1,2020-03-01,30,5\nP2,L1,2020-02-01,41\n",
        encoding="utf-8",
    )

    checked = check()

    assert checked.found("row_shifted") == [("measurements.csv", 3, "", "5")]
    assert checked.column("measurements", "source_row") == [2, 4]


def test_serial_dates_error_cells_and_formulas_of_a_workbook(check, workbook):
    header = ["patient_id", "lesion_id", "assessed_on", "diameter_mm"]
    workbook("m.xlsx", {"measurements": [
        header, ["P1", "L1", 43831, 50], [None] * 4, ["P1", "L1", date(2020, 3, 1), "#DIV/0!"],
        ["P1", "L1", "2020年4月1日", "=D2-10"], ["P2", "L1", "2020/2/1", "\uff14\uff11\uff0e\uff15"],
    ]})  # fmt: skip

    checked = check(sources={"measurements": {"files": ["m.xlsx"]}})

    source = "m.xlsx [measurements]"
    assert checked.found("value_unreadable") == [
        (source, 4, "diameter_mm", "#DIV/0!"),
        (source, 5, "diameter_mm", "=D2-10"),
    ]
    assert checked.tables.measurements.select("assessed_on", "diameter_um").rows() == [
        (date(2020, 1, 1), 50000),
        (date(2020, 2, 1), 41500),
    ]


def test_a_repeated_measurement_counts_once_and_a_contradicting_one_not_at_all(check):
    checked = check(
        measurements="""
            patient_id | lesion_id | assessed_on | diameter_mm | modality
            P1         | L1        | 2020-01-01  | 50          | ct
            P1         | L1        | 2020-01-01  | 50          | ct
            P1         | L1        | 2020-01-01  | 48          | mri
            P2         | L1        | 2020-02-01  | 41          |
            P2         | L1        | 2020-04-01  | 30          |
            P2         | L1        | 2020-04-01  | 31          |
        """
    )

    assert checked.found("row_repeated") == [("measurements.csv", 3, "", None)]
    assert checked.found("row_conflict") == [
        ("measurements.csv", 6, "diameter_mm", "30"),
        ("measurements.csv", 7, "diameter_mm", "31"),
    ]
    assert checked.column("measurements", "source_row") == [2, 4, 5]


def test_rows_of_unknown_patients_are_left_out(check):
    checked = check(treatments="patient_id | line\nP1 | 1\nP9 | 1\n")

    assert checked.found("unknown_patient") == [("treatments.csv", 3, "patient_id", "P9")]
    assert checked.column("treatments", "patient_id") == ["P1"]


def test_a_patient_without_a_number_is_left_out(check):
    checked = check(
        patients="patient_id | treatment_started_on\nP1 | 2020-01-10\n | 2020-02-10\nP2 | 2020-02-10\n"
    )

    assert checked.found("value_blank") == [("patients.csv", 3, "patient_id", None)]
    assert checked.column("patients", "patient_id") == ["P1", "P2"]


def test_a_quarantined_patient_and_all_their_rows_are_one_finding(check):
    checked = check(
        patients="patient_id | treatment_started_on | died_on\nP1 | 2020-01-10 | 2021-01-10\nP2 | 2020-02-10 | 2021-02-30\n"
    )

    (left,) = [i for i in checked.issues if i.rule == "patient_left_out"]
    assert (left.patient_id, left.row, left.expected.en) == ("P2", 3, "with 3 rows of other tables")
    assert set(checked.column("measurements", "patient_id")) == {"P1"}
    assert checked.rules == {"value_unreadable", "patient_left_out"}


def test_pd_l1_and_its_score_and_age_and_birth_are_compared(check):
    checked = check(
        patients="""
            patient_id | treatment_started_on | pd_l1_tps | pd_l1 | age_years | birth_date
            P1         | 2020-01-10           | 50%       | 1-49% | 60        | 1960-01-01
            P2         | 2020-02-10           | 0.5%      |       | 50        | 1960-01-01
        """
    )

    assert checked.found("pd_l1_disagrees") == [("patients.csv", 2, "pd_l1", "1-49%")]
    assert checked.found("age_disagrees") == [("patients.csv", 3, "age_years", "50")]
    assert checked.column("patients", "pd_l1") == ["1-49%", "<1%"]


def test_vital_status_is_compared_with_the_date_of_death_and_is_no_covariate(check):
    checked = check(
        patients="""
            病案号 | 首次给药日期 | 死亡时间   | 生存状态
            P1     | 2020-01-10   |            | 死亡
            P2     | 2020-02-10   | 2021-01-01 | 存活
            P3     | 2020-02-10   | 2021-01-01 | 死亡
            P4     | 2020-02-10   |            | 失访
            P5     | 2020-02-10   | 2021-01-01 |
            P6     | 2020-02-10   | 2021-01-01 | 失访
        """
    )

    assert checked.found("vital_status_disagrees") == [
        ("patients.csv", 2, "生存状态", "dead"),
        ("patients.csv", 3, "生存状态", "alive"),
        ("patients.csv", 7, "生存状态", "lost"),
    ]
    assert checked.rules == {"vital_status_disagrees"}
    expected = [i.expected.en for i in checked.issues if i.rule == "vital_status_disagrees"]
    assert expected == ["there is no date of death", *["the date of death is 2021-01-01"] * 2]


def test_regimens_lines_and_driver_genes_are_read_as_they_are_written(check):
    checked = check(
        patients="""
            住院号 | C1D1       | EGFR/ALK       | PS评分 | PD-L1（22C3） | 病理分型   | 临床分期
            P1     | 2020-01-10 | EGFR/ALK 阴性  | 1      | 60%          | 鳞状细胞癌 | Ⅳ期
            P2     | 2020-02-10 | EGFR 19del     | PS 2   | 阴性（<1%）  | ADC        | Stage IVA
        """,
        treatments="""
            Pt | Line | Regimen                        | Start      | RT/Surg
            P1 | 1L   | 帕博利珠单抗+培美曲塞+卡铂     | 2020-01-10 |
            P1 | 二线 | Chemo-IO-bev                   | 2020-06-10 |
            P2 |      |                                | 2020-06-10 | SBRT
        """,
    )

    read = checked.tables.patients.select("driver_gene", "ecog", "pd_l1", "histology", "stage").rows()
    assert read == [
        ("negative", 1, ">=50%", "squamous", "IV"),
        ("positive", 2, "<1%", "adenocarcinoma", "IVA"),
    ]
    assert checked.tables.treatments.sort("patient_id", "line").select(
        "line", "regimen", "modality"
    ).rows() == [
        (1, "chemo_io", None),
        (2, "chemo_io_antiangiogenic", None),
        (None, None, "radiotherapy"),
    ]
    assert not checked.issues.errors
    assert not checked.issues.quarantined


def test_a_word_that_is_no_level_is_answered_in_words_with_the_nearest(check):
    checked = check(
        patients="patient_id | treatment_started_on | sex\nP1 | 2020-01-10 | femal\nP2 | 2020-02-10 | M\n"
    )

    assert checked.found("value_ignored") == [("patients.csv", 2, "sex", "femal")]
    assert "应为 男（male）、女（female）；最接近：女（female）" in checked.issues.message("zh")
    assert checked.column("patients", "sex") == [None, "male"]


def test_a_contradicted_cell_is_shown_under_its_name_in_the_file(check):
    checked = check(
        measurements="""
            patient_id | lesion_id | assessed_on | Diameter MM
            P1         | L1        | 2020-01-01  | 50
            P1         | L1        | 2020-01-01  | 48
            P2         | L1        | 2020-02-01  | 41
        """
    )

    assert checked.found("row_conflict") == [
        ("measurements.csv", 2, "Diameter MM", "50"),
        ("measurements.csv", 3, "Diameter MM", "48"),
    ]


def test_a_progression_given_in_days_before_the_start_is_shown_with_its_column(check):
    checked = check(
        patients="patient_id | treatment_started_on\nP1 | 2020-01-10\nP2 | 2020-02-10\n",
        progressions="patient_id | progressed_day\nP1 | -9\nP2 | 60\n",
    )

    assert checked.found("progression_before_start") == [
        ("progressions.csv", 2, "progressed_on", "2020-01-01")
    ]
