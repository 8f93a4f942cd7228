"""Run spoiled studies and say what came of them.

    PYTHONPATH=src:tests python -m fuzz.fuzz_studies --cases 500 --seed 1

Case i of seed s is drawn from `Draw(f"{s}/{i}")` and spoiled in way i of all ways, so a case can be run alone with
`--from i --cases 1`; `--keep FOLDER` then leaves its files. Ends with 1 where a case failed. What only root can make
(full disks, locked files, other users) is left out for others.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fuzz.judging import Fault, judge, snapshot
from fuzz.running import say
from fuzz.spoil_environment import environment_spoilers
from fuzz.spoil_files import Spoiler, file_spoilers
from fuzz.spoil_settings import settings_spoilers
from fuzz.spoil_words import word_spoilers
from fuzz.spoiled import Base, Draw, Spoiled, make_base, place_files
from fuzz.worker import Around, Done, load_program, run_command


@cache
def spoilers() -> tuple[Spoiler, ...]:
    """Every way to spoil a study here."""
    return (*file_spoilers(), *settings_spoilers(), *word_spoilers(), *environment_spoilers())


@dataclass(frozen=True)
class Verdict:
    """A case, how it ended and what is wrong with that."""

    number: int
    case: Spoiled
    done: Done
    faults: tuple[Fault, ...]


def draw_case(seed: int, number: int, base: Base) -> Spoiled:
    """Case `number` of a seed."""
    ways = spoilers()
    turn, way = divmod(number, len(ways))
    spoil = ways[way]
    rng = Draw(f"{seed}/{number}")
    turns = seed * 7 + turn
    rng.nth = turns * ways.count(spoil) + ways[:way].count(spoil)
    return spoil(base, rng)


def try_case(number: int, case: Spoiled, base: Base, folder: Path) -> Verdict:
    """Run one case in a folder of its own, which is emptied before."""
    clear(folder)
    folder.mkdir(parents=True)
    if case.prepare is not None:
        case.prepare(folder)
    place_files(case.files, folder / case.study, base)
    out = folder / case.out
    if case.earlier:
        place_files(base.files(), folder / "earlier", base)
        done = run_command(["derive", "earlier", "--out", case.out], folder, Around())
        assert done.status == 0, done.err
        shutil.rmtree(folder / "earlier")
        (out / "my notes.txt").write_text("mine\n", encoding="utf-8")
    if case.settle is not None:
        case.settle(folder)
    before = snapshot(out)
    arguments = [case.command[0], case.study, *case.command[1:]]
    if case.command[0] != "check":
        arguments += ["--out", case.out]
    try:
        done = run_command(arguments, folder, case.around)
        return Verdict(number, case, done, tuple(judge(case, done, folder, before)))
    finally:
        if case.clean is not None:
            case.clean(folder)


def clear(folder: Path) -> None:
    """Take a case's folder away, whatever permissions it has."""
    if folder.exists():
        for path, _, _ in os.walk(folder):
            Path(path).chmod(0o755)
        shutil.rmtree(folder)


def _keep(case: Spoiled, base: Base, folder: Path) -> None:
    """The study of a case, where a person can look at it."""
    clear(folder)
    place_files(case.files, folder / "study", base)
    (folder / "command.txt").write_text(
        f"oligoscope {' '.join(case.command)}\n{case.detail}\n", encoding="utf-8"
    )


def main() -> int:
    """Run the cases and print what came of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, help="two of each way, where it is not given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="I")
    parser.add_argument("--every", type=int, default=1, metavar="K", help="of those, each K-th")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name holds it")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave failing cases here")
    parser.add_argument("--verbose", action="store_true", help="a line for each case")
    asked = parser.parse_args()
    last = asked.first + (asked.cases or 2 * len(spoilers()))
    began = time.monotonic()
    verdicts: list[Verdict] = []
    load_program()
    with tempfile.TemporaryDirectory(prefix="oligoscope-fuzz-") as scratch:
        Path(scratch).chmod(0o755)  # for cases that run as another user
        base = make_base(Path(scratch))
        say(f"seed {asked.seed}, cases {asked.first} to {last - 1}, {len(spoilers())} ways to spoil")
        for number in range(asked.first, last, asked.every):
            case = draw_case(asked.seed, number, base)
            if asked.only not in case.name:
                continue
            folder = Path(scratch) / "case"
            verdict = try_case(number, case, base, folder)
            verdicts.append(verdict)
            if asked.verbose:
                say(f"{number}: {case.name} ({case.detail}): exit {verdict.done.status}, {verdict.done.seconds:.1f} s; "
                    f"{'; '.join(name for name, _ in verdict.faults)}")  # fmt: skip
            if asked.keep and verdict.faults:
                _keep(case, base, asked.keep / str(number))
        clear(Path(scratch) / "case")
    _print_counts(verdicts, time.monotonic() - began)
    return 1 if any(v.faults for v in verdicts) else 0


def _print_counts(verdicts: list[Verdict], seconds: float) -> None:
    statuses = Counter(v.done.status for v in verdicts)
    slowest = max(verdicts, key=lambda v: v.done.seconds)
    most = max(verdicts, key=lambda v: v.done.memory)
    failed = [v for v in verdicts if v.faults]
    say("exit status: " + ", ".join(f"{status}: {n}" for status, n in sorted(statuses.items())))
    say(f"slowest: case {slowest.number} ({slowest.case.name}) {slowest.done.seconds:.1f} s of processor time; "
        f"most memory: case {most.number} ({most.case.name}) {most.done.memory >> 20} MB")  # fmt: skip
    kinds: dict[str, list[tuple[Verdict, str]]] = defaultdict(list)
    for verdict in failed:
        for name, seen in dict(verdict.faults).items():
            kinds[name].append((verdict, seen))
    for name, found in sorted(kinds.items(), key=lambda item: -len(item[1])):
        verdict, seen = min(found, key=lambda one: len(one[0].case.detail))
        say(f"\nFAILED {len(found)} times: {name}")
        for number, case, what in sorted({(v.number, v.case.name, v.case.detail) for v, _ in found})[:6]:
            say(f"  case {number}: {case}: {what[:150]}")
        say(f"  smallest: case {verdict.number}, oligoscope {' '.join(verdict.case.command)}")
        say("    " + "\n    ".join(seen.strip().splitlines()[-8:]))
    wrong = sum(1 for v in verdicts if v.done.status < 0)
    say(f"\n{len(verdicts)} spoiled studies in {seconds:.0f} s: {statuses[0] + statuses[4]} ran, {statuses[3]} refused for their data, "
        f"{statuses[2]} for their surroundings; {wrong} ended by a signal; {len(failed)} wrong, {len(kinds)} kinds of failure.")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
