"""Seconds to impute a factor of three levels, m = 5, beside R's mice on the same data.

    python benchmarks/statistics/imputation_speed.py [rows ...]

One column of nine incomplete (a quarter of its rows): mice is given maxit = 1, for more rounds change nothing then. A
second line has four incomplete columns and five rounds. Ours is the best of ten runs (of three above 20,000 rows),
R's the only one; R above 20,000 rows is asked for the first line only. Without Rscript R's column stays blank.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from oligoscope.stats.imputation.chained_equations import impute_by_chained_equations
from oligoscope.stats.imputation.imputation_columns import Column, binary, continuous, factor

M = 5
R = """
suppressPackageStartupMessages(library(mice)); a <- commandArgs(TRUE)
d <- read.csv(a[1], na.strings = ""); d$f <- factor(d$f)
for (b in paste0("b", 0:3)) d[[b]] <- factor(d[[b]])
method <- c(rep("pmm", 4), rep("logreg", 4), "polyreg")
t <- system.time(mice(d, m = 5, maxit = as.integer(a[2]), method = method, printFlag = FALSE))
cat(t[["elapsed"]])
"""


def make(n: int, several: bool) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    data = {f"x{i}": rng.standard_normal(n) for i in range(4)}
    data |= {f"b{i}": (rng.random(n) < 0.4).astype(float) for i in range(4)}
    score = 0.5 * data["x0"] + data["b0"] + rng.logistic(size=n)
    data["f"] = np.digitize(score, [0, 1.2]).astype(float)
    for name in ("f", "x1", "b1", "x2") if several else ("f",):
        data[name][rng.random(n) < 0.25] = np.nan
    return data


def columns_of(data: dict[str, np.ndarray]) -> list[Column]:
    labels = np.array(["a", "b", "c", None], dtype=object)[np.nan_to_num(data["f"], nan=3).astype(int)]
    numbers = [continuous(name, data[name]) for name in data if name[0] == "x"]
    answers = [binary(name, data[name]) for name in data if name[0] == "b"]
    return [*numbers, *answers, factor("f", labels, ("a", "b", "c"))]


def seconds_of_ours(columns: list[Column], rounds: int) -> float:
    best = np.inf
    for _ in range(3 if columns[0].values.size > 20_000 else 10):
        began = time.perf_counter()
        impute_by_chained_equations(columns, m=M, n_iterations=rounds)
        best = min(best, time.perf_counter() - began)
    return best


def seconds_of_r(data: dict[str, np.ndarray], rounds: int) -> float | None:
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "data.csv"
        rows = np.column_stack(list(data.values()))
        text = [",".join("" if np.isnan(v) else f"{v:.17g}" for v in row) for row in rows.tolist()]
        table.write_text("\n".join([",".join(data), *text]), encoding="utf-8")
        script = Path(folder) / "mice.R"
        script.write_text(R, encoding="utf-8")
        done = subprocess.run(
            ["Rscript", str(script), str(table), str(rounds)], capture_output=True, text=True, check=True
        )
    return float(done.stdout)


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [579, 10_000, 100_000]
    print("| incomplete columns, rounds | rows | ours, s | mice, s | ratio |\n|---|---|---|---|---|")
    for several, rounds in ((False, 1), (True, 5)):
        for n in sizes:
            data = make(n, several)
            ours = seconds_of_ours(columns_of(data), rounds)
            theirs = None if several and n > 20_000 else seconds_of_r(data, rounds)
            beside = f"{theirs:.3f} | {theirs / ours:.0f}" if theirs is not None else " | "
            print(f"| {4 if several else 1}, {rounds} | {n:,} | {ours:.4f} | {beside} |")


if __name__ == "__main__":
    main()
