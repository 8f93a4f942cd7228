"""The rows that show how the workbook is filled in; they are known by their number and never read."""

from __future__ import annotations

from datetime import date

Cell = str | int | float | date
_START = date(2024, 1, 10)
# By table: our columns, with levels in our words; the number of the patient is put before them.
EXAMPLES: dict[str, tuple[dict[str, Cell], ...]] = {
    "patients": (
        {"sex": "male", "age_years": 62, "smoking": "ever", "ecog": 1, "histology": "adenocarcinoma", "stage": "IVA",
         "pd_l1_tps": 60, "driver_gene": "negative", "treatment_started_on": _START, "last_known_alive_on": date(2025, 6, 30)},
    ),
    "lesions": (
        {"lesion_id": "T1", "role": "target", "organ": "lung", "is_node": "no", "is_primary": "yes"},
        {"lesion_id": "N1", "role": "new", "organ": "liver", "is_node": "no"},
    ),
    "measurements": (
        {"lesion_id": "T1", "assessed_on": date(2024, 1, 3), "diameter_mm": 42, "state": "measured", "modality": "ct"},
        {"lesion_id": "T1", "assessed_on": date(2024, 3, 6), "diameter_mm": 27.5, "state": "measured", "modality": "ct"},
    ),
    "treatments": (
        {"line": 1, "regimen": "chemo_io", "started_on": _START, "ended_on": date(2024, 9, 2)},
    ),
    "assessments": ({"assessed_on": date(2024, 3, 6), "overall_response": "PR"},),
    "progressions": (
        {"best_response": "PR", "progressed_on": date(2024, 9, 20), "n_progressing_lesions": 1, "progressing_organs": "liver",
         "baseline_organs": "lung"},
    ),
}  # fmt: skip
