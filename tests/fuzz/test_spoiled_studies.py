"""A few of the spoiled studies, and a few of the kills: the whole of both are `fuzz.fuzz_studies` and `fuzz.kills`.

They run in a process of their own: each case is a copy of one that has loaded the program and done nothing else.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from conftest import ROOT
from fuzz.fuzz_studies import SPOILERS

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs fork and limits of Linux")


def _run(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=ROOT / "tests"
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_spoiled_studies_end_as_they_should():
    assert not _run("fuzz.fuzz_studies", "--cases", str(len(SPOILERS)), "--every", "9", "--seed", "20250408")


def test_a_killed_command_leaves_the_earlier_results_or_the_new_ones():
    assert not _run("fuzz.kills", "--kills", "2", "--deeds", "derive", "refused")
