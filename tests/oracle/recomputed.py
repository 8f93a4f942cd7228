"""The numbers of studies with random settings beside those R computes apart from the program.

    PYTHONPATH=src:tests python -m oracle.recomputed

draws the studies, runs each, gives R what a user has (`recompute_settings.R`), prints how many numbers of each statistic
agree and every one that does not, and stores R's answers in recomputed_settings.json for the tests, which need no R.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import polars as pl

from fuzz.materials import Material, choose, make_materials
from fuzz.random_settings import random_settings
from fuzz.running import run_case, say
from oligoscope import pipeline
from oligoscope.cohort.complete import CompletedCohorts
from oligoscope.engines.written_tables import written_tables
from oligoscope.pipeline import StudyRun
from oligoscope.results.analyses import MATCHING, WEIGHTING, analysis_of
from oligoscope.results.results import KEYS
from oligoscope.study.conditions import parse_condition
from oligoscope.study.protocol import AnalysisSettings, Protocol

HERE = Path(__file__).resolve().parent
STORED = HERE / "recomputed_settings.json"
SEED, CASES = 2026, 200
MOST_STORED = 130  # numbers kept of a study, drawn by its number; all are compared when R is at hand
RELATIVE, ABSOLUTE = 1e-6, 1e-7
KINDS = {pl.String: "text", pl.Boolean: "boolean"}
# "outcome, group, variable, level, statistic" with tabs between them: value, or value, low, high. Of a whole study the
# analysis and the population come first. "?" is not recomputed; null: there is no such number, and the program says why.
Numbers = dict[str, Any]


@dataclass(frozen=True)
class Recorded:
    """A run, and the completed cohorts of it by population and grouping, which no file of the output holds."""

    run: StudyRun
    completed: dict[tuple[str, str], CompletedCohorts]


@dataclass(frozen=True)
class Difference:
    """A number that is not R's."""

    case: str
    statistic: str
    at: str
    part: str
    ours: float | None
    theirs: float | None

    def __str__(self) -> str:
        return f"case {self.case}: {self.at} {self.part}: {self.ours}, R {self.theirs}"


def draw(seed: int, number: int, materials: list[Material]) -> tuple[Material, dict[str, Any]]:
    """One case, as the fuzz draws it."""
    rng = Random(f"{seed}/{number}")
    material = choose(materials, rng)
    return material, random_settings(rng, material)


def run_recorded(settings: dict[str, Any], folder: Path) -> Recorded | None:
    """Run a study and keep its completed cohorts; None where it was refused or failed."""
    with _recording() as seen:
        outcome = run_case(settings, folder)
    if outcome.run is None:
        return None
    return Recorded(outcome.run, seen)


@contextmanager
def _recording() -> Iterator[dict[tuple[str, str], CompletedCohorts]]:
    seen: dict[tuple[str, str], CompletedCohorts] = {}
    original = pipeline.impute_cohort

    def record(
        patients: pl.DataFrame, protocol: Protocol, by: str, population: str, modelled: Iterable[str]
    ) -> CompletedCohorts:
        seen[population, by] = original(patients, protocol, by, population, modelled)
        return seen[population, by]

    with mock.patch.object(pipeline, "impute_cohort", record):
        yield seen


