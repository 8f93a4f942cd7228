"""Commands in child processes: the same as on the command line, with progress, an end, and a way to stop them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from oligoscope.bilingual import Language, Text
from oligoscope.command_options import SPOKEN
from oligoscope.errors import UsageError
from oligoscope.web.phases import phase_of
from oligoscope.web.studies import Study

Status = Literal["running", "done", "failed", "cancelled"]
AT_ONCE: Final = 3  # commands; more wait for the user to try again
LONGEST: Final = 6 * 3600  # seconds of one command
_GRACE: Final = 10  # seconds for a command to clear up after it was asked to stop
_STEPS: Final = re.compile(r"(\d+)/(\d+)$")
_KEPT_LINES: Final = 400
BUSY: Final = Text(
    "该研究正在处理中。请稍候，或先取消。", "This study is being worked on. Wait, or cancel first."
)
SUPERVISED: Final = "oligoscope.supervised"
CANCELLED: Final = frozenset({130, 143, -15, 15})
KILLED: Final = -9
_RUNNING: Final = "running"  # the file that says what runs


@dataclass
class Job:
    """One command.

    Attributes:
        kind: What it is for: the name under which its answer is kept.
        study: The name of its study.
        language: Of its messages.
        arguments: Of the command.
        begun: Seconds since the epoch.
        stage: What it is doing, in its own words.
        done, total: Steps; 0 of 0 until the command says so.
        status: running until it ends.
        exit_status: Of the process; None while it runs.
        answer: What it answered, as JSON.
    """

    kind: str
    study: str
    language: Language
    arguments: tuple[str, ...]
    begun: float = field(default_factory=time.time)
    ended: float | None = None
    stage: str = ""
    done: int = 0
    total: int = 0
    status: Status = "running"
    exit_status: int | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    stopping: bool = False
    too_long: bool = False  # it was ended at the limit of time
    phase: int = 0  # of a run, in the order of `PHASES`
    fingerprint: str = ""  # of the study when it was begun

    def seconds_left(self, now: float) -> float | None:
        """By the share that is done, once a tenth is; None before."""
        if self.status != "running" or not self.total or self.done * 10 < self.total:
            return None
        return (now - self.begun) * (self.total - self.done) / self.done

    def shown(self) -> dict[str, Any]:
        """For the page that follows it. No cell of the user's is in it."""
        now = time.time()
        left = self.seconds_left(now)
        return {
            "kind": self.kind,
            "status": self.status,
            "stage": self.stage,
            "phase": self.phase,
            "done": self.done,
            "total": self.total,
            "seconds": round((self.ended or now) - self.begun, 1),
            "seconds_left": None if left is None else round(left),
            "exit": self.exit_status,
            "has_all": self.exit_status in {0, 4} and not self.answer.get("left_out"),
            "stopping": self.stopping,
        }


