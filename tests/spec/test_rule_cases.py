"""The worked clinical cases that lie beside the repository, each to its expected answer."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl
import pytest

from conftest import find_shared
from oligoscope import derive_irecist, derive_resistance, overall_response_table, select_targets
from oligoscope.clinical.irecist import best_irecist
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.questions.registry import read_protocol
from oligoscope.study.protocol import EndpointSettings, ProgressionSettings, ResponseSettings
from spec.patient_tables import derive, study_tables
from spec.rule_case_tables import (
    baseline_lesions,
    case_tables,
    declared_study,
    irecist_case_points,
    progression_tables,
)

pytestmark = pytest.mark.shared


def cases(name: str) -> list[Any]:
    """One parameter a case; where the files are absent, one that is skipped with the reason."""
    path = find_shared("rule_cases", f"{name}.json")
    if path is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"shared/rule_cases/{name}.json is absent"))]
    return [pytest.param(c, id=c["id"]) for c in json.loads(path.read_text(encoding="utf-8"))["cases"]]


@pytest.mark.parametrize("case", cases("recist_timepoint_tables"))
def test_components_to_overall_response(case):
    words = {k: None if v == "NONE" else v for k, v in case["inputs"].items()}
    frame = pl.DataFrame(
        {
            "target_response": [words["target"]],
            "non_target_response": [words["non_target"]],
            "new_lesion": [words["new_lesion"]],
        },
        schema={"target_response": pl.String, "non_target_response": pl.String, "new_lesion": pl.Boolean},
    )

    assert frame.select(overall=overall_response_table()).item() == case["expected"]["overall"]


@pytest.mark.parametrize("case", cases("recist_measurement"))
def test_lesion_rows_to_responses(case):
    derived = derive(study_tables(**case_tables(case)), response=ResponseSettings(**case["config"]))

    rows = derived.responses.to_dicts()
    assert [r["overall_response"] for r in rows] == case["expected"]["per_visit"]
    names = {
        "sum": "sum_mm",
        "nadir": "nadir_mm",
        "target": "target_response",
        "non_target": "non_target_response",
    }
    for row, visit in zip(rows, case["visits"], strict=True):
        wanted = {names[k]: v for k, v in visit["expected"].items() if k in names}
        assert {k: row[k] for k in wanted} == pytest.approx(wanted)
    if "pd_day" in case["expected"]:
        assert derived.patients["progressed_day"].item() == case["expected"]["pd_day"]


@pytest.mark.parametrize("case", cases("recist_bor"))
def test_responses_to_best_response(case):
    settings = dict(case["config"])
    therapy = settings.pop("new_therapy_day", None)
    tables = {"patients": [{"patient_id": "A"}], "assessments": _given(case["timepoints"])}
    if therapy is not None:
        tables["treatments"] = [{"patient_id": "A", "line": 2, "started_day": therapy}]

    derived = derive(study_tables(**tables), response=ResponseSettings(source="assessments", **settings))

    assert derived.patients["reported_response"].item() == case["expected"]["bor"]


def _given(points: list[dict]) -> list[dict]:
    return [{"patient_id": "A", "assessed_day": p["day"], "overall_response": p["overall"]} for p in points]


@pytest.mark.parametrize("case", cases("recist_endpoints"))
def test_responses_to_endpoints(case):
    known = case["inputs"]
    patient = {
        "patient_id": "A",
        "died_day": known.get("death"),
        "last_known_alive_day": known.get("last_alive"),
    }
    tables = {"patients": [patient]}
    if known["assessments"]:
        tables["assessments"] = _given(known["assessments"])
    if "new_therapy" in known:
        tables["treatments"] = [{"patient_id": "A", "line": 2, "started_day": known["new_therapy"]}]
    settings = dict(case["config"]) | {k: v for k, v in known.items() if k == "schedule_days"}

    derived = derive(
        study_tables(**tables),
        response=ResponseSettings(source="assessments"),
        endpoints=EndpointSettings(**settings),
    )

    expected = case["expected"]
    assert {k: derived.patients[k].item() for k in expected} == expected


@pytest.mark.parametrize("case", cases("oligoprogression"))
def test_lesions_at_progression_to_pattern(case):
    derived = derive(
        study_tables(**progression_tables(case)), progression=ProgressionSettings(preset=case["preset"])
    )

    patient, expected = derived.patients.row(0, named=True), case["expected"]
    assert patient["pattern"] == expected["pattern"]
    names = {
        "n_progressing": "n_progressing_lesions",
        "n_organs": "n_organs" if case["preset"] != "dingemans" else "n_organs_not_regional",
        "n_not_evaluated": "n_not_evaluated",
        "n_progressing_extracranial": "n_progressing_extracranial",
        "n_progressing_intracranial": "n_progressing_intracranial",
    }
    assert {k: patient[names[k]] for k in expected if k in names} == {
        k: v for k, v in expected.items() if k in names
    }
    if "flags" in expected:
        assert (patient["flags"] or "").split(";") == expected["flags"]
    if "progressing" in expected:
        progressing = derived.lesions_at_progression.filter(pl.col("progressing"))
        assert progressing["lesion_id"].to_list() == expected["progressing"]
    if "reason" in expected:
        assert expected["reason"] in derived.reasons.filter(pl.col("label") == "pattern")["rule"].item()


@pytest.mark.parametrize("case", cases("resistance"))
def test_dates_and_best_response_to_resistance(case):
    known = case["inputs"]

    def day(name: str) -> date | None:
        return date.fromisoformat(known[name]) if known[name] else None

    frame = pl.DataFrame(
        {
            "treatment_started_on": [day("ici_start")],
            "progressed_on": [day("pd_date")],
            "last_dose_on": [day("last_dose")],
            "reported_response": [known["bor"]],
            "progression_confirmed": [known.get("confirmed")],
            "rapid_progression": [known.get("rapid")],
        },
        schema_overrides={
            "progressed_on": pl.Date,
            "progression_confirmed": pl.Boolean,
            "rapid_progression": pl.Boolean,
        },
    )

    assert (derive_resistance(frame, case["preset"])["resistance"].item() or "") == case["expected"][
        "resistance"
    ]


@pytest.mark.parametrize("case", cases("irecist"))
def test_sums_and_states_to_irecist(case):
    expected = case["expected"]
    if "timepoint_responses" in case:
        assert best_irecist(case["timepoint_responses"]) == expected["ibor"]
        return
    points, patients = derive_irecist(irecist_case_points(case), 1)

    assert points["irecist_response"].to_list() == expected["tpr"]
    progressed_day = patients["iprogressed_day"].item()
    for name in ("ipd_day", "ipfs_day"):
        assert progressed_day == expected.get(name, progressed_day)
    if "ibor" in expected:
        assert patients["ibest_response"].item() == expected["ibor"]


@pytest.mark.parametrize("case", cases("recist_target_selection"))
def test_baseline_lesions_to_targets(case, tmp_path):
    expected = dict(case["expected"])
    if "validation_errors" in expected:
        protocol = read_protocol(declared_study(case, tmp_path))
        _, issues = validate_tables(read_tables(protocol, tmp_path), protocol)
        found = [_stated(issue.rule, issue.value) for issue in issues.items if issue.rule in _CAPS]
        assert found == expected["validation_errors"]
        return
    rows = select_targets(baseline_lesions(case))
    roles = {"targets": "target", "non_targets": "non_target", "not_disease": "not_disease"}
    found = {
        name: rows.filter(pl.col("proposed_role") == role)["lesion_id"].to_list()
        for name, role in roles.items()
    }
    counts = {"n_targets": len(found["targets"])}

    assert {k: (found | counts)[k] for k in expected} == expected


_CAPS = {"too_many_targets", "too_many_targets_in_organ"}


def _stated(rule: str, value: str | None) -> str:
    if rule == "too_many_targets":
        return "more than 5 targets"
    return f"more than 2 targets in organ {(value or '').split(' × ')[-1]}"
