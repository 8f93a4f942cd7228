"""One run at a time may write a place: a lock beside it, which the system drops when the run dies, however it dies."""

from __future__ import annotations

import json
import os
import platform
import re
import socket
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oligoscope.errors import UsageError
from oligoscope.plain_text import digest

if os.name == "nt":
    import msvcrt
else:
    import fcntl

_LONGEST = 100  # bytes of a place's name in the names beside it; systems allow 255 in all
_BESIDE = re.compile(r"^\.(?P<name>.+)\.oligoscope-[a-z]+(?:-\d+)?$", re.DOTALL)
_FAR = 1 << 30  # the byte that Windows locks; what the file says can still be read
_HELD: set[Path] = set()


def beside(place: Path, role: str) -> Path:
    """`.NAME.oligoscope-ROLE` in the same folder; a long name is cut, and a number made from the whole follows."""
    name = place.name
    if len(os.fsencode(name)) > _LONGEST:
        name = f"{os.fsencode(name)[:_LONGEST].decode('utf-8', 'ignore')}-{digest(name)}"
    return place.with_name(f".{name}.oligoscope-{role}")


def all_beside(place: Path) -> list[Path]:
    """Everything that lies beside a place under such a name."""
    start = beside(place, "").name
    with suppress(OSError):
        return sorted(place.with_name(name) for name in os.listdir(place.parent) if name.startswith(start))  # noqa: PTH208  names only
    return []


def shown(path: str) -> str:
    """A path as a user knows it: that of the place in place of what lies beside it."""
    parts = Path(path).parts
    return str(Path(*(found["name"] if (found := _BESIDE.match(part)) else part for part in parts)))


@contextmanager
def claimed(place: Path) -> Iterator[bool]:
    """Hold a place for this run; within one process once more is allowed, and gives False.

    Args:
        place: A folder or file, resolved; what holds it must exist.

    Raises:
        UsageError: Another run holds it.
        OSError: The lock cannot be made.
    """
    if place in _HELD:
        yield False
        return
    lock = beside(place, "lock")
    handle = _lock(lock, place)
    _HELD.add(place)
    try:
        yield True
    finally:
        _HELD.discard(place)
        if os.name == "nt":  # an open file cannot be deleted there
            os.close(handle)
            lock.unlink(missing_ok=True)
        else:
            with suppress(OSError):
                lock.unlink()
            os.close(handle)


def _lock(lock: Path, place: Path) -> int:
    """The open file of the lock, held by this process and saying so."""
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise _in_use(place, {}, lock)
            holder = _said_in(handle)
            if not _is_free(handle) or _is_elsewhere(holder):
                raise _in_use(place, holder, lock)
            if not _is_at(handle, lock):  # its holder removed it in between
                os.close(handle)
                continue
            _say(handle, lock)
        except BaseException:
            with suppress(OSError):
                os.close(handle)
            raise
        return handle


def _say(handle: int, lock: Path) -> None:
    """Write into the lock who holds it; where that fails, the lock goes."""
    try:
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, json.dumps(_this_run()).encode())
    except OSError:
        lock.unlink(missing_ok=True)
        raise


def _is_free(handle: int) -> bool:
    """Take the lock of the system; where the file system has none, the place counts as free."""
    try:
        if os.name == "nt":
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def _is_at(handle: int, lock: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(lock))  # noqa: PTH116  beside its twin
    except FileNotFoundError:
        return False


def _said_in(handle: int) -> Mapping[str, Any]:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        found = json.loads(os.read(handle, 10_000))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _this_run() -> dict[str, Any]:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "machine": _machine(), "started": started}


def _is_elsewhere(holder: Mapping[str, Any]) -> bool:
    """Whether another computer holds it: locks of a network folder may not reach from there."""
    if not {"host", "machine"} <= holder.keys():
        return False
    return holder["host"] != socket.gethostname() and holder["machine"] != _machine()


def _machine() -> str:
    """The same for all containers of one computer, which have host names of their own."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return platform.node()


def _in_use(place: Path, holder: Mapping[str, Any], lock: Path) -> UsageError:
    host, pid, started = (str(holder.get(name, "?"))[:60] for name in ("host", "pid", "started"))
    if _is_elsewhere(holder):
        return UsageError(
            f"{place} is being written on another computer ({host}, since {started}), or a run there was stopped. If none is "
            f"running, delete {lock}.",
            zh=f"{place} 正由另一台计算机（{host}，始于 {started}）写入，或那里的运行曾被中断。若确无运行，请删除 {lock}。",
        )
    return UsageError(
        f"{place} is being written by another run (process {pid}, since {started}). Wait for its end, or choose another "
        "folder with --out.",
        zh=f"{place} 正由另一次运行写入（进程 {pid}，始于 {started}）。请等其结束，或用 --out 另选文件夹。",
    )
