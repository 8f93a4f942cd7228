"""Looks up every locked package in a database of known weaknesses, by pip-audit.

Exit 0: nothing known, or no advisory service answers (said). Exit 1: known weaknesses, each named.

A service that answers for none of the packages is no clean bill: pip-audit then skips each of them and still exits 0.
So every package must have been looked up, and a package with a weakness known for years must be found (`KNOWN`).
`OLIGOSCOPE_OSV_URL` names a mirror of the OSV service inside a closed network.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from lock_files import DEV, SPARK, SUPPLY, read_lock

KNOWN = "pillow==9.0.0"  # CVE-2022-22817 and later ones


def audit(requirements: Path, service: list[str]) -> dict[str, Any] | str:
    """What pip-audit says as JSON, or why it could say nothing."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(requirements), "--disable-pip", "--no-deps"]
    done = subprocess.run(
        [*command, "--progress-spinner", "off", "--format", "json", *service],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if (
        done.returncode == 2 or "pip-audit: error:" in done.stderr
    ):  # our call is wrong, which no network explains
        sys.exit(done.stderr)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return (done.stderr.strip().splitlines() or ["no answer"])[-1][-300:]


def weaknesses(answer: dict[str, Any]) -> list[str]:
    """Each known weakness: package, version, name, and the versions without it."""
    return [
        f"{one['name']} {one['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'no version'}"
        for one in answer["dependencies"]
        for weakness in one.get("vulns", ())
    ]


def looked_up(answer: dict[str, Any]) -> int:
    """How many packages the service had an answer for."""
    return sum("skip_reason" not in one for one in answer["dependencies"])


def answering_service(services: list[list[str]], folder: Path) -> tuple[list[str] | None, list[str]]:
    """The first service that knows of the weakness in `KNOWN`, and why those before it do not serve."""
    reasons = []
    (folder / "known.txt").write_text(KNOWN + "\n", encoding="utf-8")
    for service in services:
        found = audit(folder / "known.txt", service)
        if isinstance(found, dict) and weaknesses(found):
            return service, reasons
        why = found if isinstance(found, str) else f"it knows no weakness of {KNOWN}"
        reasons.append(f"{' '.join(service)}: {why}")
    return None, reasons


def main() -> None:
    mirror = os.environ.get("OLIGOSCOPE_OSV_URL")
    services = [["-s", "osv", "--osv-url", mirror]] if mirror else [["-s", "pypi"], ["-s", "osv"]]
    with tempfile.TemporaryDirectory() as scratch:
        service, reasons = answering_service(services, Path(scratch))
        if service is None:
            print("skipped: no advisory service answers here", *reasons, sep="\n  ")
            return
        # The tools have an environment of their own, and may have other versions of what the program has, too.
        faults = [
            fault for locks in ((DEV, SPARK), (SUPPLY,)) for fault in faults_of(locks, service, Path(scratch))
        ]
    if faults:
        sys.exit("\n".join(faults))


def faults_of(locks: tuple[Path, ...], service: list[str], folder: Path) -> list[str]:
    """Known weaknesses of one environment, and packages that were not looked up."""
    locked = [f"{one.name}=={one.version}" for lock in locks for one in read_lock(lock)]
    (folder / "locked.txt").write_text("\n".join(locked) + "\n", encoding="utf-8")
    answer = audit(folder / "locked.txt", service)
    names = " and ".join(lock.name for lock in locks)
    if isinstance(answer, str):
        return [f"{names}: the service answered for {KNOWN} and then failed: {answer}"]
    found, n = weaknesses(answer), looked_up(answer)
    print(
        f"{names}: {n} of {len(locked)} packages looked up with {' '.join(service)}: {len(found)} known weaknesses"
    )
    skipped = [one["skip_reason"] for one in answer["dependencies"] if "skip_reason" in one]
    lacking = [f"{names}: {len(locked) - n} packages were not looked up"] if n < len(locked) else []
    return [*found, *lacking, *skipped]


if __name__ == "__main__":
    main()
