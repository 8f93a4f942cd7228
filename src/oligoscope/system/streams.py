"""Standard output and error of a command: what cannot be said on one is said on the other, and never lost in silence."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from oligoscope.errors import SystemRefusal
from oligoscope.system.refusals import reason


class AnswerStream(io.TextIOWrapper):
    """Standard output; where it cannot be written, the command ends with a sentence on standard error."""

    def write(self, text: str) -> int:
        """Write a text.

        Raises:
            SystemRefusal: The stream is closed, full or no longer read.
        """
        try:
            return super().write(text)
        except OSError as error:
            raise self._lost(error) from None

    def flush(self) -> None:
        """Hand everything to the system.

        Raises:
            SystemRefusal: The stream is closed, full or no longer read.
        """
        try:
            super().flush()
        except OSError as error:
            raise self._lost(error) from None

    def _lost(self, error: OSError) -> SystemRefusal:
        _lead_nowhere(self)
        return _no_answer(reason(error).en, reason(error).zh)


class ClosedAnswer(io.TextIOBase):
    """Standard output that was closed before the command began."""

    encoding = "utf-8"
    errors = "replace"

    def write(self, _text: str) -> int:
        """Refuse.

        Raises:
            SystemRefusal: Always.
        """
        raise _no_answer("it is closed", "它已关闭")


def _no_answer(why: str, zh: str) -> SystemRefusal:
    return SystemRefusal(
        f"The answer cannot be written to standard output: {why}. Files that the command wrote are whole.",
        zh=f"无法把结果写到标准输出：{zh}。命令已写出的文件是完整的。",
    )


class MessageStream(io.TextIOWrapper):
    """Standard error; what it does not take is kept.

    Attributes:
        unsaid: Text that could not be written.
    """

    def __init__(self, buffer: Any, *, is_lost: bool = False) -> None:
        super().__init__(buffer, encoding="utf-8", errors="replace")
        self._is_lost = is_lost
        self._waiting = ""
        self.unsaid = ""

    def write(self, text: str) -> int:
        """Write a text at once, or keep it."""
        if self._is_lost:
            self.unsaid += text
            return len(text)
        self._waiting += text
        try:
            super().write(text)
            super().flush()
        except OSError:
            self._is_lost = True
            self.unsaid, self._waiting = self._waiting, ""
            _lead_nowhere(self)
        else:
            self._waiting = ""
        return len(text)


def _lead_nowhere(stream: io.TextIOWrapper) -> None:
    """What is left in its buffers goes to the null device when Python ends, not into a second error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def take_streams() -> MessageStream | None:
    """Put these streams in the place of Python's; gives standard error, None where a test has put its own there."""
    _occupy()
    if sys.stdout is None:
        sys.stdout = ClosedAnswer()
    elif type(sys.stdout) is io.TextIOWrapper:
        live = sys.stdout.line_buffering
        sys.stdout = AnswerStream(
            sys.stdout.detach(), encoding="utf-8", errors="replace", line_buffering=live
        )
    if sys.stderr is None:
        sys.stderr = MessageStream(open(os.devnull, "wb"), is_lost=True)  # noqa: PTH123, SIM115  for the process's life
    elif type(sys.stderr) is io.TextIOWrapper:
        # A descriptor of our own: readers in native code silence that of the process while they read, in any thread.
        sys.stderr.flush()
        sys.stderr = MessageStream(os.fdopen(os.dup(sys.stderr.fileno()), "wb"))
    return sys.stderr if isinstance(sys.stderr, MessageStream) else None


def _occupy() -> None:
    """A closed descriptor would be given to the next file that is opened, and messages of libraries would go into it."""
    for handle in (0, 1, 2):
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
