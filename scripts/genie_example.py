"""Does a folder of GENIE BPC come in whole with `data: {genie: FOLDER}`?

Makes synthetic releases of NSCLC with the package geniekit (not a dependency: pip install geniekit), checks and runs a study of
each, and compares what was read with the files, counted here apart from the program.

    python scripts/genie_example.py [--patients N] [--seeds N]
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path

from oligoscope.checked_study import check_study, must_run
from oligoscope.workflow import run_and_report

STUDY = "study: {preset: huang2025}\ndata: {genie: release}\nresponse: {source: assessments}\n"
SEX = {"Male": "male", "Female": "female"}


def main() -> int:
    """Exit status 0 where every release comes in whole."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--patients", type=int, default=300)
    asked.add_argument("--seeds", type=int, default=3)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="oligoscope-genie-") as scratch:
        results = [_try(Path(scratch) / str(seed), seed, given.patients) for seed in range(given.seeds)]
    return 0 if all(results) else 1


def _try(folder: Path, seed: int, n_patients: int) -> bool:
    from geniekit import synthetic  # pyright: ignore[reportMissingImports]

    folder.mkdir()
    synthetic.generate("NSCLC", n_patients=n_patients, seed=seed).to_dir(folder / "release")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    checked = check_study(folder)
    must_run(checked, accept_issues=False, language="en")
    tables = checked.tables
    read = {
        "sexes": dict(tables.patients.select("patient_id", "sex").iter_rows()),
        "regimens": tables.treatments.height,
        "reports": tables.assessments.height,
    }
    there = _counted(folder / "release")
    run = run_and_report(checked, folder / "out", languages=("en",))
    print(
        f"seed {seed}: {len(read['sexes'])} patients, {read['regimens']} regimens, {read['reports']} reports; "
        f"{'as in the files' if read == there else f'the files have {there}'}; {len(run.results.estimates)} numbers in results.csv"
    )
    return read == there


def _counted(release: Path) -> dict[str, object]:
    """What the files hold: every patient, regimens for the first index cancer, reports of change after its first regimen."""
    index: dict[str, str] = {}
    for row in sorted(_rows(release / "cancer_index.csv"), key=lambda row: float(row["ca_seq"])):
        index.setdefault(row["record_id"], row["ca_seq"])
    regimens = [row for row in _rows(release / "regimen.csv") if index.get(row["record_id"]) == row["ca_seq"]]
    starts: dict[str, float] = {}
    for row in regimens:
        day = float(row["dx_reg_start_int"])
        starts[row["record_id"]] = min(day, starts.get(row["record_id"], day))
    reports = [
        row
        for row in _rows(release / "imaging.csv")
        if row["image_overall"] and row["record_id"] in starts and float(row["dx_scan_days"]) - starts[row["record_id"]] >= 1
    ]  # fmt: skip
    sexes = {row["record_id"]: SEX[row["naaccr_sex_code"]] for row in _rows(release / "patient.csv")}
    return {"sexes": sexes, "regimens": len(regimens), "reports": len(reports)}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    sys.exit(main())
