"""Time the derivation from parquet, from 1,000 patients up to 1,000,000, and beside plain pandas code.

    python benchmarks/derive/run.py                          1,000 to 100,000 patients, and pandas at 10,000
    python benchmarks/derive/run.py --sizes 1000000 --no-pandas

Each size is derived by the command in a separate process, as a user would; peak memory is that
process's. Tables are drawn once into --folder and used again. `load` is the machine's load average
when the size began: on a busy machine look at the seconds of processor time rather than at the wall.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import polars as pl
from generate import write_study

HERE = Path(__file__).resolve().parent
MEASURE = """
import json, resource, sys, time
from pathlib import Path
began, cpu = time.perf_counter(), time.process_time()
from oligoscope.engines.deriving import How
from oligoscope.checked_study import check_study
from oligoscope.derivation import derive_study
study, out, size, engine = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
checked = check_study(study, in_partitions=True)
opened = time.perf_counter()
found = derive_study(checked, out, how=How(engine, size))
reading, deriving, writing = found.seconds
status = Path("/proc/self/status")  # ru_maxrss would also remember the process this one was forked from
lines = status.read_text().splitlines() if status.is_file() else []
peak = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), None)
print(json.dumps({
    "seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu,
    "share_reading": reading / (reading + deriving + writing), "share_writing": writing / (reading + deriving + writing),
    "peak_gb": (peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1e6, "progressed": found.flow.n_progressed,
}))
"""


def measured(study: Path, partition: int, engine: str) -> dict[str, float]:
    """One derivation in a separate process."""
    with tempfile.TemporaryDirectory(dir=study.parent) as scratch:
        command = [sys.executable, "-c", MEASURE, str(study), f"{scratch}/out", str(partition), engine]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        return json.loads(done.stdout.splitlines()[-1])


def slope(rows: list[dict[str, float]], key: str) -> float:
    """Of log time over log patients, from the first size to the last: 1 is proportional."""
    first, last = rows[0], rows[-1]
    return math.log(last[key] / first[key]) / math.log(last["patients"] / first["patients"])


def main() -> None:
    """The command."""
    words = argparse.ArgumentParser(description="Time the derivation at registry scale.")
    words.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 30_000, 100_000])
    words.add_argument("--partition-patients", type=int, default=20_000)
    words.add_argument("--engine", choices=["polars", "spark"], default="polars")
    words.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "oligoscope-derive")
    words.add_argument("--pandas-patients", type=int, default=10_000)
    words.add_argument("--no-pandas", action="store_true")
    given = words.parse_args()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, polars {pl.__version__}")
    print(
        "| patients | measurements | seconds | processor s | s per 100,000 | reading | writing | peak GB | load |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    rows: list[dict[str, float]] = []
    for patients in given.sizes:
        study = drawn(given.folder, patients)
        n = pl.scan_parquet(study / "measurements.parquet").select(pl.len()).collect().item()
        load = os.getloadavg()[0]
        row = {"patients": patients, **measured(study, given.partition_patients, given.engine)}
        rows.append(row)
        print(
            f"| {patients:,} | {n:,} | {row['seconds']:.1f} | {row['cpu_seconds']:.1f} "
            f"| {row['seconds'] * 1e5 / patients:.1f} | {row['share_reading']:.0%} | {row['share_writing']:.0%} "
            f"| {row['peak_gb']:.2f} | {load:.1f} |",
            flush=True,
        )
    if len(rows) > 1:
        tens = [row for row in rows if row["patients"] >= 10_000]
        tens = tens if len(tens) > 1 else rows
        print(
            f"slope from {tens[0]['patients']:,.0f} to {tens[-1]['patients']:,.0f} patients: "
            f"{slope(tens, 'seconds'):.2f} (wall), {slope(tens, 'cpu_seconds'):.2f} (processor)"
        )
    if not given.no_pandas:
        compare_with_pandas(drawn(given.folder, given.pandas_patients), given.partition_patients)


def compare_with_pandas(study: Path, partition: int) -> None:
    """The same sums, nadirs and responses by group-by-apply, in this run; and whether they agree."""
    from with_pandas import derive_with_pandas

    began = time.perf_counter()
    theirs = derive_with_pandas(study)
    seconds = time.perf_counter() - began
    ours = measured(study, partition, "polars")
    n = theirs["patient_id"].nunique()
    print(
        f"pandas group-by-apply (sums, nadirs, responses, first PD only): {seconds:.1f} s for {n:,} patients"
    )
    print(
        f"Oligoscope (everything, reasons included): {ours['seconds']:.1f} s; ratio {seconds / ours['seconds']:.1f}"
    )
    print(f"target responses that agree: {agreement(study, theirs):.4%}")


def agreement(study: Path, theirs: Any) -> float:
    """Share of the time points at which both say the same."""
    from oligoscope.checked_study import check_study
    from oligoscope.derivation import derive_study
    from oligoscope.engines.deriving import How

    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        derive_study(check_study(study, in_partitions=True), out, how=How(file_format="parquet"))
        ours = pl.read_parquet(out / "responses.parquet")
    other = pl.from_pandas(theirs)
    other = other.with_columns(pl.col("assessed_on").cast(pl.Date))
    both = ours.join(other, on=["patient_id", "assessed_on"], how="inner", suffix="_theirs")
    same = (both["target_response"] == both["target_response_theirs"]).fill_null(value=True)
    return int(same.sum()) / ours.height


def drawn(folder: Path, patients: int) -> Path:
    """The study of that size, drawn if it is not there."""
    study = folder / str(patients)
    if not (study / "study.yaml").is_file():
        write_study(study, patients)
    return study


if __name__ == "__main__":
    main()
