"""Headers to our columns."""

from __future__ import annotations

import pytest

from oligoscope.study.dictionary.headers import header_unit, headers_of
from oligoscope.study.schemas import TABLES
from oligoscope.study.study_presets import PRESETS


@pytest.mark.parametrize(
    "header",
    [
        "patient_id",
        "PATIENT ID",
        "Patient_Id",
        "患者编号",
        "病案号",
        "\uff30\uff21\uff34\uff29\uff25\uff2e\uff34\uff3f\uff29\uff24",
        "Subject ID",
    ],
)
def test_a_header_is_known_whatever_its_case_width_and_spaces(check, header):
    checked = check(
        patients=f"{header} | 治疗开始日期 | 末次存活日期\nP1 | 2020-01-10 | 2021-01-10\nP2 | 2020-02-10 | 2021-01-10\n"
    )

    assert checked.issues.items == ()
    assert checked.column("patients", "patient_id") == ["P1", "P2"]
    assert {"patient_id", "treatment_started_on"} <= checked.tables.given["patients"]


@pytest.mark.parametrize(
    "header", ["年龄（岁）", "年龄/岁", "Age (years)", "AGE, yrs", "age_years", "诊断年龄", "Age at dx"]
)
def test_a_unit_behind_a_header_does_not_matter(check, header):
    checked = check(
        patients=f"患者编号 | 治疗开始日期 | {header} | 末次随访日期\nP1 | 2020-01-10 | 61 | 2021-01-10\nP2 | 2020-02-10 | 55 | 2021-01-10\n"
    )

    assert checked.issues.items == ()
    assert checked.column("patients", "age_years") == [61.0, 55.0]


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("长径(mm)", "mm"), ("长径（cm）", "cm"), ("长径(mm)/淋巴结短径", "mm"), ("Size, mm", "mm"), ("diameter_mm", "mm"), ("PFS/月", "months"),
        ("OS (days)", "days"), ("PD-L1 TPS（%）", "percent"), ("年龄", None), ("PD-L1（22C3）", None), ("Size", None), ("长径（基线）", None),
        ("长径（厘米）", "cm"), ("长径/mm", "mm"), ("Diameter [CM]", "cm"), ("LONGEST_MM", "mm"), ("size, cm", "cm"), ("长径厘米", "cm"), ("长径 公分", "cm"),
        ("cm", "cm"), ("(mm)", "mm"), ("Diametercm", None), ("number of cm lesions", None), ("diameter_mmHg", None),
    ],
)  # fmt: skip
def test_the_unit_of_a_header_is_known(header, unit):
    assert header_unit(header) == unit


@pytest.mark.parametrize(
    ("table", "header"),
    [
        ("measurements", "长径（基线）"), ("measurements", "Size (C3D1)"), ("measurements", "检查日期（天）"), ("patients", "KPS"), ("patients", "PD-L1 CPS"),
        ("patients", "年龄（父亲）"), ("patients", "年龄（月）"), ("patients", "吸烟（年）"), ("patients", "Smoking (years)"), ("lesions", "LN"), ("treatments", "Date"), ("patients", "Study ID"), ("patients", "序号"), ("patients", "Died"),
    ],
)  # fmt: skip
def test_a_header_that_may_be_another_column_is_not_taken(table, header):
    assert [c.name for c in TABLES[table].columns if headers_of([header], c)] == []


def test_of_several_headers_the_exact_name_is_taken_and_equal_ones_are_asked(check):
    rows = "P1 | H1 | A1 | 2020-01-10\nP2 | H2 | A2 | 2020-02-10\n"
    exact = check(patients=f"patient_id | 登记号 | 研究号 | 治疗开始日期\n{rows}")
    assert exact.column("patients", "patient_id") == ["P1", "P2"]
    assert not exact.issues.errors

    asked = check(patients=f"入组号 | 登记号 | 研究号 | 治疗开始日期\n{rows}")
    assert asked.found("column_ambiguous") == [("patients.csv", 1, "入组号", None)]
    assert "column_missing" not in asked.rules
    assert "入组号、登记号、研究号 都可能是患者编号（patient_id）" in asked.issues.message("zh")

    said = check(
        patients=f"入组号 | 登记号 | 研究号 | 治疗开始日期\n{rows}",
        sources={"patients": {"columns": {"patient_id": "登记号"}}},
    )
    assert said.column("patients", "patient_id") == ["H1", "H2"]


