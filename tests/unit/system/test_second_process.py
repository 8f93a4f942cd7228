"""A second process does what it is asked, fails without a word, and is gone with the command."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import polars as pl
import pytest

from oligoscope.system import second_process as module
from oligoscope.system.second_process import CORES, at_hand, second_process

READY = "tests_second"


@pytest.fixture
def beside(tmp_path, monkeypatch):
    """A module that the second process can load, and two cores to use."""
    (tmp_path / f"{READY}.py").write_text(
        "import os\n"
        "def get_ready():\n    pass\n"
        "def begin():\n    pass\n"
        "def double(n):\n    return 2 * n, os.getpid()\n"
        "def fail(n):\n    raise ValueError(n)\n"
        "def die(n):\n    os._exit(3)\n",
        encoding="utf-8",
    )
    monkeypatch.setenv(CORES, "2")
    monkeypatch.syspath_prepend(str(tmp_path))
    return __import__(READY)


def test_it_answers_and_is_gone_afterwards(beside):
    with second_process(READY):
        second = at_hand()
        assert second is not None
        second.ask(beside.double, 21)
        found, number = second.answer()
        process = second._process

    assert found == 42
    assert number == process.pid != os.getpid()
    assert process.poll() is not None
    assert at_hand() is None


def test_what_fails_there_is_left_to_the_command(beside):
    with second_process(READY):
        second = at_hand()
        assert second is not None
        assert second.answer() is None  # not asked
        second.ask(beside.fail, 1)
        assert second.answer() is None
        second.ask(beside.die, 1)
        assert second.answer() is None
        second.ask(beside.double, 1)  # it is gone
        assert second.answer() is None


def test_it_ends_in_the_middle_of_its_work_with_a_command_that_is_stopped(beside):
    processes = []

    def stopped() -> None:
        with second_process(READY):
            second = at_hand()
            assert second is not None
            processes.append(second._process)
            second.ask(beside.double, 1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()

    assert [process.poll() is not None for process in processes] == [True]


def test_one_core_has_no_second_process(monkeypatch):
    monkeypatch.setenv(CORES, "1")
    monkeypatch.setattr(module.subprocess, "Popen", None)

    with second_process(READY):
        assert at_hand() is None


@pytest.mark.parametrize(
    ("cores", "threads", "found"), [("1", None, 1), ("2", None, 1), ("4", None, 3), ("4", "2", 2)]
)
def test_queries_have_the_cores_that_it_leaves(beside, monkeypatch, cores, threads, found):
    """In another Python: the library of frames reads its number of threads when it is loaded."""
    monkeypatch.setenv(CORES, cores)
    if threads is None:
        monkeypatch.delenv("POLARS_MAX_THREADS", raising=False)
    else:
        monkeypatch.setenv("POLARS_MAX_THREADS", threads)
    asks = (
        "import os\n"
        "from oligoscope.system.second_process import second_process\n"
        "given = os.environ.get('POLARS_MAX_THREADS')\n"
        f"with second_process({READY!r}):\n    import polars\n    n = polars.thread_pool_size()\n"
        "print(n, os.environ.get('POLARS_MAX_THREADS') == given)"
    )
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", asks], env=surroundings, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(found), "True"]


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere it is never a copy.")
def test_it_is_a_copy_where_no_thread_of_this_process_is_at_work(beside, monkeypatch):
    monkeypatch.setattr(module, "_only_waiting", lambda: True)
    with second_process(READY):
        second = at_hand()
        assert second is not None
        second.ask(beside.double, 4)

        assert second.answer()[0] == 8
        assert isinstance(second._process, module._Copy)

    waits = threading.Event()
    thread = threading.Thread(target=waits.wait)
    thread.start()
    with second_process(READY):
        second = at_hand()
        waits.set()
        thread.join()

        assert second is not None
        assert not isinstance(second._process, module._Copy)


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere it is never a copy.")
def test_a_copy_that_cannot_begin_is_not_waited_for(beside, monkeypatch):
    monkeypatch.setattr(module, "_only_waiting", lambda: True)
    monkeypatch.setattr(module, "_WAITS", 0.05)
    monkeypatch.setattr(beside, "begin", lambda: time.sleep(60))
    with second_process(READY):
        second = at_hand()
        assert second is not None
        second.ask(beside.double, 4)

        assert second.answer() is None
        assert second.answer() is None


def test_polars_at_work_is_no_state_for_a_copy():
    """Its threads begin with the first query."""
    pl.DataFrame({"n": [1, 2]}).lazy().filter(pl.col("n") > 1).collect()

    assert not module._only_waiting()
