"""What surrounds a command spoiled: streams, limits, permissions, disks, paths, variables, signals, earlier output."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fuzz.spoiled import ANY, DONE, GATE, Base, Draw, Spoiled, yaml_bytes
from fuzz.worker import Around

Spoiler = Callable[[Base, Draw], Spoiled]
DERIVE = ("derive", "--accept-issues")
USAGE, STOPPED = 2, 130
DONE_OR_NOT = frozenset({DONE, USAGE})
ONLY_USAGE = frozenset({USAGE})
NOBODY = 65534
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def environment_spoilers() -> Iterator[Spoiler]:
    """All of them, those with many kinds several times; what only root can make is left out for others."""
    times = {
        _umask: 1, _streams: 3, _file_size: 2, _memory: 3, _open_files: 2, _variables: 6, _home: 1, _long_paths: 2, _out_places: 6, _earlier: 5, _signals: 3, _study_places: 3, _temporary: 1,
    }  # fmt: skip
    if IS_ROOT:
        times |= {_permissions: 3, _threads: 1}
    if IS_ROOT and _can_mount():
        times |= {_full_disk: 2, _locked: 2}
    for spoiler, n in times.items():
        yield from [spoiler] * n


def _can_mount() -> bool:
    """Whether small disks can be mounted here: tried once, on an empty folder."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        if not _mounted(Path(folder), 64):
            return False
        _unmount(Path(folder))
        return True


def _mounted(folder: Path, kilobytes: int, *options: str) -> bool:
    choice = ",".join((f"size={kilobytes}k", "mode=777", *options))
    try:
        return (
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", choice, "tmpfs", str(folder)], capture_output=True, check=False
            ).returncode
            == 0
        )
    except OSError:
        return False


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def _study(
    base: Base,
    name: str,
    command: tuple[str, ...],
    allowed: frozenset[int],
    detail: str,
    around: Around | None = None,
    **more: Any,
) -> Spoiled:
    return Spoiled(
        f"surroundings: {name}",
        base.files(),
        command,
        allowed,
        detail=detail,
        around=around or Around(),
        **more,
    )


def _umask(base: Base, rng: Draw) -> Spoiled:
    mask = rng.each((0o077, 0o027, 0o007, 0o002))
    return _study(
        base,
        "umask",
        DERIVE,
        frozenset({DONE}),
        f"{mask:03o}",
        Around(umask=mask),
        earlier=rng.random() < 0.5,
    )


def _streams(base: Base, rng: Draw) -> Spoiled:
    closed, full, allowed = rng.each((
        ((2,), (), DONE_OR_NOT), ((1,), (), DONE_OR_NOT), ((0, 1, 2), (), DONE_OR_NOT), ((0,), (), frozenset({DONE})), ((), (1,), ONLY_USAGE), ((), (2,), DONE_OR_NOT), ((), (1, 2), ONLY_USAGE), ((2,), (1,), ONLY_USAGE),
    ))  # fmt: skip
    command = rng.choice((DERIVE, ("check",), ("check", "--json")))
    return _study(
        base,
        "streams closed or full",
        command,
        allowed,
        f"closed {closed}, full {full}",
        Around(closed=closed, full=full, fresh=True),
    )


def _file_size(base: Base, rng: Draw) -> Spoiled:
    size = rng.each((0, 100, 4096, 20_000, 100_000))
    around = Around(file_size=size, seconds=60, through_pipes=True)
    return _study(base, "ulimit -f", DERIVE, DONE_OR_NOT, f"{size} bytes", around, earlier=rng.random() < 0.6)


def _memory(base: Base, rng: Draw) -> Spoiled:
    megabytes = rng.each((150, 300, 500, 650, 800, 1000, 1300))
    around = Around(memory=megabytes << 20, fresh=True)
    return _study(
        base,
        "ulimit -v",
        rng.choice((DERIVE, ("check",))),
        DONE_OR_NOT,
        f"{megabytes} MB",
        around,
        earlier=rng.random() < 0.3,
    )


def _open_files(base: Base, rng: Draw) -> Spoiled:
    n = rng.each((8, 12, 16, 24, 64))
    return _study(base, "ulimit -n", DERIVE, DONE_OR_NOT, f"{n} files", Around(open_files=n, fresh=True))


def _threads(base: Base, rng: Draw) -> Spoiled:
    variables = {"HOME": "/nonexistent"}
    return _study(
        base,
        "ulimit -u",
        rng.choice((DERIVE, ("check",))),
        DONE_OR_NOT,
        "no thread can start",
        Around(processes=0, user=NOBODY, variables=variables),
        settle=_open_to_all,
    )


