"""Stored text: compared with what is made now, or stored anew where OLIGOSCOPE_STORE is set."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import unified_diff
from pathlib import Path

from typer.testing import CliRunner

from oligoscope import cli

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
RUN = GOLDEN / "small_run"
# Of run.json what another computer, version or day changes.
PASSING = ("python", "libraries", "inputs", "outputs", "duration_seconds")
# Tables of which the first rows are stored, and for each of these columns a digest of all.
SHORTENED = {"reasons.csv": "label", "responses.csv": "patient_id"}
SHOWN = 40  # lines of a difference


def how_to_store() -> str:
    """What to do where the change is meant."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
    return f"Is the change meant? Then store anew (OLIGOSCOPE_STORE=1 pytest -n 0 {test}) and read the difference with git."


def is_storing() -> bool:
    """Whether texts are stored in place of being compared."""
    return bool(os.environ.get("OLIGOSCOPE_STORE"))


def same_as_stored(name: str, lines: Iterable[str]) -> None:
    """Fail with the lines that differ from tests/golden/NAME.

    Args:
        name: Of the file, seen from tests/golden.
        lines: What is made now.
    """
    path, now = GOLDEN / name, [line for text in lines for line in text.split("\n")]
    if is_storing():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(now) + "\n", encoding="utf-8", newline="\n")
        return
    before = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    differing = list(unified_diff(before, now, f"stored {name}", "now", n=1, lineterm=""))
    assert not differing, "\n".join([*differing[:SHOWN], how_to_store()])


def command(*words: object, status: int | None = 0) -> str:
    """What a command answers on standard output; it must end with this status (None: any that has an answer)."""
    done = CliRunner().invoke(cli.app, [str(word) for word in words])
    assert done.exit_code in {0, 3, 4} if status is None else done.exit_code == status, done.output
    return done.stdout
