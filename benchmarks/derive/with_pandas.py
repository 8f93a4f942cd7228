"""The derivation as it is usually written: pandas, a function for each patient, a loop over their scans.

Only the core of it: sum of diameters, nadir, target response, new lesions, overall response. It
leaves out non-target disease that was not evaluated, scan windows, confirmation, patterns, reasons.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd


def derive_with_pandas(study: Path) -> pd.DataFrame:
    """One row a patient and scan: patient_id, assessed_on, sum_mm, nadir_mm, target_response, overall_response."""
    measurements = pd.read_parquet(study / "measurements.parquet")
    lesions = pd.read_parquet(study / "lesions.parquet")
    patients = pd.read_parquet(study / "patients.parquet")[["patient_id", "treatment_started_on"]]
    rows = measurements.merge(lesions, on=["patient_id", "lesion_id"]).merge(patients, on="patient_id")
    rows["patient"] = rows["patient_id"]
    return rows.groupby("patient", group_keys=False).apply(_one_patient).reset_index(drop=True)


def _one_patient(rows: pd.DataFrame) -> pd.DataFrame:
    scans: list[Any] = sorted(rows.itertuples(index=False), key=lambda row: row.assessed_on)
    start = scans[0].treatment_started_on
    n_targets = len({row.lesion_id for row in scans if row.role == "target"})
    nodes = {row.lesion_id for row in scans if row.role == "target" and row.is_node}
    found: list[dict[str, object]] = []
    baseline: float | None = None
    nadir: float | None = None
    for day, group in groupby(scans, key=lambda row: row.assessed_on):
        scan = list(group)
        sizes = {r.lesion_id: _size(r) for r in scan if r.role == "target" and r.state != "not_evaluated"}
        complete = len(sizes) == n_targets
        total = sum(sizes.values())
        if day <= start:
            baseline = nadir = total if complete else None
            continue
        target = _target_response(sizes, nodes, total, baseline, nadir, complete=complete)
        unequivocal = any(r.role == "non_target" and r.state == "unequivocal_progression" for r in scan)
        new = any(r.role == "new" and r.state not in {"absent", "not_evaluated"} for r in scan)
        found.append(
            {
                "patient_id": scan[0].patient_id, "assessed_on": day, "sum_mm": total, "nadir_mm": nadir,
                "target_response": target, "overall_response": "PD" if new or unequivocal or target == "PD" else target,
            }
        )  # fmt: skip
        if complete:
            nadir = total if nadir is None else min(nadir, total)
    return pd.DataFrame(_pr_until_pd(found))


def _size(row: Any) -> float:
    state, size = row.state, row.diameter_mm
    if state == "absent":
        return 0.0
    return 5.0 if state == "too_small" and pd.isna(size) else float(size)


def _target_response(
    sizes: dict[str, float],
    nodes: set[str],
    total: float,
    baseline: float | None,
    nadir: float | None,
    *,
    complete: bool,
) -> str:
    if complete and all(size == 0 or (lesion in nodes and size < 10) for lesion, size in sizes.items()):
        return "CR"
    if sizes and nadir is not None and total >= 1.2 * nadir - 1e-9 and total - nadir >= 5 - 1e-9:
        return "PD"
    if not complete or baseline is None:
        return "NE"
    return "PR" if total <= 0.7 * baseline + 1e-9 else "SD"


def _pr_until_pd(found: list[dict[str, object]]) -> list[dict[str, object]]:
    responded = False
    for row in found:
        if row["target_response"] in {"CR", "PR"}:
            responded = True
        elif row["target_response"] == "PD":
            responded = False
        elif row["target_response"] == "SD" and responded:
            if row["overall_response"] == "SD":
                row["overall_response"] = "PR"
            row["target_response"] = "PR"
    return found