def _variables(base: Base, rng: Draw) -> Spoiled:
    wanted: dict[str, str | None] = rng.each((
        {"LC_ALL": "C"}, {"LC_ALL": "zh_CN.GB18030", "PYTHONUTF8": "0"}, {"LC_ALL": "tr_TR.UTF-8"}, {"LC_ALL": "nonsense"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "ascii:strict", "LC_ALL": "C"},
        {"COLUMNS": "0"}, {"COLUMNS": "nonsense", "LINES": "-1"}, {"TERM": "nonsense"}, {"TZ": "Nowhere/Nothing"}, {"TZ": "Asia/Kathmandu"}, {"PATH": ""}, {"PATH": None, "LANG": None}, {"PYTHONWARNINGS": "error"},
        {"PYTHONWARNINGS": "always"}, {"SOURCE_DATE_EPOCH": "nonsense"}, {"MPLBACKEND": "nonsense"}, {"MATPLOTLIBRC": "/nonexistent"}, {"POLARS_MAX_THREADS": "nonsense"}, {"POLARS_MAX_THREADS": "0"}, {"OMP_NUM_THREADS": "nonsense"},
        {"PYTHONOPTIMIZE": "2"}, {"PYTHONDEVMODE": "1"}, {"PYTHONHASHSEED": "1"}, {"USER": None, "LOGNAME": None}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"POLARS_VERBOSE": "1"}, {"PYTHONDONTWRITEBYTECODE": "1"}, {"PYTHONUNBUFFERED": "1"},
        {"POLARS_FMT_MAX_COLS": "x"}, {"RUST_BACKTRACE": "full"}, {"POLARS_TEMP_DIR": "/nonexistent"}, {"SPARK_MASTER": "nonsense"}, {"OLIGOSCOPE_STORE": "1"},
    ))  # fmt: skip
    command = rng.choice((DERIVE, ("check",), (*DERIVE, "--lang", "zh")))
    return _study(
        base,
        "environment variables",
        command,
        frozenset({DONE, USAGE, 3}),
        str(wanted),
        Around(variables=wanted, fresh=True, seconds=30),
    )


def _home(base: Base, rng: Draw) -> Spoiled:
    """No home, one that is a file, one that cannot be written; the whole study, whose pictures keep their fonts there."""
    home = rng.each((None, "", "/nonexistent", "/dev/null", "/proc"))
    variables = {"HOME": home, "XDG_CACHE_HOME": None, "XDG_CONFIG_HOME": None, "MPLCONFIGDIR": None}
    files = base.files(base.studied(analyses=[{"kind": "survival", "by": "pattern", "outcomes": ["os"]}]))
    return Spoiled("surroundings: no home", files, ("run", "--accept-issues", "--lang", "en"), frozenset({DONE, GATE}), detail=f"HOME={home}",
                   around=Around(variables=variables, fresh=True, seconds=90))  # fmt: skip


def _long_paths(base: Base, rng: Draw) -> Spoiled:
    part = rng.choice(("d" * 100, "长" * 60, "d" * 250))
    times = rng.choice((1, 3, 10, 20))
    long = "/".join([part] * times)
    which = rng.each(("out", "study", "name too long", "path too long"))
    if which == "study":
        return _study(
            base,
            "long paths",
            DERIVE,
            DONE_OR_NOT | ANY,
            f"study of {len(long)} characters",
            study=f"study/{long}" if len(long.encode()) < 3800 else f"study/{part}",
        )
    if which == "name too long":
        return _study(base, "long paths", DERIVE, ONLY_USAGE, "a name of 300 characters", out="o" * 300)
    if which == "path too long":
        return _study(
            base,
            "long paths",
            DERIVE,
            ONLY_USAGE,
            "a path of 5,000 characters",
            out="/".join(["o" * 100] * 50),
        )
    return _study(
        base,
        "long paths",
        DERIVE,
        DONE_OR_NOT,
        f"output of {len(long)} characters",
        out=f"out/{long}" if len(long.encode()) < 3800 else f"out/{part}",
    )


