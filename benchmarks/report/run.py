"""How long do whole commands take, beside another version, and where does the time go?

    python benchmarks/report/run.py [--beside CHECKOUT] [--runs 3] [--patients 579]
    python benchmarks/report/run.py --where

Commands: `demo`, `run` of the study that demo wrote, and `report --style en-lancet`. With --beside each is run in turn with
the version of another checkout (a git worktree), and both run one study, which the other version's demo wrote: so that both
do the same analyses. Seconds of the processor are those of the command and the processes that
it began; where other programs run on the same cores, only they can be compared. --where runs `demo` in one process, looks
500 times a second of the processor at what runs, and prints the share of each part.
"""

from __future__ import annotations

import argparse
import collections
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

HERE = Path(__file__).resolve().parents[2]
# The first that is found on the way out from what runs takes the time; (file ends so, function).
PARTS = {
    "pixels as PNG": ("drawing/png.py", "png_of"),
    "pixels painted": ("drawing/rendering.py", "_Pixels"),
    "texts shaped": ("drawing/shaping.py", "_line"),
    "walks through drawings, SVG": ("drawing/rendering.py", "render"),
    "figures painted": ("drawing/figure.py", "painted"),
    "Word": ("docx/docx.py", "write_docx"),
    "workbook": ("xlsx/xlsx.py", "write_xlsx"),
    "page of numbers": ("report/report_files.py", "_write_numbers"),
    "HTML": ("html/html.py", "write_html"),
    "document put together": ("report/document.py", "build_document"),
    "other parts of the report": ("report/report_files.py", "write_reports"),
    "statistics": ("/pipeline.py", "run_study"),
    "tables read and checked": ("/checked_study.py", "check_study"),
    "cohort of the demo drawn": ("demo/cohort.py", "make_cohort"),
    "modules loaded": ("<frozen importlib._bootstrap>", "_find_and_load"),
}


def measured(source: Path, *command: str) -> tuple[float, float]:
    """Processor and wall seconds of one command with the version of a checkout."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    surroundings = os.environ | {"PYTHONPATH": str(source / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "oligoscope", *command], env=surroundings, capture_output=True, check=False
    )
    if done.returncode not in {0, 4}:
        raise SystemExit(done.stderr.decode())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.perf_counter() - began


def compare(beside: Path | None, runs: int, warm_up: int, patients: int) -> None:
    """Print the median of each command and version."""
    versions = ({"beside": beside} if beside else {}) | {"this": HERE}
    found: dict[tuple[str, str], list[tuple[float, float]]] = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for i in range(warm_up + runs):
            for name, source in versions.items():
                out, again = Path(folder) / name, Path(folder) / f"{name}-run"
                commands = {
                    "demo": ("demo", "--out", str(out), "--patients", str(patients)),
                    "run": ("run", str(out / "study"), "--out", str(again)),
                    "report --style": ("report", str(again), "--style", "en-lancet"),
                }
                if beside:
                    of_both = Path(folder) / "beside" / "study"
                    commands["run, one study"] = ("run", str(of_both), "--out", f"{again}-one")
                for command, arguments in commands.items():
                    seconds = measured(source, *arguments)
                    if i >= warm_up:
                        found[command, name].append(seconds)
        print("| command | version | processor, s | wall, s |\n|---|---|---:|---:|")
        for (command, name), seconds in found.items():
            used, wall = (statistics.median(column) for column in zip(*seconds, strict=True))
            print(f"| `{command}` | {name} | {used:.1f} | {wall:.1f} |")
        size = (Path(folder) / "this" / "report.en.html").stat().st_size
        print(f"\nreport.en.html of the demo: {size / 1e6:.2f} MB; load {os.getloadavg()[0]:.1f}")


def where() -> None:
    """Print the share of each part of `demo`, drawn in this process alone."""
    seen: collections.Counter[str] = collections.Counter()

    def look(_number: int, frame: FrameType | None) -> None:
        while frame is not None:
            code = frame.f_code
            for part, (file, function) in PARTS.items():
                if code.co_filename.endswith(file) and function in code.co_qualname.split("."):
                    seen[part] += 1
                    return
            frame = frame.f_back
        seen["the rest"] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, 0.002, 0.002)
    from oligoscope.system.memory import few_collections
    from oligoscope.workflow import run_demo

    with tempfile.TemporaryDirectory() as folder, few_collections():
        run_demo(Path(folder) / "out", 579, 20250408)
    signal.setitimer(signal.ITIMER_PROF, 0)
    used = time.process_time()
    print(f"{used:.1f} s of the processor\n\n| part | s | % |\n|---|---:|---:|")
    for part, n in seen.most_common():
        share = n / seen.total()
        print(f"| {part} | {share * used:.2f} | {100 * share:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--beside", type=Path, help="Another checkout.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--warm-up", type=int, default=1, help="Runs that are not counted.")
    parser.add_argument("--patients", type=int, default=579)
    parser.add_argument("--where", action="store_true", help="Where the time of demo goes.")
    asked = parser.parse_args()
    if asked.where:
        where()
    else:
        compare(asked.beside, asked.runs, asked.warm_up, asked.patients)


if __name__ == "__main__":
    main()
