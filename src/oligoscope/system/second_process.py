"""A second process of Python beside a command, for work that can be divided: the other core is used, too.

On Linux it is a copy of this process, made when what it needs is imported and nothing has been done with it: loading that a
second time would take a second of the processor. Elsewhere, and where a thread might be at work, it is another run of the same
Python, begun first so that it has imported what it needs by the time there is work. It reads and writes no file, and gives its
answers back through a pipe: however the command ends, nothing is half-written. It ends with the command, by the command or,
where that was killed, by itself.
"""

from __future__ import annotations

import importlib
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from time import sleep
from typing import IO, Any, NoReturn, cast

from oligoscope.system.memory import few_collections, loading
from oligoscope.system.signals import undisturbed

_QUERIES = "POLARS_MAX_THREADS"  # read when polars is loaded
# Of one that is no copy, for its own pool of threads: the other cores have the command.
_SURROUNDINGS = {_QUERIES: "1", "OMP_NUM_THREADS": "1"}
_LOOKS = 0.5  # seconds between two looks whether the command is still there
CORES = "OLIGOSCOPE_CORES"  # 1 leaves a command to one core
_SERVES = "from oligoscope.system.second_process import serve; serve({!r})"
# Threads of libraries that only wait until a query is made: for freed memory (polars' allocator, which prepares itself for
# a copy), for files of tables that do not fit into memory. Those of numpy's linear algebra, which prepares itself too, have
# the name of the process.
_IDLE = {"jemalloc_bg_thd", "polars-ooc-clea"}
_WAITS = 20.0  # seconds for a copy to show that it can make a query; if not, it is not waited for
_READY = b"1"
_at_hand: list[SecondProcess] = []


class _Copy:
    """A copy of this process, with what `SecondProcess` asks of a `Popen`."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self._status: int | None = None

    def kill(self) -> None:
        if self._status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if self._status is None:
            try:
                self._status = os.waitpid(self.pid, 0)[1]
            except ChildProcessError:
                self._status = -1
        return self._status

    def poll(self) -> int | None:
        return self._status

    def is_ready(self) -> bool:
        """Whether it can work: a thread that was not copied might have kept it from its first query for ever."""
        return bool(select.select([self.stdout], [], [], _WAITS)[0])


class SecondProcess:
    """Does one piece of work at a time; whatever goes wrong with it, the caller does the work itself."""

    def __init__(self, process: subprocess.Popen[bytes] | _Copy) -> None:
        self._process = process
        self._is_asked = False
        self._is_ready = False

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
            if not self._is_ready:
                if isinstance(self._process, _Copy) and not self._process.is_ready():
                    self._process.kill()
                self._is_ready = source.read(1) == _READY
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
    """A second process, where there is a second core, that has imported a module by the time it is asked.

    Args:
        module: Its `get_ready()` loads all that the work needs, without a thread; its `begin()` is called once in the second
            process, and does a little of what the work does.
    """
    cores, given = _cores(), dict(os.environ)
    with _threads(max(cores - 1, 1)):
        process = (_copied(module) or _begun(module, given)) if cores > 1 else None
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


@contextmanager
def _threads(n: int) -> Iterator[None]:
    """So many threads for queries, unless the user says how many: with one for each core, and a second process, a demo takes a tenth more."""
    if _QUERIES in os.environ:
        yield
        return
    os.environ[_QUERIES] = str(n)
    try:
        yield
    finally:
        del os.environ[_QUERIES]


def _cores() -> int:
    """Those that this process may use, or as many as the user wants."""
    wanted = os.environ.get(CORES, "")
    if wanted.isdecimal():
        return int(wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begun(module: str, given: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
    """With the modules of this process, the variables that it was given and, unlike it, none of the folder that it happens to be in."""
    surroundings = {**given, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for name, value in _SURROUNDINGS.items():
        surroundings.setdefault(name, value)
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVES.format(module)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=surroundings,
        )  # fmt: skip
    except (OSError, ValueError):
        return None


def _copied(module: str) -> _Copy | None:
    """A copy of this process with a module loaded; None where it cannot be made, or not safely."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return None
    with loading():
        importlib.import_module(module).get_ready()
    if not _only_waiting():
        return None
    for stream in (sys.stdout, sys.stderr):  # what waits to be written is written once
        stream.flush()
    try:
        (asked, asks), (answered, answers) = os.pipe(), os.pipe()
    except OSError:
        return None
    with undisturbed(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, which are those of `_only_waiting`
        try:
            pid = os.fork()
        except OSError:
            pid = -1
        if pid == 0:
            _serve_as_copy(module, asked, answers, (asks, answered))
    for end in (asked, answers):
        os.close(end)
    if pid < 0:
        for end in (asks, answered):
            os.close(end)
        return None
    return _Copy(pid, os.fdopen(asks, "wb"), os.fdopen(answered, "rb"))


def _only_waiting() -> bool:
    """Whether no thread of this process but its own can be in the middle of anything."""
    try:
        own = Path("/proc/self/comm").read_text("utf-8", "replace")
        names = {(task / "comm").read_text("utf-8", "replace") for task in Path("/proc/self/task").iterdir()}
    except OSError:
        return False
    return {name.strip() for name in names - {own}} <= _IDLE


def _serve_as_copy(module: str, asked: int, answers: int, others: tuple[int, ...]) -> NoReturn:
    """In the copy: nothing of what the command would do at its end, and nothing of where it reads and writes."""
    try:
        for end in others:
            os.close(end)
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):
            os.dup2(nothing, standard)
        with few_collections(), os.fdopen(asked, "rb") as source, os.fdopen(answers, "wb") as sink:
            _serve(module, source, sink)
    finally:
        os._exit(0)


def serve(module: str) -> None:
    """In the second process that is no copy: do the work that comes until no more can come."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # no stray word among the answers
    with few_collections():
        importlib.import_module(module).get_ready()
        _serve(module, source, sink)


def _serve(module: str, source: IO[bytes], sink: IO[bytes]) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    Thread(target=_end_when_alone, args=(os.getppid(),), daemon=True).start()
    with suppress(EOFError, OSError):
        importlib.import_module(module).begin()
        sink.write(_READY)
        sink.flush()
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
