"""Signals that end a command, as the key to stop it does; none of them between two steps that belong together."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last on Windows only, the third not there
_ALL = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))


class Stopped(BaseException):
    """The command was asked to end; no `except Exception` on the way may take it for a failure.

    Attributes:
        number: The signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def stop_on_signals() -> None:
    """From now on a request to end is an exception; one that is ignored (`nohup`) stays so."""
    for number in _ALL:
        if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, _stop)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)


def exit_status(stopped: BaseException) -> int:
    """As shells count: 130 for the key, 143 for SIGTERM, 129 for SIGHUP."""
    return 128 + (stopped.number if isinstance(stopped, Stopped) else signal.SIGINT)


@contextmanager
def undisturbed() -> Iterator[None]:
    """A request to end waits until the block is done."""
    if threading.current_thread() is not threading.main_thread():  # signals reach the main thread only
        yield
        return
    waiting: list[int] = []
    handlers = {number: signal.getsignal(number) for number in _ALL}
    ours = {number: known for number, known in handlers.items() if callable(known)}
    for number in ours:
        signal.signal(number, lambda came, _frame: waiting.append(came))
    try:
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
        if waiting:
            signal.raise_signal(waiting[0])
