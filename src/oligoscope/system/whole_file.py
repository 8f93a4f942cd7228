"""One file, or a few that belong together, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from oligoscope.errors import SystemRefusal
from oligoscope.system.claims import beside, claimed
from oligoscope.system.refusals import reason, remedy
from oligoscope.system.signals import undisturbed
from oligoscope.system.whole_folder import drafted, file_to_disk, folder_to_disk


def write_whole(contents: Mapping[Path, bytes], *, replace: bool = True) -> None:
    """Write every file beside its place, then move all of them in.

    Args:
        contents: The bytes of each file; its folder is made if it is not there.
        replace: A file that is there may be replaced; without it, one that came in between stays.

    Raises:
        UsageError: Another run is writing one of them.
        OSError: They cannot be written; those that were there are as they were.
    """
    drafts = {place: beside(place, "draft") for place in contents}
    with ExitStack() as held:
        for place, content in contents.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(claimed(place.parent.resolve() / place.name))
            held.callback(_remove, drafts[place])
            _write(drafts[place], content)
        with undisturbed():
            for place, draft in drafts.items():
                if replace:
                    draft.replace(place)
                else:
                    _move_new(draft, place)
                folder_to_disk(place.parent)


def must_be_writable(place: Path) -> None:
    """Try, before the work, what the writing of a file needs.

    Raises:
        SystemRefusal: No permission, a locked file, a full disk.
    """
    nearest = next((p for p in place.parents if p.is_dir()), place.parent)
    try:
        with drafted(nearest / place.name, "probe") as draft:
            (draft / "x").write_bytes(b"x")
        if place.is_file():
            place.open("r+b").close()
    except OSError as error:
        why = reason(error)
        raise SystemRefusal(
            f"{place} cannot be written: {why.en}.{remedy(error).en}",
            zh=f"{place} 无法写入：{why.zh}。{remedy(error).zh}",
        ) from None


def _write(draft: Path, content: bytes) -> None:
    _remove(draft)  # of a run that died
    with draft.open("xb") as file:
        file.write(content)
    file_to_disk(draft)


def _move_new(draft: Path, place: Path) -> None:
    try:
        os.link(draft, place)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a disk without hard links
        if os.path.lexists(place):
            raise
        draft.rename(place)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
