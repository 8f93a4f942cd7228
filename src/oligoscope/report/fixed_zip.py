"""The same document gives the same bytes: Office files are zip archives, which carry times."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first a zip archive can hold
_FIRST = "[Content_Types].xml"  # where readers of Office files begin


def fixed_zip(
    archive: bytes, changed: Callable[[str, bytes], bytes] = lambda _name, content: content
) -> bytes:
    """A zip archive, such as an Office file, with its members in order of name and without their times.

    Args:
        archive: The whole file.
        changed: What becomes of a member's content, by its name.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        return zipped({name: changed(name, old.read(name)) for name in old.namelist()})


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip archive of these members, in order of name and without times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for name in sorted(members, key=lambda name: (name != _FIRST, name)):
            member = zipfile.ZipInfo(name, _NO_TIME)
            is_packed = name.endswith(".png")
            member.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            member.create_system = 0  # the same on every system
            new.writestr(member, members[name], compresslevel=6)
    return buffer.getvalue()