class Jobs:
    """The commands that run and the last one of each study; all end with the server."""

    def __init__(self, memory: int | None = None, longest: float = LONGEST) -> None:
        self._lock = threading.Lock()
        self._of: dict[str, Job] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._memory, self._longest = memory, longest
        self._closing = False

    def of(self, study: Study) -> Job | None:
        """The command that runs for a study, or the last one that did."""
        return self._of.get(study.name)

    def running(self, study: Study) -> Job | None:
        job = self._of.get(study.name)
        return job if job is not None and job.status == "running" else None

    def start(
        self,
        study: Study,
        kind: str,
        arguments: Sequence[str],
        language: Language,
        stdin: str | None = None,
        then: Callable[[Job], None] | None = None,
    ) -> Job:
        """Begin a command for a study.

        Args:
            study: One command at a time is run for it.
            kind: The name under which its answer is kept, in the study's state.
            arguments: As on the command line; `--json` and `--lang` are the caller's.
            language: Of its messages.
            stdin: Written to it first, as a file beside the study's state whose path replaces the argument `{stdin}`.
            then: Called once with the job that has ended, before it counts as ended.

        Raises:
            UsageError: Another command is running for this study, or as many as may.
        """
        with self._lock:
            busy = self.running(study)
            if busy is not None:
                raise UsageError(BUSY.en, zh=BUSY.zh)
            if sum(job.status == "running" for job in self._of.values()) >= AT_ONCE:
                raise UsageError(
                    f"{AT_ONCE} studies are being worked on. Wait until one is done.",
                    zh=f"已有 {AT_ONCE} 项研究正在处理，请等其中一项完成。",
                )
            job = Job(kind, study.name, language, tuple(arguments), fingerprint=study.fingerprint())
            study.state.mkdir(parents=True, exist_ok=True, mode=0o700)
            _mark(study, job)
            if stdin is not None:
                given = study.state / f"{kind}.given"
                given.write_text(stdin, encoding="utf-8")
                arguments = [str(given) if a == "{stdin}" else a for a in arguments]
            process = _begun(arguments, language, self._memory)
            self._of[study.name] = job
            self._processes[study.name] = process
        threading.Thread(target=self._follow, args=(study, job, process, then), daemon=True).start()
        return job

    def wait(self, job: Job, seconds: float) -> Job:
        """The job once it has ended, or after so many seconds."""
        until = time.monotonic() + seconds
        while job.status == "running" and time.monotonic() < until:
            time.sleep(0.02)
        return job

    def cancel(self, study: Study) -> None:
        """Ask the command of a study to stop; what it wrote before stays as it was."""
        job, process = self._of.get(study.name), self._processes.get(study.name)
        if job is None or process is None or job.status != "running":
            return
        job.stopping = True
        _end(process)

    def forget(self, study: Study) -> None:
        """Stop what runs for a study that is deleted, and wait for its end."""
        self.cancel(study)
        process = self._processes.pop(study.name, None)
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE + 2)
        self._of.pop(study.name, None)

    def interrupted(self, study: Study) -> str:
        """The kind of the command that the end of an earlier server cut short; blank where none was."""
        if self.running(study) is not None:
            return ""
        try:
            found = json.loads(study.kept(_RUNNING).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ""
        return str(found.get("kind", "")) if isinstance(found, dict) else ""

    def close(self) -> None:
        """End every command."""
        self._closing = True
        for process in list(self._processes.values()):
            _end(process, wait=False)
        for process in list(self._processes.values()):
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                _kill(process)

    def _follow(
        self, study: Study, job: Job, process: subprocess.Popen[bytes], then: Callable[[Job], None] | None
    ) -> None:
        """Read what a command says until it ends."""
        messages: list[str] = []
        out: list[bytes] = []
        reader = threading.Thread(
            target=lambda: out.append(process.stdout.read() if process.stdout else b""), daemon=True
        )
        reader.start()
        timer = threading.Timer(self._longest, _end_late, [job, process])
        timer.daemon = True
        timer.start()
        for raw in process.stderr or ():
            _take(job, messages, raw.decode("utf-8", "replace").rstrip())
        status = process.wait()
        timer.cancel()
        reader.join()
        for pipe in (process.stdin, process.stdout, process.stderr):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        job.answer = _answer(b"".join(out), messages, job.language)
        if job.too_long:
            job.answer = {"error": "Time", "message": _too_long(self._longest)[job.language]}
        job.exit_status = status
        # Status 4 is a study that ran and missed a criterion; 3 from check and map is an answer, too.
        is_answer = status in {0, 4} or (status == 3 and "error" not in job.answer)
        stopped = job.stopping and (status in CANCELLED or status == KILLED)
        ended: Status = "cancelled" if stopped else "done" if is_answer else "failed"
        with suppress(OSError):
            if not stopped:  # one that was stopped has no answer: that of the last before it stays
                keep(study, job, ended)
            if not self._closing:
                study.kept(_RUNNING).unlink(missing_ok=True)
        if then is not None:
            then(job)
        job.ended = time.time()
        job.status = ended
        self._processes.pop(study.name, None)


def _take(job: Job, messages: list[str], line: str) -> None:
    if not line.startswith("…"):
        messages.append(line)
        del messages[:-_KEPT_LINES]
        return
    text = line.lstrip("… ")
    steps = _STEPS.search(text)
    if steps is not None:
        job.done, job.total = int(steps[1]), int(steps[2])
        text = text[: steps.start()].rstrip()
    job.stage = text
    job.phase = phase_of(text)


def _mark(study: Study, job: Job) -> None:
    """Remember that it runs, for a server that begins after this one has ended."""
    record = {"kind": job.kind, "begun": job.begun}
    study.kept(_RUNNING).write_text(json.dumps(record), encoding="utf-8")


def _too_long(seconds: float) -> Text:
    minutes = max(1, round(seconds / 60))
    return Text(
        f"该步骤超过 {minutes} 分钟的时限，已停止。以前的结果没有改变。",
        f"This step was stopped at its limit of {minutes} min. Earlier results are unchanged.",
    )


def _answer(out: bytes, messages: list[str], language: Language) -> dict[str, Any]:
    """The JSON that a command wrote; where it wrote none, its messages."""
    text = out.decode("utf-8", "replace").strip()
    with suppress(ValueError):
        found = json.loads(text.splitlines()[-1]) if text else None
        if isinstance(found, dict):
            return found
    ended = Text("该步骤意外结束。", "This step ended unexpectedly.")[language]
    return {"error": "Ended", "message": "\n".join(messages[-20:]) or ended}


def keep(study: Study, job: Job, status: Status) -> None:
    """The answer of a command, for the pages of this study, until the next of its kind."""
    study.keep(job.kind, {
        "exit": job.exit_status, "status": status, "ended": time.time(), "language": job.language,
        "fingerprint": job.fingerprint, "answer": job.answer,
    })  # fmt: skip


def keep_again(study: Study, kind: str, record: dict[str, Any]) -> None:
    """An answer that holds for the study as it is now, too."""
    study.keep(kind, record | {"fingerprint": study.fingerprint()})


def kept(study: Study, kind: str) -> dict[str, Any] | None:
    """The last answer of a kind: exit, status, ended, language, fingerprint, answer; None where there is none."""
    try:
        found = json.loads(study.kept(kind).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("answer"), dict) else None


def is_fresh(record: dict[str, Any] | None, study: Study) -> bool:
    """Whether an answer is of the study as it is now: settings and files unchanged since."""
    return record is not None and record.get("fingerprint") == study.fingerprint()


def still_of(study: Study, before: str) -> None:
    """Answers that were of the study until now stay so: what has changed since is nothing that they depend on."""
    for path in study.state.glob("*.json"):
        record = kept(study, path.stem)
        if record is not None and record.get("fingerprint") == before:
            keep_again(study, path.stem, record)


def _begun(arguments: Sequence[str], language: Language, memory: int | None) -> subprocess.Popen[bytes]:
    """The process. It ends when its standard input does, so also when the server is killed."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1", SPOKEN: language}
    if memory is not None:
        environment["OLIGOSCOPE_MEMORY"] = str(memory)
    package = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    flags = subprocess.CREATE_NEW_PROCESS_GROUP if sys.platform == "win32" else 0
    return subprocess.Popen(
        [sys.executable, "-m", SUPERVISED, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        creationflags=flags,
        start_new_session=True,  # it and its own second process can be ended together
    )


def _end(process: subprocess.Popen[bytes], *, wait: bool = True) -> None:
    """Ask a process to stop, and make it after a while."""
    with suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    if wait:
        timer = threading.Timer(_GRACE, _kill, [process])
        timer.daemon = True
        timer.start()


def _end_late(job: Job, process: subprocess.Popen[bytes]) -> None:
    """End a command that takes too long."""
    job.too_long = True
    _end(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Make a process end, and the second process that it began."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
