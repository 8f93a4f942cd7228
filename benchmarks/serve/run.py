"""How long until the first page, how much is sent for it, and how much memory the server holds.

Run on demand, in an environment with requirements-browser.lock:

    python benchmarks/serve/run.py --runs 5
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

SOURCE = Path(__file__).resolve().parents[2] / "src"


def measured(browser: Any, folder: Path) -> dict[str, float]:
    """One start, to the first page in a browser that runs already."""
    log = folder / "log.txt"
    begun = time.perf_counter()
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "oligoscope", "serve", str(folder / "home"), "--no-browser"],
            stdout=out, env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    while not (address := re.search(r"http://\S+", log.read_text("utf-8"))):
        time.sleep(0.01)
    context = browser.new_context(locale="en")
    page = context.new_page()
    sizes: list[int] = []
    page.on(
        "requestfinished",
        lambda request: sizes.append(
            request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"]
        ),
    )
    page.goto(address[0], wait_until="networkidle")
    painted = (
        page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0].startTime + performance.timeOrigin"
        )
        / 1000
    )
    shown = painted - (time.time() - (time.perf_counter() - begun))
    time.sleep(1)
    status = Path(f"/proc/{server.pid}/status").read_text("utf-8")
    memory = int(status.partition("VmRSS:")[2].split()[0]) / 1024
    context.close()
    server.terminate()
    server.wait()
    return {
        "first page shown, s": shown,
        "sent, KB": sum(sizes) / 1000,
        "requests": len(sizes),
        "memory idle, MB": memory,
    }


def main() -> None:
    """Print the median and the largest of each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        found = []
        for i in range(runs):
            place = Path(folder) / str(i)
            place.mkdir()
            found.append(measured(browser, place))
        browser.close()
    for name in found[0]:
        values = [one[name] for one in found]
        print(f"{name:22} median {statistics.median(values):7.2f}  largest {max(values):7.2f}")


if __name__ == "__main__":
    main()
