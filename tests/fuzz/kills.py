"""A command killed at every one of its file operations, over an earlier output that holds files of the user's.

    PYTHONPATH=src:tests python -m fuzz.kills --kills 50 --seed 1

Before each operation that changes a file, what lies on the disk is kept: it is what a kill or a loss of power at that
moment would leave. Each of these moments is judged, for `derive`, `run` and a refused `derive`. Then the process is
really killed at operations drawn by the seed, and the next command must find its way. Ends with 1 where something is lost.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from fuzz.judging import snapshot
from fuzz.running import say
from fuzz.spoiled import Base, make_base, place_files
from fuzz.worker import Around, Done, load_program, run_command

CHANGES = {
    "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime", "os.setxattr", "shutil.rmtree", "shutil.move",
}  # fmt: skip
MINE = {"my notes.txt": "mine\n", "figures/my own.txt": "mine too\n"}
CHANGED = ("flow.csv", "a line of the user's\n")  # a file of ours that the user changed
SLOW = Around(seconds=120)


@dataclass(frozen=True)
class Deed:
    """What is done over an earlier output.

    Attributes:
        name: For people.
        command: With its options; the study and the output are added.
        spoiled: The study is one that must be refused.
    """

    name: str
    command: tuple[str, ...]
    spoiled: bool = False


DEEDS = (
    Deed("derive", ("derive", "--accept-issues")),
    Deed("refused", ("derive",), spoiled=True),
    Deed("run", ("run", "--accept-issues", "--lang", "en")),
)


def on_each_change(place: Path, act: Callable[[int, str], None]) -> None:
    """Call `act` before each operation on files below `place`, with its number; for the rest of the process."""
    state = {"n": 0, "busy": 0}

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if state["busy"] or not (event in CHANGES or (event == "open" and _writes(args))):
            return
        paths = [a for a in args[:2] if isinstance(a, str | bytes | os.PathLike)]
        relative = event in {"os.remove", "os.rmdir", "os.mkdir"} and args[-1] not in {None, -1}
        if not relative and not any(_is_below(path, place) for path in paths):
            return
        state["busy"] = 1
        try:
            act(state["n"], f"{event} {' '.join(map(str, paths))}")
        finally:
            state["busy"], state["n"] = 0, state["n"] + 1

    sys.addaudithook(hook)


def _writes(args: tuple[Any, ...]) -> bool:
    return isinstance(args[0], str | bytes | os.PathLike) and bool(
        args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    )


def _is_below(path: Any, place: Path) -> bool:
    return Path(os.fsdecode(path)).absolute().is_relative_to(place)


def prepare(base: Base, place: Path, deed: Deed) -> None:
    """The study, another one, and an earlier output of that one in `work/out`, with the user's files."""
    fewer = [row for i, row in enumerate(base.rows("patients")) if i != 3]
    once = base.studied(analyses=base.settings["analyses"][:2])
    place_files(base.files(once, patients=fewer), place / "earlier", base)
    analyses = [{"kind": "baseline"}, {"kind": "survival", "by": "pattern", "outcomes": ["os"]}]
    settings = base.studied(
        analyses=analyses, **({"nothing": 1} if deed.spoiled and deed.command[0] == "check" else {})
    )
    tables = {}
    if deed.spoiled:
        rows = base.rows("patients")
        rows[2][rows[0].index("sex")] = "neither of them"
        rows[3] = list(rows[2])
        tables = {"patients": rows}
    place_files(base.files(settings, **tables), place / "study", base)
    (place / "work").mkdir()
    command = "run" if deed.command[0] == "run" else "derive"
    more = ("--lang", "en") if command == "run" else ()
    done = run_command(
        [command, "earlier", "--accept-issues", *more, "--out", "work/out"], place, SLOW, wait=300
    )
    assert done.status in {0, 4}, done.err
    for name, text in MINE.items():
        path = place / "work" / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (place / "work" / "out" / CHANGED[0]).write_text(CHANGED[1], encoding="utf-8")


