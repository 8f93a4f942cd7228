"""One command in a process of its own, held to a memory and a time, from a parent that has paid for the imports.

The parent must not have used polars (its threads do not survive a fork): it only loads the program.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Before a library is loaded that reads them: a thread does not survive a fork.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(_name, "1")

GIGABYTE = 1 << 30
IDLE = 30  # seconds by the clock without any of the processor's: it waits for what never comes
SECONDS = 10  # of processor time, where the input is small and no document is written


@dataclass(frozen=True)
class Around:
    """What surrounds a command.

    Attributes:
        memory: Bytes of address space; None for no limit.
        seconds: Of processor time.
        file_size: Bytes that one file may have (`ulimit -f`).
        open_files: `ulimit -n`.
        processes: `ulimit -u`, threads included; holds for other users than root.
        umask: Of the process.
        closed: Streams that are closed: 0, 1, 2.
        full: Streams that go to /dev/full.
        variables: Of the environment; None takes one away.
        fresh: A new interpreter, as a shell starts it, and not a copy of the loaded one.
        user: The number of the user who runs it; None for the same one.
        through_pipes: What it says goes through pipes, where a limit of files would hold for that, too.
        signal_after: (signal, seconds): sent to it while it works.
    """

    memory: int | None = 2 * GIGABYTE
    seconds: int = SECONDS
    file_size: int | None = None
    open_files: int | None = None
    processes: int | None = None
    umask: int = 0o022
    closed: tuple[int, ...] = ()
    full: tuple[int, ...] = ()
    variables: Mapping[str, str | None] = field(default_factory=dict)
    fresh: bool = False
    user: int | None = None
    through_pipes: bool = False
    signal_after: tuple[int, float] | None = None


@dataclass(frozen=True)
class Done:
    """How a command ended.

    Attributes:
        status: Its exit status; -N where signal N ended it.
        out: Standard output.
        err: Standard error, and what libraries wrote there.
        seconds: Of processor time.
        memory: The most it held at once, bytes.
    """

    status: int
    out: str
    err: str
    seconds: float
    memory: int


def load_program() -> None:
    """Import every module of the program, so that a forked child has them."""
    import oligoscope

    for library in ("docx", "lxml.html", "openpyxl"):  # loaded late by some commands
        importlib.import_module(library)
    for module in pkgutil.walk_packages(oligoscope.__path__, "oligoscope."):
        if not module.name.endswith(("__main__", ".spark")):
            importlib.import_module(module.name)


def run_command(
    arguments: list[str],
    folder: Path,
    around: Around,
    wait: float = 600,
    before: Callable[[], None] = lambda: None,
) -> Done:
    """`oligoscope ARGUMENTS` in `folder`; killed after `wait` seconds by the clock. `before` is called in the child."""
    streams = [folder / ".stdout", folder / ".stderr"]
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    pipes = [os.pipe() for _ in streams] if around.through_pipes else []
    # Opened here: a child that is killed at once has no time for it.
    places = [to for _, to in pipes] or [os.open(path, flags, 0o666) for path in streams]
    child = os.fork()
    if child == 0:
        try:
            before()
            _command(arguments, folder, places, around)
        finally:
            os._exit(1)  # never back into the parent's code, which would clear its folders
    for place in places:
        os.close(place)
    status, used = _waited(child, around, wait)
    out, err = (
        (_read(start) for start, _ in pipes)
        if pipes
        else (path.read_bytes().decode(errors="replace") for path in streams)
    )
    for stream in streams:
        stream.unlink(missing_ok=True)
    return Done(
        os.waitstatus_to_exitcode(status), out, err, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024
    )


def _read(pipe: int) -> str:
    """What was said into a pipe; no more than it holds was."""
    with os.fdopen(pipe, "rb") as stream:
        return stream.read().decode(errors="replace")


def in_child(work: Callable[[], object], wait: float = 600) -> Done:
    """Run a function in a forked child, and say how that ended; what it raises is printed."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    status, used = _waited(child, Around(), wait)
    return Done(
        os.waitstatus_to_exitcode(status), "", "", used.ru_utime + used.ru_stime, used.ru_maxrss * 1024
    )


def _waited(child: int, around: Around, wait: float) -> tuple[int, resource.struct_rusage]:
    """How a child ended; one that does nothing, or takes too long by the clock, is killed."""
    begun = time.monotonic()
    ends, sent = begun + wait, around.signal_after is None
    used_before, since = "", begun
    while True:
        found, status, used = os.wait4(child, os.WNOHANG)
        if found:
            return status, used
        if not sent and around.signal_after and time.monotonic() - begun > around.signal_after[1]:
            os.kill(child, around.signal_after[0])
            sent = True
        if (used_now := _time_used(child)) != used_before:
            used_before, since = used_now, time.monotonic()
        if time.monotonic() > min(ends, since + IDLE):
            os.kill(child, signal.SIGKILL)
            _, status, used = os.wait4(child, 0)
            return status, used
        time.sleep(0.01)


def _time_used(child: int) -> str:
    """What the system counts of a process's time; blank where it does not say."""
    try:
        return " ".join(
            Path(f"/proc/{child}/stat").read_text(encoding="ascii").rsplit(")", 1)[-1].split()[11:13]
        )
    except OSError:
        return str(time.monotonic())


def _command(arguments: list[str], folder: Path, streams: list[int], around: Around) -> None:
    """In the child."""
    os.setsid()
    os.chdir(folder)
    _open_streams(streams, around)
    for name, value in around.variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    os.umask(around.umask)
    if around.user is not None:
        os.setgroups([])
        os.setgid(around.user)
        os.setuid(around.user)
    _limit(around)
    if around.fresh:
        os.environ["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
        os.execv(sys.executable, [sys.executable, "-m", "oligoscope", *arguments])
    _as_started(around)
    _here(arguments)


def _open_streams(streams: list[int], around: Around) -> None:
    places = [os.open("/dev/null", os.O_RDONLY)]
    for number, stream in enumerate(streams, 1):
        places.append(os.open("/dev/full", os.O_WRONLY) if number in around.full else stream)
    for number, place in enumerate(places):
        os.dup2(place, number)
        if place > 2:
            os.close(place)
    if around.fresh:
        for number in around.closed:
            os.close(number)


def _as_started(around: Around) -> None:
    """The interpreter's streams as they are in a new one: those of the parent remember where they were."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if number in around.closed:
            os.close(number)
            setattr(sys, name, None)
        else:
            mode = "w" if number else "r"
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _limit(around: Around) -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: around.seconds,
        resource.RLIMIT_AS: around.memory,
        resource.RLIMIT_FSIZE: around.file_size,
        resource.RLIMIT_NOFILE: around.open_files,
        resource.RLIMIT_NPROC: around.processes,
    }
    for kind, limit in limits.items():
        if limit is not None:
            # The first limit is announced (SIGXCPU, SIGXFSZ), the second kills.
            resource.setrlimit(kind, (limit, limit + 5 if kind == resource.RLIMIT_CPU else limit))


def _here(arguments: list[str]) -> None:
    """As the interpreter would run the command and end."""
    from oligoscope.cli import main

    sys.argv = ["oligoscope", *arguments]
    status = 0
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        status = 1
        if sys.stderr is not None:
            traceback.print_exc()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError:
        status = 120
    os._exit(status)
