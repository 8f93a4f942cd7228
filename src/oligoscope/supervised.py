"""A command that a parent process watches: `python -m oligoscope.supervised COMMAND …`.

It ends as a stopped command does when its standard input is closed, which is also what happens when the parent is
killed; and it ends when it holds more memory than `OLIGOSCOPE_MEMORY` (bytes) allows.
"""

from __future__ import annotations

import json
import os
import pathlib
import signal
import sys
import threading
import time

_LOOKS = 0.5  # seconds between two looks at memory


def main() -> None:
    """Run the command that the arguments name, watched."""
    threading.Thread(target=_until_parent_ends, daemon=True).start()
    limit = os.environ.get("OLIGOSCOPE_MEMORY", "")
    if limit.isdigit() and sys.platform != "win32":
        threading.Thread(target=_within, args=(int(limit),), daemon=True).start()
    if sys.argv[1:2] and sys.argv[1].startswith("page:"):
        from oligoscope.web.tasks.run_task import run_task  # noqa: PLC0415  loaded only where it is asked for

        run_task()
        return
    from oligoscope.cli import main as run  # noqa: PLC0415

    run()


def _until_parent_ends() -> None:
    """Stop once standard input is closed; the command's own process ignores what is written there."""
    handle = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)  # a child of this process must not hold the parent's pipe, nor read from it
    os.close(null)
    while os.read(handle, 4096):
        pass
    if sys.platform == "win32":
        os._exit(143)
    os.kill(os.getpid(), signal.SIGTERM)


def _within(limit: int) -> None:
    """End the command when its memory passes the limit, before the computer comes to a halt."""
    while _memory() < limit:
        time.sleep(_LOOKS)
    en = f"This step needs more memory than the {limit >> 20} MB it may use."
    zh = f"该步骤所需内存超过允许的 {limit >> 20} MB。"
    message = zh if os.environ.get("OLIGOSCOPE_LANGUAGE") == "zh" else en
    sys.stdout.write(json.dumps({"error": "Memory", "message": message}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    os.killpg(0, signal.SIGKILL) if os.getpgid(0) == os.getpid() else os._exit(2)


def _memory() -> int:
    """Bytes that this process holds; where the system does not say, the most that it ever held."""
    try:
        with pathlib.Path("/proc/self/statm").open(encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        import resource  # noqa: PLC0415  not on Windows

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    main()