def test_each_file_of_a_table_may_call_a_column_by_another_name(check, folder):
    (folder / "more.csv").write_text("住院号,病灶号,靶/非靶,部位\nP2,L2,非靶,liver\n", encoding="utf-8")

    checked = check(sources={"lesions": {"files": ["lesions.csv", "more.csv"]}})

    assert not checked.issues.errors
    assert checked.tables.lesions.select("patient_id", "lesion_id", "role").rows()[-1] == (
        "P2",
        "L2",
        "non_target",
    )


def test_a_header_that_the_study_maps_is_not_taken_for_another_column(check):
    patients = (
        "patient_id | treatment_started_on | last_known_alive_on | Status\nP1 | 2020-01-10 | 2021-01-10 | stable\n"
        "P2 | 2020-02-10 | 2021-01-10 | poor\n"
    )

    checked = check(patients=patients, sources={"patients": {"columns": {"condition": "Status"}}})

    assert checked.issues.items == ()
    assert checked.column("patients", "condition") == ["stable", "poor"]


def test_a_header_that_an_analysis_names_is_kept_under_that_name_too(check):
    patients = "patient_id | treatment_started_on | Gender\nP1 | 2020-01-10 | M\nP2 | 2020-02-10 | F\n"

    plain, named = (
        check(patients=patients),
        check(patients=patients, settings={"matching": {"covariates": ["Gender"]}}),
    )

    assert "Gender" not in plain.tables.patients.columns
    assert named.column("patients", "Gender") == ["M", "F"]
    assert plain.column("patients", "sex") == named.column("patients", "sex") == ["male", "female"]


def test_a_missing_required_column_lists_the_headers_and_the_nearest(check):
    checked = check(
        measurements="patient_id | lesion_id | asessed_on | diameter_mm\nP1 | L1 | 2020-01-01 | 5\n"
    )

    assert checked.found("column_missing") == [("measurements.csv", 1, "assessed_on", None)]
    message = checked.issues.message("en")
    assert (
        "the columns of the file are: patient_id, lesion_id, asessed_on, diameter_mm; did you mean asessed_on?"
        in message
    )
    assert "Map the column under `columns`" in message


def test_a_mapped_column_that_no_file_has_is_an_error_even_where_it_is_optional(check):
    checked = check(sources={"patients": {"columns": {"sex": "GENDER"}}})

    assert checked.found("column_missing") == [("patients.csv", 1, "GENDER", None)]


def test_each_of_several_files_must_have_the_required_columns(check, folder):
    (folder / "more.csv").write_text("lesion_id,role\nL9,target\n", encoding="utf-8")

    checked = check(sources={"lesions": {"files": ["lesions.csv", "more.csv"]}})

    assert checked.found("column_missing") == [("more.csv", 1, "patient_id", None)]


def test_a_header_that_stands_twice_is_an_error_where_it_is_used(check):
    lesions = "patient_id | lesion_id | role | role\nP1 | L1 | target | new\nP2 | L1 | target | target\n"

    assert check(lesions=lesions).found("column_repeated") == [("lesions.csv", 1, "role", None)]
    assert check(lesions=lesions.replace("role | role", "role | a | a")).found("column_repeated") == []


def test_columns_of_the_users_own_are_covariates_of_a_patient(check):
    checked = check(
        patients="""
            patient_id | treatment_started_on | weight | visit      | code | note | pattern
            P1         | 2020-01-10           | 70.5   | 2020-03-04 | 007  | 5kg  | x
            P2         | 2020-02-10           |        | 2020-03-05 | 8    | 6    | y
        """
    )

    assert checked.column("patients", "weight") == [70.5, None]
    assert [day.isoformat() for day in checked.column("patients", "visit")] == ["2020-03-04", "2020-03-05"]
    assert checked.column("patients", "code") == ["007", "8"]
    assert checked.column("patients", "note") == ["5kg", "6"]
    assert "pattern" not in checked.tables.patients.columns
    assert checked.found("column_ignored") == [("patients.csv", 1, "pattern", None)]
    (said,) = [i.expected.en for i in checked.issues if i.rule == "column_ignored"]
    assert "data.cohort" in said


