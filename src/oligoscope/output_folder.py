"""The output folder: checked before the work, written whole or not at all, never over a user's file.

Files are made in a folder beside it, which takes its place when all of them exist (`system/whole_folder.py`). A folder
is ours if its run.json says so; there, files we wrote before are replaced, and one the user changed since is kept under
another name.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from oligoscope.errors import SystemRefusal, UsageError
from oligoscope.system.claims import all_beside, claimed, shown
from oligoscope.system.refusals import as_refusal, reason, remedy
from oligoscope.system.trials import cut, free_folder, must_have_space, must_move
from oligoscope.system.whole_folder import RECORD, Fate, drafted, is_earlier, put_in_place, recover

RUN_FILE = RECORD
PROGRAM = "oligoscope"
LEAST_SPACE = 128 << 10  # bytes free on the disk before the work begins
_LONGEST_RUN_FILE = 64 << 20  # bytes
_PROBE = ".oligoscope-probe"
_LONG_NAME = "n" * 120  # as long as the names of files in an output folder can be


def check_output(out: Path, study_folder: Path | None) -> None:
    """Refuse an output folder that cannot be used, before anything is computed; finish what a dead run left there.

    Raises:
        UsageError: It is the study's folder or holds it, is a file, has files that are not ours, or
            another run is writing it.
        SystemRefusal: It cannot be written or replaced: no permission, a locked file, a full disk.
    """
    with held(out, study_folder):
        pass


@contextmanager
def held(out: Path, study_folder: Path | None) -> Iterator[None]:
    """`check_output`, and no other run may write the folder until the block ends.

    Raises:
        UsageError, SystemRefusal: As `check_output`.
    """
    place = _place(out)
    if study_folder is not None and (
        place == study_folder.resolve() or place in study_folder.resolve().parents
    ):
        raise UsageError(
            f"{out} is the study's own folder, or holds it. Choose another one with --out.",
            zh=f"{out} 是研究本身的文件夹，或包含该文件夹。请用 --out 另选一个。",
        )
    if not place.name:
        raise UsageError(
            f"{out} is no folder of its own. Choose another one with --out.",
            zh=f"{out} 不能作为输出文件夹。请用 --out 另选一个。",
        )
    if os.path.lexists(place) and not place.is_dir():
        raise UsageError(
            f"{out} is a file. Choose a folder with --out.", zh=f"{out} 是文件。请用 --out 指定一个文件夹。"
        )
    with _folders_above(place), _claimed(out, place):
        _must_be_ours(out, place)
        try:
            _must_be_writable(out, place)
        except OSError as error:
            raise _unwritable(out, error) from None
        yield


@contextmanager
def _claimed(out: Path, place: Path) -> Iterator[None]:
    """The place claimed, and nothing of a dead run beside it."""
    with ExitStack() as stack:
        try:
            is_new = stack.enter_context(claimed(place))
            if is_new:
                recover(place, _fates_of_new)
        except OSError as error:
            raise _unwritable(out, error) from None
        yield


@contextmanager
def _folders_above(place: Path) -> Iterator[None]:
    """The folders above a place, which go again if nothing comes to lie in them."""
    try:
        missing = [folder for folder in place.parents if not folder.exists()]
        nearest = next(folder for folder in place.parents if folder not in missing)
        if not nearest.is_dir():
            raise _unwritable(place, NotADirectoryError(errno.ENOTDIR, "", str(nearest)))
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(place, error) from None
    try:
        yield
    finally:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()


def _place(out: Path) -> Path:
    """Where a folder really is: a link is followed, so that it stays a link."""
    try:
        return out.resolve()
    except (OSError, RuntimeError) as error:
        refused = error if isinstance(error, OSError) else OSError(errno.ELOOP, "")
        raise _unwritable(out, refused) from None


def _must_be_ours(out: Path, place: Path) -> None:
    if not place.is_dir() or not any(place.iterdir()) or previous_run(place) is not None:
        return
    if os.path.lexists(place / RUN_FILE):
        raise UsageError(
            f"{out} has a {RUN_FILE} that cannot be read, so Oligoscope cannot know which files are its own. Choose an empty or "
            "a new folder with --out.",
            zh=f"{out} 中的 {RUN_FILE} 无法读取，因此无法判断哪些文件由 Oligoscope 写出。请用 --out 指定空文件夹或新文件夹。",
        )
    raise UsageError(
        f"{out} has files that Oligoscope did not write. Choose an empty or a new folder with --out.",
        zh=f"{out} 中有不是 Oligoscope 写出的文件。请用 --out 指定空文件夹或新文件夹。",
    )


def _must_be_writable(out: Path, place: Path) -> None:
    """Try what the end of the work will do: make a folder beside, with long names; move each earlier file; fill the disk.

    Raises:
        OSError, SystemRefusal: What would fail.
    """
    with drafted(place) as draft:
        (draft / _LONG_NAME).mkdir()
    if not place.is_dir():
        must_have_space(out, place.parent, LEAST_SPACE)
        return
    if place.is_mount():
        raise SystemRefusal(
            f"{out} is where a disk begins and cannot be replaced as a whole. Choose a folder in it, such as {out / 'results'}.",
            zh=f"{out} 是磁盘的挂载点，无法整体替换。请选其中的文件夹，例如 {out / 'results'}。",
        )
    outputs = (previous_run(place) or {"outputs": {}})["outputs"]
    size = 0
    for at, folders, files in os.walk(place):
        probe = Path(at) / _PROBE
        with suppress(FileNotFoundError):  # of a run that was killed here
            probe.rmdir()
        probe.mkdir()
        probe.rmdir()
        folders[:] = [name for name in folders if not (Path(at) / name).is_symlink()]
        for name in files:
            path = Path(at) / name
            relative = path.relative_to(place).as_posix()
            is_ours = relative in outputs or relative == RUN_FILE
            must_move(path, is_ours=is_ours)
            size += path.lstat().st_size if is_ours else 0
    must_have_space(out, place.parent, LEAST_SPACE + size)


def _unwritable(out: Path, error: OSError) -> SystemRefusal:
    """The sentence of what cannot be written, and where."""
    at, why, then = cut(_where(out, error)), reason(error), remedy(error)
    return SystemRefusal(
        f"{cut(str(out))} cannot be written ({at}: {why.en}).{then.en}",
        zh=f"{cut(str(out))} 无法写入（{at}：{why.zh}）。{then.zh}",
    )


def _where(out: Path, error: OSError) -> str:
    """The file or folder that the system names; of what lies beside the output, the folder in which it does."""
    known = error.filename if isinstance(error.filename, str) else str(out)
    known = known.removesuffix(f"/{_PROBE}")
    return known if shown(known) == known else str(Path(shown(known)).parent)


@contextmanager
def held_run(out: Path) -> Iterator[None]:
    """An output of ours that no other run may write until the block ends.

    Raises:
        UsageError: It is not an output of ours, or another run is writing it.
        SystemRefusal: It cannot be replaced: no permission, a locked file, a full disk.
    """
    finish_left(out)
    place = _place(out)
    if previous_run(place) is None:
        raise not_ours(out)
    with held(out, None):
        yield


def finish_left(out: Path) -> None:
    """Where a run died between the two renames, bring the output back before it is read.

    Raises:
        UsageError, SystemRefusal: As `held`.
    """
    place = _place(out)
    if not os.path.lexists(place) and any(is_earlier(path, place) for path in all_beside(place)):
        check_output(out, None)


def not_ours(out: Path) -> UsageError:
    """The error that a folder holds no run."""
    return UsageError(
        f"{out} is not a folder that Oligoscope wrote. Give the output folder of a run.",
        zh=f"{out} 不是 Oligoscope 写出的文件夹。请给出某次运行的输出文件夹。",
    )


def previous_run(out: Path) -> dict[str, Any] | None:
    """run.json of an earlier run, if the folder is ours; of `outputs` only files that lie in the folder."""
    path = out / RUN_FILE
    try:
        if not path.is_file() or path.stat().st_size > _LONGEST_RUN_FILE:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("program") != PROGRAM:
        return None
    outputs = found.get("outputs")
    named = outputs.items() if isinstance(outputs, dict) else ()
    within = {name: digest for name, digest in named if isinstance(digest, str) and _is_within(name, out)}
    return {**found, "outputs": within}


def changed_since(out: Path, is_meant: Callable[[str], bool]) -> list[str]:
    """The files meant that run.json names and that are not as written, or are gone; sorted. Others are not read."""
    try:
        named = json.loads((out / RUN_FILE).read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return []
    kept: dict[str, str] = (previous_run(out) or {"outputs": {}})["outputs"]
    gone = [str(name) for name in named if name not in kept] if isinstance(named, dict) else []
    edited = (name for name, digest in kept.items() if is_meant(name) and checksum(out / name) != digest)
    return sorted([*filter(is_meant, gone), *edited])


def _is_within(name: str, out: Path) -> bool:
    """Whether a name from run.json, which may come from elsewhere, is that of a file in the folder, reached by no link."""
    parts = PurePosixPath(name).parts
    if not parts or name != "/".join(parts) or {"/", ".."} & set(parts) or {"\\", ":"} & set(name):
        return False
    try:
        links = (out.joinpath(*parts[: i + 1]).is_symlink() for i in range(len(parts)))
        return name != RUN_FILE and not any(links) and (out / name).is_file()
    except (OSError, ValueError):
        return False


@contextmanager
def writing(out: Path) -> Iterator[Path]:
    """A folder to write into; it takes the place of `out` only if the block ends without an error.

    Raises:
        UsageError: Another run is writing `out`, or it has got files that are not ours.
        SystemRefusal: It cannot be written. What was written is then beside it, if it could be finished.
    """
    place = _place(out)
    with _folders_above(place), _claimed(out, place), _sentences(out), drafted(place) as draft:
        yield draft
        with _kept_if_refused(draft, place):
            if os.path.lexists(place):
                _must_be_ours(out, place)
            put_in_place(draft, place, _fates_of_new(place, has_record=(draft / RUN_FILE).is_file()))


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
        UsageError: `out` is not an output of ours, or another run is writing it.
        SystemRefusal: It cannot be written; it is as it was.
    """
    place = _place(out)
    if previous_run(place) is None:
        raise not_ours(out)
    with _claimed(out, place), _sentences(out):
        record = previous_run(place)
        if record is None:
            raise not_ours(out)
        with drafted(place) as draft:
            yield draft
            written = {name: checksum(draft / name) for name in files_in(draft)}
            old: dict[str, str] = record["outputs"]
            replaced = {name for name in old if name not in written and replaces(name, written.keys())}
            record = {**record, **facts, "outputs": dict(sorted({**old, **written}.items()))}
            for name in replaced:
                del record["outputs"][name]
            write_json(record, draft / RUN_FILE)
            put_in_place(draft, place, _fates_of_update(place, written.keys(), replaced))


