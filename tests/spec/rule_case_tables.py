"""A worked clinical case (lesion form) as the tables a user would write."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl

from spec.sheet import IRECIST_SCHEMA

BASELINE_DAY = -7
STATES = {"present", "absent", "increased", "unequivocal_progression", "not_evaluated", "too_small"}


def case_tables(case: dict) -> dict[str, list[dict]]:
    """Rows of patients, lesions and measurements of one case of recist_measurement.json."""
    pid = case["id"]
    lesions, measurements = [], []
    for lesion in case["lesions"]:
        lesions.append(
            {
                "patient_id": pid, "lesion_id": lesion["id"], "role": lesion["role"],
                "organ": lesion["organ"], "is_node": lesion["is_node"],
            }
        )  # fmt: skip
        base = {"patient_id": pid, "lesion_id": lesion["id"], "assessed_day": BASELINE_DAY}
        size = lesion["baseline_mm"]
        measurements.append(base | ({"diameter_mm": size} if size is not None else {"state": "present"}))
    for visit in case["visits"]:
        for lesion_id, value in {**visit["target"], **visit["non_target"]}.items():
            base = {"patient_id": pid, "lesion_id": lesion_id, "assessed_day": visit["day"]}
            measurements += [base | row for row in _value_rows(value)]
        for new in visit["new_lesions"]:
            if not any(row["lesion_id"] == new["id"] for row in lesions):
                lesions.append(
                    {
                        "patient_id": pid, "lesion_id": new["id"], "role": "new", "organ": new["organ"],
                        "region_scanned_at_baseline": new.get("region_scanned_at_baseline"),
                    }
                )  # fmt: skip
            measurements += _new_rows(pid, new, visit["day"])
    return {"patients": [{"patient_id": pid}], "lesions": lesions, "measurements": measurements}


def _value_rows(value) -> list[dict]:
    if isinstance(value, list):
        return [
            {"diameter_mm": v, "state": "split", "fragment": str(i)} for i, v in enumerate(value, start=1)
        ]
    if isinstance(value, str):
        if value.startswith("merged:"):
            return [{"state": "merged", "merged_into": value.removeprefix("merged:")}]
        return [{"state": value}]
    return [{"diameter_mm": value}]


def _new_rows(pid: str, new: dict, day: int) -> list[dict]:
    row = {"patient_id": pid, "lesion_id": new["id"], "assessed_day": new.get("scan_day", day)}
    rows = []
    if new.get("modality") == "FDG-PET":
        row |= {"modality": "fdg_pet", "fdg": new.get("fdg"), "ct_confirms": new.get("ct_confirms_new_site")}
        if new.get("baseline_fdg") in {"negative", "positive"}:
            rows.append(
                {
                    "patient_id": pid, "lesion_id": new["id"], "assessed_day": BASELINE_DAY,
                    "modality": "fdg_pet", "fdg": new["baseline_fdg"],
                }
            )  # fmt: skip
    else:
        row |= {"certainty": new.get("certainty"), "state": new.get("state")}
    return [*rows, row]


def progression_tables(case: dict) -> dict[str, list[dict]]:
    """Rows of one case of oligoprogression.json: every lesion at baseline (its nadir) and on day 100."""
    patient: dict = {"patient_id": "A"}
    if case["config"].get("pd_basis") == "clinical":
        patient["clinical_progression_day"] = 100
    tables: dict[str, list[dict]] = {"patients": [patient]}
    for lesion in case["lesions"]:
        row = {"patient_id": "A", "lesion_id": lesion["id"]}
        declared = row | {k: lesion.get(k) for k in ("organ", "is_node", "station", "diffuse_kind")}
        before, now = row | {"assessed_day": -5}, row | {"assessed_day": 100}
        status = lesion["status"]
        role = {"new": "new", "unequivocal_progression": "non_target"}.get(status, "target")
        tables.setdefault("lesions", []).append(declared | {"role": role})
        if status == "new":
            found = [now | {"certainty": lesion["certainty"]}]
        elif status == "unequivocal_progression":
            found = [before | {"state": "present"}, now | {"state": status}]
        else:
            at = lesion["at_pd_mm"]
            found = [
                before | {"diameter_mm": lesion["nadir_mm"]},
                now | ({"state": "not_evaluated"} if at is None else {"diameter_mm": at}),
            ]
        tables.setdefault("measurements", []).extend(found)
    return tables


def irecist_case_points(case: dict[str, Any]) -> pl.DataFrame:
    """What `derive_irecist` reads of one case of irecist.json with visits."""

    def length(value: float | None) -> int | None:
        return None if value is None else round(value * 1000)

    rows = [
        {
            "p": 0,
            "k": k,
            "day": visit["day"],
            "target_sum_um": length(visit["target_sum"]),
            "n_targets": 1 if case.get("baseline_sum") else 0,
            "baseline_um": length(case.get("baseline_sum")),
            "target_gone": visit["target_sum"] == 0,
            "non_target": visit["non_target"],
            "non_target_grew": visit["non_target_change_since_last"] == "increase",
            "new_target_sum_um": length(visit["new_lesion_target_sum"]),
            "n_new_lesions": visit["n_new_lesions_total"],
            "new_non_target_grew": visit["new_lesion_non_target"] is not None
            and visit["new_lesion_change_since_last"] == "increase",
            "symptom": visit.get("unscheduled_for_new_symptom", False),
        }
        for k, visit in enumerate(case["visits"], start=1)
    ]
    return pl.DataFrame(rows, schema=IRECIST_SCHEMA)


_AS_OURS = {"id": "lesion_id", "mm": "size_um"}


def baseline_lesions(case: dict[str, Any]) -> pl.DataFrame:
    """What `select_targets` reads of one case of recist_target_selection.json."""
    rows = [
        {"patient_id": "A"} | {_AS_OURS.get(name, name): value for name, value in lesion.items()}
        for lesion in case["lesions"]
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return frame.with_columns((pl.col("size_um") * 1000).round().cast(pl.Int64))


def declared_study(case: dict[str, Any], folder: Path) -> Path:
    """The lesions with their declared roles, as the files of a study; the folder of study.yaml."""
    lesions = [["patient_id", "lesion_id", "role", "organ", "is_node"]]
    measurements = [["patient_id", "lesion_id", "assessed_day", "diameter_mm"]]
    for lesion in case["lesions"]:
        node = "yes" if lesion["is_node"] else "no"
        lesions.append(["A", lesion["id"], lesion["declared"], lesion["organ"], node])
        measurements.append(["A", lesion["id"], str(BASELINE_DAY), str(lesion["mm"])])
    tables = {
        "patients": [["patient_id", "treatment_started_on"], ["A", "2020-01-15"]],
        "lesions": lesions,
        "measurements": measurements,
    }
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    sources = "".join(f"  {name}: {name}.csv\n" for name in tables)
    (folder / "study.yaml").write_text(f"study: {{}}\ndata:\n{sources}", encoding="utf-8")
    return folder
