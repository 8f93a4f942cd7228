"""Write a folder as a zip: the same bytes for the same files, and start files that stay executable.

pack.py FOLDER FILE.zip
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

STAMP = (2020, 1, 1, 0, 0, 0)  # of every file: a zip knows no earlier year than 1980


def pack(folder: Path, target: Path) -> None:
    """Every file below the folder, in order of names."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.as_posix(), STAMP)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o100755 if path.stat().st_mode & 0o100 else 0o100644) << 16
                packed.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
