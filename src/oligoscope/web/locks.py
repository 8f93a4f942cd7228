"""The locked plans of a study, and whether the results were seen before or after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oligoscope import __version__
from oligoscope.bilingual import Text
from oligoscope.plan_lock import checksums, now, read_locks, write_locks
from oligoscope.web.studies import Study


@dataclass(frozen=True)
class Lock:
    """One locked plan.

    Attributes:
        locked_at: With its zone.
        files: SHA-256 of study.yaml, mapping.yaml and each file of data, by its place in the study.
        after_results: There were results, or a run had begun, when it was locked.
        version: Of the program.
        plan: What was to run and to be withheld.
    """

    locked_at: str
    files: dict[str, str]
    after_results: bool
    version: str
    plan: dict[str, Any]


@dataclass(frozen=True)
class Locks:
    """All locks of a study, the first one first.

    Attributes:
        all: Every lock.
        current: The last one, where settings and files are as they were then; None otherwise.
        runs: When runs began in the browser, each with the number of its lock.
        of_results: The lock under which the last run began; None where it began under none.
        is_without: There are results of which no run is recorded here: of the command line, or of the sample.
    """

    all: tuple[Lock, ...]
    current: Lock | None
    runs: tuple[tuple[str, int], ...]
    of_results: Lock | None
    is_without: bool

    @property
    def before_first_run(self) -> bool:
        """Whether the plan of the results was locked before any result of the study was there."""
        return self.of_results is not None and not self.of_results.after_results

    def said(self) -> Text:
        """For the answer: whether the plan came before the results."""
        if self.of_results is None:
            return Text("这些结果没有事先锁定的计划。", "No plan was locked before these results.")
        at = shown_time(self.of_results.locked_at)
        if self.before_first_run:
            return Text(
                f"计划于 {at} 锁定，早于任何结果。",
                f"The plan was locked at {at}, before any result was seen.",
            )
        return Text(
            f"计划于 {at} 锁定，此前已看过结果；全部历次计划见计划页。",
            f"The plan was locked at {at}, after results had been seen; every earlier plan is on the page of the plan.",
        )


def shown_time(stamp: str) -> str:
    """A time for people: `2026-11-27 04:30 (UTC+08:00)`."""
    day, _, rest = stamp.partition("T")
    zone = rest[8:]
    return f"{day} {rest[:5]} (UTC{zone})" if zone else f"{day} {rest[:5]}"


def locks(study: Study) -> Locks:
    """The locks of a study, and which of them is that of its results."""
    record = read_locks(study.folder)
    found = tuple(_lock(entry) for entry in record["locks"])
    runs = tuple((str(r["began"]), n) for r in record["runs"] if isinstance(n := r.get("lock"), int))
    last = runs[-1][1] if runs else -1
    of_results = found[last] if study.has_run and 0 <= last < len(found) else None
    current = found[-1] if found and found[-1].files == _files(study) else None
    return Locks(found, current, runs, of_results, study.has_run and not runs)


def lock(study: Study, plan: dict[str, Any]) -> Lock:
    """Lock the plan of the study as it is now; earlier locks stay.

    Raises:
        OSError: The file cannot be written.
    """
    record = read_locks(study.folder)
    entry = {
        "locked_at": now(),
        "version": __version__,
        "after_results": study.has_run or bool(record["runs"]),
        "files": _files(study),
        "plan": plan,
    }
    record["locks"].append(entry)
    write_locks(study.folder, record)
    return _lock(entry)


def record_run(study: Study) -> None:
    """Note that a run begins under the last lock.

    Raises:
        OSError: The file cannot be written.
    """
    record = read_locks(study.folder)
    record["runs"].append({"began": now(), "lock": len(record["locks"]) - 1})
    write_locks(study.folder, record)


def _files(study: Study) -> dict[str, str]:
    return checksums(study.folder, study.data_files())


def _lock(entry: dict[str, Any]) -> Lock:
    plan = entry.get("plan")
    return Lock(
        str(entry["locked_at"]),
        {str(name): str(value) for name, value in entry["files"].items()},
        entry.get("after_results") is not False,
        str(entry.get("version", "")),
        plan if isinstance(plan, dict) else {},
    )