def test_an_unknown_column_elsewhere_is_said_and_a_mapping_leaves_others_out_on_purpose(check):
    lesions = (
        "patient_id | lesion_id | role | comment | bone_kid\nP1 | L1 | target | x |\nP2 | L1 | target | |\n"
    )

    assert [c for _, _, c, _ in check(lesions=lesions).found("column_ignored")] == ["bone_kid", "comment"]
    mapped = check(lesions=lesions, sources={"lesions": {"columns": {"role": "role"}}})
    assert [c for _, _, c, _ in mapped.found("column_ignored")] == ["bone_kid"]
    assert "did you mean bone_kind?" in mapped.issues.message("en")


def test_one_column_may_be_read_from_several_and_several_from_one(check):
    """The role of a new lesion stands in one column, of the others in another (as in SDTM-like files)."""
    long = """
        patient_id | lesion_id | assessed_on | diameter_mm | TYPE       | NEW | SITE
        P1         | L1        | 2020-01-01  | 50          | Target     | N   | Lymph node - hilar
        P1         | L1        | 2020-03-01  | 30          | Target     | N   | Lymph node - hilar
        P1         | L2        | 2020-01-01  |             | Non-target | N   | Right lung
        P1         | L3        | 2020-03-01  | 12          | Target     | Y   | Left lung
    """
    checked = check(
        measurements=long,
        sources={
            "lesions": {
                "files": ["measurements.csv"],
                "columns": {"role": ("NEW", "TYPE"), "organ": "SITE", "station": "SITE", "side": "SITE"},
                "levels": {
                    "role": {"new": ("y",), "": ("N",)},
                    "organ": {"lymph_node": ("Lymph node - hilar",), "lung": ("left lung", "right lung")},
                    "station": {"hilar": ("Lymph node - hilar",), "": ("*",)},
                    "side": {"right": ("Right lung",), "": ("*",)},
                },
            }
        },
    )

    lesions = checked.tables.lesions.select("lesion_id", "role", "organ", "station", "side", "is_node")
    assert lesions.rows() == [
        ("L1", "target", "lymph_node", "10", None, True),
        ("L2", "non_target", "lung", None, "right", False),
        ("L3", "new", "lung", None, None, False),
    ]
    assert not checked.issues.errors
    assert not checked.issues.quarantined


def test_a_constant_is_one_value_for_every_row(check):
    checked = check(
        treatments="patient_id | arm\nP1 | A\nP2 | B\n",
        sources={
            "treatments": {
                "columns": {"regimen": "arm"},
                "levels": {"regimen": {"chemo_io": ("A",), "chemo": ("B",)}},
                "constants": {"line": 1},
            }
        },
    )

    assert checked.tables.treatments.select("line", "regimen").rows() == [(1, "chemo_io"), (1, "chemo")]


def test_the_tables_that_a_study_needs_are_named(check):
    checked = check(sources={"measurements": None})

    assert checked.found("table_missing") == [("study.yaml", None, "data.measurements", None)]


@pytest.mark.parametrize(
    ("name", "rule"),
    [("patients", "table_empty"), ("measurements", "table_empty"), ("treatments", "table_without_rows")],
)
def test_a_table_without_rows_is_an_error_where_it_is_needed(check, name, rule):
    header = {
        "patients": "patient_id | sex",
        "measurements": "patient_id | lesion_id | assessed_on",
        "treatments": "patient_id | line",
    }

    checked = check(**{name: header[name] + "\n"})

    assert checked.found(rule) == [(f"{name}.csv", None, "", None)]
    assert bool(checked.issues.errors) == (rule == "table_empty")


def test_progressions_alone_are_a_study(check):
    checked = check(
        progressions="patient_id | best_response | progressed_on\nP1 | PR | 2020-09-01\nP2 | SD | 2020-08-01\n",
        sources={"lesions": None, "measurements": None},
    )

    assert checked.issues.items == ()
    assert checked.column("progressions", "progressed_day") == [235, 173]


def test_the_papers_preset_needs_no_more_columns(check):
    checked = check(settings=dict(PRESETS["huang2025"]))

    # Columns that its rules and scores read are said to be absent, and none of them stops the study.
    assert {(issue.rule, issue.grade) for issue in checked.issues.items} == {("column_absent", "warning")}
