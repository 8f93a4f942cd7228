"""A few of the spoiled studies, and a few of the kills: the whole of both are `fuzz.fuzz_studies` and `fuzz.kills`.

They run in a process of their own: each case is a copy of one that has loaded the program and done nothing else.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from conftest import ROOT

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs fork and limits of Linux"),
    pytest.mark.slow,
]


def _run(*command: str) -> str:
    """What it says where something is wrong; blank where nothing is."""
    paths = [str(ROOT / "tests"), *(path for path in sys.path if path)]
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=ROOT / "tests",
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
    )  # fmt: skip
    if not re.search(r"^\d+ (spoiled studies|faults)", done.stdout, re.MULTILINE):
        raise RuntimeError(f"{command} did not come to its end: {done.stderr[-1000:]}")
    return "" if done.returncode == 0 else done.stdout


def test_spoiled_studies_end_as_they_should():
    assert not _run("fuzz.fuzz_studies", "--cases", "200", "--every", "12", "--seed", "20250408")


def test_a_killed_command_leaves_the_earlier_results_or_the_new_ones():
    assert not _run("fuzz.kills", "--kills", "2", "--deeds", "derive")