def _out_places(base: Base, rng: Draw) -> Spoiled:
    """Output folders that cannot be, or that are odd and can."""

    def file_there(folder: Path) -> None:
        (folder / "out").write_text("mine\n", encoding="utf-8")

    def link_there(folder: Path) -> None:
        (folder / "home").mkdir()
        (folder / "out").symlink_to("home")

    def dangling(folder: Path) -> None:
        (folder / "out").symlink_to("home/nothing")

    def circle(folder: Path) -> None:
        (folder / "out").symlink_to("out")

    def empty_there(folder: Path) -> None:
        (folder / "out").mkdir()

    def pipe_there(folder: Path) -> None:
        os.mkfifo(folder / "out")

    def foreign(folder: Path) -> None:
        (folder / "out").mkdir()
        (folder / "out" / "thesis.docx").write_text("mine", encoding="utf-8")

    name, prepare, out, allowed = rng.each((
        ("a file", file_there, "out", ONLY_USAGE), ("below a file", file_there, "out/deeper", ONLY_USAGE), ("a link to a folder", link_there, "out", frozenset({DONE})), ("a link to nothing", dangling, "out", DONE_OR_NOT),
        ("a link to itself", circle, "out", ONLY_USAGE), ("an empty folder", empty_there, "out", frozenset({DONE})), ("a pipe", pipe_there, "out", ONLY_USAGE), ("with a file of the user's", foreign, "out", ONLY_USAGE),
        ("the study", None, "study", ONLY_USAGE), ("above the study", None, ".", ONLY_USAGE), ("in the study", None, "study/out", frozenset({DONE})), ("in /proc", None, "/proc/out", ONLY_USAGE),
        ("in /dev/null", None, "/dev/null/out", ONLY_USAGE), ("a blank", None, " ", DONE_OR_NOT), ("an empty word", None, "", ONLY_USAGE), ("with a new line", None, "a\nb", DONE_OR_NOT), ("like an option", None, "--json", DONE_OR_NOT),
    ))  # fmt: skip
    return _study(base, "where the output goes", DERIVE, allowed, name, out=out, prepare=prepare)


def _earlier(base: Base, rng: Draw) -> Spoiled:
    """An earlier output that was damaged, changed, or made by somebody with ill will."""
    record = rng.choice((
        b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"program": "oligoscope"}', b'{"program": "oligoscope", "outputs": null}', b'{"program": "oligoscope", "outputs": ["a"]}',
        b'{"program": "oligoscope", "outputs": {"a": 1}}', b'{"program": "oligoscope", "outputs": {"../study/patients.csv": "0"}}', b'{"program": "oligoscope", "outputs": {"/etc/hosts": "0"}}',
        b'{"program": "oligoscope", "outputs": {"": "", ".": "", "..": ""}}', b'{"program": "oligoscope", "outputs": {"a\\u0000b": "0"}}', b'{"program": "oligoscope", "outputs": {"\\ud800": "0"}}', b'{"program": 1e999}',
        b'{"program": "oligoscope", "outputs": {"' + b"x" * 5000 + b'": "0"}}', None, None, None,
    ))  # fmt: skip
    change = rng.choice(
        (
            "run.json is a folder",
            "a file is a folder",
            "a file was changed",
            "a file is gone",
            "a file is a link",
            "a folder is a file",
            "a name of ours is the user's",
        )
    )

    def settle(folder: Path) -> None:
        out = folder / "out"
        if record is not None:
            (out / "run.json").write_bytes(record)
        elif change == "run.json is a folder":
            (out / "run.json").unlink()
            (out / "run.json").mkdir()
        elif change == "a file is a folder":
            (out / "patients.csv").unlink()
            (out / "patients.csv").mkdir()
            (out / "patients.csv" / "mine.txt").write_text("mine", encoding="utf-8")
        elif change == "a file was changed":
            (out / "patients.csv").write_text("mine", encoding="utf-8")
        elif change == "a file is gone":
            (out / "reasons.csv").unlink()
        elif change == "a file is a link":
            (out / "patients.csv").unlink()
            (out / "patients.csv").symlink_to(folder / "study" / "patients.csv")
        elif change == "a folder is a file":
            (out / "figures").write_text("mine", encoding="utf-8")
        else:
            known = json.loads((out / "run.json").read_text(encoding="utf-8"))
            known["outputs"].pop("flow.csv")
            (out / "run.json").write_text(json.dumps(known), encoding="utf-8")

    detail = change if record is None else repr(record[:70])
    spoilt = rng.random() < 0.2
    files = base.files()
    if spoilt:
        files["study.yaml"] = yaml_bytes(base.studied(nothing=1))
    return Spoiled(
        "surroundings: an earlier output",
        files,
        DERIVE,
        frozenset({USAGE, 3}) if spoilt else DONE_OR_NOT,
        detail=detail,
        earlier=True,
        settle=settle,
    )


def _signals(base: Base, rng: Draw) -> Spoiled:
    sent = rng.each((signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL))
    after = rng.choice((0.02, 0.1, 0.2, 0.3, 0.4, 0.5))
    kill = sent == signal.SIGKILL
    return _study(base, "stopped by a signal", DERIVE, frozenset({DONE, STOPPED, -signal.SIGKILL if kill else 128 + sent}), f"signal {sent.value} after {after} s",
                  Around(signal_after=(sent, after)), earlier=rng.random() < 0.6)  # fmt: skip


