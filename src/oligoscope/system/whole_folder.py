"""A folder that is replaced as a whole: made beside the old one, swapped by two renames.

Beside `out` lie, while a run lasts, `.out.oligoscope-draft` (the new one), `.out.oligoscope-lock` and, between the
renames and until it is cleared, `.out.oligoscope-earlier-N`. `recover` finishes what a dead run left:

| `out` | earlier | draft | the run died | then |
|---|---|---|---|---|
| there | – | there | while it wrote | the draft is cleared |
| – | there | there | between the renames | the draft, which was whole, becomes `out` |
| – | there | – | while it went back | the earlier one becomes `out` again |
| there | there | – | while it cleared the earlier one | that is finished |

Files of the user's are in both folders (a hard link, or a copy where the disk has none) before the first rename, and
the earlier folder loses only what is known: files of ours that are as they were written, and what the new one holds.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

from oligoscope.system.claims import all_beside, beside
from oligoscope.system.signals import undisturbed

RECORD = "run.json"  # says which files of a folder are ours, and goes last


class Fate(Enum):
    """What becomes of a file of the earlier folder."""

    GONE = "ours, as it was written: the new files replace it"
    STAYS = "the user's, or not replaced: under its name, or a free one where the new folder has that name"
    RENAMED = "ours, changed by the user: under a free name"


Fates = Callable[[str], Fate]


@contextmanager
def drafted(place: Path, role: str = "draft") -> Iterator[Path]:
    """An empty folder beside a place, which is gone at the end whatever happens, unless it was moved."""
    draft = beside(place, role)
    remove(draft)
    draft.mkdir()
    if place.is_dir():
        _same_permissions(place, draft)
    try:
        yield draft
    finally:
        with undisturbed():
            remove(draft)


def put_in_place(draft: Path, place: Path, fate: Fates) -> None:
    """Make the draft the place, with what stays of the earlier one.

    Args:
        draft: A whole folder, beside the place.
        place: A folder, resolved; or nothing yet.
        fate: Of each file of the earlier folder, by its name relative to it.

    Raises:
        OSError: The earlier folder is as it was.
    """
    settled = carry_over(place, draft, fate) if place.is_dir() else {}
    _to_disk(draft)
    if not os.path.lexists(place):
        draft.rename(place)
        folder_to_disk(place.parent)
        return
    here = _is_here(place)
    with undisturbed():
        earlier = _swap(draft, place)
    if here:
        os.chdir(place)
    with suppress(OSError):  # what cannot be deleted now, the next run deletes
        _clear(earlier, place, lambda name: settled.get(name) == _mark(earlier / name))


def _swap(draft: Path, place: Path) -> Path:
    numbers = (int(p.name.rpartition("-")[2]) for p in all_beside(place) if is_earlier(p, place))
    earlier = beside(place, f"earlier-{max(numbers, default=0) + 1}")
    place.rename(earlier)
    try:
        folder_to_disk(place.parent)
        draft.rename(place)
    except BaseException:
        earlier.rename(place)
        raise
    folder_to_disk(place.parent)
    return earlier


def is_earlier(path: Path, place: Path) -> bool:
    """Whether it is what a place was before its last renames."""
    start = beside(place, "earlier-").name
    return path.name.startswith(start) and path.name[len(start) :].isdecimal() and path.is_dir()


def recover(place: Path, fates: Callable[[Path], Fates]) -> None:
    """Finish or clear what a dead run left beside a place that is claimed.

    Args:
        place: The folder, resolved.
        fates: Of an earlier folder, the fate of each of its files.

    Raises:
        OSError: A folder cannot be moved.
    """
    left = [path for path in all_beside(place) if path != beside(place, "lock")]
    earlier = [path for path in left if is_earlier(path, place)]
    draft = beside(place, "draft")
    with undisturbed():
        if earlier and not os.path.lexists(place):
            source = draft if draft.is_dir() else earlier.pop()
            source.rename(place)
            folder_to_disk(place.parent)
        for one in earlier:
            with suppress(OSError):
                fate = fates(one)
                _clear(one, place, lambda name, fate=fate: fate(name) is Fate.GONE)
        for path in left:
            if not is_earlier(path, place):
                remove(path)


def carry_over(old: Path, new: Path, fate: Fates) -> dict[str, tuple[int, ...]]:
    """Put what stays of the old folder into the new one as well; gives every file of the old one with its mark."""
    settled: dict[str, tuple[int, ...]] = {}
    later: list[tuple[str, Fate]] = []
    for name, is_folder in _entries(old):
        if is_folder:
            _same_folder(old, new, name)
            continue
        settled[name], kind = _mark(old / name), fate(name)
        if kind is Fate.GONE:
            continue
        if kind is Fate.RENAMED or not _is_free(new, name):
            later.append((name, kind))
        else:
            _bring(old / name, new / name)
    for name, kind in later:
        _bring(old / name, _free_place(new, name, its_own=kind is Fate.STAYS))
    return settled


def _entries(folder: Path) -> Iterator[tuple[str, bool]]:
    """The name of everything below a folder, and whether it is a folder; a link is never followed."""
    for at, folders, files in os.walk(folder, onerror=_raise):
        here = Path(at)
        links = [name for name in folders if (here / name).is_symlink()]
        for name in sorted(folders):
            if name not in links:
                yield (here / name).relative_to(folder).as_posix(), True
        for name in sorted([*files, *links]):
            yield (here / name).relative_to(folder).as_posix(), False
        folders[:] = sorted(set(folders) - set(links))


def _raise(error: OSError) -> None:
    raise error


def _mark(path: Path) -> tuple[int, ...]:
    """What changes when a file does."""
    found = path.lstat()
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def _same_folder(old: Path, new: Path, name: str) -> None:
    """A folder of the same name and permissions, where no file of the new ones has it."""
    if not os.path.lexists(new / name) and _is_free(new, name):
        (new / name).mkdir()
    if (new / name).is_dir() and not (new / name).is_symlink():
        _same_permissions(old / name, new / name)


def _same_permissions(old: Path, new: Path) -> None:
    """A folder keeps the permissions and the group its owner gave it."""
    if os.name != "nt":
        with suppress(OSError):
            os.chown(new, -1, old.stat().st_gid)
    shutil.copystat(old, new)
    os.utime(new)


def _is_free(new: Path, name: str) -> bool:
    """Whether a file of this name can be in the new folder: neither it nor a file in the place of a folder is there."""
    above = [new / part for part in Path(name).parents if str(part) != "."]
    return not os.path.lexists(new / name) and all(
        not os.path.lexists(p) or (p.is_dir() and not p.is_symlink()) for p in above
    )


def _free_place(new: Path, name: str, *, its_own: bool = False) -> Path:
    """`report.en.html` -> `report.en.kept-1.html`, the first that is free; where a folder's name is taken, so for it.

    Args:
        new: The folder.
        name: Of the file in it.
        its_own: The name itself is free where only a folder above was taken.
    """
    taken = [
        p for p in reversed(Path(name).parents) if str(p) != "." and not _is_free(new, f"{p.as_posix()}/x")
    ]
    if taken:
        above = _free_name(new / taken[0])
        place = above / Path(name).relative_to(taken[0])
        return place if its_own and not os.path.lexists(place) else _free_name(place)
    return _free_name(new / name)


def _free_name(path: Path) -> Path:
    number = 1
    while os.path.lexists(kept := path.with_name(f"{path.stem}.kept-{number}{path.suffix}")):
        number += 1
    return kept


def _bring(source: Path, target: Path) -> None:
    """The same file at another place as well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        target.symlink_to(source.readlink())
        return
    try:
        os.link(source, target)
    except (OSError, NotImplementedError):  # a disk without hard links
        if not stat.S_ISREG(source.lstat().st_mode):
            raise
        shutil.copy2(source, target)


