"""Labels of study.yaml: read in short and long form, and refused with their line where they name what is not there."""

from __future__ import annotations

import pytest

from oligoscope.errors import StudyFileError
from oligoscope.questions.registry import KINDS
from oligoscope.study.label_checks import check_labels_of_data
from oligoscope.study.study_file import read_study_file

HEAD = "study: {title: t}\ndata: {patients: p.csv}\nanalyses: [{kind: survival, by: arm, outcomes: [os]}]\nlabels:\n"
COLUMNS = {"sex": ("male", "female"), "arm": ("A", "B vs C"), "HER2/neu": ("1", "0"), "ldh": ()}


def read(folder, labels: str):
    (folder / "study.yaml").write_text(HEAD + labels, encoding="utf-8")
    protocol, file = read_study_file(folder, KINDS)
    file.refuse(check_labels_of_data(protocol.labels, COLUMNS))
    return protocol


def test_a_short_form_serves_both_languages(tmp_path):
    protocol = read(
        tmp_path,
        "  arm: {zh: 组, levels: {A: {zh: 甲, en: First}, B vs C: Both}}\n  ldh: {en: LDH, unit: U/L}\n  HER2/neu: HER2\n",
    )

    labels = protocol.labels
    assert (labels["arm"].levels["B vs C"].zh, labels["HER2/neu"].zh) == ("Both", "HER2")
    by = protocol.analyses[0].by
    assert by == "arm"
    assert (by.printed.zh, by.printed.en) == ("组", "arm")  # type: ignore[attr-defined]  # a Variable
    assert (labels["ldh"].of("ldh").printed.en, labels["ldh"].of("ldh").printed.zh) == ("LDH, U/L", "ldh/U/L")


def test_words_that_yaml_reads_as_numbers_or_nothing_stay_words(tmp_path):
    protocol = read(tmp_path, "  HER2/neu: {levels: {0: {zh: 0, en: no}, 1: 1+}}\n")

    assert protocol.labels["HER2/neu"].levels["0"].en == "no"


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("  armm: Arm\n", ("line 5  labels.armm", "patients have no such column; did you mean arm?")),
        ("  arm:\n    levels: {B vs D: X}\n", ("line 6  labels.arm.levels.B vs D", "did you mean B vs C?")),
        ("  sex: Gender\n", ("line 5  labels.sex", "this column is named by the program (Sex)")),
        (
            "  arm: {levels: {A: X, B vs C: X}}\n",
            ("labels.arm.levels.B vs C.en = X", "is also the name of the level A"),
        ),
        ("  arm: {unitt: x}\n", ("line 5  labels.arm.unitt", "did you mean unit?")),
        ("  arm: {levels: {A: {zh: x}}}\n", ("labels.arm.levels.A.en", "is missing")),
    ],
)
def test_a_label_of_what_is_not_there_is_a_problem_with_its_line(tmp_path, labels, expected):
    with pytest.raises(StudyFileError) as raised:
        read(tmp_path, labels)

    for part in expected:
        assert part in str(raised.value)


def test_a_level_that_no_patient_has_may_be_labelled(tmp_path):
    protocol = read(tmp_path, "  arm: {levels: {placebo: Placebo}}\n")

    assert protocol.labels["arm"].levels["placebo"].zh == "Placebo"