def _study_places(base: Base, rng: Draw) -> Spoiled:
    """Studies named in odd ways, or that are not there."""

    def gone(folder: Path) -> None:
        shutil.rmtree(folder / "study")

    def file_named(folder: Path) -> None:
        shutil.rmtree(folder / "study")
        (folder / "study").write_text("study: {}", encoding="utf-8")

    def linked(folder: Path) -> None:
        (folder / "study").rename(folder / "home")
        (folder / "study").symlink_to("home")

    def yaml_folder(folder: Path) -> None:
        (folder / "study" / "study.yaml").unlink()
        (folder / "study" / "study.yaml").mkdir()

    def yaml_pipe(folder: Path) -> None:
        (folder / "study" / "study.yaml").unlink()
        os.mkfifo(folder / "study" / "study.yaml")

    def yaml_device(folder: Path) -> None:
        (folder / "study" / "study.yaml").unlink()
        (folder / "study" / "study.yaml").symlink_to("/dev/zero")

    def huge_yaml(folder: Path) -> None:
        with (folder / "study" / "study.yaml").open("r+b") as file:
            file.truncate(3 << 30)

    not_there = frozenset({USAGE, 3})
    name, settle, allowed = rng.each((
        ("not there", gone, not_there), ("a file", file_named, not_there), ("a link", linked, frozenset({DONE})), ("study.yaml is a folder", yaml_folder, not_there),
        ("study.yaml is a pipe", yaml_pipe, not_there), ("study.yaml is a device", yaml_device, not_there), ("study.yaml is huge", huge_yaml, not_there),
    ))  # fmt: skip
    return _study(
        base, "where the study lies", rng.choice((("check",), DERIVE)), allowed, name, settle=settle
    )


def _temporary(base: Base, rng: Draw) -> Spoiled:
    place = rng.each(("/nonexistent", "/dev/null", "", "/proc"))
    return _study(
        base,
        "no folder for temporary files",
        DERIVE,
        DONE_OR_NOT,
        f"TMPDIR={place}",
        Around(variables={"TMPDIR": place}, fresh=True),
    )


def _open_to_all(folder: Path) -> None:
    for path, _, files in os.walk(folder):
        Path(path).chmod(0o777)
        for name in files:
            (Path(path) / name).chmod(0o666)


def _permissions(base: Base, rng: Draw) -> Spoiled:
    """As a user without rights: on the output, on what lies above it, on the study, on its files."""
    what = rng.each(
        ("above", "earlier folder", "earlier file", "study folder", "study.yaml", "a table", "nothing")
    )

    def settle(folder: Path) -> None:
        _open_to_all(folder)
        out = folder / "out"
        if what == "above":
            folder.chmod(0o555)
        elif what == "earlier folder" and out.is_dir():
            out.chmod(0o555)
        elif what == "earlier file" and out.is_dir():
            (out / "patients.csv").chmod(0o000)
        elif what == "study folder":
            (folder / "study").chmod(0o000)
        elif what == "study.yaml":
            (folder / "study" / "study.yaml").chmod(0o000)
        elif what == "a table":
            (folder / "study" / "lesions.csv").chmod(0o000)

    allowed = {
        "above": ONLY_USAGE,
        "study folder": frozenset({USAGE, 3}),
        "study.yaml": frozenset({USAGE, 3}),
        "a table": frozenset({3}),
    }.get(what, DONE_OR_NOT)
    around = Around(user=NOBODY, variables={"HOME": "/nonexistent"})
    return _study(
        base,
        "permissions",
        DERIVE,
        allowed,
        what,
        around,
        earlier=what.startswith("earlier") or rng.random() < 0.3,
        settle=settle,
    )


def _full_disk(base: Base, rng: Draw) -> Spoiled:
    """A disk too small, or without room for more files, under the output; with or without an earlier one."""
    kilobytes = rng.each((4, 40, 200, 400, 700, 1100))
    earlier = kilobytes >= 400 and rng.random() < 0.7
    options = ("nr_inodes=8",) if not earlier and rng.random() < 0.3 else ()

    def prepare(folder: Path) -> None:
        (folder / "home").mkdir()
        assert _mounted(folder / "home", kilobytes, *options)

    return _study(
        base,
        "a full disk",
        DERIVE,
        DONE_OR_NOT,
        f"{kilobytes} KB {options}",
        out="home/out",
        earlier=earlier,
        prepare=prepare,
        clean=lambda folder: _unmount(folder / "home"),
    )


def _locked(base: Base, rng: Draw) -> Spoiled:
    """A file of the earlier output that cannot be moved (immutable: as one open in Excel on Windows)."""
    name = rng.each(("patients.csv", "run.json", "issues.csv", "."))

    def settle(folder: Path) -> None:
        subprocess.run(["chattr", "+i", str(folder / "out" / name)], capture_output=True, check=False)

    def clean(folder: Path) -> None:
        subprocess.run(["chattr", "-i", str(folder / "out" / name)], capture_output=True, check=False)

    return _study(base, "a locked file", DERIVE, DONE_OR_NOT, name, earlier=True, settle=settle, clean=clean)
