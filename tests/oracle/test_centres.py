"""A study of several centres whose patients partly entered late, from its files to its results, beside what R makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from oligoscope.checked_study import check_study
from oligoscope.pipeline import run_study
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic

HERE = Path(__file__).parent
CASES = json.loads((HERE / "centres.json").read_text(encoding="utf-8"))["cases"]
PATIENT = ("patient_id", "treatment_started_on", "died_on", "last_known_alive_on", "entered_on", "centre")
PROGRESSION = ("patient_id", "progressed_on", "n_progressing_lesions", "progressing_organs")


def results_of(folder: Path, use: str, seed: int | None = None) -> Results:
    rows = pl.read_csv(HERE / "entered_late.csv", infer_schema=False)
    centres = [None if i % 10 == 9 else f"C{7 * i % 11}" for i in range(rows.height)]
    rows = rows.with_columns(pl.Series("centre", centres))
    rows = rows if seed is None else rows.sample(fraction=1, shuffle=True, seed=seed)
    folder.mkdir()
    rows.select(PATIENT).write_csv(folder / "patients.csv")
    rows.select(PROGRESSION).write_csv(folder / "progressions.csv")
    (folder / "study.yaml").write_text(
        "study: {preset: null, accept_issues: true}\n"
        "data: {patients: patients.csv, progressions: progressions.csv}\n"
        f"centres: {{use: {use}}}\n"
        "analyses: [{kind: survival, outcomes: [os]}]\n",
        encoding="utf-8",
    )
    checked = check_study(folder)
    return run_study(checked.protocol, checked.tables, study_file=checked.file).results


@pytest.mark.parametrize("use", ["strata", "cluster"])
def test_ratio_and_tests_of_centres_are_those_of_r_in_any_order_of_rows(use, tmp_path, agrees):
    first, again = (results_of(tmp_path / str(seed), use, seed) for seed in (None, 3))
    expected = CASES[use]
    keys = {"analysis": SURVIVAL, "population": "progressed", "outcome": "os"}
    for results in (first, again):
        ratio = results.get(**keys, statistic=Statistic.HAZARD_RATIO, group="oligoprogression vs systemic")
        p = {e.variable: e.value for e in results.find(**keys, statistic=Statistic.P_VALUE)}
        (constant,) = results.find(**keys, statistic=Statistic.P_VALUE_PROPORTIONAL_HAZARDS)

        assert ratio is not None
        agrees([ratio.value, ratio.low, ratio.high], expected["hazard_ratio"])
        agrees([p["cox"], p["log_rank"]], [expected["p_value"], expected["log_rank"]], 1e-6)
        agrees(constant.value, expected["proportional"], 1e-6)
