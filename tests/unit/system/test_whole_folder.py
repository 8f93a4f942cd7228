"""An output folder is the earlier one or the new one, whatever happens between two operations on files."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from oligoscope.errors import OligoscopeError
from oligoscope.output_folder import check_output, checksum, files_in, held, updating, write_json, writing

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is killed, which takes a fork")
CHANGES = {
    "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "os.utime", "os.setxattr", "shutil.rmtree",
}  # fmt: skip
KILLED, FAILED = 9, 7
MINE = {
    "my notes.txt": "mine",
    "figures/my own.png": "mine too",
    "a link": "",
    "table.csv/mine": "in a folder",
}


def write_output(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    outputs = {name: checksum(folder / name) for name in files_in(folder)}
    write_json({"program": "oligoscope", "outputs": outputs}, folder / "run.json")


EARLIER = {"results.csv": "1", "changed.csv": "1", "figures/a.svg": "1", "series/b.csv": "1"}
NEW = {"results.csv": "2", "changed.csv": "2", "figures/c.svg": "2", "table.csv": "2"}


def earlier_output(work: Path) -> Path:
    """An output with files of the user's, one of ours that they changed, and a folder with the name of a new file."""
    out = work / "out"
    out.mkdir(parents=True)
    write_output(out, EARLIER)
    (out / "changed.csv").write_text("changed", encoding="utf-8")
    for name, text in MINE.items():
        (out / name).parent.mkdir(exist_ok=True)
        if text:
            (out / name).write_text(text, encoding="utf-8")
        else:
            (out / name).symlink_to("nowhere")
    return out


def replace_it(out: Path) -> None:
    with writing(out) as draft:
        write_output(draft, NEW)


def update_it(out: Path) -> None:
    with updating(out, {"status": "done"}, lambda name, _: name == "figures/a.svg") as draft:
        (draft / "figures").mkdir()
        (draft / "figures" / "c.svg").write_text("2", encoding="utf-8")
        (draft / "results.csv").write_text("2", encoding="utf-8")


def make_it(out: Path) -> None:
    shutil.rmtree(out)
    out.mkdir()
    replace_it(out)


def everything_in(out: Path) -> dict[str, str]:
    found = {}
    for path in out.rglob("*"):
        name = path.relative_to(out).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file() and name != "run.json":
            found[name] = path.read_text(encoding="utf-8")
    return found


