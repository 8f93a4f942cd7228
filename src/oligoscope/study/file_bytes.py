"""The bytes of a file that a user names: of a file on a disk only, so that no pipe is waited for and no device read for ever."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError

MB = 1_000_000
# Opening a pipe or a terminal must not wait for it; systems without such files do not have these.
_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


class RefusedFileError(OligoscopeError):
    """A file that cannot be opened or is no file; `text` is the reason in both languages."""

    exit_code = 3

    def __init__(self, text: Text) -> None:
        super().__init__(text.en, zh=text.zh)
        self.text = text


class NoSuchFileError(RefusedFileError):
    """There is no file of this name; where its folder lies is no part of what is said, which may be passed on."""

    def __init__(self, path: Path) -> None:
        folder = path.parent.name or "."
        super().__init__(
            Text(f"文件夹 {folder} 中找不到该文件。", f"there is no such file in the folder {folder}")
        )


def is_file(path: Path) -> bool:
    """Whether there is a file of this name; False, too, of a name that no file can have."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder of this name; False, too, of a name that no folder can have."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def size_of(path: Path) -> int:
    """How many bytes a file has.

    Raises:
        RefusedFileError: There is none, it is a folder, a pipe or a device, or it may not be read.
    """
    try:
        return _size(path.stat())
    except (FileNotFoundError, NotADirectoryError, ValueError):  # the last: a name that no file can have
        raise NoSuchFileError(path) from None
    except OSError as error:
        raise refused_by_system(error) from None


def bytes_of(path: Path, most: int) -> bytes:
    """The bytes of a file, of which there are `most` or fewer.

    Raises:
        RefusedFileError: As `size_of`, or there are more.
    """
    _must_fit(size_of(path), most)
    try:
        with open(path, "rb", opener=_opened) as file:
            # Another file may have the name by now.
            _must_fit(_size(os.fstat(file.fileno())), most)
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        raise NoSuchFileError(path) from None
    except OSError as error:
        raise refused_by_system(error) from None


def refused_by_system(error: OSError) -> RefusedFileError:
    """The reason that the system does not let a file be read."""
    reason = error.strerror or type(error).__name__
    return RefusedFileError(Text(f"系统拒绝读取：{reason}。", f"the system refuses to read it: {reason}"))


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | _WITHOUT_WAITING)


def _size(found: os.stat_result) -> int:
    if stat.S_ISDIR(found.st_mode):
        raise RefusedFileError(Text("这是文件夹，不是文件。", "it is a folder, not a file"))
    if not stat.S_ISREG(found.st_mode):
        raise RefusedFileError(
            Text("这是管道或设备，不是文件。", "it is a pipe or a device, not a file on a disk")
        )
    return found.st_size


def _must_fit(size: int, most: int) -> None:
    if size > most:
        mb, limit = size / MB, most / MB
        raise RefusedFileError(
            Text(
                f"文件有 {mb:,.1f} MB，超过上限 {limit:,g} MB。",
                f"it has {mb:,.1f} MB, and the limit is {limit:,g} MB",
            )
        )