def export(recorded: Recorded, folder: Path) -> str:
    """Write what R reads; returns a digest of it all, which tells changed input from changed statistics."""
    folder.mkdir(parents=True)
    run = recorded.run
    plain = [
        n for n, kind in run.cohort.patients.schema.items() if not kind.is_nested() and kind not in {pl.Date}
    ]
    patients = run.cohort.patients.select(plain).drop(
        "p", "source", "source_row", "entered_day", "entered_months", strict=False
    )
    patients.write_csv(folder / "patients.csv")
    kinds = [_kind(k) for k in patients.dtypes]
    pl.DataFrame({"name": patients.columns, "kind": kinds}).write_csv(folder / "columns.csv")
    run.derived.definitions.write_csv(folder / "definitions.csv")
    for (population, by), found in recorded.completed.items():
        parts = [
            c.select(pl.lit(i).alias("imputation"), "patient_id", *found.imputed)
            for i, c in enumerate(found.cohorts, start=1)
        ]
        pl.concat(parts).write_csv(folder / f"completed.{population}.{by}.csv")
    if run.matched is not None:
        run.matched.pairs.write_csv(folder / "pairs.csv")
    run.cohort.patients.select("patient_id", "treatment_started_on").write_csv(folder / "started.csv")
    for name in ("responses", "management"):
        written_tables(run.derived, run.cohort, run.protocol)[name].write_csv(folder / f"{name}.csv")
    settings = run.protocol.model_dump(
        mode="json", include={"imputation", "matching", "weighting", "analyses", "study", "centres"}
    )
    settings["window_days"] = run.protocol.progression.window_days
    own = {rule.id: sorted(parse_condition(rule.keep).columns) for rule in run.protocol.eligibility}
    steps = run.cohort.flow.every_step
    settings["rules"] = [{"rule": s.rule, "after": s.after, "columns": own.get(s.rule, [])} for s in steps]
    settings["n_set_aside"] = run.cohort.flow.n_screened - run.cohort.patients.height
    (folder / "settings.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")
    # Distances of pairs are in the last digits those of the machine's linear algebra: no part of the digest.
    names = [
        "patients.csv",
        "columns.csv",
        "definitions.csv",
        *sorted(f.name for f in folder.glob("completed.*")),
    ]
    text = b"".join((folder / n).read_bytes() for n in names)
    pairs = run.matched.pairs.drop("distance").write_csv() if run.matched is not None else ""
    return hashlib.sha256(text + pairs.encode()).hexdigest()[:16]


def _kind(kind: pl.DataType) -> str:
    if kind.is_integer():
        return "integer"
    return "number" if kind.is_float() else KINDS.get(type(kind), "text")


def compare(case: str, run: StudyRun, answers: dict[str, Any]) -> Iterator[tuple[str, Difference | None]]:
    """Every number of R beside ours: the statistic's name, and the difference where there is one."""
    for settings, numbers in zip(run.protocol.analyses, answers["analyses"], strict=True):
        yield from _compare(case, run, {_whole_key(settings, at): number for at, number in numbers.items()})
    yield from _compare(case, run, answers["study"])


def _whole_key(settings: AnalysisSettings, at: str) -> str:
    """With the analysis and the patients; R names the analysis where it is not the one asked for."""
    parts = at.split("\t")
    analysis = parts[0] if len(parts) == len(KEYS) else settings.kind
    return "\t".join((analysis, _patients_of(settings), *parts[2 - len(KEYS) :]))


def _patients_of(settings: AnalysisSettings) -> str:
    return settings.patients


def _compare(case: str, run: StudyRun, numbers: Numbers) -> Iterator[tuple[str, Difference | None]]:
    for at, theirs in numbers.items():
        keys = dict(zip(KEYS, at.split("\t"), strict=True))
        name = f"{keys['analysis']} {keys['statistic']}"
        found = run.results.at(tuple(at.split("\t")))
        if found is None and keys["analysis"] in {
            MATCHING,
            WEIGHTING,
        }:  # R names neither the groups of a matching nor the level of the largest difference
            of = (keys["population"], keys["variable"], keys["statistic"])
            alike = run.results.find(analysis=analysis_of(keys["analysis"]))
            alike = [e for e in alike if keys["level"] == "*" or keys["analysis"] == MATCHING]
            alike = [e for e in alike if keys["analysis"] == MATCHING or e.group == keys["group"]]
            found = next((e for e in alike if (e.population, e.variable, e.statistic) == of), None)
        parts = theirs if isinstance(theirs, list) else [theirs]
        for part, number in zip(("value", "low", "high"), parts, strict=False):
            if number == "?":
                continue
            ours = None if found is None else getattr(found, part)
            expected = float(number) if isinstance(number, str) else number
            where = " | ".join(p for p in at.split("\t") if p)
            what = part if found is not None else "no row"
            same = equal(ours, expected)
            yield name, None if same else Difference(case, name, where, what, ours, expected)


