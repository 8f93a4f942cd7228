"""Run studies with random settings and say what came of them.

    PYTHONPATH=src:tests python -m fuzz.fuzz_settings --cases 2000 --seed 1

Case i of seed s is drawn from `Random(f"{s}/{i}")`, so a case can be run alone with `--from i --cases 1`. One case in
`--whole-every` is also run as the command `oligoscope run --lang en`, documents and all. Ends with 1 where a case failed.
"""

from __future__ import annotations

import argparse
import copy
import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

from fuzz.checks import is_of_difference
from fuzz.materials import choose, make_materials
from fuzz.random_settings import random_settings
from fuzz.running import ALLOWED, Outcome, run_case, say, write_study

MOST_TRIES = 60  # runs spent on making one failing case smaller
STRAY = re.compile(r"\b(nan|NaN|inf|Infinity)\b")
COMMAND = "import sys; from oligoscope.cli import main; sys.argv[0] = 'oligoscope'; main()"


def draw_case(seed: int, number: int, materials: list[Any]) -> tuple[str, dict[str, Any]]:
    """The name of its tables and the settings of one case."""
    rng = Random(f"{seed}/{number}")
    material = choose(materials, rng)
    return material.name, random_settings(rng, material)


def run_whole(settings: dict[str, Any], folder: Path, expected: Outcome) -> list[tuple[str, str]]:
    """The command with its documents; what differs from the run without them, and what no document may hold."""
    study, out = write_study(settings, folder / "study"), folder / "out"
    command = [sys.executable, "-c", COMMAND, "run", str(study), "--lang", "en", "--out", str(out)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=600, check=False, env=os.environ
        )
    except subprocess.TimeoutExpired:
        return [("whole run: too slow", "More than 600 s.")]
    found = []
    if done.returncode not in ALLOWED:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        found.append(
            (f"whole run: exit {done.returncode}: {re.sub(r'[0-9]+', '#', last)[:80]}", done.stderr[-3000:])
        )
    elif done.returncode != expected.status:
        found.append(
            ("whole run: another exit status", f"{done.returncode}, without documents {expected.status}")
        )
    if "Warning:" in done.stderr:
        line = next(text for text in done.stderr.splitlines() if "Warning:" in text)
        found.append((f"whole run: a library's warning: {line.split('Warning:')[-1].strip()[:60]}", line))
    if "Traceback" in done.stderr + done.stdout:
        found.append(("whole run: a traceback", done.stderr[-3000:]))
    for file in sorted(out.glob("*.csv")):
        for line in file.read_text(encoding="utf-8-sig").splitlines():
            word = STRAY.search(line)
            if word and not (word[0] == "inf" and is_of_difference(line)):
                found.append((f"whole run: a stray word in {file.name}", line[:300]))
                break
    report = out / "report.en.html"
    if done.returncode in {0, 4}:
        text = re.sub(
            r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", report.read_text(encoding="utf-8"), flags=re.S
        )
        if word := STRAY.search(text):
            found.append(
                ("whole run: a stray word in the report", text[max(0, word.start() - 100) : word.end() + 50])
            )
    return found


def make_smaller(settings: dict[str, Any], fault: str, folder: Path) -> dict[str, Any]:
    """Leave out whatever the failure does not need, group by group, then setting by setting."""
    tries = 0

    def fails(candidate: dict[str, Any]) -> bool:
        nonlocal tries
        tries += 1
        return any(name == fault for name, _ in run_case(candidate, folder).faults)

    smaller = True
    while smaller and tries < MOST_TRIES:
        smaller = False
        for path in _parts(settings):
            candidate = copy.deepcopy(settings)
            at: Any = candidate
            for step in path[:-1]:
                at = at[step]
            del at[path[-1]]
            if tries < MOST_TRIES and fails(candidate):
                settings, smaller = candidate, True
                break
    return settings


