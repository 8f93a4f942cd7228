"""One guard around every reader of a file: whatever a library does with damaged bytes becomes an UnreadableError.

The readers are libraries of others, and some call native code: on damaged bytes they raise whatever comes (zlib's errors,
an index out of range, no memory), and native code also writes its panic to standard error.
"""

from __future__ import annotations

import os
import pathlib
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from oligoscope.bilingual import Text
from oligoscope.errors import UsageError
from oligoscope.intake.files.sheet import UnreadableError

_PANIC = "PanicException"  # what native code raises; it is no Exception
_LAST_WORDS = 0.1  # seconds in which other threads of a panic may still write

NO_MEMORY = Text(
    "内存不足，无法读入。请减少文件内容，或增加内存。",
    "there is not enough memory to read it; make the file smaller or give more memory",
)
NO_THREAD = Text(
    "系统不允许程序启动线程。请提高进程数上限（ulimit -u），或关闭其他程序。",
    "The system does not let the program start a thread. Raise the limit of processes (ulimit -u), or close other programs.",
)


@contextmanager
def guarded(reason: Text | Callable[[], Text]) -> Iterator[None]:
    """Read a file inside this: what fails there, of whatever kind, is an UnreadableError with this reason.

    The reason is a function where it depends on how far the reading came. The failure is the cause of the error. Warnings
    of libraries are not shown.

    Raises:
        UnreadableError: Something failed, or the reader itself refused the file.
        UsageError: The system does not let the reader work.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UnreadableError:
        raise
    except MemoryError as error:
        raise UnreadableError(NO_MEMORY) from error
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
            raise
        if "spawn" in str(error) or "start new thread" in str(error):  # nothing is wrong with the file
            raise UsageError(NO_THREAD.en, zh=NO_THREAD.zh) from error
        raise UnreadableError(reason if isinstance(reason, Text) else reason()) from error


@contextmanager
def native(reason: Text) -> Iterator[None]:
    """As `guarded`, for readers in native code: what these write to standard error by themselves is not shown.

    Raises:
        UnreadableError: As `guarded`.
    """
    with guarded(reason), _SILENCE:
        yield


class _Silence:
    """Standard error of the process leads nowhere while any thread is inside: there is one for all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._kept: int | None = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                with suppress(OSError, ValueError, AttributeError):
                    sys.stderr.flush()
                self._kept = _replaced()
            self._inside += 1

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            time.sleep(_LAST_WORDS)
        with self._lock:
            self._inside -= 1
            if not self._inside and self._kept is not None:
                os.dup2(self._kept, 2)
                os.close(self._kept)
                self._kept = None


_SILENCE = _Silence()


def _replaced() -> int | None:
    """Standard error as it was, once nothing is in its place; None where there is none."""
    try:
        kept = os.dup(2)
    except OSError:
        return None
    try:
        with pathlib.Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 2)
    except OSError:
        os.close(kept)
        return None
    return kept
