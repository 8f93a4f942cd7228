"""The worked cases with lesion rows, written as a user's CSV files and derived by the command."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from acceptance.commands import oligoscope, table
from spec.rule_case_tables import case_tables

pytestmark = pytest.mark.shared
START = "2021-03-01"


def write_cases(folder: Path, cases: list[dict], response: dict) -> Path:
    """One study of all these cases, a patient each, with days in place of dates."""
    folder.mkdir()
    tables: dict[str, list[dict]] = {}
    for case in cases:
        for name, rows in case_tables(case).items():
            tables.setdefault(name, []).extend(rows)
    tables["patients"] = [row | {"treatment_started_on": START} for row in tables["patients"]]
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    sources = "".join(f"  {name}: {name}.csv\n" for name in tables)
    settings = json.dumps(response)
    (folder / "study.yaml").write_text(
        f"study: {{}}\ndata:\n{sources}response: {settings}\n", encoding="utf-8"
    )
    return folder


def test_derive_gives_the_expected_responses(shared_path, tmp_path):
    file = shared_path("rule_cases", "recist_measurement.json")
    groups: dict[str, list[dict]] = {}
    for case in json.loads(file.read_text(encoding="utf-8"))["cases"]:
        groups.setdefault(json.dumps(case["config"], sort_keys=True), []).append(case)
    checked = 0
    for number, (settings, cases) in enumerate(groups.items()):
        study = write_cases(tmp_path / f"study{number}", cases, json.loads(settings))
        out = tmp_path / f"out{number}"
        oligoscope("derive", study, "--out", out)
        responses, patients = table(out / "responses.csv"), table(out / "patients.csv")
        for case in cases:
            rows = responses.filter(responses["patient_id"] == case["id"])
            assert rows["overall_response"].to_list() == case["expected"]["per_visit"], case["id"]
            sums = [v["expected"]["sum"] for v in case["visits"] if v["expected"].get("sum") is not None]
            assert [float(s) for s in rows["sum_mm"].drop_nulls()] == sums or len(sums) < rows[
                "sum_mm"
            ].count()
            if "pd_day" in case["expected"]:
                patient = patients.filter(patients["patient_id"] == case["id"])
                assert int(patient["pfs_days"].item()) == case["expected"]["pd_day"]
            checked += 1
    assert checked >= 31