def run_with_moments(place: Path, deed: Deed) -> tuple[Done, list[str]]:
    """Run the command; what `work` held before each change of a file is copied to `moments/N`."""
    moments, log = place / "moments", place / "log"
    moments.mkdir()

    def keep(number: int, what: str) -> None:
        shutil.copytree(place / "work", moments / f"{number:04}", symlinks=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(what.replace("\n", " ") + "\n")

    done = run_command([deed.command[0], "study", *deed.command[1:], "--out", "work/out"], place, SLOW, wait=300,
                       before=lambda: on_each_change(place / "work", keep))  # fmt: skip
    shutil.copytree(place / "work", moments / "9999", symlinks=True)
    return done, [*log.read_text(encoding="utf-8").splitlines(), "the end"]


def lost(work: Path, earlier: Mapping[str, str], new: Mapping[str, str]) -> str:
    """What is wrong with the folder of an output after a kill; blank where nothing is."""
    out = work / "out"
    here = snapshot(out)
    if not here:
        beside = [snapshot(p) for p in sorted(work.iterdir()) if p.is_dir()]
        if not any(_is_one_of(files, earlier, new) for files in beside):
            return "the output is gone, and no whole one lies beside it"
        kept = {digest for files in beside for digest in files.values()}
    else:
        kept = set(here.values())
        if not _is_one_of(here, earlier, new):
            return "the output is neither the earlier one nor the new one: " + _difference(here, earlier, new)
    missing = [name for name in (*MINE, CHANGED[0]) if earlier[name] not in kept]
    return f"files of the user's are lost: {', '.join(missing)}" if missing else ""


def _is_one_of(files: Mapping[str, str], earlier: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether a folder is the earlier output, the new one, or the whole results of the new one before their documents."""
    ours, of_new = _ours(files), _ours(new)
    if "run.json" in ours and "run.json" in of_new:
        of_new["run.json"] = ours["run.json"]  # how long a run took is its own
    return ours in (_ours(earlier), of_new) or _only_results(files, new)


def _ours(files: Mapping[str, str]) -> dict[str, str]:
    return {n: d for n, d in files.items() if n not in MINE and n != CHANGED[0] and ".kept-" not in n}


def _only_results(files: Mapping[str, str], new: Mapping[str, str]) -> bool:
    ours = {n: d for n, d in _ours(files).items() if n != "run.json"}
    return "results.csv" in ours and ours == {
        n: d for n, d in _ours(new).items() if n in ours and n != "run.json"
    }


def _difference(here: Mapping[str, str], earlier: Mapping[str, str], new: Mapping[str, str]) -> str:
    of_earlier = [n for n, d in here.items() if earlier.get(n) == d and new.get(n) != d]
    of_new = [n for n, d in here.items() if new.get(n) == d and earlier.get(n) != d]
    gone = [n for n in earlier if n not in here]
    return f"of the earlier {of_earlier[:3]}, of the new {of_new[:3]}, gone {gone[:5]}"


def judge_moments(base: Base, place: Path, deed: Deed) -> list[str]:
    """Every moment of a deed."""
    prepare(base, place, deed)
    earlier = snapshot(place / "work" / "out")
    done, operations = run_with_moments(place, deed)
    new = snapshot(place / "work" / "out")
    right = {3} if deed.spoiled else {0, 4}
    faults = [] if done.status in right else [f"{deed.name}: exit {done.status}: {done.err[-300:]}"]
    moments = sorted((place / "moments").iterdir())
    for moment, operation in zip(moments, operations, strict=True):
        if fault := lost(moment, earlier, new):
            faults.append(f"{deed.name}, before operation {moment.name} ({operation}): {fault}")
    say(f"{deed.name}: {len(moments)} moments, {len(faults)} at which something is lost")
    left = [p.name for p in (place / "work").iterdir() if p.name != "out"]
    return [*faults, *([f"{deed.name}: left beside the output: {left}"] if left else [])]


def judge_kills(base: Base, scratch: Path, kills: int, seed: int) -> list[str]:
    """Real kills at operations drawn, and the next command after each."""
    deed = DEEDS[0]
    origin = scratch / "origin"
    prepare(base, origin, deed)
    earlier = snapshot(origin / "work" / "out")
    n = _count(origin, scratch / "count", deed)
    rng, faults = Random(seed), []
    for i in range(kills):
        place = scratch / f"kill-{i}"
        shutil.copytree(origin, place, symlinks=True)
        at = (
            rng.randrange(n) if i >= min(n, kills // 2) else n - 1 - i
        )  # the last ones are the move-in: each of them

        def kill(number: int, _what: str, at: int = at) -> None:
            if number == at:
                os.kill(os.getpid(), signal.SIGKILL)

        arguments = [deed.command[0], "study", *deed.command[1:], "--out", "work/out"]
        killed = run_command(
            arguments, place, SLOW, before=lambda p=place, k=kill: on_each_change(p / "work", k)
        )
        if killed.status != -signal.SIGKILL:
            faults.append(
                f"kill {i} at operation {at} of {n}: ended with {killed.status}: {killed.err[-200:]}"
            )
        left = place / "left"
        shutil.copytree(place / "work", left, symlinks=True)
        again = run_command(arguments, place, SLOW)
        new = snapshot(place / "work" / "out")
        if (
            fault := lost(left, earlier, new)
            if again.status == 0
            else f"the next command ended with {again.status}: {again.err[-300:]}"
        ):
            faults.append(f"kill {i} at operation {at} of {n}: {fault}")
        elif fault := lost(place / "work", earlier, new):
            faults.append(f"kill {i} at operation {at} of {n}, after the next command: {fault}")
        beside = [p.name for p in (place / "work").iterdir() if p.name != "out"]
        if beside:
            faults.append(
                f"kill {i} at operation {at} of {n}: the next command left {beside} beside the output"
            )
        shutil.rmtree(place)
    say(f"{kills} kills at {n} operations, seed {seed}: {len(faults)} faults")
    return faults


def _count(origin: Path, place: Path, deed: Deed) -> int:
    """How many operations the command has."""
    shutil.copytree(origin, place, symlinks=True)
    counts = place / "counts"

    def note(number: int, what: str) -> None:
        counts.write_text(json.dumps(number + 1), encoding="utf-8")

    done = run_command([deed.command[0], "study", *deed.command[1:], "--out", "work/out"], place, SLOW,
                       before=lambda: on_each_change(place / "work", note))  # fmt: skip
    assert done.status == 0, done.err
    return json.loads(counts.read_text(encoding="utf-8"))


def main() -> int:
    """Judge the moments and the kills, and print what is lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--deeds", nargs="*", default=[d.name for d in DEEDS], choices=[d.name for d in DEEDS]
    )
    asked = parser.parse_args()
    load_program()
    with tempfile.TemporaryDirectory(prefix="oligoscope-kills-") as folder:
        scratch = Path(folder)
        base = make_base(scratch)
        faults = [f for d in DEEDS if d.name in asked.deeds for f in judge_moments(base, scratch / d.name, d)]
        if asked.kills:
            faults += judge_kills(base, scratch / "kills", asked.kills, asked.seed)
    for fault in faults[:60]:
        say(fault)
    say(f"{len(faults)} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
