"""The command as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[2]


def oligoscope(*words: object, check: int | None = 0) -> subprocess.CompletedProcess[str]:
    """Run `oligoscope WORDS`; fail with its words where the exit status is not `check`."""
    command = [sys.executable, "-c", "from oligoscope.cli import main; main()", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    if check is not None:
        assert done.returncode == check, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
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
