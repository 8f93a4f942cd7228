"""Does a study give the same bytes however it is written and wherever it is run? Fails with the files that differ.

    python scripts/same_bytes.py [STUDY] [--whole]

The study (without one, the synthetic cohort) is run as it is, and again with its rows and columns in other orders,
from csv, xlsx and parquet, with one and two threads, in other locales and time zones, with other hash seeds, and under
other names of folders and files. results.csv and patients.csv must be the same bytes. With --whole the command itself is
run, documents and all; without it, everything up to the numbers.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
from ruamel.yaml import YAML

COMPARED = ("results.csv", "patients.csv")
ROOT = Path(__file__).resolve().parents[1]
Change = Callable[[pl.DataFrame], pl.DataFrame]
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


def variations(study: Path, folder: Path) -> Iterator[tuple[str, Path, Mapping[str, str]]]:
    """What is varied, the study to run and the environment; the first is the study as it is."""
    yield "as it is", study, {}
    for seed in (1, 2):
        yield f"rows shuffled ({seed})", _rewritten(study, folder / f"rows{seed}", _shuffled(seed)), {}
    yield "columns shuffled", _rewritten(study, folder / "columns", _columns_shuffled), {}
    yield "xlsx", _as_format(study, folder / "xlsx", "xlsx"), {}
    yield "parquet", _as_format(study, folder / "parquet", "parquet"), {}
    for n in ("1", "2"):
        yield f"{n} thread(s)", study, dict.fromkeys(_THREADS, n)
    for locale in ("C", "zh_CN.UTF-8", "tr_TR.UTF-8"):
        yield f"locale {locale}", study, {"LC_ALL": locale, "LANG": locale}
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        yield f"time zone {zone}", study, {"TZ": zone}
    for seed in ("0", "4711"):
        yield f"hash seed {seed}", study, {"PYTHONHASHSEED": seed}
    named = _rewritten(study, folder / "另一个 folder & name", lambda frame: frame, "z-{}")
    yield "names of folder and files", named, {}


def _tables(study: Path) -> list[Path]:
    return sorted(study.glob("*.csv"))


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def _shuffled(seed: int) -> Change:
    return lambda frame: frame.sample(fraction=1, shuffle=True, seed=seed)


def _columns_shuffled(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(Random(len(frame)).sample(frame.columns, len(frame.columns)))


def _rewritten(study: Path, folder: Path, change: Change, name: str = "{}") -> Path:
    folder.mkdir()
    names = {path.name: name.format(path.name) for path in _tables(study)}
    for path in _tables(study):
        change(_read(path)).write_csv(folder / names[path.name])
    return _with_settings(study, folder, names)


def _as_format(study: Path, folder: Path, suffix: str) -> Path:
    """Dates as dates and numbers as numbers, as a program or a person who types them would have them."""
    folder.mkdir()
    names = {path.name: f"{path.stem}.{suffix}" for path in _tables(study)}
    for path in _tables(study):
        frame = _typed(_read(path))
        if suffix == "xlsx":
            frame.write_excel(folder / names[path.name], autofit=False)
        else:
            frame.write_parquet(folder / names[path.name])
    return _with_settings(study, folder, names)


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    for name in (c for c in frame.columns if not c.endswith("_id")):
        for read in (_as_dates, _as_numbers):
            values = read(frame[name])
            if values.null_count() == frame[name].null_count() and values.len() != values.null_count():
                frame = frame.with_columns(values)
                break
    return frame


def _as_dates(words: pl.Series) -> pl.Series:
    return words.str.to_date("%Y-%m-%d", strict=False)


def _as_numbers(words: pl.Series) -> pl.Series:
    return words.cast(pl.Float64, strict=False)


def _with_settings(study: Path, folder: Path, names: Mapping[str, str]) -> Path:
    """study.yaml with the new names of its files."""
    yaml = YAML()
    settings = yaml.load((study / "study.yaml").read_text("utf-8"))

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            for key in list(value):
                value[key] = renamed(value[key])
            return value
        if isinstance(value, list):
            return [renamed(one) for one in value]
        return names.get(value, value) if isinstance(value, str) else value

    settings["data"] = renamed(settings["data"])
    with (folder / "study.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(settings, file)
    return folder


def numbers(study: Path, out: Path) -> None:
    """Everything up to the numbers: results.csv and patients.csv."""
    from oligoscope.checked_study import check_study, must_run
    from oligoscope.csv_files import as_csv
    from oligoscope.engines.written_tables import written_tables
    from oligoscope.pipeline import run_study
    from oligoscope.results_files import write_results

    checked = check_study(study)
    must_run(checked, accept_issues=True, language="en")
    run = run_study(checked.protocol, checked.tables, checked.n_quarantined)
    out.mkdir()
    write_results(run.results, out)
    for name, table in written_tables(run.derived, run.cohort, run.protocol).items():
        (out / f"{name}.csv").write_bytes(as_csv(table))


def _run(study: Path, out: Path, environment: Mapping[str, str], *, whole: bool) -> None:
    command = ["-m", "oligoscope", "run", study, "--out", out, "--accept-issues", "--lang", "en"]
    if not whole:
        command = [__file__, "--numbers", study, out]
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, *map(str, command)], env={**os.environ, "PYTHONPATH": path, **environment}, capture_output=True,
        text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    if done.returncode not in {0, 4}:
        raise SystemExit(f"{study} ended with {done.returncode}:\n{done.stderr[-2000:]}")


def _digests(out: Path) -> dict[str, str]:
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in COMPARED}


def _differences(name: str, first: Path, out: Path) -> str:
    mine, theirs = ((folder / name).read_text("utf-8").splitlines() for folder in (first, out))
    wrong = [(a, b) for a, b in zip(mine, theirs, strict=False) if a != b]
    shown = "\n".join(f"    {a}\n    {b}" for a, b in wrong[:3])
    return f"  {name}: {len(wrong)} of {len(mine)} rows ({len(theirs)} now)\n{shown}"


def main(arguments: list[str]) -> int:
    """Run every variation; 1 where one differs."""
    if arguments[:1] == ["--numbers"]:
        numbers(Path(arguments[1]), Path(arguments[2]))
        return 0
    given = [a for a in arguments if not a.startswith("--")]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="same-bytes-") as scratch:
        place = Path(scratch)
        study = Path(given[0]).resolve() if given else _demo(place / "study")
        first: Path | None = None
        for i, (what, varied, environment) in enumerate(variations(study, place)):
            out = place / f"out{i}"
            _run(varied, out, environment, whole="--whole" in arguments)
            first = first or out
            same = _digests(out) == _digests(first)
            failed += not same
            print(f"{'same  ' if same else 'DIFFER'} {what}", flush=True)
            if not same:
                print(
                    "\n".join(
                        _differences(n, first, out)
                        for n in COMPARED
                        if _digests(out)[n] != _digests(first)[n]
                    )
                )
            if out != first:
                shutil.rmtree(out)
    return 1 if failed else 0


def _demo(folder: Path) -> Path:
    from oligoscope.demo.cohort import make_cohort, write_cohort

    folder.mkdir()
    write_cohort(make_cohort(20250408, 120), folder)
    return folder


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
