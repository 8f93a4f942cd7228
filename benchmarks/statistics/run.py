"""One complete analysis, ours beside R's on the same patients: seconds, memory, and the hazard ratio of both.

    python benchmarks/statistics/run.py [rows ...] [--r-up-to 10000] [--defaults]

The steps: impute one factor of three levels (12 % missing, m = 5), Table 1 and survival before matching, match in
every version on a score of eight covariates (nearest neighbour, 0.02 on the logit), balance of every level, Table 1
and survival after matching, pooled. Survival is Kaplan-Meier with limits and medians, log-rank and a Cox model robust
to the pairs. Ours are the stages that `oligoscope run` calls; R's are mice, MatchIt and survival (run.R).

Each program and size has a separate process and one thread; loading libraries and reading the table are not
counted. Seconds are the processor's, so that other work on the machine counts less; the last are the clock's. Up to 1000 rows the best of five runs counts, of ours as of R's; above there is one run. Memory is the
largest the process ever held (VmHWM, Linux), libraries included. Without Rscript R's columns stay blank. With --defaults
ours imputes and matches as a study that states nothing (20 imputations here, optimal, 0.2 SD), and R is not asked.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl

from oligoscope.cohort.complete import CompletedCohorts, impute_cohort
from oligoscope.cohort.match import MatchedCohorts, match_cohorts
from oligoscope.questions.baseline.numbers import compare_baseline
from oligoscope.questions.baseline.pooled import compare_baseline_pooled
from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.questions.survival.pooled import compare_survival_pooled
from oligoscope.results.analyses import MATCHING, SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import (
    AnalysisSettings,
    DataSettings,
    ImputationSettings,
    MatchingSettings,
    Protocol,
    StudySettings,
    TableSource,
)

T = TypeVar("T")
HERE = Path(__file__).parent
STEPS = ("impute", "before", "match", "table_1", "survival")
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
COVARIATES = (
    "age_years", "sex", "smoking", "ecog", "brain_metastasis", "histology", "stage", "pd_l1",
)  # fmt: skip
# Share of the first level in oligoprogression and in systemic progression: Huang 2025, table 1.
SHARES = {
    "sex": ("male", "female", 255 / 289, 232 / 290),
    "smoking": ("ever", "never", 233 / 289, 211 / 290),
    "ecog": (1, 0, 246 / 289, 250 / 290),
    "brain_metastasis": ("yes", "no", 22 / 289, 31 / 290),
    "histology": ("squamous", "adenocarcinoma", 200 / 289, 148 / 290),
    "stage": ("IV", "IIIC", 222 / 289, 241 / 290),
}
PD_L1 = ("<1%", "1-49%", ">=50%")
PD_L1_SHARES = np.array([[97, 119, 73], [122, 103, 65]]) / [[289], [290]]
MISSING = 0.12


def make_patients(n: int, seed: int = 20250408) -> pl.DataFrame:
    """Patients to the paper's margins by pattern; post-progression hazard follows pattern, PD-L1, stage, and age."""
    rng = np.random.default_rng(seed)
    systemic = (rng.random(n) < 0.5).astype(int)
    columns: dict[str, Any] = {
        "patient_id": np.char.add("P", np.arange(n).astype(str)),
        "pattern": np.where(systemic, "systemic", "oligoprogression"),
        "age_years": np.clip(rng.normal(61 - 0.7 * systemic, 8.5), 18, 80).round(1),
    }
    for name, (first, other, *shares) in SHARES.items():
        columns[name] = np.where(rng.random(n) < np.array(shares)[systemic], first, other)
    pd_l1 = (rng.random(n)[:, None] > PD_L1_SHARES.cumsum(axis=1)[systemic, :2]).sum(axis=1)
    risk = (
        0.45 * systemic - 0.2 * pd_l1 + 0.3 * (columns["stage"] == "IV") + 0.01 * (columns["age_years"] - 61)
    )
    death = 18 * (rng.exponential(size=n) / np.exp(risk)) ** (1 / 1.2)
    closed = rng.uniform(12, 60, n)
    unknown = rng.random(n) < MISSING * np.where(columns["stage"] == "IV", 1.1, 0.6)
    columns |= {
        "pd_l1": pl.Series(np.array(PD_L1)[pd_l1]).set(pl.Series(unknown), None),
        "os_days": np.ceil(np.minimum(death, closed) * 30.4375).astype(int),
        "os_event": death <= closed,
    }
    return pl.DataFrame(columns)


def settings_of(kind: str, population: str) -> AnalysisSettings:
    return AnalysisSettings.model_validate(
        {"kind": kind, "population": population, "variables": COVARIATES, "outcomes": ("os",)}
    )


