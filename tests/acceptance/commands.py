"""The command, as a process or in this one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
from typer.testing import CliRunner

from oligoscope import cli

ROOT = Path(__file__).resolve().parents[2]
Done = subprocess.CompletedProcess[str]


def as_process(*words: object, check: int | None = 0) -> Done:
    """Run `oligoscope WORDS` as a process of its own, with the streams, the signals and the status that a user gets.

    It loads every library anew: for what the process itself decides; `oligoscope` is for all else.
    """
    command = [sys.executable, "-c", "from oligoscope.cli import main; main()", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    return _checked(done, check)


def oligoscope(*words: object, check: int | None = 0) -> Done:
    """`oligoscope WORDS` in this process; fail with its words where the exit status is not `check`."""
    arguments = [str(word) for word in words]
    done = CliRunner().invoke(cli.app, arguments, catch_exceptions=False)
    return _checked(Done(arguments, done.exit_code, done.stdout, done.stderr), check)


def _checked(done: Done, status: int | None) -> Done:
    if status is not None:
        assert done.returncode == status, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def table(path: Path) -> pl.DataFrame:
    """A written CSV, every cell as text; blank is null."""
    return pl.read_csv(path, infer_schema=False)


def write_study(folder: Path, tables: dict[str, str], settings: str = "") -> Path:
    """A study folder with these CSV texts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sources = "\n".join(f"  {name}: {name}.csv" for name in tables)
    (folder / "study.yaml").write_text(
        f"study: {{title: {{zh: 试验, en: Trial}}}}\ndata:\n{sources}\n{settings}", encoding="utf-8"
    )
    return folder
