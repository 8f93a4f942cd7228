"""A study whose words would be programs if a page let them, and a page of another site."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from browser.serving import SOURCE
from oligoscope.demo.cohort import make_cohort, write_cohort

SCRIPT = "<script>window.hacked=1</script>"
IMAGE = '"><img src=x onerror="window.hacked=1">'
FORMULA = '=HYPERLINK("http://127.0.0.1/","x")'
PATH = "../../x"
COMMAND = "@SUM(1+1)*cmd|' /C calc'!A0"
TEMPLATE = "{{ 7*7 }}'-->"
SUM = "+1+cmd|x"
IDS = (SCRIPT, IMAGE, FORMULA, PATH, COMMAND, TEMPLATE, SUM)
COLUMN = "<img src=x onerror=window.hacked=1>"
LEVEL = '</script><svg onload="window.hacked=1">'
ORGAN = '"><b onmouseover=window.hacked=1>place'
TITLE = "</title><script>window.hacked=1</script>"
FILE = "'\"><img src=x onerror=window.hacked=1>.csv"


def write_hostile(folder: Path, n: int = 60) -> Path:
    """A study of the made cohort with such patients' numbers, a column, a place, a title and the name of a file."""
    write_cohort(make_cohort(9, n), folder)
    own = _column(folder / "patients.csv", "patient_id")
    treated = dict(zip(own[20:], IDS, strict=False))
    for path in folder.glob("*.csv"):
        _change(path, treated)
    (folder / "patients.csv").rename(folder / FILE)
    study = folder / "study.yaml"
    text = study.read_text("utf-8").replace("patients: patients.csv", f"patients: {_quoted(FILE)}")
    text = text.replace("Synthetic cohort (no real patients)", TITLE).replace("合成队列（非真实患者）", TITLE)
    text = text.replace("  synthetic: true", "  synthetic: true\n  accept_issues: true")
    study.write_text(text + "report:\n  patient_numbers: own\n", "utf-8")
    return folder


def run_hostile(folder: Path) -> Path:
    """The same, run by the command line."""
    write_hostile(folder)
    folder.chmod(0o700)
    ended = subprocess.run(
        [sys.executable, "-m", "oligoscope", "run", str(folder), "--out", str(folder / "output"), "--lang", "both"],
        check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert ended.returncode in {0, 4}, ended.stderr
    return folder


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def _change(path: Path, ids: Mapping[str, str]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for at, row in enumerate(rows):
        row["patient_id"] = ids.get(row["patient_id"], row["patient_id"])
        if "sex" in row:
            row[COLUMN] = LEVEL if at % 2 else FORMULA
        if row.get("organ") == "adrenal":
            row["organ"] = ORGAN
    with path.open("w", encoding="utf-8", newline="") as file:
        made = csv.DictWriter(file, list(rows[0]))
        made.writeheader()
        made.writerows(rows)


@contextmanager
def another_site(page: str) -> Iterator[str]:
    """The address of a page that another server on this computer gives out, as a foreign site would."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page.encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the class above
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