def analyse(patients: pl.DataFrame, *, by_defaults: bool = False) -> dict[str, Any]:
    """Every step as `oligoscope run` does it; seconds of each, and what came out."""
    as_r = MatchingSettings(covariates=COVARIATES, method="nearest", caliper=0.02, caliper_scale="logit")
    protocol = Protocol(
        study=StudySettings(),
        data=DataSettings(patients=TableSource(files=("patients.csv",))),
        imputation=ImputationSettings() if by_defaults else ImputationSettings(m=5),
        matching=MatchingSettings(covariates=COVARIATES) if by_defaults else as_r,
    )
    seconds: dict[str, float] = {}

    def timed(step: str, act: Callable[[], T]) -> T:
        began = time.process_time()
        done = act()
        seconds[step] = time.process_time() - began
        return done

    started = time.perf_counter()
    completed: CompletedCohorts = timed(
        "impute", lambda: impute_cohort(patients, protocol, "pattern", "progressed")
    )
    before = settings_of("baseline", "progressed"), settings_of("survival", "progressed")
    timed("before", lambda: (compare_baseline(patients, before[0]), compare_survival(patients, before[1])))
    matched: MatchedCohorts = timed("match", lambda: match_cohorts(completed, protocol, "pattern"))
    after = settings_of("baseline", "matched"), settings_of("survival", "matched")
    timed("table_1", lambda: compare_baseline_pooled(matched.cohorts, after[0]))
    found = timed("survival", lambda: compare_survival_pooled(matched.cohorts, after[1]))
    wall = time.perf_counter() - started
    results = Results().plus(*found).plus(matched.estimates)
    ratio = results.find(analysis=SURVIVAL, statistic=Statistic.HAZARD_RATIO)[0]
    pairs = results.find(analysis=MATCHING, statistic=Statistic.N_PAIRS)[0]
    return {
        "seconds": seconds,
        "wall": wall,
        "hazard_ratio": [ratio.value, ratio.low, ratio.high],
        "pairs": pairs.value,
        "balanced": matched.verdict is not None and matched.verdict.passed,
    }


def memory_gb() -> float | None:
    """The most this process ever held, GB."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1e6


def work(n: int, runs: int, *, by_defaults: bool) -> None:
    """What the process of one size does."""
    patients = make_patients(n)
    done = [analyse(patients, by_defaults=by_defaults) for _ in range(runs)]
    best = min(done, key=total_of)
    print(json.dumps(best | {"first": total_of(done[0]), "memory_gb": memory_gb()}))


def total_of(run: dict[str, Any]) -> float:
    return sum(run["seconds"].values())


def in_its_own_process(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, env=os.environ | ONE_THREAD, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def ask_r(n: int, runs: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "patients.csv"
        make_patients(n).write_csv(table)
        return in_its_own_process(["Rscript", str(HERE / "run.R"), str(table), str(runs)])


def line_of(n: int, program: str, run: dict[str, Any]) -> str:
    steps = " | ".join(f"{run['seconds'][step]:.3g}" for step in STEPS)
    ratio, low, high = run["hazard_ratio"]
    memory = "" if run["memory_gb"] is None else f"{run['memory_gb']:.2f}"
    total = total_of(run)
    found = f"{run['pairs']:.1f} | {ratio:.4f} ({low:.4f} to {high:.4f})"
    return f"| {n:,} | {program} | {steps} | **{total:.3g}** | {run['wall']:.3g} | {memory} | {found} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", type=int, nargs="*", default=[579, 10_000, 100_000, 1_000_000])
    parser.add_argument("--r-up-to", type=int, default=10_000, help="R is asked up to this many rows")
    parser.add_argument("--defaults", action="store_true", help="ours as a study that states nothing")
    parser.add_argument("--work", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.rows[0], given.work, by_defaults=given.defaults)
        return
    ours_asked = ["--defaults"] if given.defaults else []
    print(
        "| rows | program | "
        + " | ".join(STEPS)
        + " | all, s | wall, s | memory, GB | pairs | hazard ratio |"
    )
    print("|---" * (len(STEPS) + 7) + "|", flush=True)
    earlier: tuple[int, float] | None = None
    notes = []
    for n in given.rows:
        runs = 5 if n <= 1000 else 1
        ours = in_its_own_process([sys.executable, __file__, str(n), "--work", str(runs), *ours_asked])
        total = total_of(ours)
        print(line_of(n, "ours", ours), flush=True)
        if not given.defaults and n <= given.r_up_to and shutil.which("Rscript"):
            theirs = ask_r(n, runs)
            print(line_of(n, "R", theirs), flush=True)
            again, first = total_of(theirs) / total, theirs["first"] / ours["first"]
            notes.append(
                f"{n:,} rows: R takes {again:.1f} times as long; in the first run of a process {first:.1f}"
                f" ({theirs['first']:.3g} s, ours {ours['first']:.3g} s)."
            )
        if earlier is not None:
            slope = math.log(total / earlier[1]) / math.log(n / earlier[0])
            notes.append(f"{earlier[0]:,} to {n:,} rows: time grows as n to the power {slope:.2f}.")
        earlier = n, total
    print("\n" + "\n".join(notes))


if __name__ == "__main__":
    main()
