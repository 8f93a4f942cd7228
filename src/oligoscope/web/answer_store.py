"""What the pages know of a finished run: written once after it by a task, and read from there."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any, Final

from oligoscope.bilingual import Language
from oligoscope.web.jobs import Job, Jobs, kept
from oligoscope.web.studies import Study

KIND: Final = "answer"
RUN_FILE: Final = "run.json"
LINKED, NUMBERS = "linked.json", "numbers.json"
_WAIT: Final = 20  # seconds; a large study takes longer, and the page shows the progress
_HELD: Final = 6  # files kept in memory as they were read
_held: OrderedDict[tuple[str, int], Any] = OrderedDict()
_lock = Lock()


def folder_of(study: Study) -> Path:
    """Where the values of the pages are."""
    return study.state / KIND


def fingerprint(study: Study) -> str:
    """Changes whenever the run or its documents are written anew."""
    try:
        return hashlib.sha256((study.output / RUN_FILE).read_bytes()).hexdigest()
    except OSError:
        return ""


def is_ready(study: Study) -> bool:
    """Whether the values are those of the run as it is now."""
    record = kept(study, KIND)
    return (
        record is not None and record["answer"].get("of") == fingerprint(study) and folder_of(study).is_dir()
    )


def make_ready(study: Study, jobs: Jobs, language: Language) -> bool:
    """Have the values written where they are not; whether they are there now.

    Raises:
        UsageError: As many steps are running as may.
    """
    if is_ready(study):
        return True
    job = jobs.running(study)
    if job is None:
        job = begin(study, jobs, language)
    if job.kind == KIND:  # another step is shown with its progress at once
        jobs.wait(job, _WAIT)
    return is_ready(study)


def begin(study: Study, jobs: Jobs, language: Language) -> Job:
    """The task that writes them."""
    arguments = ["page:answer", str(study.folder), str(folder_of(study)), "--lang", language]
    return jobs.start(study, KIND, arguments, language)


def why_not(study: Study) -> str:
    """What the task said where it failed; blank where it has not run on this state of the run."""
    record = kept(study, KIND)
    return "" if record is None else str(record["answer"].get("message", ""))


def read(study: Study, name: str) -> dict[str, Any] | None:
    """One file of values; None where there is none."""
    return read_values(folder_of(study) / name)


def read_values(path: Path) -> dict[str, Any] | None:
    """A file of JSON, kept in memory until it changes; None where there is none."""
    try:
        key = (str(path), path.stat().st_mtime_ns)
        with _lock:
            if key in _held:
                _held.move_to_end(key)
                return _held[key]
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    with _lock:
        _held[key] = found
        while len(_held) > _HELD:
            _held.popitem(last=False)
    return found


def report_of(study: Study, language: Language) -> dict[str, Any] | None:
    """The report in a language: title, synthetic, sections, the main comparisons."""
    return read(study, f"report.{language}.json")


def members(bits: str, ids: list[str]) -> list[str]:
    """The patients of a set of `report.screen.values.bits`."""
    held = base64.b64decode(bits)
    return [one for place, one in enumerate(ids) if held[place >> 3] >> (place & 7) & 1]
