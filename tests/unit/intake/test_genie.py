"""Data sets of GENIE BPC: days from the first regimen of the index cancer, words of radiologists as responses."""

from __future__ import annotations

import pytest

from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import Protocol
from oligoscope.study.study_file import with_relative_paths

SETS = {
    "patient_level_dataset": """
record_id,naaccr_sex_code,last_alive_int,hybrid_death_int
G1,Female,22400,22500
G2,Male,19000,
""",
    "cancer_level_dataset_index": """
record_id,ca_seq,dob_ca_dx_days,ca_hist_adeno_squamous,stage_dx,ca_lung_cigarette
G1,1,23000,Adenocarcinoma,Stage I,Never used
G1,0,22000,Squamous cell,Stage IV,Current user
G2,0,18000,Carcinoma,Stage III,Unknown
""",
    "regimen_cancer_level_dataset": """
record_id,ca_seq,regimen_number_within_cancer,dx_reg_start_int,dx_reg_end_any_int
G1,0,1,30.0,100
G1,0,2,130,200
G1,1,1,5,9
""",
    "imaging_level_dataset": """
record_id,dx_scan_days,image_overall
G1,-5,Stable/No change
G1,80.9,Improving/Responding
G1,120,Mixed
G1,150,Progressing/Worsening/Enlarging
G2,40,Stable/No change
""",
}


@pytest.fixture
def study(tmp_path):
    (tmp_path / "genie").mkdir()
    for name, text in SETS.items():
        (tmp_path / "genie" / f"{name}.csv").write_text(text.lstrip(), encoding="utf-8")
    settings = {"study": {}, "data": {"genie": "genie"}, "response": {"source": "assessments"}}
    return Protocol.model_validate(settings), tmp_path


def test_days_are_counted_from_the_first_regimen_of_the_first_index_cancer(study):
    tables, issues = validate_tables(read_tables(*study), study[0])

    assert not issues.errors
    assert not issues.quarantined
    columns = (
        "patient_id",
        "sex",
        "age_years",
        "histology",
        "stage",
        "smoking",
        "died_day",
        "last_known_alive_day",
    )
    assert tables.patients.select(columns).rows() == [
        ("G1", "female", 60, "squamous", "IV", "ever", 470, 370),
        ("G2", "male", None, "other", None, None, None, None),
    ]
    assert tables.treatments.select("line", "started_day", "ended_day").rows() == [(1, 0, 70), (2, 100, 170)]
    assert tables.assessments.select("assessed_day", "overall_response").rows() == [
        (50, "PR"),
        (90, "NE"),
        (120, "PD"),
    ]


def test_that_words_stand_for_responses_is_said(study):
    _, issues = validate_tables(read_tables(*study), study[0])

    (found,) = [i for i in issues if i.rule == "imaging_words"]
    assert "3 reports: Improving/Responding as PR" in found.expected.en


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("imaging_level_dataset", None, "has no imaging_level_dataset.csv"),
        ("patient_level_dataset", "record_id\nG1\n", "lacks naaccr_sex_code"),
    ],
)
def test_a_data_set_that_is_not_there_is_named(study, name, text, said):
    path = study[1] / "genie" / f"{name}.csv"
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")

    (problem,) = read_tables(*study)["patients"].problems

    assert said in problem.expected.en


def test_the_folder_is_passed_on_as_it_is_seen_from_the_data(study):
    protocol, folder = study
    data = protocol.data.model_copy(update={"genie": str(folder / "genie")})

    seen = with_relative_paths(protocol.model_copy(update={"data": data}), folder, folder)

    assert seen.data.genie == "genie"
