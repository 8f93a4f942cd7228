"""Files of an output folder that are still as run.json says they were written."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path


def as_written(folder: Path, name: str, checksums: Mapping[str, str]) -> bytes | None:
    """The content of a file, unless it is gone, another one now, or none that was written.

    Args:
        folder: The output folder.
        name: Of the file in it.
        checksums: Of the files that were written, by name.
    """
    if name not in checksums:
        return None
    try:
        content = (folder / name).read_bytes()
    except OSError:
        return None
    return content if sha256(content).hexdigest() == checksums[name] else None