def _clear(earlier: Path, place: Path, known: Callable[[str], bool]) -> None:
    """Delete a folder that was replaced, but for what the new one lacks: that is brought there first."""
    there = {_inode(place / name) for name, is_folder in _entries(place) if not is_folder}
    files = [name for name, is_folder in _entries(earlier) if not is_folder]
    for name in sorted(files, key=RECORD.__eq__):
        path = earlier / name
        if not known(name) and _inode(path) not in there and not _is_in(path, place / name):
            _bring(path, place / name if _is_free(place, name) else _free_place(place, name))
        path.unlink()
    remove(earlier)


def _inode(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return (found.st_dev, found.st_ino)


def _is_in(path: Path, twin: Path) -> bool:
    """Whether a file with this content is at the same place, or under a free name there: a copy has another inode."""
    kept = (twin.parent / name for name in _listed(twin.parent) if name.startswith(f"{twin.stem}.kept-"))
    return any(_is_same(path, one) for one in (twin, *kept))


def _listed(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208  names only
    except OSError:
        return []


def _is_same(a: Path, b: Path) -> bool:
    try:
        if a.is_symlink() or b.is_symlink():
            return a.is_symlink() and b.is_symlink() and a.readlink() == b.readlink()
        return a.is_file() and b.is_file() and filecmp.cmp(a, b, shallow=False)
    except OSError:
        return False


def remove(path: Path) -> None:
    """Delete a file or a folder with all that is in it, as far as the system lets us."""
    if path.is_dir() and not path.is_symlink():
        for at, _, _ in os.walk(path):
            with suppress(OSError):
                Path(at).chmod(0o700)
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _is_here(folder: Path) -> bool:
    try:
        return folder == Path.cwd()
    except OSError:
        return False


def _to_disk(folder: Path) -> None:
    """Every file and folder below, so that a loss of power after the renames finds them."""
    for at, _, files in os.walk(folder, topdown=False):
        for name in files:
            path = Path(at) / name
            if path.is_file() and not path.is_symlink() and path.stat().st_nlink == 1:
                file_to_disk(path)
        folder_to_disk(Path(at))


def file_to_disk(path: Path) -> None:
    """Wait until a file's content is on the disk."""
    flags = os.O_RDWR if os.name == "nt" else os.O_RDONLY
    with suppress(PermissionError):  # a copy of a user's that only may not be read
        handle = os.open(path, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def folder_to_disk(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if os.name == "nt":  # folders cannot be opened there
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
