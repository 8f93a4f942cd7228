"""What can be known beforehand: a locked file, a disk without space."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from oligoscope.errors import SystemRefusal


def must_move(path: Path, *, is_ours: bool) -> None:
    """Opening to write changes nothing, and fails where a file is locked or, on Windows, open in another program.

    Raises:
        OSError: It is locked; or it is ours and cannot be read, and whether it was changed is not known.
    """
    if path.is_symlink() or not path.is_file():
        return
    try:
        path.open("r+b").close()
    except PermissionError as error:
        # A file that its owner made read-only can be moved all the same.
        if error.errno == errno.EPERM or os.name == "nt" or (is_ours and not os.access(path, os.R_OK)):
            raise


def must_have_space(out: Path, folder: Path, least: int) -> None:
    """Refuse a disk that has fewer bytes free.

    Raises:
        SystemRefusal: It has; how many, and how many are needed.
    """
    free = shutil.disk_usage(folder).free
    if free < least:
        kilobytes, needed = free >> 10, least >> 10
        raise SystemRefusal(
            f"The disk of {out} has {kilobytes} KB free; at least {needed} KB are needed. Free some space, or choose another disk "
            "with --out.",
            zh=f"{out} 所在磁盘仅余 {kilobytes} KB，至少需要 {needed} KB。请腾出空间，或用 --out 另选磁盘。",
        )


def free_folder(place: Path) -> Path:
    """`out.new-1`, the first that is free: for what cannot take its place."""
    number = 1
    while os.path.lexists(free := place.with_name(f"{place.name}.new-{number}")):
        number += 1
    return free


def cut(path: str) -> str:
    """A path as a sentence can hold it."""
    return path if len(path) <= 300 else f"{path[:300]}…"
