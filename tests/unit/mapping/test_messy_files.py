"""A hospital's files alone, a few answers, and the labels are those of the clean study."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from oligoscope import cli
from oligoscope.study.schemas import PATIENTS_OUT, RESPONSES_OUT
from unit.mapping.messy_study import write_clean, write_long, write_wide
from unit.mapping.test_every_question import DM, TR, TU
from unit.mapping.test_questions import LESIONS, PATIENTS

DERIVED = [name for name in PATIENTS_OUT if name != "source"]


def command(*words: object, typed: str | None = None, status: int = 0) -> str:
    done = CliRunner().invoke(cli.app, [str(word) for word in words], input=typed)
    assert done.exit_code == status, done.output
    return done.output


def answer_of(*words: object, typed: str | None = None, status: int = 0) -> dict:
    return json.loads(command(*words, "--json", typed=typed, status=status).splitlines()[-1])


def derived(study: Path, out: Path) -> Path:
    command("derive", study, "--out", out)
    return out


def labels(out: Path) -> list[dict]:
    return (
        pl.read_csv(out / "patients.csv", infer_schema_length=0).select(DERIVED).sort("patient_id").to_dicts()
    )


def responses(out: Path) -> list[dict]:
    frame = pl.read_csv(out / "responses.csv", infer_schema_length=0)
    return frame.select(RESPONSES_OUT).sort("patient_id", "assessed_on").to_dicts()


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    place = tmp_path_factory.mktemp("truth")
    return derived(write_clean(place / "study"), place / "out")


def test_the_clean_study_shows_every_pattern(truth):
    shown = {row["pattern"] for row in labels(truth)}

    assert {"oligoprogression", "systemic"} <= shown


LONG = "2024-12-31\nday_first\n\n\n"
WIDE = "2024-12-31\nday_first\n\n"


@pytest.mark.parametrize(("write", "typed"), [(write_long, LONG), (write_wide, WIDE)], ids=["long", "wide"])
def test_a_workbook_and_a_few_answers_give_the_labels(tmp_path, truth, write, typed):
    study = write(tmp_path / "study")

    said = answer_of("map", study, "--answers", "-", typed=typed)

    assert (said["open"], said["refused"]) == ([], {})
    assert len(said["questions"]) == len(typed.splitlines())
    out = derived(study, tmp_path / "out")
    assert labels(out) == labels(truth)
    assert responses(out) == responses(truth)


@pytest.mark.slow
def test_what_was_answered_is_not_asked_again(tmp_path):
    study = write_long(tmp_path / "study")
    first = answer_of("map", study)
    command("map", study, "--answers", "-", typed="day_first\n\n\n")

    again = answer_of("map", study)

    assert first["open"] == [
        "study.data_cutoff", "dates=登记表.xlsx", "lesions.columns=备注", "measurements.columns=说明",
    ]  # fmt: skip
    assert again["open"] == []


@pytest.mark.slow
def test_a_second_run_changes_no_byte(tmp_path):
    study = write_wide(tmp_path / "study")
    command("map", study, "--answers", "-", typed=WIDE)
    before = {p.name: p.read_bytes() for p in study.iterdir()}

    assert answer_of("map", study)["files"] == []
    assert {p.name: p.read_bytes() for p in study.iterdir()} == before


def test_answers_written_into_the_file_count(tmp_path):
    study = write_long(tmp_path / "study")
    command("map", study, "--lang", "zh")
    file = study / "mapping.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("dates=登记表.xlsx:", "dates=登记表.xlsx: day_first  # 问过王医生")
    file.write_text(text.replace("备注:\n", "备注: '-'\n"), encoding="utf-8")

    said = answer_of("map", study)

    assert said["open"] == ["measurements.columns=说明"]
    assert said["data"]["patients"]["dates"] == {"treatment_started_on": "day_first"}
    assert "columns" not in said["data"]["lesions"]
    assert "问过王医生" in file.read_text(encoding="utf-8")


def test_answers_may_be_given_by_number_or_name(tmp_path):
    study = write_long(tmp_path / "study")
    given = tmp_path / "answers.yaml"
    given.write_text("2: day_first\n'lesions.columns=备注': diffuse_kind\n", encoding="utf-8")

    assert answer_of("map", study, "--answers", given)["open"] == [
        "study.data_cutoff",
        "measurements.columns=说明",
    ]


def test_an_answer_that_is_not_understood_stays_open(tmp_path):
    study = write_long(tmp_path / "study")

    said = answer_of("map", study, "--answers", "-", typed="tomorrow\nday_first\n\n\n", status=3)

    assert said["refused"] == {"study.data_cutoff": "tomorrow"}
    assert "data_cutoff: 2025-04-08" not in (study / "study.yaml").read_text().replace("# data_cutoff", "")


def test_a_sheet_of_other_people_is_no_table(tmp_path):
    study = write_long(tmp_path / "study")

    said = answer_of("map", study)

    assert not [one for one in said["taken"] if "耗材" in one["theirs"]]


def test_numbers_of_patients_are_not_copied(tmp_path):
    study = write_long(tmp_path / "study")
    command("map", study)

    assert "ZY10" not in (study / "mapping.yaml").read_text(encoding="utf-8")


class Terminal:
    """What a person types."""

    def __init__(self, *lines: str) -> None:
        self.lines = iter(lines)

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return next(self.lines, "")


def test_questions_are_put_at_the_terminal(tmp_path, monkeypatch, capsys):
    from oligoscope import map_answer

    study = write_wide(tmp_path / "study")
    monkeypatch.setattr(map_answer.sys, "stdin", Terminal("\n", "last\n", "day_first\n"))

    said = map_answer.answer_of_map(study, None, "zh", lambda _: None, asks=True)

    assert said["open"] == ["lesions.columns=备注"]
    assert "未能理解。" in capsys.readouterr().err


def test_a_folder_of_sdtm_is_known(tmp_path):
    (tmp_path / "files").mkdir()
    for name, text in (("dm", DM), ("tu", TU), ("tr", TR)):
        (tmp_path / "files" / f"{name}.csv").write_text(text, encoding="utf-8")

    said = answer_of(
        "map", tmp_path / "study", "--data", tmp_path / "files", "--answers", "-", typed="2024-12-31\nnew\n"
    )

    assert said["data"]["sdtm"] == {"folder": ".", "tests": {"new": ["XNEW"]}}
    assert {(one["theirs"], one["ours"]) for one in said["taken"] if one["what"] == "domain"} == {
        ("dm.csv", "patients"), ("tu.csv", "lesions"), ("tr.csv", "measurements"),
    }  # fmt: skip
    assert "folder: ../files" in (tmp_path / "study" / "study.yaml").read_text(encoding="utf-8")
    assert answer_of("map", tmp_path / "study")["open"] == []


def test_responses_alone_are_taken_as_given(tmp_path):
    rs = "USUBJID,DOMAIN,RSTESTCD,RSSTRESC,RSDTC\n1,RS,OVRLRESP,PR,2020-03-01\n"
    for name, text in (("dm", DM), ("rs", rs)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    assert answer_of("map", tmp_path)["response"] == {"source": "assessments"}


def test_check_drafts_the_mapping_and_keeps_answers(tmp_path):
    study = write_long(tmp_path / "study")

    first = answer_of("check", study, "--draft", status=3)
    command("map", study, "--answers", "-", typed="day_first\n\n\n")
    before = (study / "mapping.yaml").read_bytes()
    again = answer_of("check", study, "--draft")

    assert "dates=登记表.xlsx" in first["open"]
    assert first["quarantined"] > 0
    assert (again["open"], again["quarantined"]) == ([], 0)
    assert (study / "mapping.yaml").read_bytes() == before


def test_a_reader_that_is_chosen_is_in_the_mapping(tmp_path):
    tables = {
        "patients": PATIENTS,
        "lesions": LESIONS,
        "scans": "Pt,Lesion #,Scan date,Size (mm),Reader\n1,1,2019-12-30,25,A\n2,1,2019-12-28,31,B\n",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    command("map", tmp_path, "--answers", "-", typed="2024-12-31\nB\n")

    assert "response:\n  reader: B" in (tmp_path / "mapping.yaml").read_text(encoding="utf-8")
    assert answer_of("check", tmp_path)["errors"] == 0


@pytest.mark.parametrize("key", ["criteria", "confirmation"])
def test_rules_belong_into_study_yaml(tmp_path, key):
    write_long(tmp_path / "study")
    (tmp_path / "study" / "mapping.yaml").write_text(f"response: {{{key}: x}}\n", encoding="utf-8")

    assert "reader" in command("map", tmp_path / "study", status=3)
