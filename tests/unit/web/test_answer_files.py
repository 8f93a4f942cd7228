"""Files of a run as the browser may have them, and the zip that repeats a study."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from oligoscope.web.answer_page import METHODS, PARTS, parts_of
from oligoscope.web.answer_store import fingerprint, folder_of, is_ready, members
from oligoscope.web.jobs import is_fresh, kept, still_of
from oligoscope.web.output_files import file_of, policy_of
from oligoscope.web.studies import Home, Study
from oligoscope.web.study_zip import lists_patients, members_of
from oligoscope.web.zip_stream import zip_of


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """One that has run, with a file that its run does not list."""
    made = Home(tmp_path / "home").create("s")
    out = made.output
    (out / "figures").mkdir(parents=True)
    for name in ("results.csv", "figures/a.en.svg", "study_numbers.csv", "other.txt"):
        (out / name).write_text("analysis\n", "utf-8")
    (out / "patients.csv").write_text("patient_id,sex\nH1,male\n", "utf-8")
    listed = (
        "results.csv",
        "figures/a.en.svg",
        "study_numbers.csv",
        "patients.csv",
        "../study.yaml",
        "gone.csv",
    )
    (out / "run.json").write_text(json.dumps({"outputs": dict.fromkeys(listed, "")}), "utf-8")
    made.file.write_text("study: {}\n", "utf-8")
    (made.data / "mine.csv").write_text("x\n1\n", "utf-8")
    (made.folder / "study_numbers.csv").write_text("study_number,patient_id\n", "utf-8")
    return made


@pytest.mark.parametrize("name", ["results.csv", "figures/a.en.svg", "patients.csv"])
def test_a_file_that_the_run_lists_is_given(study: Study, name: str):
    assert file_of(study, name) == study.output / name


@pytest.mark.parametrize(
    "name",
    ["study_numbers.csv", "other.txt", "../study.yaml", "gone.csv", "figures", "run.json", "", "/etc/passwd"],
)
def test_no_other_file_is_given(study: Study, name: str):
    assert file_of(study, name) is None


def test_a_link_that_leads_out_of_the_output_is_not_followed(study: Study):
    (study.output / "results.csv").unlink()
    (study.output / "results.csv").symlink_to(study.file)

    assert file_of(study, "results.csv") is None


def test_the_policy_of_a_page_names_its_style_and_script_by_their_digests():
    digest = base64.b64encode(hashlib.sha256(b"p{}").digest()).decode()
    policy = policy_of("<style>p{}</style><script>1</script>")

    assert f"style-src 'sha256-{digest}'" in policy
    assert "script-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert "script-src 'none'" in policy_of("<style>p{}</style>")


def names(study: Study, **how: bool) -> set[str]:
    asked = {"with_data": False, "with_key": False} | how
    return {name for name, _ in members_of(study, **asked)}


def test_the_zip_has_no_data_lists_or_key_unless_asked(study: Study):
    assert names(study) == {
        "README.txt",
        "study.yaml",
        "output/run.json",
        "output/results.csv",
        "output/figures/a.en.svg",
    }
    assert names(study, with_data=True) - names(study) == {"data/mine.csv", "output/patients.csv"}
    assert names(study, with_key=True) - names(study) == {"study_numbers.csv", "output/study_numbers.csv"}


def test_lists_of_patients_are_known_by_their_head(tmp_path: Path):
    plain, listed = tmp_path / "a.csv", tmp_path / "b.csv"
    plain.write_text("analysis,value\n", "utf-8")
    listed.write_text("\ufeffpatient_id,value\n", "utf-8")

    assert not lists_patients(plain)
    assert lists_patients(listed)


def test_a_zip_is_sent_in_pieces_and_can_be_read(tmp_path: Path):
    big = tmp_path / "big.csv"
    big.write_bytes(b"0123456789" * 200_000)
    pieces = list(zip_of([("a/big.csv", big), ("note.txt", b"hello"), ("gone", tmp_path / "gone")]))

    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as found:
        assert found.testzip() is None
        assert found.read("a/big.csv") == big.read_bytes()
        assert found.namelist() == ["a/big.csv", "note.txt"]


def test_members_are_read_from_bits_in_order():
    bits = base64.b64encode(bytes([0b0000_0101, 0b1])).decode()

    assert members(bits, [str(i) for i in range(9)]) == ["0", "2", "8"]


def test_every_section_has_a_tab():
    """A section that no tab names is under Other."""
    sections = [
        {"id": one, "blocks": []} for one in ("summary", "timing-supplement", "methods", "something-new")
    ]
    found = {part.name: [s["id"] for s in of] for part, of in parts_of({"sections": sections})}

    assert found == {"when": ["timing-supplement"], "other": ["something-new"], "methods": ["methods"]}
    assert len({name for part in (*PARTS, METHODS) for name in part.sections}) == sum(
        len(part.sections) for part in (*PARTS, METHODS)
    )


def test_answers_stay_those_of_a_study_whose_numbers_did_not_change(study: Study):
    study.state.mkdir(parents=True, exist_ok=True)
    before = study.fingerprint()
    for kind, taken in (("run", before), ("check", "another")):
        record = {"fingerprint": taken, "answer": {}}
        study.kept(kind).write_text(json.dumps(record), "utf-8")
    study.file.write_text("study: {}\nreport: {}\n", "utf-8")
    still_of(study, before)

    assert is_fresh(kept(study, "run"), study)
    assert not is_fresh(kept(study, "check"), study)


def test_values_are_those_of_the_run_until_its_record_changes(study: Study):
    study.state.mkdir(parents=True, exist_ok=True)
    folder_of(study).mkdir()
    study.kept("answer").write_text(json.dumps({"answer": {"of": fingerprint(study)}}), "utf-8")
    assert is_ready(study)

    (study.output / "run.json").write_text("{}", "utf-8")
    assert not is_ready(study)
