"""One case run as the command runs it, in this process and without documents; and what came of it."""

from __future__ import annotations

import re
import signal
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from fuzz.checks import faults_of
from oligoscope.checked_study import check_study, must_run
from oligoscope.errors import DataError, OligoscopeError
from oligoscope.pipeline import StudyRun, run_study

ALLOWED = (0, 3, 4)  # done; refused with a reason; done, and a gate set beforehand was not passed
SECONDS = 120  # longer than this is a failure, too


class TooSlow(BaseException):
    """A case took longer than `SECONDS`; not an Exception, so that nothing on the way catches it."""


def say(text: str) -> None:
    """One more line of what a person at the terminal reads."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Outcome:
    """What a case came to.

    Attributes:
        status: The exit status the command would have had.
        reason: Why it was refused, in few words; blank where it ran.
        faults: What is wrong with the answer, each by a short name and a sentence; empty is right.
        run: The run; None where there was none.
    """

    status: int
    reason: str = ""
    faults: tuple[tuple[str, str], ...] = ()
    run: StudyRun | None = field(default=None, repr=False)


def write_study(settings: dict[str, Any], folder: Path) -> Path:
    """Write study.yaml; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "study.yaml"
    with path.open("w", encoding="utf-8") as file:
        yaml = YAML()
        yaml.width = 200
        yaml.dump(settings, file)
    return path


def run_case(settings: dict[str, Any], folder: Path, seconds: int = SECONDS) -> Outcome:
    """Read, validate and run a study, and look at every number."""
    path = write_study(settings, folder)
    begun = False
    try:
        with _time_limit(seconds), warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always", RuntimeWarning)
            checked = check_study(path)
            must_run(checked, accept_issues=True, language="en")
            begun = True
            run = run_study(checked.protocol, checked.tables, checked.n_quarantined)
            faults = (*faults_of(run), *map(_warned, warned))
    except OligoscopeError as error:
        if begun and isinstance(
            error, DataError
        ):  # what cannot be computed is a row, not the end of the study
            return Outcome(
                error.exit_code,
                short_reason(str(error)),
                ((f"lost: {short_reason(str(error))}", str(error)),),
            )
        status = error.exit_code
        wrong = () if status in ALLOWED else ((f"exit {status}", str(error)),)
        return Outcome(status, short_reason(str(error)), wrong)
    except TooSlow:
        return Outcome(1, faults=(("too slow", f"More than {seconds} s."),))
    except Exception as error:  # whatever escapes is what is looked for
        return Outcome(1, faults=((_where_raised(error), traceback.format_exc()),))
    return Outcome(4 if run.failed_gates else 0, faults=faults, run=run)


def _warned(found: warnings.WarningMessage) -> tuple[str, str]:
    """A library's warning, which a user would see on the terminal."""
    said = re.sub(r"\d+", "#", str(found.message))[:60]
    return (
        f"warning in {Path(found.filename).stem}: {said}",
        f"{found.filename}:{found.lineno}: {found.message}",
    )


def short_reason(message: str) -> str:
    """A refusal without its numbers and names, so that equal reasons are counted together."""
    line = next(
        (text for text in message.splitlines() if text.strip().startswith("line")), message.splitlines()[0]
    )
    return re.sub(r"\d+", "#", line).strip()[:110]


def _where_raised(error: Exception) -> str:
    """The kind of the error and the last line of ours it came through."""
    ours = [f for f in traceback.extract_tb(error.__traceback__) if "/oligoscope/" in f.filename]
    place = f"{Path(ours[-1].filename).stem}.{ours[-1].name}" if ours else "?"
    said = re.sub(r"\d+", "#", str(error).splitlines()[0] if str(error) else "")
    return f"{type(error).__name__} in {place}: {said[:60]}"


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Stop what takes too long; where the system has no alarm, wait."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(_signal: int, _frame: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
