"""A running server with a browser that has its key."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "src"
_STARTS = 30  # seconds


@dataclass
class Serving:
    """A server that runs.

    Attributes:
        url: Without a path.
        entry: The address that opens it once.
        home: The folder of its studies.
        process: Itself.
        log: What it wrote.
    """

    url: str
    entry: str
    home: Path
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """As Ctrl+C does."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()


def begin(home: Path, log: Path, *options: str) -> Serving:
    """Start `oligoscope serve` on a free port, and wait for its address."""
    surroundings = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "oligoscope", "serve", str(home), "--no-browser", *options],
            stdout=out, stderr=subprocess.STDOUT, env=surroundings,
        )  # fmt: skip
    until = time.monotonic() + _STARTS
    while time.monotonic() < until:
        found = re.search(r"(http://127\.0\.0\.1:\d+)/\?token=\S+", log.read_text("utf-8"))
        if found:
            return Serving(found[1], found[0], home, process, log)
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8"))


def listen(page: Any) -> list[str]:
    """Everything that goes wrong in a page from now on: errors of scripts, violations of the policy, refused requests."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    page.on("console", lambda said: heard.append(f"console: {said.text}") if said.type == "error" else None)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"
    )
    return heard


def until_run(page: Any, seconds: float = 240) -> None:
    """Wait for the end of a run that the page follows: it leads on to the answer, or says how the run ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if page.url.endswith("/answer"):
            page.wait_for_load_state()
            return
        try:
            stays = page.evaluate(
                "new Promise((seen) => setTimeout(() => seen(!document.querySelector('[data-stages]')), 500))"
            )
        except Exception:
            continue
        if stays and not page.url.endswith("/answer"):
            return
    raise AssertionError(page.inner_text("main"))
