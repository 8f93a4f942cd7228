"""Small inputs that failed once come out right, and each has a test of its whole kind."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from acceptance.commands import oligoscope, table
from acceptance.fault_kinds import RIGHT
from alive import in_folder

TESTS = Path(__file__).resolve().parents[1]


def test_the_test_of_every_kind_exists():
    kinds = sorted({right.kind for right in RIGHT.values()})

    absent = [kind for kind in kinds if not _exists(kind)]

    assert absent == []


def _exists(kind: str) -> bool:
    file, _, name = kind.partition("::")
    path = TESTS / file
    return path.exists() and f"def {name}(" in path.read_text(encoding="utf-8")


@pytest.mark.shared
def test_every_folder_has_its_row(shared_path: Callable[..., Path]):
    folders = {path.name for path in shared_path("faults").iterdir() if path.is_dir()}

    assert folders - set(RIGHT) == set()


def _copy(folder: Path, to: Path, matching: str = "") -> Path:
    """A copy to run: `run` writes the key of its study numbers beside study.yaml."""
    shutil.copytree(folder, to)
    if matching:
        file = to / "study.yaml"
        text = file.read_text(encoding="utf-8")
        assert text.count("matching: {") == 1
        file.write_text(text.replace("matching: {", f"matching: {{{matching}, "), encoding="utf-8")
    return to


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("name", [name for name, right in RIGHT.items() if right.command])
def test_a_folder_comes_out_right(name: str, shared_path: Callable[..., Path], tmp_path: Path):
    right, out = RIGHT[name], tmp_path / "out"
    language = ("--lang", "en") if right.command == "run" else ()

    folder = _copy(shared_path("faults", name), tmp_path / name, right.matching)

    done = oligoscope(right.command, folder, "--accept-issues", "--out", out, *language,
                      check=right.status)  # fmt: skip

    answer = done.stdout + done.stderr
    assert [word for word in right.said if word not in answer] == []
    found = (out / "issues.csv").read_text(encoding="utf-8-sig") if right.findings else ""
    assert [rule for rule in right.findings if rule not in found] == []
    if right.patients:
        rows = {row["patient_id"]: row for row in table(out / "patients.csv").iter_rows(named=True)}
        assert {place: rows[place[0]][place[1]] or "" for place in right.patients} == right.patients
    if right.responses:
        visits = table(out / "responses.csv")
        shown = {p: visits.filter(pl.col("patient_id") == p[0])[p[1]].to_list() for p in right.responses}
        assert shown == right.responses
    lines = (out / "results.csv").read_text(encoding="utf-8-sig").splitlines() if right.results else []
    assert [row for row in right.results if not any(line.startswith(row) for line in lines)] == []
    page = (out / "report.en.html").read_text(encoding="utf-8") if right.command == "run" else ""
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert [word for word in right.report if word not in words] == []
    assert in_folder(out) == []  # every file opens, and nothing in it is alive


@pytest.mark.slow
@pytest.mark.shared
def test_weighting_is_of_the_patients_the_groups_and_the_population_asked_for(
    shared_path: Callable[..., Path], tmp_path: Path
):
    """Weighted to the first group its patients count once each: its effective number is the number of them."""
    study = tmp_path / "study"
    shutil.copytree(shared_path("faults", "A2-weighting-where-by-population"), study)
    lines = (study / "study.yaml").read_text(encoding="utf-8").splitlines()
    (study / "study.yaml").write_text(
        "\n".join(lines[:10]), encoding="utf-8"
    )  # the rest is refused, as above

    oligoscope("run", study, "--accept-issues", "--out", tmp_path / "out", "--lang", "en", check=4)

    patients = table(tmp_path / "out" / "patients.csv").filter(pl.col("population") == "progressed")
    women = patients.filter(pl.col("sex") == "female")
    found = table(tmp_path / "out" / "results.csv").filter(analysis="weighting", variable="att")
    asked = (
        ("progressed", "pattern", "oligoprogression", "systemic", patients),
        ("progressed:female", "pattern", "oligoprogression", "systemic", women),
        ("progressed", "resistance", "acquired", "primary", patients),
        ("treated", "pattern", "oligoprogression", "systemic", patients),
    )
    for population, by, first, other, members in asked:
        here = found.filter(population=population)
        one = here.filter(statistic="effective_n", group=first)["value"].item()
        ratio = here.filter(statistic="hazard_ratio", group=f"{first} vs {other}")
        assert float(one) == pytest.approx(members.filter(pl.col(by) == first).height)
        assert ratio["n"].to_list() == [str(members.filter(pl.col(by).is_in([first, other])).height)]


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("messy_en_workbook", None),
        ("redcap_ok", None),
        ("pdl1_header_unmatched", None),
        # The wide table holds neither stations nor diffuse disease nor later lines.
        ("wide_lesions", ["best_response", "progressed_on", "n_progressing_lesions", "progressing_organs", "resistance",
                          "pfs_days", "pfs_event", "os_days", "os_event"]),
    ],
)  # fmt: skip
def test_labels_are_those_of_the_true_tables(
    name: str, labels: list[str] | None, shared_path: Callable[..., Path], tmp_path: Path
):
    truth = shared_path("faults", "messy_en_workbook_truth")
    numbers = json.loads((truth / "idmap.json").read_text(encoding="utf-8"))
    derived: list[pl.DataFrame] = []
    for folder in (truth, shared_path("faults", name)):
        out = tmp_path / folder.name
        oligoscope("derive", folder, "--accept-issues", "--out", out)
        derived.append(table(out / "patients.csv"))
    true, found = derived
    if not set(found["patient_id"]) & set(true["patient_id"]):
        found = found.with_columns(pl.col("patient_id").replace({new: old for old, new in numbers.items()}))
    columns = ["patient_id", *(labels or [c for c in true.columns if c != "patient_id"])]

    assert found.select(columns).sort("patient_id").equals(true.select(columns).sort("patient_id"))
