"""Runs the tests that the pack names and keeps what came out of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]


@dataclass
class Outcome:
    """What came out of one test, over all its cases.

    Attributes:
        passed: Cases that passed.
        failed: Cases that failed, or could not be set up.
        skipped: Cases that were skipped.
        reasons: Why, each once.
        numbers: Numbers compared with R's.
        largest: The largest relative difference among them.
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: tuple[str, ...] = ()
    numbers: int = 0
    largest: float = 0.0

    def plus(self, other: Outcome) -> Outcome:
        """Both together."""
        return Outcome(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped,
            tuple(dict.fromkeys(self.reasons + other.reasons)), self.numbers + other.numbers, max(self.largest, other.largest),
        )  # fmt: skip


class Recorder:
    """A plugin of pytest that keeps the outcome of every test."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], Outcome] = defaultdict(Outcome)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file, _, name = report.nodeid.partition("::")
        key = (Path(file).as_posix().removeprefix("tests/"), name.partition("[")[0])
        if report.when == "call" or report.outcome != "passed":
            self.found[key] = self.found[key].plus(_outcome(report))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.found[report.nodeid.removeprefix("tests/"), "(collection)"] = Outcome(failed=1)


def _outcome(report: pytest.TestReport) -> Outcome:
    properties = dict(report.user_properties)
    reason = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
    return Outcome(
        int(report.passed), int(report.failed), int(report.skipped), (reason,) if reason else (),
        int(str(properties.get("numbers_of_r", 0))), float(str(properties.get("largest_difference", 0.0))),
    )  # fmt: skip


def run_tests(files: Iterable[str]) -> dict[tuple[str, str], Outcome]:
    """The outcome of each test, by file (seen from tests/) and name."""
    recorder = Recorder()
    pytest.main(
        ["-q", "-n", "0", "-p", "no:cacheprovider", "--rootdir", str(TESTS.parent), *(str(TESTS / file) for file in files)],
        plugins=[recorder],
    )  # fmt: skip
    return dict(recorder.found)