@contextmanager
def scratch_beside(out: Path) -> Iterator[Path]:
    """A folder for files needed only during the work, where workers of a cluster can reach it, too; then it is gone.

    Raises:
        UsageError: Another run is writing `out`.
        SystemRefusal: It cannot be made.
    """
    place = _place(out)
    with _folders_above(place), _claimed(out, place), _sentences(out), drafted(place, "scratch") as scratch:
        yield scratch


@contextmanager
def _sentences(out: Path) -> Iterator[None]:
    """What the system refuses while `out` is written, as a sentence."""
    try:
        yield
    except OSError as error:
        known = as_refusal(error) if error.filename or not error.errno else None
        raise known or _unwritable(out, error) from None


@contextmanager
def _kept_if_refused(draft: Path, place: Path) -> Iterator[None]:
    """What was written is kept under a name that is seen, where it cannot take its place."""
    try:
        yield
    except (OSError, UsageError) as error:
        kept = free_folder(place)
        try:
            draft.rename(kept)
        except OSError:
            raise error from None
        why = error if isinstance(error, UsageError) else _unwritable(place, error)
        raise type(why)(
            f"{why}\nNothing there was changed. What was computed is in {kept}.",
            zh=f"{why.in_language(chinese=True)}\n其中没有任何改动。已算出的结果在 {kept}。",
        ) from None


def _fates_of_new(place: Path, *, has_record: bool = True) -> Callable[[str], Fate]:
    """Of an earlier output that a new one, with a run.json of its own, replaces."""
    written: dict[str, str] = (previous_run(place) or {}).get("outputs", {})

    def fate(name: str) -> Fate:
        if name == RUN_FILE:
            return Fate.GONE if has_record else Fate.STAYS
        if name not in written:
            return Fate.STAYS
        return Fate.GONE if checksum(place / name) == written[name] else Fate.RENAMED

    return fate


def _fates_of_update(place: Path, new: Set[str], replaced: Set[str]) -> Callable[[str], Fate]:
    """Of an output that gets new files beside its others."""
    written: dict[str, str] = (previous_run(place) or {}).get("outputs", {})

    def fate(name: str) -> Fate:
        if name == RUN_FILE:
            return Fate.GONE
        if name not in new and name not in replaced:
            return Fate.STAYS
        is_unchanged = name in written and checksum(place / name) == written[name]
        return Fate.GONE if is_unchanged else Fate.STAYS

    return fate


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
