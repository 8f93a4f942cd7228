"""Commands in child processes: how they end, and what is said of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oligoscope.errors import UsageError
from oligoscope.web.jobs import AT_ONCE, Job, Jobs, kept
from oligoscope.web.phases import PHASES, phase_of
from oligoscope.web.studies import Home, Study

SOURCE = Path(__file__).resolve().parents[3] / "src"
ENDS = 60  # seconds, on a busy computer


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def study(home: Home) -> Study:
    return home.create("A")


def _sample(study: Study) -> list[str]:
    return ["page:sample", str(study.folder), "--lang", "en"]


def _until_it_says_something(job: Job) -> None:
    until = time.monotonic() + ENDS
    while not job.stage and job.status == "running" and time.monotonic() < until:
        time.sleep(0.02)


def test_a_cancelled_run_leaves_earlier_results_whole(study: Study):
    jobs = Jobs()
    study.output.mkdir()
    (study.output / "results.csv").write_text("before", encoding="utf-8")
    (study.output / "run.json").write_text(
        json.dumps({"program": "oligoscope", "outputs": {"results.csv": ""}}), encoding="utf-8"
    )
    job = jobs.start(study, "run", _sample(study), "en")
    _until_it_says_something(job)

    jobs.cancel(study)

    assert jobs.wait(job, ENDS).status == "cancelled"
    assert (study.output / "results.csv").read_text(encoding="utf-8") == "before"
    assert kept(study, "run") is None
    assert jobs.interrupted(study) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="memory is not watched on Windows")
def test_a_command_that_needs_too_much_memory_ends_and_says_so(study: Study):
    jobs = Jobs(memory=40 << 20)

    job = jobs.wait(jobs.start(study, "run", _sample(study), "zh"), ENDS)

    assert job.status == "failed"
    assert job.answer["error"] == "Memory"
    assert "40 MB" in job.answer["message"]


def test_a_command_that_takes_too_long_ends_and_says_so(study: Study):
    jobs = Jobs(longest=0.3)

    job = jobs.wait(jobs.start(study, "run", _sample(study), "en"), ENDS)

    assert job.status == "failed"
    assert "limit of 1 min" in job.answer["message"]


def test_a_failure_is_said_in_the_programs_words(study: Study):
    jobs = Jobs()

    job = jobs.wait(
        jobs.start(study, "check", ["check", str(study.folder), "--json", "--lang", "zh"], "zh"), ENDS
    )

    assert (job.status, job.exit_status) == ("failed", 3)
    assert "study.yaml" in job.answer["message"]
    record = kept(study, "check")
    assert record is not None
    assert (record["exit"], record["status"]) == (3, "failed")


def test_no_cell_of_the_data_is_shown_while_a_command_runs(study: Study):
    secret = "王小明"
    study.file.write_text("study: {}\ndata: {folder: data, patients: p.csv}\n", encoding="utf-8")
    (study.data / "p.csv").write_text(f"patient_id,sex\n{secret},{secret}\n", encoding="utf-8")
    jobs = Jobs()
    job = jobs.start(study, "check", ["check", str(study.folder), "--json", "--lang", "en"], "en")
    seen = [json.dumps(job.shown(), ensure_ascii=False)]
    while job.status == "running":
        seen.append(json.dumps(job.shown(), ensure_ascii=False))
        time.sleep(0.02)

    assert secret in json.dumps(job.answer, ensure_ascii=False)
    assert not any(secret in text for text in (*seen, json.dumps(job.shown(), ensure_ascii=False)))


def test_two_studies_run_at_once_and_one_study_one_command_at_a_time(home: Home, study: Study):
    jobs, other = Jobs(), home.create("B")
    try:
        first = jobs.start(study, "run", _sample(study), "en")
        second = jobs.start(other, "run", _sample(other), "en")
        assert {first.status, second.status} == {"running"}
        with pytest.raises(UsageError, match="being worked on"):
            jobs.start(study, "check", ["doctor"], "en")
        for i in range(AT_ONCE - 2):
            one = home.create(f"more {i}")
            jobs.start(one, "run", _sample(one), "en")
        with pytest.raises(UsageError, match="Wait until one is done"):
            jobs.start(home.create("last"), "run", ["doctor"], "en")
    finally:
        jobs.close()


def test_a_server_that_closes_leaves_word_of_what_it_cut_short(study: Study):
    jobs = Jobs()
    job = jobs.start(study, "run", _sample(study), "en")
    _until_it_says_something(job)

    jobs.close()
    jobs.wait(job, ENDS)

    later = Jobs()
    assert later.interrupted(study) == "run"
    assert not study.has_run
    later.wait(later.start(study, "check", ["check", str(study.folder), "--json"], "en"), ENDS)
    assert later.interrupted(study) == ""


PARENT = """
import sys, time
from pathlib import Path
from oligoscope.web.jobs import Jobs
from oligoscope.web.studies import Home
study = Home(Path(sys.argv[1])).create("C")
jobs = Jobs()
job = jobs.start(study, "run", ["page:sample", str(study.folder), "--lang", "en"], "en")
while not job.stage:
    time.sleep(0.02)
print(jobs._processes["C"].pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_a_command_ends_with_the_server_that_was_killed(tmp_path: Path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "other")],
        stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert parent.stdout is not None
    child = int(parent.stdout.readline())

    parent.kill()
    parent.wait()
    parent.stdout.close()

    until = time.monotonic() + ENDS
    while _runs(child) and time.monotonic() < until:
        time.sleep(0.05)
    is_left = _runs(child)
    if is_left:
        os.kill(child, signal.SIGKILL)
    assert not is_left


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_time_left_is_said_once_a_tenth_is_done():
    job = Job("run", "A", "en", (), begun=0.0, done=1, total=20)

    early = job.seconds_left(10.0)
    job.done = 5

    assert early is None
    assert job.seconds_left(10.0) == 30.0


@pytest.mark.parametrize(
    ("text", "phase"),
    [("", 0), ("reading the tables", 0), ("读取数据表", 0), ("matching the groups", 2), ("estimating survival", 3), ("writing the report", 4)],
)  # fmt: skip
def test_each_line_of_progress_belongs_to_a_stage(text: str, phase: int):
    assert phase_of(text) == phase < len(PHASES)
