"""A second process of Python beside a command, for work that can be divided: the other core is used, too.

It is another run of the same Python and not a copy of this one: a copy is not to be had on Windows, and not safe where
libraries have threads. It is begun first, so that it has imported what it needs by the time there is work. It reads and writes
no file, and gives its answers back through a pipe: however the command ends, nothing is half-written. It ends with the
command, by the command or, where that was killed, by itself.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from time import sleep
from typing import Any, cast

from oligoscope.system.memory import few_collections
from oligoscope.system.signals import undisturbed

# Of its own pool of threads the library of frames needs one: the other core has the command.
_SURROUNDINGS = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
_LOOKS = 0.5  # seconds between two looks whether the command is still there
CORES = "OLIGOSCOPE_CORES"  # 1 leaves a command to one core
_SERVES = "from oligoscope.system.second_process import serve; serve({!r})"
_at_hand: list[SecondProcess] = []


class SecondProcess:
    """Does one piece of work at a time; whatever goes wrong with it, the caller does the work itself."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._is_asked = False

    def ask(self, function: Callable[..., Any], *args: Any) -> None:
        """Begin a piece of work: a function of a module, and arguments that can be sent."""
        with suppress(OSError, ValueError, pickle.PicklingError, TypeError, AttributeError):
            work = pickle.dumps((function, args))
            self._is_asked = True
            sink = self._process.stdin
            assert sink is not None
            sink.write(work)
            sink.flush()

    def answer(self) -> Any:
        """What the work gave; None where there was none, it failed, or the process is gone."""
        if not self._is_asked:
            return None
        self._is_asked = False
        source = self._process.stdout
        assert source is not None
        try:
            return pickle.load(source)
        except Exception:  # whatever was cut off, the work is done again
            return None

    def end(self) -> None:
        """End it, in whatever it is doing."""
        with undisturbed():
            self._process.kill()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    cast("Any", pipe).close()
            self._process.wait()


def at_hand() -> SecondProcess | None:
    """The second process of the command that runs; None where there is none."""
    return _at_hand[-1] if _at_hand else None


@contextmanager
def second_process(module: str) -> Iterator[None]:
    """A second process, where there is a second core, that has imported a module by the time it is asked."""
    process = _begun(module) if _cores() > 1 else None
    if process is None:
        yield
        return
    second = SecondProcess(process)
    _at_hand.append(second)
    try:
        yield
    finally:
        _at_hand.remove(second)
        second.end()


def _cores() -> int:
    """Those that this process may use, or as many as the user wants."""
    wanted = os.environ.get(CORES, "")
    if wanted.isdecimal():
        return int(wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begun(module: str) -> subprocess.Popen[bytes] | None:
    """With the modules of this process and, unlike it, none of the folder that it happens to be in."""
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for name, value in _SURROUNDINGS.items():
        surroundings.setdefault(name, value)
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVES.format(module)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=surroundings,
        )  # fmt: skip
    except (OSError, ValueError):
        return None


def serve(module: str) -> None:
    """In the second process: do the work that comes until no more can come."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # no stray word among the answers
    Thread(target=_end_when_alone, args=(os.getppid(),), daemon=True).start()
    with few_collections(), suppress(EOFError, OSError):
        importlib.import_module(module).get_ready()
        while True:
            function, args = pickle.load(source)
            try:
                found = function(*args)
            except Exception:  # the command does it again, and says what is wrong
                found = None
            sink.write(pickle.dumps(found))
            sink.flush()


def _end_when_alone(parent: int) -> None:
    """End in the middle of the work where the command was killed; on Windows at the end of it, when nothing more comes."""
    while os.name == "posix":
        if os.getppid() != parent:
            os._exit(1)
        sleep(_LOOKS)
