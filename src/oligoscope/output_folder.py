"""The output folder: checked before the work, written whole or not at all, never over a user's file.

Files are made in a folder beside it and moved in when all of them exist. A folder is ours if its
run.json says so; there, files we wrote before are replaced, and one the user changed since is kept
under another name.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oligoscope.errors import UsageError

RUN_FILE = "run.json"
PROGRAM = "oligoscope"


def check_output(out: Path, study_folder: Path | None) -> None:
    """Refuse an output folder that cannot be used, before anything is computed.

    Raises:
        UsageError: It is the study's folder or holds it, is a file, has files that are not ours, or
            cannot be written.
    """
    target = out.resolve()
    if study_folder is not None and (
        target == study_folder.resolve() or target in study_folder.resolve().parents
    ):
        raise UsageError(
            f"{out} is the study's own folder, or holds it. Choose another one with --out.",
            zh=f"{out} 是研究本身的文件夹，或包含该文件夹。请用 --out 另选一个。",
        )
    if out.exists() and not out.is_dir():
        raise UsageError(
            f"{out} is a file. Choose a folder with --out.", zh=f"{out} 是文件。请用 --out 指定一个文件夹。"
        )
    if out.is_dir() and any(out.iterdir()) and previous_run(out) is None:
        raise UsageError(
            f"{out} has files that Oligoscope did not write. Choose an empty or a new folder with --out.",
            zh=f"{out} 中有不是 Oligoscope 写出的文件。请用 --out 指定空文件夹或新文件夹。",
        )
    nearest = next(p for p in (target, *target.parents) if p.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK) or not _can_create(nearest):
        raise UsageError(
            f"{out} cannot be written: no permission in {nearest}. Choose another folder with --out.",
            zh=f"{out} 无法写入：在 {nearest} 中没有权限。请用 --out 另选一个文件夹。",
        )


def not_ours(out: Path) -> UsageError:
    """The error that a folder holds no run."""
    return UsageError(
        f"{out} is not a folder that Oligoscope wrote. Give the output folder of a run.",
        zh=f"{out} 不是 Oligoscope 写出的文件夹。请给出某次运行的输出文件夹。",
    )


def previous_run(out: Path) -> dict[str, Any] | None:
    """run.json of an earlier run, if the folder is ours; of `outputs` only files that lie in the folder."""
    try:
        found = json.loads((out / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("program") != PROGRAM:
        return None
    outputs = found.get("outputs")
    named = outputs.items() if isinstance(outputs, dict) else ()
    within = {name: digest for name, digest in named if isinstance(digest, str) and _is_within(name, out)}
    return {**found, "outputs": within}


def _is_within(name: str, out: Path) -> bool:
    """Whether a name from run.json, which may come from elsewhere, is that of a file in the folder."""
    try:
        return bool(name) and (out / name).resolve().is_relative_to(out.resolve()) and (out / name).is_file()
    except (OSError, ValueError):
        return False


@contextmanager
def writing(out: Path) -> Iterator[Path]:
    """A folder to write into; its files reach `out` only if the block ends without an error."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with _draft(out.name, out.parent) as draft:
        yield draft
        _move_in(draft, out)


@contextmanager
def _draft(name: str, parent: Path) -> Iterator[Path]:
    """A hidden folder beside the output, which is gone at the end whatever happens."""
    draft = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=parent))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def updating(
    out: Path, facts: Mapping[str, Any], replaces: Callable[[str, Set[str]], bool] = lambda _name, _new: False
) -> Iterator[Path]:
    """A folder to write into; if the block ends without an error, its files replace those of the same name.

    Args:
        out: An output of ours. Its other files stay; run.json then names the new ones.
        facts: What run.json holds besides.
        replaces: Given the name of an earlier file of ours and the names of all new ones, whether the new
            ones replace it; it is then deleted, unless a user has changed it.

    Raises:
        UsageError: `out` is not an output of ours.
    """
    record = previous_run(out)
    if record is None:
        raise not_ours(out)
    with _draft(out.name, out.resolve().parent) as draft:
        yield draft
        written = {name: checksum(draft / name) for name in files_in(draft)}
        for name in written:
            target = out / name
            if target.is_file() and checksum(target) != record["outputs"].get(name):
                target.rename(_free_name(target))
        kept = {k: v for k, v in record["outputs"].items() if k in written or not replaces(k, written.keys())}
        for name in record["outputs"].keys() - kept.keys():
            if (out / name).is_file() and checksum(out / name) == record["outputs"][name]:
                (out / name).unlink()
        record = {**record, **facts, "outputs": dict(sorted({**kept, **written}.items()))}
        write_json(record, draft / RUN_FILE)
        for name in files_in(draft):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / name).replace(out / name)


def write_json(value: Mapping[str, Any], path: Path) -> None:
    """A file of JSON, the same bytes on every system."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def checksum(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def files_in(folder: Path) -> list[str]:
    """Every file below a folder, relative to it, sorted."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _move_in(draft: Path, out: Path) -> None:
    if not out.exists():
        draft.chmod(0o755)
        draft.rename(out)
        return
    written: dict[str, str] = (previous_run(out) or {}).get("outputs", {})
    for name, digest in written.items():
        old = out / name
        if old.is_file() and checksum(old) != digest:
            old.rename(_free_name(old))
        else:
            old.unlink(missing_ok=True)
    for name in files_in(draft):
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and name != RUN_FILE and name not in written:
            target.rename(_free_name(target))
        (draft / name).replace(target)


def _free_name(path: Path) -> Path:
    """`report.en.html` -> `report.en.kept-1.html`, the first that is free."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.kept-{number}{path.suffix}")).exists():
        number += 1
    return kept


def _can_create(folder: Path) -> bool:
    """Try it: permission bits can mislead (a read-only mount, another file system)."""
    try:
        with tempfile.TemporaryDirectory(prefix=".oligoscope-", dir=folder):
            return True
    except OSError:
        return False
