"""A worked clinical case (lesion form) as the tables a user would write."""

from __future__ import annotations

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
