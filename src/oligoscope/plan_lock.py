"""The plan of a study, locked before its outcomes are seen: plan.locked.json beside study.yaml, with all earlier locks."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

PLAN_FILE: Final = "plan.locked.json"
_CHUNK: Final = 1 << 20
_LONGEST: Final = 32 << 20  # bytes of a file that is read
_SETTINGS: Final = ("study.yaml", "mapping.yaml")


def now() -> str:
    """The present time, with its zone."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def checksums(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of the settings and of each file of data, by its place in the study."""
    wanted = [*(folder / name for name in _SETTINGS), *files]
    return {p.relative_to(folder).as_posix(): _sha256(p) for p in wanted if p.is_file()}


def read_locks(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """`locks` and `runs` of a study, the first ones first; both empty where nothing was locked."""
    found: Any = None
    place = folder / PLAN_FILE
    with suppress(OSError, ValueError):
        if place.stat().st_size <= _LONGEST:
            found = json.loads(place.read_text(encoding="utf-8"))
    record = found if isinstance(found, dict) else {}
    return {name: [e for e in _listed(record.get(name)) if _is_entry(e)] for name in ("locks", "runs")}


def write_locks(folder: Path, record: Mapping[str, list[dict[str, Any]]]) -> None:
    """Replace the file whole.

    Raises:
        OSError: It cannot be written.
    """
    place = folder / PLAN_FILE
    draft = place.with_name(f".{PLAN_FILE}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


def plan_of(folder: Path) -> dict[str, Any] | None:
    """For run.json: when the last plan was locked, and whether the settings are as they were then; None without a lock."""
    locks = read_locks(folder)["locks"]
    if not locks:
        return None
    last = locks[-1]
    files = last["files"]
    is_same = all(
        _sha256(folder / n) == files.get(n) for n in _SETTINGS if (folder / n).is_file() or n in files
    )
    return {
        "locked": [lock["locked_at"] for lock in locks],
        "settings_as_locked": is_same,
        "first_before_results": not locks[0].get("after_results", True),
    }


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with suppress(OSError), path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_entry(entry: Any) -> bool:
    """A lock has a time and checksums, a run has a time."""
    if not isinstance(entry, dict):
        return False
    return isinstance(entry.get("began"), str) or (
        isinstance(entry.get("locked_at"), str) and isinstance(entry.get("files"), dict)
    )
