"""Time the commands of one source tree beside those of another, in pairs.

    git worktree add --detach OLD COMMIT
    python benchmarks/beside/run.py OLD/src src --patients 10000 --pairs 7

Each command is a separate process; what counts is its processor time (user and system), as other work on the machine
makes the wall clock useless. The trees take turns, and the first of a pair changes, so that a machine that gets slower
is slower for both. Each tree is run once before, not counted, to write its byte code. The ratio is the median of those of the pairs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "derive"))
from generate import write_study  # the tables of benchmarks/derive

TABLES = ("patients", "lesions", "measurements", "treatments")


def seconds(tree: Path, words: Sequence[str]) -> float:
    """Processor seconds of one command of a source tree, its children's included."""
    surroundings = {**os.environ, "PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "oligoscope", *words],
        env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(said.decode())
    return used.ru_utime + used.ru_stime


def as_csv(study: Path, folder: Path) -> Path:
    """The same study with csv files in place of parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        pl.read_parquet(study / f"{name}.parquet").write_csv(folder / f"{name}.csv")
    settings = (study / "study.yaml").read_text("utf-8").replace(".parquet", ".csv")
    (folder / "study.yaml").write_text(settings, encoding="utf-8")
    return folder


def deeds(scratch: Path, patients: int) -> dict[str, list[str]]:
    """What is timed: the name and the words of the command; `{out}` is a new folder each time."""
    parquet = write_study(scratch / "parquet", patients)
    csv = as_csv(parquet, scratch / "csv")
    return {
        "check, parquet": ["check", str(parquet)],
        "derive, parquet": ["derive", str(parquet), "--out", "{out}"],
        "check, csv": ["check", str(csv)],
        "derive, csv": ["derive", str(csv), "--out", "{out}"],
        "demo": ["demo", "--out", "{out}"],
    }


def pairs(old: Path, new: Path, words: list[str], n: int, scratch: Path) -> Iterable[tuple[float, float]]:
    """Processor seconds of both trees, `n` times."""
    for i in range(-1, n):
        found = {}
        for tree in (old, new) if i % 2 else (new, old):
            with tempfile.TemporaryDirectory(dir=scratch) as folder:
                found[tree] = seconds(tree, [word.format(out=f"{folder}/out") for word in words])
        print(f"  {found[old]:.2f} s, {found[new]:.2f} s", file=sys.stderr, flush=True)
        if i >= 0:
            yield found[old], found[new]


def main() -> None:
    """The command."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("old", type=Path, help="folder that holds the package `oligoscope`")
    words.add_argument("new", type=Path)
    words.add_argument("--patients", type=int, default=10_000)
    words.add_argument("--pairs", type=int, default=7)
    words.add_argument("--only", default="", metavar="TEXT", help="what has it in its name")
    given = words.parse_args()
    print("| what | before s | now s | ratio of each pair | median |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="oligoscope-beside-") as folder:
        scratch = Path(folder)
        for name, command in deeds(scratch, given.patients).items():
            if given.only not in name:
                continue
            found = list(pairs(given.old.resolve(), given.new.resolve(), command, given.pairs, scratch))
            before, now = (statistics.median(each) for each in zip(*found, strict=True))
            ratios = [b / a for a, b in found]
            print(f"| {name} | {before:.2f} | {now:.2f} | {' '.join(f'{r:.2f}' for r in ratios)} "
                  f"| {statistics.median(ratios):.2f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
