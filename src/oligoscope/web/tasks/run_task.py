"""Run one task by its name: `page:NAME FOLDER …`, as the commands run, with progress, errors and exit statuses as theirs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from oligoscope.answers import Answer, answering, run_command
from oligoscope.bilingual import Language

Progress = Callable[[str], None]
# Each is `oligoscope.web.tasks.NAME.answer_of(folder, rest, language, progress, answer)`; loaded only when it is run.
TASKS = (
    "answer", "correct", "counts", "patient", "patients", "plan", "preview", "sample", "save_definitions", "template",
)  # fmt: skip


def run_task() -> None:
    """The task that the arguments name; ends the process with its status."""
    name = sys.argv[1].partition(":")[2]
    folder, *rest = sys.argv[2:]
    language: Language = "zh" if rest[-2:] == ["--lang", "zh"] else "en"
    rest = rest[:-2] if rest[-2:-1] == ["--lang"] else rest

    def command() -> None:
        try:
            with answering(True, language == "zh") as (progress, answer):
                if name not in TASKS:
                    raise LookupError(name)
                work: Callable[[Path, list[str], Language, Progress, Answer], Any] = import_module(
                    f"oligoscope.web.tasks.{name}"
                ).answer_of
                work(Path(folder), rest, language, progress, answer)
        except typer.Exit as ended:
            raise SystemExit(ended.exit_code) from None

    sys.exit(run_command(command))