def in_child(act: Callable[[], None], work: Path, at: int, ending: str) -> int:
    """Run it in a child in which the operation of number `at` on files below `work` ends the process, or fails."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        is_write = event == "open" and bool(int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if not (event in CHANGES or is_write):
            return
        relative = event in {"os.remove", "os.rmdir", "os.mkdir"} and arguments[-1] not in {None, -1}
        if not relative and not str(arguments[0]).startswith(str(work)):
            return
        count += 1
        if count == at:
            if ending == "kill":
                os._exit(KILLED)
            raise OSError(errno.ENOSPC, "No space left on device", str(arguments[0]))

    status = 0
    try:
        sys.addaudithook(hook)
        act()
    except OligoscopeError:
        status = FAILED
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        status = 1
    os._exit(status)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("act", "ending"),
    [
        (update_it, "kill"),
        *(
            pytest.param(*one, marks=pytest.mark.slow)
            for one in ((update_it, "fail"), (replace_it, "kill"), (replace_it, "fail"))
        ),
    ],
)
def test_after_any_operation_the_output_is_the_earlier_one_or_the_new_one(tmp_path, act, ending):
    template = tmp_path / "template"
    earlier = everything_in(earlier_output(template))
    whole = tmp_path / "whole"
    shutil.copytree(template, whole, symlinks=True)
    act(whole / "out")
    new = everything_in(whole / "out")
    assert {p.name for p in whole.iterdir()} == {"out"}

    for at in range(1, 400):
        work = tmp_path / "work"
        shutil.copytree(template, work, symlinks=True)
        out = work / "out"
        status = in_child(lambda out=out: act(out), work, at, ending)
        if out.exists():
            assert everything_in(out) in (earlier, new), f"operation {at}"
        else:
            assert ending == "kill", f"operation {at}: a failure must be taken back"
        assert status in {0, KILLED if ending == "kill" else FAILED}, f"operation {at}"

        check_output(out, None)

        assert everything_in(out) in (earlier, new), f"operation {at}, after the next command"
        assert previous_names(out) <= set(everything_in(out))
        beside = {p.name for p in work.iterdir()} - {"out"}
        assert all(name.startswith("out.new-") for name in beside), f"operation {at}: {beside}"
        for name in beside:
            assert everything_in(work / name).items() >= {"results.csv": "2"}.items()
        shutil.rmtree(work)
        if status == 0 and ending == "kill":
            break
        if status == 0 and at > 80:
            break
    else:
        pytest.fail("the operations have no end")
    assert at > 20


def previous_names(out: Path) -> set[str]:
    return set(json.loads((out / "run.json").read_text(encoding="utf-8"))["outputs"])


def test_what_is_kept(tmp_path):
    out = earlier_output(tmp_path)

    replace_it(out)

    assert everything_in(out) == {
        **NEW,
        "changed.kept-1.csv": "changed",
        "my notes.txt": "mine",
        "figures/my own.png": "mine too",
        "a link": "-> nowhere",
        "table.kept-1.csv/mine": "in a folder",
    }


def test_a_disk_without_hard_links_keeps_the_same(tmp_path, monkeypatch):
    out = earlier_output(tmp_path / "linked")
    replace_it(out)
    copied = earlier_output(tmp_path / "copied")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    replace_it(copied)

    assert everything_in(copied) == everything_in(out)


@pytest.mark.parametrize("where", ["", "empty", "deep/er", "link"])
def test_where_nothing_is_yet(tmp_path, where):
    work = tmp_path / "work"
    work.mkdir()
    out = work / where / "out"
    if where == "empty":
        out.mkdir(parents=True)
    if where == "link":
        (work / "home").mkdir()
        (work / "link").mkdir()
        out.symlink_to(work / "home")

    replace_it(out)

    assert everything_in(out) == NEW
    assert not list(work.rglob(".*"))
    assert out.is_symlink() == (where == "link")


def fail_to_write(out: Path) -> None:
    with writing(out) as draft:
        (draft / "results.csv").write_text("1", encoding="utf-8")
        raise KeyError


def test_an_error_leaves_nothing_not_even_the_folders_above(tmp_path):
    with pytest.raises(KeyError):
        fail_to_write(tmp_path / "a" / "b" / "out")

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mask", [0o077, 0o027, 0o002])
def test_the_umask_holds_and_a_folder_keeps_its_own_permissions(tmp_path, mask):
    before = os.umask(mask)
    try:
        replace_it(tmp_path / "out")
        (tmp_path / "closed").mkdir(mode=0o700)
        replace_it(tmp_path / "closed")
    finally:
        os.umask(before)

    for path in (tmp_path / "out", *(tmp_path / "out").rglob("*")):
        full = 0o777 if path.is_dir() else 0o666
        assert path.stat().st_mode & 0o777 == full & ~mask
    assert (tmp_path / "closed").stat().st_mode & 0o777 == 0o700


def test_two_runs_into_one_folder_and_the_draft_of_the_living_one_stays(tmp_path):
    out = earlier_output(tmp_path)
    reader, writer = os.pipe()
    answer, end = os.pipe()
    child = os.fork()
    if not child:
        with writing(out) as draft:
            (draft / "results.csv").write_text("of the first", encoding="utf-8")
            os.write(writer, b"x")
            os.read(answer, 1)
            write_output(draft, NEW)
        os._exit(0)
    os.read(reader, 1)

    for attempt in (lambda: check_output(out, None), lambda: replace_it(out), lambda: update_it(out)):
        with pytest.raises(OligoscopeError, match=f"another run .process {child}") as refused:
            attempt()
        assert refused.value.exit_code == 2
        assert "另一次运行" in refused.value.zh
    os.write(end, b"x")
    assert os.waitpid(child, 0)[1] == 0

    assert everything_in(out)["results.csv"] == "2"
    check_output(out, None)
    assert {p.name for p in tmp_path.iterdir()} == {"out"}


def test_a_lock_of_another_computer_is_respected_and_one_of_this_after_a_loss_of_power_is_not(tmp_path):
    lock = tmp_path / ".out.oligoscope-lock"
    (tmp_path / ".out.oligoscope-draft").mkdir()
    lock.write_text(
        json.dumps({"pid": 1, "host": "elsewhere", "machine": "another", "started": "2026-01-01"}),
        encoding="utf-8",
    )
    with pytest.raises(OligoscopeError, match=r"another computer \(elsewhere"):
        check_output(tmp_path / "out", None)
    assert (tmp_path / ".out.oligoscope-draft").is_dir()

    import socket

    lock.write_text(
        json.dumps({"pid": 1, "host": socket.gethostname(), "machine": "before"}), encoding="utf-8"
    )
    check_output(tmp_path / "out", None)

    assert not list(tmp_path.iterdir())


def test_a_file_that_comes_into_the_earlier_folder_at_the_last_moment_is_kept(tmp_path, monkeypatch):
    out = earlier_output(tmp_path)
    swap = os.rename
    rename = Path.rename

    def late(path: Path, target: Path) -> Path:
        if path == out:
            (out / "late.txt").write_text("late", encoding="utf-8")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", late)
    replace_it(out)

    assert everything_in(out)["late.txt"] == "late"
    assert os.rename is swap


def test_the_folder_one_is_in_stays_the_folder_one_is_in(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    with held(Path(), None):
        replace_it(Path())

    assert everything_in(Path()) == NEW
