"""What the computer refuses ends in a sentence and exit status 2, a request to end in 130 or 143; never in silence."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from oligoscope.answers import answering, known_error
from oligoscope.errors import Defect, SystemRefusal
from oligoscope.system import limits
from oligoscope.system.defects import report_of, without_data
from oligoscope.system.refusals import as_refusal
from oligoscope.system.signals import undisturbed

ROOT = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")


@pytest.fixture(autouse=True)
def as_from_a_terminal() -> Iterator[None]:
    """With no request to end ignored: what nohup or a shell begins in the background inherits that some are."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    if os.name == "posix":
        usual[signal.SIGHUP] = signal.SIG_DFL
    before = {kind: signal.signal(kind, handler) for kind, handler in usual.items()}
    yield
    for kind, handler in before.items():
        signal.signal(kind, handler)


# A command of the same frame as every other, which loads no table: it writes an output of one file.
COMMAND = """
import sys
from oligoscope import cli
from oligoscope.output_folder import held, writing, write_json

@cli.app.command()
def trial(out: str, size: int = 10, wait: float = 0, lang: cli.Lang = cli.Lang.en):
    import time
    from pathlib import Path
    with cli.answering(False, lang is cli.Lang.zh) as (progress, answer):
        answer.hold(held(Path(out), None))
        progress("write")
        with writing(Path(out)) as draft:
            (draft / "results.csv").write_text("x" * size, encoding="utf-8")
            if wait:
                print("begun", file=sys.stderr, flush=True)
                time.sleep(wait)
            write_json({"program": "oligoscope", "outputs": {}}, draft / "run.json")
        answer["lines"] = ["All is done."]

cli.main()
"""


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which RUN is the command above; its streams are pipes, which no limit of files touches."""
    script = folder / "command.py"
    script.write_text(COMMAND, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        ["sh", "-c", line.replace("RUN", f"'{sys.executable}' command.py")],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip


@posix
@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ("RUN trial out >/dev/full", 2, "standard output: the disk is full"),
        ("RUN trial out >&-", 2, "standard output: it is closed"),
        ("RUN trial out 2>&-", 0, "All is done."),
        ("RUN trial out 2>/dev/full", 0, "All is done."),
        ("RUN trial . 2>&-", 2, "files that Oligoscope did not write"),
        ("RUN trial . 2>/dev/full", 2, "files that Oligoscope did not write"),
        ("RUN nothing 2>&-", 2, "nothing"),
        ("RUN --help >/dev/full", 2, "standard output"),
        ("{ RUN trial out; echo $? >status; } | :; exit $(cat status)", 2, "the program that reads it has closed"),
        ("ulimit -f 1; RUN trial out --size 100000", 2, "larger than is allowed (ulimit -f)"),
        ("ulimit -f 1; RUN trial out --size 100000 --lang zh", 2, "ulimit -f"),
        ("ulimit -v 700000; RUN trial out", 2, "(ulimit -v)"),
        ("ulimit -n 16; RUN trial out", 2, "(ulimit -n)"),
        (f"RUN trial {'n' * 300}", 2, "too long"),
        (f"RUN trial {'deep/' * 1000}", 2, "too long"),
        ("ln -s out out; RUN trial out", 2, "leads back to itself"),
        ("RUN trial command.py/out", 2, "no folder"),
        ("env -u HOME MPLBACKEND=nonsense RUN trial out", 0, "All is done."),
        (f"RUN trial {'n' * 250}/{'m' * 250}", 0, "All is done."),
    ],
)  # fmt: skip
def test_a_sentence_and_the_right_exit_status(tmp_path, line, status, words):
    done = shell(line, tmp_path)
    said = done.stdout + done.stderr

    assert (done.returncode, words in said) == (status, True), said
    assert "Traceback" not in said
    assert "Errno" not in said
    assert not [p for p in tmp_path.rglob("*") if ".oligoscope-" in p.name]
    out = tmp_path / "out"
    assert status == 0 or out.is_symlink() or not out.exists() or (out / "run.json").is_file()


@posix
@pytest.mark.parametrize(
    ("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_request_to_end_leaves_nothing_half_written(tmp_path, sent, status):
    (tmp_path / "command.py").write_text(COMMAND, encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, "command.py", "trial", "out", "--wait", "60"], cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    assert child.stderr is not None
    while "begun" not in child.stderr.readline():
        assert child.poll() is None
    child.send_signal(sent)
    said = child.communicate(timeout=60)[1]

    assert child.returncode == status
    assert "Stopped. Nothing was left half-written." in said
    assert [p.name for p in tmp_path.iterdir()] == ["command.py"]


def test_between_two_steps_that_belong_together_a_request_to_end_waits():
    steps = []
    with pytest.raises(KeyboardInterrupt):
        in_two_steps(steps)

    assert steps == ["first", "second"]


def in_two_steps(steps: list[str]) -> None:
    with undisturbed():
        steps.append("first")
        signal.raise_signal(signal.SIGINT)
        steps.append("second")


class PanicException(BaseException):
    """As compiled libraries raise it."""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/data/.out.oligoscope-draft/patients.csv"), "/data/out/patients.csv cannot be read or written: the disk is full."),
        (OSError(errno.EDQUOT, "x"), "quota"),
        (PermissionError(errno.EACCES, "Permission denied", "a.csv"), "locked or open in another program"),
        (OSError(errno.EMFILE, "Too many open files"), "ulimit -n"),
        (OSError(errno.ENODEV, "x", "a"), "the system refuses (ENODEV)"),
        (OSError("No space left on device (os error 28)"), "the disk is full"),
        (MemoryError(), "too little memory"),
        (PanicException("memory allocation of 100 bytes failed"), "too little memory"),
        (PanicException('called `Result::unwrap()`: Os { code: 11, kind: WouldBlock }'), "thread"),
        (RuntimeError("can't start new thread"), "thread"),
        (ImportError("libx.so: failed to map segment from shared object", name="matplotlib.ft2font"), "too little memory"),
        (ModuleNotFoundError("No module named 'x'", name="x"), "The library x cannot be loaded"),
    ],
)  # fmt: skip
def test_what_the_computer_refuses_is_known_by_its_number_or_its_words(error, words):
    found = known_error(error)

    assert isinstance(found, SystemRefusal)
    assert words in str(found)
    assert found.zh


def test_a_library_that_fails_while_it_is_loaded_is_named(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "broken"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("int('nonsense')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(package.parent)
    with pytest.raises(ValueError, match="nonsense") as caught:
        __import__("broken")

    assert "The library broken cannot be loaded" in str(as_refusal(caught.value))


@pytest.mark.parametrize(
    "error", [KeyError("P1"), ValueError("x"), OSError("cannot identify"), RecursionError()]
)
def test_anything_else_is_a_defect(error):
    assert as_refusal(error) is None


@posix
def test_too_few_threads_are_refused_beforehand(monkeypatch):
    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(limits.threading.Thread, "start", refuse)

    with pytest.raises(SystemRefusal, match="ulimit -u"):
        limits.must_fit()


CELL = bytes.fromhex("5a68616f204c6569").decode()  # a name that stands in no source


def parse_cell(cell: str) -> float:
    raise ValueError(f"could not convert the cell {cell!r} of patient {2 * 29} to a diameter")


def test_a_defect_is_reported_without_a_word_of_the_data(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(
        sys, "argv", ["oligoscope", "patient", "secret-study", CELL, "--out", "Ward 7", "--lang=en"]
    )
    with pytest.raises(typer.Exit) as ended, answering(as_json=False, chinese=False):
        parse_cell(CELL)
    said = capsys.readouterr().err

    assert ended.value.exit_code == Defect.exit_code == 1
    assert "This is a defect of Oligoscope" in said
    [report] = tmp_path.iterdir()
    assert str(report) in said
    text = report.read_text(encoding="utf-8")
    assert "command: patient … … --out … --lang" in text
    assert "ValueError: could not convert the cell '…' of patient … to … diameter" in text
    assert "in parse_cell\n" in text
    for word in (CELL.split()[0], CELL.split()[1], "58 mm", "Ward", "secret-study", str(tmp_path)):
        assert word not in said.replace(str(tmp_path), "") + text


def test_numbers_and_words_from_elsewhere_are_cut_from_a_message():
    message = "list index out of range: 41.5 李雷 P017 O'Brien"

    assert without_data(message, IndexError()) == "list index out of range: …"
    assert "no report" not in report_of(IndexError(message), [])


def test_a_report_that_cannot_be_written_is_said_whole(monkeypatch):
    def refuse(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)

    assert "builtins.KeyError" in str(known_error(KeyError("P1")))