def _parts(settings: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What may be left out, the large parts first."""
    groups = [(g,) for g in settings if g not in {"study", "data", "analyses"}]
    analyses = (
        [("analyses", i) for i in range(len(settings["analyses"]))] if len(settings["analyses"]) > 1 else []
    )
    inner = [
        (g, k) for g in settings if g not in {"study", "data", "analyses", "eligibility"} for k in settings[g]
    ]
    own = [("analyses", i, k) for i, a in enumerate(settings["analyses"]) for k in a if k != "kind"]
    listed = [
        (*path, j)
        for path in [*inner, *own]
        for value in [_at(settings, path)]
        if isinstance(value, list) and len(value) > 1
        for j in range(len(value))
    ]
    rules = [("eligibility", i) for i in range(len(settings.get("eligibility", ())))]
    preset = [("study", "preset")] if "preset" in settings["study"] else []
    return [*analyses, *groups, *preset, *rules, *own, *inner, *listed]


def _at(settings: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        settings = settings[step]
    return settings


def _as_yaml(settings: dict[str, Any]) -> str:
    shown = {k: v for k, v in settings.items() if k != "data"}
    text = io.StringIO()
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 160
    yaml.dump(shown, text)
    return text.getvalue()


def main() -> int:
    """Run the cases and print what came of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="I")
    parser.add_argument("--whole-every", type=int, default=50, metavar="K", help="0: no documents at all")
    parser.add_argument("--keep-size", action="store_true", help="do not make failing cases smaller")
    asked = parser.parse_args()
    began = time.monotonic()
    statuses, reasons, kinds = Counter(), Counter(), Counter()
    failures: dict[str, list[tuple[int, str, dict[str, Any], str]]] = {}
    n_whole, n_numbers, slowest = 0, 0, (0.0, -1)
    with tempfile.TemporaryDirectory(prefix="oligoscope-fuzz-") as scratch:
        folder = Path(scratch)
        materials = make_materials(folder / "tables")
        say(f"seed {asked.seed}, cases {asked.first} to {asked.first + asked.cases - 1}, tables: "
              f"{', '.join(m.name for m in materials)}")  # fmt: skip
        for number in range(asked.first, asked.first + asked.cases):
            if number > asked.first and number % 250 == 0:
                say(f"case {number} after {time.monotonic() - began:.0f} s")
            name, settings = draw_case(asked.seed, number, materials)
            start = time.monotonic()
            outcome = run_case(settings, folder / "case")
            slowest = max(slowest, (time.monotonic() - start, number))
            found = list(outcome.faults)
            if asked.whole_every and number % asked.whole_every == 0:
                n_whole += 1
                found += run_whole(settings, folder / f"whole-{number}", outcome)
            statuses[outcome.status] += 1
            kinds.update(a["kind"] for a in settings["analyses"])
            if outcome.run is not None:
                n_numbers += sum(e.value is not None for e in outcome.run.results.estimates)
            if outcome.reason:
                reasons[outcome.reason] += 1
            for fault, sentence in dict(found).items():
                failures.setdefault(fault, []).append((number, name, settings, sentence))
        _print_counts(statuses, reasons, kinds, n_whole, n_numbers, slowest, time.monotonic() - began)
        for fault, cases in sorted(failures.items(), key=lambda item: -len(item[1])):
            _print_failure(fault, cases, folder / "smaller", asked.keep_size)
    failed = len({number for cases in failures.values() for number, *_ in cases})
    say(
        f"\n{asked.cases - failed} of {asked.cases} cases right, {failed} not, {len(failures)} kinds of failure."
    )
    return 1 if failures else 0


def _print_counts(
    statuses: Counter[int], reasons: Counter[str], kinds: Counter[str], n_whole: int, n_numbers: int,
    slowest: tuple[float, int], seconds: float,
) -> None:  # fmt: skip
    say(f"{seconds:.0f} s; {n_numbers} numbers looked at; {n_whole} cases with documents; "
          f"slowest case {slowest[1]} with {slowest[0]:.1f} s")  # fmt: skip
    say("exit status: " + ", ".join(f"{status}: {n}" for status, n in sorted(statuses.items())))
    say("analyses: " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()))
    for reason, n in reasons.most_common():
        say(f"  refused {n} times: {reason}")


def _print_failure(
    fault: str, cases: list[tuple[int, str, dict[str, Any], str]], folder: Path, keep_size: bool
) -> None:
    number, name, settings, sentence = min(cases, key=lambda case: len(_as_yaml(case[2])))
    if not keep_size and not fault.startswith(("whole run", "too slow")):
        settings = make_smaller(settings, fault, folder)
    say(f"\nFAILED {len(cases)} times: {fault}\n  case {number} on {name}; smallest study.yaml found:")
    say("    " + _as_yaml(settings).replace("\n", "\n    "))
    say("  " + "\n  ".join(sentence.strip().splitlines()[-6:]))


if __name__ == "__main__":
    sys.exit(main())