def equal(ours: float | None, theirs: float | None) -> bool:
    """Equal to 1e-6 of their size; a number withheld is equal to none, and to an infinite one."""
    if ours is None or theirs is None or math.isinf(theirs):
        return ours is None and (theirs is None or math.isinf(theirs))
    return math.isclose(ours, theirs, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def thin(answers: dict[str, Any], case: str) -> dict[str, Any]:
    """At most MOST_STORED of the numbers, drawn by the case's number."""
    parts = [answers["study"], *answers["analyses"]]
    keys = [(i, key) for i, part in enumerate(parts) for key in part]
    chosen = set(Random(case).sample(keys, min(MOST_STORED, len(keys))))
    kept = [{k: v for k, v in part.items() if (i, k) in chosen} for i, part in enumerate(parts)]
    return {"study": kept[0], "analyses": kept[1:]}


def ask_r(folder: Path, answers: Path) -> dict[str, Any]:
    """R's answers for all studies in a folder."""
    script = HERE / "recompute_settings.R"
    subprocess.run(["Rscript", "--vanilla", str(script), str(folder), str(answers)], check=True)
    return json.loads(answers.read_text(encoding="utf-8"))


def main() -> int:
    """Draw, run, ask R, compare, store."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--out", type=Path, default=STORED, help="where R's answers are stored")
    parser.add_argument("--keep", type=Path, help="folder to keep what R reads in")
    parser.add_argument(
        "--show", type=int, default=20, metavar="N", help="differences printed of each statistic"
    )
    asked = parser.parse_args()
    runs: dict[str, tuple[str, dict[str, Any], str, StudyRun]] = {}
    with tempfile.TemporaryDirectory(prefix="oligoscope-oracle-") as scratch:
        kept = asked.keep or Path(scratch) / "kept"
        materials = make_materials(Path(scratch) / "tables")
        number, n_refused = 0, 0
        while len(runs) < asked.cases:
            material, settings = draw(asked.seed, number, materials)
            recorded = run_recorded(settings, Path(scratch) / "case")
            name = f"{number:04d}"
            number += 1
            if recorded is None:
                n_refused += 1
                continue
            digest = export(recorded, kept / name)
            own = {k: v for k, v in settings.items() if k != "data"}
            runs[name] = (material.name, own, digest, recorded.run)
        say(
            f"seed {asked.seed}: {len(runs)} studies ran, {n_refused} were refused or failed before them",
        )
        found = ask_r(kept, Path(scratch) / "answers.json")
    total, wrong = Counter(), defaultdict(list)
    stored = {}
    for name, (tables, settings, digest, run) in runs.items():
        answers = found["answers"][name]
        for statistic, difference in compare(name, run, answers):
            total[statistic] += 1
            if difference is not None:
                wrong[statistic].append(difference)
        stored[name] = {
            "tables": tables,
            "settings": settings,
            "digest": digest,
            "answers": thin(answers, name),
        }
    _print_agreement(total, wrong, asked.show)
    _print_coverage(runs, found["answers"])
    lines = [f'"{name}":{json.dumps(case, separators=(",", ":"))}' for name, case in stored.items()]
    head = f'{{"made_by":{json.dumps(found["made_by"])},"seed":{asked.seed},"cases":{{\n'
    asked.out.write_text(head + ",\n".join(lines) + "\n}}\n", encoding="utf-8")
    say(f"stored in {asked.out}: {asked.out.stat().st_size / 1e6:.2f} MB")
    return 1 if wrong else 0


def _print_agreement(total: Counter[str], wrong: dict[str, list[Difference]], show: int) -> None:
    for statistic, n in sorted(total.items()):
        say(f"{statistic}: {n - len(wrong.get(statistic, ()))} of {n} agree")
    for statistic, differences in sorted(wrong.items()):
        say(f"\nNOT EQUAL {len(differences)} times: {statistic}")
        for difference in differences[:show]:
            say(f"  {difference}")
    n_wrong = sum(map(len, wrong.values()))
    say(f"\n{sum(total.values()) - n_wrong} of {sum(total.values())} numbers agree, {n_wrong} do not")


def _print_coverage(runs: dict[str, Any], answers: dict[str, Any]) -> None:
    """Which of our numbers R was not asked for."""
    missed, n = Counter(), 0
    for name, (*_, run) in runs.items():
        asked = {tuple(at.split("\t")) for at in answers[name]["study"]}
        for settings, numbers in zip(run.protocol.analyses, answers[name]["analyses"], strict=True):
            asked |= {tuple(_whole_key(settings, at).split("\t")) for at in numbers}
        for e in run.results.estimates:
            if e.value is not None and e.key not in asked and e.analysis != MATCHING:
                missed[f"{e.analysis} {e.statistic}"] += 1
            n += e.value is not None
    say(f"\n{n - sum(missed.values())} of {n} numbers printed were recomputed; the others by statistic:")
    say("  " + ", ".join(f"{name} {count}" for name, count in missed.most_common()))


if __name__ == "__main__":
    sys.exit(main())
